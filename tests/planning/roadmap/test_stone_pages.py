"""The page of a milestone and its steps: dates, extension, evidence, verification, parts, links, rules, estimate."""

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from dalian_coop.accounts.enums import Role
from planning.dashboard.selectors import todo
from planning.roadmap import services
from planning.roadmap.models import Dependency, Evidence, ExtensionRequest, Milestone, TaskEstimate
from planning.taskbooks.enums import BookStatus
from tests.factories import make_bureau, make_user
from tests.planning.factories import make_book, make_task
from tests.planning.roadmap.factories import make_link, make_stone

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 example"


@pytest.fixture
def task(lead, helper):
    values = {"code": "1.1.1", "start": date(2026, 1, 5), "due": date(2027, 12, 31)}
    return make_task(make_book(code="jk", title="任务书"), lead=lead.bureau, units=(helper.bureau,), **values)


@pytest.fixture
def stone(task):
    return make_stone(task, date(2027, 6, 30), name="签订合同", code="M1")


@pytest.fixture
def issued(task, stone):
    task.book.status = BookStatus.ISSUED
    task.book.issued_on = date(2026, 1, 5)
    task.book.save()
    return task.book


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def go(client, user, name, *args, data=None):
    client.force_login(user)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    address = reverse(f"roadmap:{name}", args=args)
    return client.get(address) if data is None else client.post(address, data)


def page(client, user, stone) -> str:
    answer = go(client, user, "milestone", "jk", stone.pk)
    assert answer.status_code == 200
    return answer.content.decode()


def upload(client, user, stone, name="合同.pdf", data=PDF):
    return go(
        client, user, "add-evidence", "jk", stone.pk, data={"file": SimpleUploadedFile(name, data), "note": "正本"}
    )


def test_the_four_dates_stand_beside_each_other_and_rescheduled_is_not_late(client, lead, stone):
    services.reschedule(milestone=stone, due=date(2027, 9, 30), reason="口岸检修", version=1, by=lead)
    Milestone.objects.filter(pk=stone.pk).update(forecast=date(2027, 10, 8))
    text = page(client, lead, stone)
    for day in ("2027-06-30", "2027-09-30", "2027-10-08"):
        assert day in text
    assert "口岸检修" in text and "Rescheduled" in text and "moved later 1 time; 92 days" in text
    assert "Not late" in text


def test_a_milestone_in_golden_week_and_the_national_holiday_says_so(client, lead, task):
    text = page(client, lead, make_stone(task, date(2026, 10, 1)))
    assert "China: National Day holiday" in text
    task.countries = ["JP"]
    task.save()
    text = page(client, lead, make_stone(task, date(2026, 5, 4)))
    # China is off until 5 May 2026, Japan until 6 May (in lieu of 3 May, a Sunday); 9 May is worked in China only.
    assert "Japan: Golden Week" in text
    assert "2026-05-07" in text and "2026-05-08" in text and "2026-05-11" in text and "2026-05-09" not in text


# --- extension


def test_asking_looks_first_then_sends_and_the_office_decides(client, lead, office, task, stone, issued):
    after = make_stone(task, date(2027, 7, 5), code="M2")
    make_link(stone, after)
    data = {"new_due": "2027-07-30", "reason": "", "step": "look"}
    seen = go(client, lead, "ask-extension", "jk", stone.pk, data=data)
    assert 'data-moves="2"' in seen.content.decode() and not ExtensionRequest.objects.exists()
    refused = go(client, lead, "ask-extension", "jk", stone.pk, data=data | {"step": "send"})
    assert refused.status_code == 422 and "2027-07-30" in refused.content.decode()
    go(client, lead, "ask-extension", "jk", stone.pk, data=data | {"step": "send", "reason": "口岸检修"})
    one = ExtensionRequest.objects.get()
    assert fresh(stone).due == date(2027, 6, 30)
    shown = go(client, office, "extension", "jk", one.pk)
    versions = shown.context["form"].initial["versions"]
    assert 'data-moves="2"' in shown.content.decode() and len(versions) == 2
    form = {"version": 1, "versions": str(versions).replace("'", '"'), "answer": "同意", "step": "approve"}
    assert go(client, office, "extension", "jk", one.pk, data=form).status_code == 302
    assert (fresh(stone).due, fresh(after).due) == (date(2027, 7, 30), date(2027, 7, 30))
    last = go(client, lead, "milestone", "jk", stone.pk).context["life"].steps[-1]
    assert (last.old, last.new, last.reason, last.by) == (
        date(2027, 6, 30), date(2027, 7, 30), "口岸检修", str(office),
    )  # fmt: skip


def test_consequences_that_changed_meanwhile_are_shown_again(client, lead, office, task, stone, issued):
    one = services.request_extension(milestone=stone, new_due=date(2027, 7, 30), reason="x", by=lead)
    form = {"version": 1, "versions": '{"%s": 9}' % stone.pk, "answer": "", "step": "approve"}  # noqa: UP031
    assert go(client, office, "extension", "jk", one.pk, data=form).status_code == 409
    assert (fresh(one).state, fresh(stone).due) == ("asked", date(2027, 6, 30))


def test_refusing_needs_words_and_withdrawing_is_for_who_asks(client, lead, helper, office, stone, issued):
    one = services.request_extension(milestone=stone, new_due=date(2027, 7, 30), reason="x", by=lead)
    refuse = {"version": 1, "answer": "", "step": "refuse"}
    assert go(client, office, "extension", "jk", one.pk, data=refuse).status_code == 422
    for user, step in ((lead, "approve"), (helper, "withdraw"), (lead, "nothing")):
        answer = go(client, user, "extension", "jk", one.pk, data={"version": 1, "step": step})
        assert answer.status_code == 403
    assert go(client, lead, "extension", "jk", one.pk, data={"version": 1, "step": "withdraw"}).status_code == 302
    assert fresh(one).state == "withdrawn"


@pytest.mark.parametrize("day", ["2027-06-30", "2027-02-30", "2101-01-01", ""])
def test_days_that_are_no_extension_are_told_at_the_field(client, lead, stone, issued, day):
    data = {"new_due": day, "reason": "x", "step": "send"}
    answer = go(client, lead, "ask-extension", "jk", stone.pk, data=data)
    assert answer.status_code == 422 and answer.context["form"].errors["new_due"]
    assert not ExtensionRequest.objects.exists()


# --- evidence


def test_from_a_file_over_the_report_to_the_verification(client, lead, helper, stone, issued):
    today = timezone.localdate().isoformat()
    early = go(client, lead, "report", "jk", stone.pk, data={"version": 1, "done_on": today})
    assert early.status_code == 422 and "Please add a file" in early.content.decode()
    assert upload(client, lead, stone).status_code == 302
    assert go(client, lead, "report", "jk", stone.pk, data={"version": 1, "done_on": today}).status_code == 302
    assert fresh(stone).done_on is None
    assert [step.note for step in todo(helper, timezone.localdate()).steps if "#reached" in step.address] == [
        str(stone)
    ]
    assert not [step for step in todo(lead, timezone.localdate()).steps if "#reached" in step.address]
    assert go(client, lead, "verify", "jk", stone.pk, data={"version": 2}).status_code == 403
    assert "Verify as done" in page(client, helper, stone)
    assert go(client, helper, "verify", "jk", stone.pk, data={"version": 1}).status_code == 409
    assert go(client, helper, "verify", "jk", stone.pk, data={"version": 2}).status_code == 302
    assert (fresh(stone).done_on, fresh(stone).verified_by) == (timezone.localdate(), helper.bureau)
    assert upload(client, lead, stone, data=PDF + b"2").status_code == 403


def test_sending_back_needs_to_say_what_is_missing(client, lead, helper, stone, issued):
    upload(client, lead, stone)
    services.report_done(milestone=stone, done_on=timezone.localdate(), version=1, by=lead)
    assert go(client, helper, "send-back", "jk", stone.pk, data={"version": 2, "reason": " "}).status_code == 422
    assert go(client, helper, "send-back", "jk", stone.pk, data={"version": 2, "reason": "缺盖章页"}).status_code == 302
    assert fresh(stone).reported_on is None and "缺盖章页" in page(client, lead, stone)


def test_a_file_is_only_saved_never_run_and_only_by_who_sees_the_milestone(client, lead, stone):
    upload(client, lead, stone, name="<b>合同.pdf")
    file = Evidence.objects.get()
    answer = go(client, lead, "evidence-file", "jk", stone.pk, file.pk)
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"].startswith("attachment")
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("application/octet-stream", "nosniff")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert go(client, make_user(Role.OFFICIAL), "evidence-file", "jk", stone.pk, file.pk).status_code == 404
    other = make_stone(stone.task, date(2027, 6, 30))
    assert go(client, lead, "evidence-file", "jk", other.pk, file.pk).status_code == 404
    assert "&lt;b&gt;合同.pdf" in page(client, lead, stone)


@pytest.mark.parametrize(("name", "data"), [("a.exe", b"MZ"), ("a.pdf", b"MZ"), ("a.svg", b"<svg/>"), ("a.pdf", b"")])
def test_files_that_are_no_evidence_are_told_at_the_field(client, lead, stone, name, data):
    answer = upload(client, lead, stone, name, data)
    assert answer.status_code == 422 and answer.context["evidence_form"].errors["file"]
    assert not Evidence.objects.exists()


def test_too_large_a_file_is_told_before_it_is_read(client, lead, stone, monkeypatch):
    monkeypatch.setattr("planning.roadmap.views.life.MOST_BYTES", 10)
    answer = upload(client, lead, stone)
    assert answer.status_code == 422 and "larger than 20 MB" in answer.content.decode()


def test_a_file_is_taken_away_with_the_version_one_saw(client, lead, helper, stone):
    upload(client, lead, stone)
    key = Evidence.objects.get().pk
    assert go(client, helper, "remove-evidence", "jk", stone.pk, key, data={"version": 1}).status_code == 403
    assert go(client, lead, "remove-evidence", "jk", stone.pk, key, data={"version": 7}).status_code == 409
    assert go(client, lead, "remove-evidence", "jk", stone.pk, key, data={"version": 1}).status_code == 302
    assert not Evidence.objects.exists()


# --- parts, links, rules, estimate


def test_parts_are_given_finished_and_taken_away(client, lead, helper, stone):
    data = {"bureau": helper.bureau.pk, "content": "邀请"}
    assert go(client, lead, "set-part", "jk", stone.pk, data=data).status_code == 302
    part = stone.parts.get()
    assert any("#parts" in step.address for step in todo(helper, timezone.localdate()).steps)
    done = {"version": 1, "done_on": "2026-01-09"}
    assert go(client, lead, "finish-part", "jk", stone.pk, part.pk, data=done).status_code == 403
    late = done | {"done_on": (timezone.localdate() + timedelta(days=1)).isoformat()}
    assert go(client, helper, "finish-part", "jk", stone.pk, part.pk, data=late).status_code == 422
    assert go(client, helper, "finish-part", "jk", stone.pk, part.pk, data=done).status_code == 302
    assert fresh(part).done_on == date(2026, 1, 9)
    stranger = {"bureau": make_bureau("市教育局").pk, "content": "场地"}
    assert go(client, lead, "set-part", "jk", stone.pk, data=stranger).status_code == 422
    go(client, lead, "set-part", "jk", stone.pk, data=data | {"content": ""})
    assert not stone.parts.exists()


def test_a_dependency_is_added_and_removed_and_a_ring_is_named(client, lead, task, stone):
    later = make_stone(task, date(2027, 9, 30), code="M2")
    data = {"predecessor": stone.pk, "kind": "FS", "lag_days": "10"}
    assert go(client, lead, "add-link", "jk", later.pk, data=data).status_code == 302
    assert Dependency.objects.get().lag_days == 10
    ring = go(client, lead, "add-link", "jk", stone.pk, data=data | {"predecessor": later.pk, "kind": "SF"})
    assert ring.status_code == 422 and "M1 → M2 → M1" in ring.content.decode()
    itself = go(client, lead, "add-link", "jk", stone.pk, data=data)
    assert itself.status_code == 422
    far = go(client, lead, "add-link", "jk", later.pk, data=data | {"lag_days": "-400"})
    assert far.status_code == 422
    assert go(client, lead, "remove-link", "jk", later.pk, stone.pk, data={"version": 1}).status_code == 302
    assert not Dependency.objects.exists()
    foreign = make_stone(make_task(make_book()), date(2027, 1, 1))
    answer = go(client, lead, "add-link", "jk", later.pk, data=data | {"predecessor": foreign.pk})
    assert answer.status_code == 422 and not Dependency.objects.exists()


def test_place_of_work_and_limit(client, lead, stone):
    data = {"version": 1, "workplace": "CN+JP", "limit": "not_after", "limit_on": "2027-07-31"}
    assert go(client, lead, "set-rules", "jk", stone.pk, data=data).status_code == 302
    assert (fresh(stone).workplace, fresh(stone).limit) == ("CN+JP", "not_after")
    assert go(client, lead, "set-rules", "jk", stone.pk, data=data).status_code == 409
    bad = data | {"version": 2, "limit_on": ""}
    assert go(client, lead, "set-rules", "jk", stone.pk, data=bad).status_code == 422


def test_an_estimate_gives_the_expected_finish_with_its_seed(client, lead, helper, task, stone):
    data = {"optimistic": 300, "likely": 400, "pessimistic": 700, "version": ""}
    assert go(client, helper, "set-estimate", "jk", stone.pk, data=data).status_code == 403
    wrong = go(client, lead, "set-estimate", "jk", stone.pk, data=data | {"likely": 200})
    assert wrong.status_code == 422
    assert go(client, lead, "set-estimate", "jk", stone.pk, data=data).status_code == 302
    assert TaskEstimate.objects.get().likely == 400
    text = go(client, lead, "stone-risk", "jk", stone.pk).content.decode()
    assert "P80" in text and "seed 20260101" in text and "data-risk" in text


def test_whoever_only_reads_finds_no_form(client, helper, stone, issued):
    text = page(client, helper, stone)
    for name in ("add-evidence", "report", "set-part", "set-rules", "set-estimate", "ask-extension", "verify"):
        assert reverse(f"roadmap:{name}", args=["jk", stone.pk]) not in text
