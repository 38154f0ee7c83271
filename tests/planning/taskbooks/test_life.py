"""The life of a book: parts, assembling, countersigning, approval, issue, amendment. Who may, what must hold."""

import io
from datetime import date, timedelta
from urllib.parse import urlencode

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone
from docx import Document

from dalian_coop.accounts.enums import Role
from dalian_coop.base.errors import Conflict, NotAllowed, ValidationError
from dalian_coop.history.selectors import timeline
from planning.taskbooks import selectors, services
from planning.taskbooks.models import BookPart, BookVersion, Countersignature, Task, TaskBook
from planning.taskbooks.services import versions
from tests.factories import make_bureau, make_user
from tests.planning.factories import make_book, make_coordinator, make_task

pytestmark = pytest.mark.django_db
GOOD = {"objective": "每周3班", "deliverable": "协议", "acceptance": "已签订", "due": date(2026, 11, 27)}
NUMBER = "大政办发〔2026〕1号"


class World:
    """A book of two bureaus with their heads, a coordinator and a leader."""

    def __init__(self):
        self.book = make_book(code="jk-2026-2030")
        self.one, self.two = make_bureau("市商务局", code="commerce"), make_bureau("市外办", code="foreign")
        self.task = make_task(self.book, code="1.1.1", lead=self.one, content="开通仁川航线", **GOOD)
        self.other = make_task(self.book, code="1.1.2", lead=self.two, content="开通釜山航线", **GOOD)
        self.head = make_user(Role.HEAD, bureau=self.one)
        self.second = make_user(Role.HEAD, bureau=self.two)
        self.coordinator, self.leader = make_coordinator(), make_user(Role.LEADER)

    def move(self, name, by=None, **values):
        book = TaskBook.objects.get(pk=self.book.pk)
        return services.move_book(book=book, move=name, version=book.version, by=by or self.coordinator, **values)

    def part(self, name, by=None, bureau=None, **values):
        bureau = bureau or self.one
        book = TaskBook.objects.get(pk=self.book.pk)
        known = BookPart.objects.filter(book=book, bureau=bureau).first()
        version = values.pop("version", known.version if known else 0)
        return services.move_part(book=book, bureau=bureau, move=name, version=version, by=by or self.head, **values)

    def sign(self, name, bureau, by, text=""):
        one = Countersignature.objects.select_related("book").get(bureau=bureau)
        return services.move_signature(signature=one, move=name, version=one.version, by=by, text=text)

    def hand_in(self):
        book = TaskBook.objects.get(pk=self.book.pk)
        for move in ("submit", "accept"):
            assert services.move_all_parts(book=book, move=move, by=self.coordinator) == (2, [])

    def issue(self):
        self.hand_in()
        self.move("assemble")
        self.move("approve", self.leader)
        return self.move("issue", number=NUMBER)

    def edit(self, values, task=None, by=None):
        task = Task.objects.get(pk=(task or self.task).pk)
        return services.edit_task(task=task, values=values, version=task.version, by=by or self.head)


@pytest.fixture
def world():
    return World()


class TestParts:
    def test_what_was_handed_in_is_locked_for_the_bureau_until_it_recalls_it(self, world):
        world.part("submit")
        with pytest.raises(ValidationError) as e:
            world.edit({"content": "开通大阪航线"})
        assert e.value.codes == {"content": ["handed_in"]}
        assert world.edit({"progress": 20}).progress == 20
        assert world.edit({"content": "开通大阪航线"}, by=world.coordinator).content == "开通大阪航线"
        assert world.edit({"content": "开通长崎航线"}, task=world.other, by=world.second).content == "开通长崎航线"
        world.part("recall")
        assert world.edit({"content": "开通神户航线"}).content == "开通神户航线"

    def test_a_return_says_why_and_opens_the_rows(self, world):
        world.part("submit")
        with pytest.raises(ValidationError) as e:
            world.part("return", world.coordinator, reason=" ")
        assert e.value.codes == {"reason": ["required"]}
        part = world.part("return", world.coordinator, reason="请补充验收标准")
        assert (part.status, part.reason) == ("returned", "请补充验收标准")
        assert timeline(part)[0].reason == "请补充验收标准"
        assert world.edit({"content": "开通大阪航线"}).content == "开通大阪航线"

    def test_a_head_moves_only_the_part_of_the_own_bureau(self, world):
        with pytest.raises(NotAllowed):
            world.part("submit", world.second)
        with pytest.raises(NotAllowed):
            world.part("submit", make_user(Role.OFFICIAL, bureau=world.one))
        world.part("submit")
        with pytest.raises(NotAllowed):
            world.part("accept")
        with pytest.raises(ValidationError):
            world.part("submit")  # it is submitted already
        assert BookPart.objects.get().status == "submitted"

    def test_two_first_steps_at_once_make_one_part(self, world):
        world.part("submit")
        world.part("recall")
        with pytest.raises(Conflict):
            world.part("submit", version=0)

    def test_the_late_ones_come_first(self, world):
        today = timezone.localdate()
        book = TaskBook.objects.get(pk=world.book.pk)
        services.set_parts_due(book=book, day=today - timedelta(days=1), version=book.version, by=world.coordinator)
        world.part("submit")
        book.refresh_from_db()
        life = selectors.life_of(book, today)
        assert [(p.bureau, p.status, p.is_late, p.tasks) for p in life.parts] == [
            (world.two, "draft", True, 1),
            (world.one, "submitted", False, 1),
        ]
        assert life.counts == {"draft": 1, "submitted": 1, "returned": 0, "accepted": 0}
        assert not selectors.life_of(book, today - timedelta(days=1)).late  # the day itself still counts

    def test_all_at_once_names_those_that_are_refused(self, world):
        Task.objects.filter(pk=world.other.pk).update(deliverable="")
        done, refused = services.move_all_parts(book=world.book, move="submit", by=world.coordinator)
        assert done == 1
        assert [(bureau, error.codes) for bureau, error in refused] == [(world.two, {"": ["blocked"]})]
        assert dict(BookPart.objects.values_list("bureau", "status")) == {world.one.pk: "submitted"}


class TestTheWholeWay:
    def test_a_book_with_open_parts_is_not_assembled(self, world):
        world.part("submit")
        world.part("accept", world.coordinator)
        with pytest.raises(ValidationError) as e:
            world.move("assemble")
        assert e.value.codes == {"": ["parts_open"]}
        world.part("submit", world.second, world.two)
        world.part("accept", world.coordinator, world.two)
        assert world.move("assemble").status == "assembled"

    def test_objections_must_be_settled_and_everybody_must_have_signed(self, world):
        world.hand_in()
        world.move("assemble")
        with pytest.raises(ValidationError) as e:
            world.move("countersign")
        assert e.value.codes == {"bureaus": ["required"]}
        world.move("countersign", bureaus=[world.one, world.two])
        world.sign("sign", world.one, world.head)
        with pytest.raises(NotAllowed):
            world.sign("sign", world.two, world.head)
        with pytest.raises(ValidationError) as e:
            world.sign("object", world.two, world.second)
        assert e.value.codes == {"reason": ["required"]}
        world.sign("object", world.two, world.second, "时限过紧")
        with pytest.raises(ValidationError) as e:
            world.move("approve", world.leader)
        assert e.value.codes == {"": ["unsigned"]}
        settled = world.sign("settle", world.two, world.coordinator, "时限改为年底")
        assert (settled.state, settled.text, settled.answer) == ("settled", "时限过紧", "时限改为年底")
        assert world.move("approve", world.leader).status == "approved"

    def test_a_second_round_asks_everybody_anew(self, world):
        world.hand_in()
        world.move("assemble")
        world.move("countersign", bureaus=[world.one])
        world.sign("sign", world.one, world.head)
        world.sign("object", world.one, world.head, "时限过紧")
        world.move("return", reason="请调整时限")
        world.move("assemble")
        assert not Countersignature.objects.exists()  # an objection to the earlier text does not stand for this one
        world.move("countersign", bureaus=[world.one, world.two])
        states = dict(Countersignature.objects.values_list("bureau", "state"))
        assert states == {world.one.pk: "pending", world.two.pk: "pending"}

    def test_issue_needs_a_number_and_freezes_the_rows(self, world):
        world.hand_in()
        world.move("assemble")
        world.move("approve", world.leader)
        with pytest.raises(ValidationError) as e:
            world.move("issue")
        assert e.value.codes == {"number": ["required"]}
        book = world.move("issue", number=NUMBER)
        assert (book.status, book.edition, book.issued_on) == ("issued", "1.0", timezone.localdate())
        version = BookVersion.objects.get()
        assert [row["content"] for row in version.rows] == ["开通仁川航线", "开通釜山航线"]
        assert version.rows[0] | {"lead": "市商务局", "due": "2026-11-27", "weight": ""} == version.rows[0]
        assert version.digest == versions.digest_of(version.rows)
        with pytest.raises(ValidationError) as e:
            world.edit({"content": "别的"}, by=world.coordinator)
        assert e.value.codes == {"content": ["locked"]}
        assert world.edit({"progress": 50}).progress == 50

    def test_nobody_changes_an_issued_version(self, world):
        world.issue()
        for change in (lambda v: v.update(reason="改"), lambda v: v.delete()):
            with pytest.raises(DatabaseError), transaction.atomic():
                change(BookVersion.objects.all())
        assert BookVersion.objects.get().reason == ""

    def test_an_amendment_opens_the_parts_and_becomes_the_next_version(self, world):
        world.issue()
        with pytest.raises(ValidationError):
            world.move("amend", reason="")
        assert world.move("amend", reason="国家政策调整").status == "amending"
        world.edit({"content": "开通仁川、平泽航线"})
        services.add_task(
            book=TaskBook.objects.get(pk=world.book.pk),
            values={
                "code": "1.1.3",
                "field": world.task.field.code,
                "measure": world.task.measure.code,
                "content": "开通大阪航线",
                "lead": world.two.code,
            }
            | {name: str(value) for name, value in GOOD.items()},
            by=world.coordinator,
        )
        assert world.issue().edition == "1.1"
        first, second = BookVersion.objects.order_by("created_at")
        assert (second.edition, second.reason) == ("1.1", "国家政策调整")
        found = versions.compare(first.rows, second.rows)
        assert [(d.kind, d.row["code"]) for d in found] == [("changed", "1.1.1"), ("added", "1.1.3")]
        assert found[0].cells == [("content", "开通仁川航线", "开通仁川、平泽航线")]

    def test_a_stale_step_is_a_conflict(self, world):
        book = TaskBook.objects.get(pk=world.book.pk)
        world.hand_in()
        services.move_book(book=book, move="assemble", version=book.version, by=world.coordinator)
        with pytest.raises(Conflict):
            services.move_book(book=book, move="assemble", version=book.version, by=world.coordinator)

    def test_what_happens_after_an_issue_happens_with_it(self, world, monkeypatch):
        def fail(version):
            raise RuntimeError("no baseline")

        monkeypatch.setattr(versions, "_after_issue", [fail])
        world.hand_in()
        world.move("assemble")
        world.move("approve", world.leader)
        with pytest.raises(RuntimeError), transaction.atomic():
            world.move("issue", number=NUMBER)
        assert TaskBook.objects.get().status == "approved"
        assert not BookVersion.objects.exists()


class TestComparing:
    def rows(self, *codes, **changes):
        return [
            dict.fromkeys(versions.COLUMNS, "") | {"id": c, "code": c, "content": f"任务{c}"} | changes for c in codes
        ]

    def test_every_kind_of_difference_stands_in_its_place(self):
        before = self.rows("1.1.1", "1.1.2", "1.1.10", "1.2.1")
        after = self.rows("1.1.1", "1.1.10", "1.2.1", "1.1.3")
        after[1]["due"] = "2027-01-01"
        after[2]["code"] = "1.3.1"
        found = [(d.kind, d.row["code"], [c[0] for c in d.cells]) for d in versions.compare(before, after)]
        assert found == [
            ("dropped", "1.1.2", []),
            ("added", "1.1.3", []),
            ("changed", "1.1.10", ["due"]),
            ("moved", "1.3.1", ["code"]),
        ]
        assert versions.compare(before, before) == []

    def test_the_order_of_keys_does_not_change_the_hash_but_a_letter_does(self):
        rows = self.rows("1.1.1")
        turned = [dict(reversed(rows[0].items()))]
        assert versions.digest_of(rows) == versions.digest_of(turned)
        assert versions.digest_of(rows) != versions.digest_of(self.rows("1.1.1", content="任务"))

    @pytest.mark.parametrize(("edition", "after"), [("", "1.0"), ("1.0", "1.1"), ("1.9", "1.10")])
    def test_editions(self, edition, after):
        assert versions.next_edition(edition) == after


class TestPages:
    def url(self, name, *args):
        return reverse(f"taskbooks:{name}", args=["jk-2026-2030", *args])

    def test_the_way_of_a_book_in_the_browser(self, client, world):
        client.force_login(world.head)
        page = self.url("part", "commerce", "submit")
        assert page in client.get(self.url("life")).content.decode()
        assert self.url("part", "foreign", "submit") not in client.get(self.url("life")).content.decode()
        assert client.post(page, {"version": 0}).status_code == 302
        assert client.get(page).status_code == 403  # it is submitted
        client.force_login(world.coordinator)
        for name in ("submit", "accept"):
            client.post(self.url("all-parts", name))
        assert set(BookPart.objects.values_list("status", flat=True)) == {"accepted"}
        version = TaskBook.objects.get().version
        client.post(self.url("move", "assemble"), {"version": version})
        client.post(self.url("move", "countersign"), {"version": version + 1, "bureaus": [str(world.two.pk)]})
        client.force_login(world.second)
        assert client.post(self.url("signature", "foreign", "sign"), {"version": 1}).status_code == 302
        client.force_login(world.leader)
        assert client.post(self.url("move", "approve"), {"version": version + 2}).status_code == 302
        client.force_login(world.coordinator)
        assert client.post(self.url("move", "issue"), {"version": version + 3}).status_code == 422
        client.post(self.url("move", "issue"), {"version": version + 3, "number": NUMBER})
        text = client.get(self.url("version", "1.0")).content.decode()
        assert "开通仁川航线" in text and NUMBER in text
        assert client.get(self.url("compare")).context["lines"] == []
        assert client.get(self.url("version", "2.0")).status_code == 404

    def test_blockers_stand_on_the_page_of_the_step(self, client, world):
        Task.objects.filter(pk=world.task.pk).update(deliverable="")
        client.force_login(world.head)
        response = client.get(self.url("part", "commerce", "submit"))
        assert [line["rule"] for line in response.context["step"].findings] == ["deliverable_missing"]
        response = client.post(self.url("part", "commerce", "submit"), {"version": 0})
        assert response.status_code == 422
        assert not BookPart.objects.exists()

    def test_nothing_to_compare_before_the_first_issue(self, client, world):
        client.force_login(world.coordinator)
        assert client.get(self.url("compare")).status_code == 404
        assert self.url("compare") not in client.get(self.url("life")).content.decode()

    def test_the_day_for_the_parts(self, client, world):
        client.force_login(world.coordinator)
        client.post(self.url("parts-due"), {"version": 1, "parts_due": "2026-12-31"})
        assert TaskBook.objects.get().parts_due == date(2026, 12, 31)
        client.post(self.url("parts-due"), {"version": 2, "parts_due": "no day"})
        client.post(self.url("parts-due"), {"version": 1, "parts_due": "2026-12-01"})  # stale
        assert TaskBook.objects.get().parts_due == date(2026, 12, 31)
        client.force_login(world.head)
        assert client.post(self.url("parts-due"), {"version": 2, "parts_due": ""}).status_code == 403

    def test_an_overseas_office_reads_only_its_rows_of_a_version(self, client, world):
        office = make_bureau(seat_country="KR")
        Task.objects.filter(pk=world.task.pk).update(countries=["KR"])
        world.issue()
        client.force_login(make_user(Role.OFFICIAL, bureau=office))
        text = client.get(self.url("version", "1.0")).content.decode()
        assert "开通仁川航线" in text
        assert "开通釜山航线" not in text
        assert "开通釜山航线" not in client.get(self.url("compare")).content.decode()


class TestPapers:
    def url(self, kind="docx", name="paper", **query):
        return reverse(f"taskbooks:{name}", args=["jk-2026-2030", kind]) + "?" + urlencode(query)

    def table(self, response):
        table = Document(io.BytesIO(b"".join(response.streaming_content))).tables[0]
        return [[cell.text for cell in row.cells] for row in table.rows[1:]]

    def test_the_issued_book_is_the_document_until_the_present_state_is_asked_for(self, client, world):
        world.issue()
        world.move("amend", reason="政策调整")
        world.edit({"content": "开通平泽航线", "progress": 40})
        client.force_login(world.coordinator)
        issued = self.table(client.get(self.url()))
        assert [row[3] for row in issued] == ["开通仁川航线", "开通釜山航线"]
        assert issued[0][-1].endswith(" 40%")  # the light is today's
        assert [row[3] for row in self.table(client.get(self.url(edition="now")))] == ["开通平泽航线", "开通釜山航线"]
        compared = self.table(client.get(self.url(name="compare-paper")))
        assert compared == [["1.1.1", "修改", "开通平泽航线", "重点任务", "开通仁川航线", "开通平泽航线"]]

    def test_the_responsibility_list_of_a_bureau(self, client, world):
        client.force_login(world.head)
        response = client.get(self.url(lead="foreign"))
        assert "%E8%B4%A3%E4%BB%BB%E6%B8%85%E5%8D%95" in response["Content-Disposition"]  # 责任清单
        assert [row[3] for row in self.table(response)] == ["开通釜山航线"]
        assert client.get(self.url(lead="nobody")).status_code == 404

    def test_pdf_and_what_is_not_there(self, client, world):
        client.force_login(world.coordinator)
        response = client.get(self.url("pdf"))
        assert response["Content-Type"] == "application/pdf"
        assert b"".join(response.streaming_content).startswith(b"%PDF-")
        assert client.get(self.url("odt")).status_code == 404
        assert client.get(self.url(edition="9.9")).status_code == 404
        assert client.get(self.url(name="compare-paper")).status_code == 404  # nothing was issued

    def test_a_document_holds_only_the_rows_its_reader_sees(self, client, world):
        office = make_bureau(seat_country="KR")
        Task.objects.filter(pk=world.task.pk).update(countries=["KR"])
        world.issue()
        client.force_login(make_user(Role.OFFICIAL, bureau=office))
        assert [row[3] for row in self.table(client.get(self.url()))] == ["开通仁川航线"]
        assert [row[3] for row in self.table(client.get(self.url(edition="now")))] == ["开通仁川航线"]
