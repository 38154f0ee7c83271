"""Pages of task books: who sees what, what they count, what they refuse."""

from datetime import date, timedelta
from urllib.parse import urlencode

import pytest
from django.urls import reverse
from django.utils import timezone

from dalian_coop.accounts.enums import Role
from planning.taskbooks import services
from planning.taskbooks.models import Task, TaskBook, TaskUnit
from tests.factories import make_bureau, make_user
from tests.planning.factories import make_book, make_coordinator, make_field, make_measure, make_region, make_task

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def book():
    return make_book(code="jk-2026-2030", title="大连市对日韩合作任务书")


@pytest.fixture
def bureau():
    return make_bureau("市商务局", code="commerce")


@pytest.fixture
def task(book, bureau):
    return make_task(book, lead=bureau, code="1.1.1", content="开通仁川电商快线", start=date(2026, 1, 4))


@pytest.fixture
def official(bureau):
    return make_user(Role.OFFICIAL, bureau=bureau)


def address(name, *args):
    return reverse(f"taskbooks:{name}", args=args)


def shown(response):
    """Numbers of the tasks in the table, in their order."""
    return [row["code"] for row in response.context["rows"]]


class TestWhoSees:
    def pages(self, task):
        code = task.book.code
        return [
            address("book", code),
            address("counts", code),
            address("print", code),
            address("task", code, task.code),
            address("row", code, task.code),
            address("history", code, task.code),
        ]

    def test_bureaus_of_the_book_and_wide_roles_read_everything(self, client, task, official):
        helper = make_bureau()
        TaskUnit.objects.create(task=task, bureau=helper)
        wide = [make_user(role) for role in (Role.COORDINATOR, Role.LEADER, Role.ANALYST)]
        for user in [official, make_user(Role.OFFICIAL, bureau=helper), *wide]:
            client.force_login(user)
            assert {client.get(page).status_code for page in self.pages(task)} == {200}, user

    def test_for_another_bureau_the_book_is_not_there(self, client, task):
        for role in (Role.OFFICIAL, Role.HEAD):
            client.force_login(make_user(role))
            assert {client.get(page).status_code for page in self.pages(task)} == {404}
            assert client.get(address("edit", "jk-2026-2030", "1.1.1")).status_code == 404
            assert client.get(address("export-csv", "jk-2026-2030")).status_code == 404
            assert client.get(address("export-xlsx", "jk-2026-2030")).status_code == 404
            assert not client.get(address("book-list")).context["cards"]

    def test_administrators_read_no_business_content(self, client, task):
        for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN):
            client.force_login(make_user(role))
            assert {client.get(page).status_code for page in self.pages(task)} == {404}
            assert client.get(address("book-list")).status_code == 403

    def test_strangers_are_sent_to_the_sign_in(self, client, task):
        for page in [*self.pages(task), address("book-list"), address("edit", "jk-2026-2030", "1.1.1")]:
            response = client.get(page)
            assert response.status_code == 302
            assert response.url.startswith(reverse("accounts:sign-in"))

    def test_an_overseas_office_sees_the_rows_of_its_country(self, client, book):
        make_task(book, code="1.1.1", countries=["JP"])
        korean = make_task(book, code="1.1.2", countries=["KR"])
        both = make_task(book, code="1.1.3", countries=["JP", "KR"])
        client.force_login(make_user(Role.OFFICIAL, bureau=make_bureau("驻韩国代表处", seat_country="KR")))

        response = client.get(address("book", book.code))

        assert shown(response) == [korean.code, both.code]
        assert response.context["whole"]["total"] == 2
        assert client.get(address("task", book.code, "1.1.1")).status_code == 404
        assert client.get(address("book-list")).context["cards"][0]["total"] == 2

    def test_unknown_book_and_task_are_not_found(self, client, task, official):
        client.force_login(official)
        assert client.get("/books/no-such-book/").status_code == 404
        assert client.get(address("task", task.book.code, "9.9.9")).status_code == 404


class TestTable:
    def test_rows_stand_as_the_book_numbers_them_under_their_measures(self, client, book, official, bureau):
        trade = make_measure(book.programme, "1.1", "扩大贸易")
        other = make_measure(book.programme, "1.2", "提升外资")
        for code, measure in (("1.1.10", trade), ("1.1.9", trade), ("1.2.1", other)):
            make_task(book, code=code, measure=measure, lead=bureau)
        client.force_login(official)

        response = client.get(address("book", book.code))

        assert shown(response) == ["1.1.9", "1.1.10", "1.2.1"]
        assert [(g["code"], len(g["rows"])) for g in response.context["groups"]] == [("1.1", 2), ("1.2", 1)]

    def test_the_official_order_is_that_of_the_decreed_form(self, client, task, official):
        client.force_login(official)
        page = client.get(address("book", task.book.code), {"view": "official"}).content.decode()
        head = page.split("<thead>")[1].split("</thead>")[0]
        places = [
            head.index(f">{word}<") for word in ("工作目标", "具体措施", "成果形式", "牵头单位", "完成时限", "权重")
        ]
        assert places == sorted(places)

    @pytest.mark.parametrize(
        ("query", "codes"),
        [
            ("field=culture", ["2.1.1"]),
            ("measure=2.1", ["2.1.1"]),
            ("lead=commerce", ["1.1.1", "1.1.2"]),
            ("support=commerce", ["2.1.1"]),
            ("light=red", ["1.1.2"]),
            ("light=red&light=done", ["1.1.2", "2.1.1"]),
            ("state=completed", ["2.1.1"]),
            ("horizon=long", ["1.1.1"]),
            ("country=KR", ["2.1.1"]),
            ("region=KR-26", ["2.1.1"]),
            ("overdue=1", ["1.1.2"]),
            ("q=航线", ["1.1.2"]),
            ("q=1.1", ["1.1.1", "1.1.2"]),
            ("q=商务", ["1.1.1", "1.1.2"]),
            ("lead=commerce&light=red", ["1.1.2"]),
            ("sort=-code", ["2.1.1", "1.1.2", "1.1.1"]),
            ("sort=light", ["1.1.2", "1.1.1", "2.1.1"]),
            ("sort=due", ["1.1.2", "2.1.1", "1.1.1"]),
            ("q=&field=", ["1.1.1", "1.1.2", "2.1.1"]),
        ],
    )
    def test_filters_and_orders(self, client, book, bureau, query, codes):
        today = timezone.localdate()
        make_task(book, code="1.1.1", lead=bureau, horizon="long")
        make_task(book, code="1.1.2", lead=bureau, content="加密集装箱航线", due=today - timedelta(days=8))
        culture = make_measure(book.programme, "2.1", "文化品牌", field=make_field("文化交流", code="culture"))
        last = make_task(
            book,
            code="2.1.1",
            measure=culture,
            units=(bureau,),
            state="completed",
            progress=100,
            countries=["KR"],
            due=today - timedelta(days=1),
        )
        last.task_regions.create(region=make_region("KR-26", "釜山广域市", "KR"))
        client.force_login(make_coordinator())

        response = client.get(f"{address('book', book.code)}?{query}")

        assert shown(response) == codes
        assert not response.context["problems"]

    @pytest.mark.parametrize(
        "query",
        ["light=purple", "lead=no-such-bureau", "overdue=maybe", "sort=colour", "horizon=x", "no_such_filter=1"],
    )
    def test_an_unknown_filter_is_told_and_left_out(self, client, task, official, query):
        client.force_login(official)
        response = client.get(f"{address('book', task.book.code)}?{query}")
        assert response.status_code == 200
        assert [name for name, _label, _text in response.context["problems"]] == [query.split("=")[0]]
        assert shown(response) == ["1.1.1"]

    def test_a_page_that_does_not_exist_shows_the_last(self, client, task, official):
        client.force_login(official)
        assert shown(client.get(address("book", task.book.code), {"page": "99"})) == ["1.1.1"]

    def test_every_count_equals_the_rows_behind_its_link(self, client, book, bureau, official):
        today = timezone.localdate()
        dues = [None, *(today + timedelta(days=n) for n in (-30, -8, -7, -1, 0, 3, 7, 8, 60))]
        for number, due in enumerate(dues, 1):
            lead = bureau if number % 2 else make_bureau()
            make_task(book, code=f"1.1.{number}", lead=lead, start=date(2020, 1, 1), due=due)
        client.force_login(official)
        page = address("book", book.code)

        for query in ("", "?lead=commerce", "?overdue=1", "?light=red", "?q=合作"):
            context = client.get(page + query).context
            for light in context["lights"]:
                alone = light["url"] if light["is_on"] else light["url"].replace("light=red&", "")
                if not light["is_on"] and "light=red" not in query:
                    assert len(shown(client.get(page + alone))) == light["count"], (query, light)
            assert len(shown(client.get(page + query))) == context["shown"]
            if not context["overdue_on"]:
                assert len(shown(client.get(page + context["overdue_url"]))) == context["overdue"]
            if not context["mine_on"]:
                assert len(shown(client.get(page + context["mine_url"]))) == context["mine"]

    def test_the_list_of_books_counts_what_its_links_show(self, client, book, bureau, official):
        today = timezone.localdate()
        for number, shift in enumerate((-30, -3, 2, 90, 91), 1):
            make_task(
                book, code=f"1.1.{number}", lead=bureau, start=date(2020, 1, 1), due=today + timedelta(days=shift)
            )
        client.force_login(official)
        page = address("book", book.code)

        card = client.get(address("book-list")).context["cards"][0]

        assert card["total"] == len(shown(client.get(page))) == 5
        assert card["overdue"] == len(shown(client.get(f"{page}?overdue=1"))) == 2
        for light in card["lights"]:
            assert light["count"] == len(shown(client.get(f"{page}?light={light['value']}")))

    def test_an_empty_book_offers_the_first_step_to_those_who_may(self, client, book):
        client.force_login(make_coordinator())
        assert address("add", book.code) in client.get(address("book", book.code)).content.decode()

    def test_html_in_a_task_is_shown_as_text(self, client, task, official):
        Task.objects.update(content="<script>alert(1)</script>", objective="<b>粗</b>")
        client.force_login(official)
        for page in (address("book", "jk-2026-2030"), address("task", "jk-2026-2030", "1.1.1")):
            text = client.get(page).content.decode()
            assert "<script>alert" not in text
            assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
            assert "<b>粗</b>" not in text

    def test_only_own_rows_offer_editing(self, client, book, bureau, official):
        make_task(book, code="1.1.1", lead=bureau)
        make_task(book, code="1.1.2", units=(bureau,))
        client.force_login(official)
        text = client.get(address("book", book.code)).content.decode()
        assert address("edit", book.code, "1.1.1") in text
        assert address("edit", book.code, "1.1.2") not in text


class TestStatements:
    @pytest.fixture
    def signed_in(self, client, bureau):
        client.force_login(make_user(Role.OFFICIAL, bureau=bureau))
        return client

    def measure(self, client, page, captured):
        client.get(page)
        with captured as found:
            response = client.get(page)
        assert response.status_code == 200
        return len(found), response

    @pytest.mark.parametrize("page", ["book", "print", "counts"])
    def test_one_row_and_fifty_cost_the_same(self, signed_in, book, bureau, page, django_assert_max_num_queries):
        make_task(book, code="1.1.1", lead=bureau, units=(make_bureau(),))
        one, _response = self.measure(signed_in, address(page, book.code), django_assert_max_num_queries(15))
        for number in range(2, 51):
            make_task(book, code=f"1.1.{number}", lead=make_bureau(), units=(make_bureau(), bureau))
        fifty, _response = self.measure(signed_in, address(page, book.code), django_assert_max_num_queries(15))
        assert one == fifty

    def test_the_list_of_books_costs_the_same_for_many(self, signed_in, bureau, django_assert_max_num_queries):
        make_task(make_book(), lead=bureau)
        one, _response = self.measure(signed_in, address("book-list"), django_assert_max_num_queries(10))
        for _ in range(5):
            make_task(make_book(), lead=bureau)
        many, _response = self.measure(signed_in, address("book-list"), django_assert_max_num_queries(10))
        assert one == many

    def test_a_hundred_rows_stay_small(self, signed_in, book, bureau, django_assert_max_num_queries):
        text = "围绕重点产业链开展对接，推动项目签约落地并建立常态化机制" * 2
        for number in range(1, 101):
            texts = {"objective": text, "deliverable": text[:30], "actions": text}
            make_task(book, code=f"1.1.{number}", lead=bureau, content=text[:40], **texts)
        _n, response = self.measure(signed_in, address("book", book.code), django_assert_max_num_queries(15))
        assert len(response.content) <= 250_000
        _n, response = self.measure(
            signed_in, f"{address('book', book.code)}?view=official", django_assert_max_num_queries(15)
        )
        assert len(response.content) <= 300_000


class TestEditing:
    def form(self, client, task, **changes):
        """What the browser would send: the form as served, with changes."""
        page = address("edit", task.book.code, task.code)
        form = client.get(page).context["form"]
        data = {name: form.initial.get(name) or "" for name in form.fields}
        return page, {"version": task.version, **data, **changes}

    def test_a_row_is_edited_in_place(self, client, task, official):
        client.force_login(official)
        page, data = self.form(client, task, progress="35", objective="引进3家")

        response = client.post(page, data, **HTMX)

        assert response.status_code == 200
        assert response.content.decode().lstrip().startswith("<tr")
        assert response["HX-Trigger"] == "task-changed"
        task.refresh_from_db()
        assert (task.progress, task.objective, task.version) == (35, "引进3家", 2)

    def test_ticked_bureaus_keep_the_order_of_the_book(self, client, task, official):
        last, first = make_bureau("驻日本代表处"), make_bureau("市爱卫办")
        for order, bureau in enumerate((last, first)):
            TaskUnit.objects.create(task=task, bureau=bureau, order=order)
        client.force_login(official)
        page, data = self.form(client, task, progress="35", units=[first.code, last.code])

        client.post(page, data)

        assert [u.bureau for u in task.units.all()] == [last, first]
        entries = client.get(address("history", task.book.code, task.code)).context["entries"]
        assert [c.field for c in entries[0].changes] == ["progress"]

    def test_without_javascript_the_form_is_a_page(self, client, task, official):
        client.force_login(official)
        page, data = self.form(client, task, progress="35")
        assert "<html" in client.get(page).content.decode()
        assert client.post(page, data).url == address("task", task.book.code, task.code)
        assert Task.objects.get().progress == 35

    @pytest.mark.parametrize("headers", [{}, HTMX])
    def test_faults_stand_at_their_fields_and_texts_stay(self, client, task, headers):
        client.force_login(make_coordinator())
        long = "大" * 10_000
        page, data = self.form(
            client, task, due="2025-12-31", due_text="", weight="101", lead="没有的局", objective=long
        )

        response = client.post(page, data, **headers)

        assert response.status_code == 422
        form = response.context["form"]
        assert {name: [e.code for e in form.errors.as_data()[name]] for name in form.errors} == {
            "due": ["before_start"],
            "weight": ["out_of_range"],
            "lead": ["unit_unknown"],
            "objective": ["too_long"],
        }
        text = response.content.decode()
        assert long in text
        assert 'value="101"' in text
        assert Task.objects.get().version == 1

    def test_nul_is_refused(self, client, task, official):
        client.force_login(official)
        page, data = self.form(client, task, objective="港\x00口")
        typed = {"data": urlencode(data), "content_type": "application/x-www-form-urlencoded"}
        assert client.post(page, **typed).status_code == 400
        assert client.post(page, data).status_code == 422
        assert Task.objects.get().version == 1

    def test_another_bureau_of_the_book_may_not_edit(self, client, task):
        helper = make_bureau()
        TaskUnit.objects.create(task=task, bureau=helper)
        client.force_login(make_user(Role.OFFICIAL, bureau=helper))
        page = address("edit", task.book.code, task.code)
        assert client.get(page).status_code == 403
        assert client.post(page, {"version": 1, "objective": "越权"}).status_code == 403
        assert client.post(address("resolve", "jk-2026-2030", "1.1.1"), {"version": 1}).status_code in (403, 409)
        assert Task.objects.get().objective == ""

    def test_an_official_is_not_offered_what_the_coordinator_arranges(self, client, task, official):
        client.force_login(official)
        fields = client.get(address("edit", task.book.code, task.code)).context["form"].fields
        assert not {"code", "field", "measure", "lead"} & set(fields)
        client.force_login(make_coordinator())
        fields = client.get(address("edit", task.book.code, task.code)).context["form"].fields
        assert {"code", "field", "measure", "lead"} <= set(fields)

    def test_an_issued_book_offers_progress_only(self, client, task, official):
        TaskBook.objects.update(status="issued")
        client.force_login(official)
        page = address("edit", task.book.code, task.code)
        assert set(client.get(page).context["form"].fields) == {"state", "progress", "progress_note"}
        data = {"version": 1, "state": "completed", "progress": "100", "progress_note": "已建成"}
        assert client.post(page, data).status_code == 302
        assert Task.objects.get().state == "completed"


class TestConflict:
    @pytest.fixture
    def two(self, client, task, official):
        """The first of two people has saved; the second one's form is from before."""
        page, data = TestEditing().form(self_login(client, official), task)
        services.edit_task(
            task=task,
            values={"progress": 60, "objective": "对方目标"},
            version=1,
            by=make_coordinator(display_name="李敏"),
        )
        return page, data | {"progress": "75", "objective": ""}

    @pytest.mark.parametrize("headers", [{}, HTMX])
    def test_both_texts_are_shown_and_nothing_is_lost(self, client, two, headers):
        page, data = two

        response = client.post(page, data | {"progress_note": "我的说明"}, **headers)

        assert response.status_code == 409
        found = {d.name: (d.theirs_text, d.mine_text, d.choice) for d in response.context["differences"]}
        assert found == {
            "progress": ("60", "75", ""),
            "objective": ("对方目标", "", "theirs"),
            "progress_note": ("", "我的说明", "mine"),
        }
        assert "李敏" in response.content.decode()
        assert Task.objects.get().progress == 60

    def test_each_field_is_taken_from_the_side_that_was_chosen(self, client, two, task):
        answer = {
            "version": 2,
            "mine_progress": "75",
            "take_progress": "mine",
            "mine_objective": "",
            "take_objective": "theirs",
        }
        response = client.post(address("resolve", "jk-2026-2030", "1.1.1"), answer)

        assert response.status_code == 302
        saved = Task.objects.get()
        assert (saved.progress, saved.objective, saved.version) == (75, "对方目标", 3)
        history = client.get(address("history", "jk-2026-2030", "1.1.1")).context["entries"]
        assert [entry.actor_label for entry in history[:2]][1] == "李敏"

    def test_an_undecided_field_is_asked_again(self, client, two):
        answer = {"version": 2, "mine_progress": "75"}
        response = client.post(address("resolve", "jk-2026-2030", "1.1.1"), answer, **HTMX)
        assert response.status_code == 409
        assert [d.name for d in response.context["differences"]] == ["progress"]
        assert Task.objects.get().progress == 60

    def test_a_second_conflict_is_shown_again(self, client, two, task):
        services.edit_task(task=Task.objects.get(), values={"progress": 61}, version=2, by=make_coordinator())
        answer = {"version": 2, "mine_progress": "75", "take_progress": "mine"}
        response = client.post(address("resolve", "jk-2026-2030", "1.1.1"), answer)
        assert response.status_code == 409
        assert Task.objects.get().progress == 61

    def test_chosen_texts_that_break_a_rule_come_back_in_the_form(self, client, two):
        answer = {"version": 2, "mine_progress": "750", "take_progress": "mine"}
        response = client.post(address("resolve", "jk-2026-2030", "1.1.1"), answer)
        assert response.status_code == 422
        assert "progress" in response.context["form"].errors

    def test_different_bureaus_of_both_are_shown_by_name(self, client, two, task):
        page, data = two
        other = make_bureau("市外办")
        response = client.post(page, data | {"units": [other.code]})
        units = next(d for d in response.context["differences"] if d.name == "units")
        assert (units.theirs_text, units.mine_text) == ("", "市外办")
        answer = {"version": 2, "mine_units": [other.code], "take_units": "mine"}
        client.post(address("resolve", "jk-2026-2030", "1.1.1"), answer)
        assert [u.bureau for u in task.units.all()] == [other]


def self_login(client, user):
    client.force_login(user)
    return client


class TestAddDelete:
    def test_a_task_is_added(self, client, book, bureau):
        client.force_login(make_coordinator())
        measure = make_measure(book.programme)
        data = {
            "code": "1.1.7",
            "field": measure.field.code,
            "measure": measure.code,
            "content": "开通仁川电商快线",
            "lead": bureau.code,
            "state": "not_started",
            "progress": "0",
            "due_text": "2027年底前",
        }
        response = client.post(address("add", book.code), data)
        assert response.url == address("task", book.code, "1.1.7")
        assert Task.objects.get().due == date(2027, 12, 31)

    def test_what_misses_is_told_and_the_rest_stays(self, client, book):
        client.force_login(make_coordinator())
        response = client.post(address("add", book.code), {"content": "只有题目", "state": "not_started"})
        assert response.status_code == 422
        assert response.context["form"].errors.keys() == {"code", "field", "measure", "lead"}
        assert "只有题目" in response.content.decode()
        assert not Task.objects.exists()

    def test_only_the_coordinator_adds_and_deletes(self, client, task, official):
        client.force_login(official)
        assert client.get(address("add", task.book.code)).status_code == 403
        assert client.post(address("add", task.book.code), {}).status_code == 403
        assert client.post(address("delete", task.book.code, task.code), {"version": 1}).status_code == 403
        assert client.get(address("deleted", task.book.code)).status_code == 403
        assert Task.objects.alive().exists()

    def test_delete_in_place_and_undo(self, client, task):
        client.force_login(make_coordinator())
        gone = client.post(address("delete", task.book.code, task.code), {"version": 1}, **HTMX)
        assert gone["HX-Trigger"] == "task-changed"
        assert not shown(client.get(address("book", task.book.code)))

        back = client.post(gone.context["undo"], **HTMX)

        assert task.content in back.content.decode()
        assert shown(client.get(address("book", task.book.code))) == ["1.1.1"]

    def test_delete_without_javascript_can_be_undone_from_the_list(self, client, task):
        client.force_login(make_coordinator())
        client.post(address("delete", task.book.code, task.code), {"version": 1})
        deleted = client.get(address("deleted", task.book.code)).context["tasks"]
        assert [t.code for t in deleted] == ["1.1.1"]
        client.post(address("restore", task.book.code, task.pk), {"version": 2})
        assert Task.objects.alive().exists()

    def test_a_stale_delete_shows_how_the_row_stands_now(self, client, task, official):
        services.edit_task(task=task, values={"progress": 60}, version=1, by=official)
        client.force_login(make_coordinator())
        response = client.post(address("delete", task.book.code, task.code), {"version": 1}, **HTMX)
        assert response.status_code == 409
        assert Task.objects.alive().exists()

    def test_a_missing_version_saves_nothing(self, client, task):
        client.force_login(make_coordinator())
        assert client.post(address("delete", task.book.code, task.code), {"version": "x"}).status_code == 409
        assert client.post(address("edit", task.book.code, task.code), {"objective": "新"}).status_code == 409
        assert Task.objects.get().version == 1


class TestHistory:
    def test_each_change_names_who_when_and_what(self, client, task, official):
        other = make_bureau("市外办")
        services.edit_task(
            task=task, values={"progress": 30, "units": [other]}, version=1, by=official, reason="月度调度"
        )
        client.force_login(official)

        entries = client.get(address("task", task.book.code, task.code)).context["entries"]

        assert (entries[0].actor_label, entries[0].reason) == (str(official), "月度调度")
        assert [(c.field, c.old, c.new) for c in entries[0].changes] == [
            ("progress", "0", "30"),
            ("units", "", "市外办"),
        ]
        assert entries[-1].kind == "insert"

    def test_bureaus_that_left_keep_their_name_in_history(self, client, task, official):
        first, second = make_bureau("市外办"), make_bureau("市科技局")
        now = services.edit_task(task=task, values={"units": [first]}, version=1, by=official)
        services.edit_task(task=now, values={"units": [second]}, version=2, by=official)
        client.force_login(official)
        entries = client.get(address("history", task.book.code, task.code)).context["entries"]
        assert [(c.old, c.new) for c in entries[0].changes] == [("市外办", "市科技局")]


class TestCityTasks:
    def test_tasks_that_name_a_region(self, client, task, official):
        services.edit_task(task=task, values={"partners_text": "釜山广域市"}, version=1, by=official)
        task.task_regions.get_or_create(region=make_region("KR-26", "釜山广域市", "KR"))
        client.force_login(official)
        assert shown(client.get(address("city-tasks", "KR-26"))) == ["1.1.1"]
        assert shown(client.get(address("city-tasks", "JP-13"))) == []
        client.force_login(make_user(Role.OFFICIAL))
        assert shown(client.get(address("city-tasks", "KR-26"))) == []
