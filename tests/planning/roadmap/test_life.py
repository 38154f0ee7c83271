"""The life of a milestone: versions and slips, extensions, evidence and verification, shared parts, risk."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from dalian_coop.accounts.enums import Role
from dalian_coop.base.errors import Conflict, NotAllowed, ValidationError
from planning.roadmap import services
from planning.roadmap.models import Evidence, ExtensionRequest, Milestone
from planning.roadmap.selectors.network import book_network
from planning.roadmap.selectors.outlook import book_schedule, domino, risk
from planning.roadmap.selectors.versions import compare, slips, versions
from planning.roadmap.services import Change
from planning.taskbooks.enums import BookStatus
from planning.taskbooks.models import TaskBook
from planning.taskbooks.services.books import move_book
from tests.factories import make_bureau, make_user
from tests.planning.factories import make_book, make_task
from tests.planning.roadmap.factories import make_link, make_stone

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 example"
# Times tell versions apart, and all writes of one transaction have the same.
in_real_time = pytest.mark.django_db(transaction=True)


@pytest.fixture
def task(lead, helper):
    values = {"code": "1.1.1", "start": date(2027, 1, 4), "due": date(2027, 12, 31)}
    return make_task(make_book(), lead=lead.bureau, units=(helper.bureau,), **values)


@pytest.fixture
def stones(task):
    return [make_stone(task, day, code=f"M{n}") for n, day in
            enumerate([date(2027, 3, 31), date(2027, 6, 30), date(2027, 9, 30)], 1)]  # fmt: skip


def issue(book, office):
    """The last step of a book that was approved."""
    TaskBook.objects.filter(pk=book.pk).update(status=BookStatus.APPROVED)
    return move_book(book=fresh(book), move="issue", version=1, by=office, number="大合〔2026〕1号")


@pytest.fixture
def issued(task, stones, office):
    return issue(task.book, office)


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def ask(stone, lead, day=date(2027, 7, 30)):
    return services.request_extension(milestone=stone, new_due=day, reason="口岸检修", by=lead)


def approve(request, office, **values):
    seen = services.consequences(request=request, by=office).versions
    return services.approve_extension(request=request, versions=seen, version=1, by=office, **values)


# --- extensions and versions


@in_real_time
def test_an_approved_extension_moves_what_waits_and_becomes_a_version(issued, stones, lead, office):
    make_link(stones[1], stones[2], lag_days=60)
    request = ask(stones[1], lead)
    assert fresh(stones[1]).due == date(2027, 6, 30)
    done = approve(request, office, answer="同意")
    assert (done.state, done.decided_by) == ("approved", str(office))
    # 60 working days after Friday 30 July: 22 in August, 21 in September (not the 15th); October works from the 6th:
    # three, five, five and four days lead to Thursday 28 October.
    assert [fresh(stone).due for stone in stones[1:]] == [date(2027, 7, 30), date(2027, 10, 28)]
    first, second, now = versions(issued)
    assert (first.number, second.number, now.key) == (1, 2, "now")
    moved = compare(issued, first, second, office)
    assert [(d.kind, d.code, d.old) for d in moved] == [
        ("moved", "M2", date(2027, 6, 30)), ("moved", "M3", date(2027, 9, 30)),
    ]  # fmt: skip
    assert {(d.reason, d.by) for d in moved} == {("口岸检修", str(office))}
    assert compare(issued, second, now, office) == []


def test_who_may_ask_and_who_decides(issued, stones, lead, helper, office):
    with pytest.raises(NotAllowed):
        ask(stones[1], helper)
    request = ask(stones[1], lead)
    with pytest.raises(NotAllowed):
        approve(request, lead)
    with pytest.raises(ValidationError) as error:
        ask(stones[1], lead)
    assert error.value.codes == {"": ["asked_already"]}
    own = services.request_extension(milestone=stones[2], new_due=date(2027, 11, 1), reason="x", by=office)
    with pytest.raises(NotAllowed):
        approve(own, office)


def test_a_refused_request_leaves_the_date_and_says_why(issued, stones, lead, office):
    request = ask(stones[1], lead)
    with pytest.raises(ValidationError):
        services.refuse_extension(request=request, answer=" ", version=1, by=office)
    services.refuse_extension(request=request, answer="不符合条件", version=1, by=office)
    assert (fresh(request).state, fresh(stones[1]).due) == ("refused", date(2027, 6, 30))
    with pytest.raises(Conflict):
        services.withdraw_extension(request=request, version=1, by=lead)


def test_a_withdrawn_request_makes_room_for_another(issued, stones, lead):
    services.withdraw_extension(request=ask(stones[1], lead), version=1, by=lead)
    ask(stones[1], lead)
    assert ExtensionRequest.objects.count() == 2


def test_requests_that_make_no_sense(task, stones, lead, office):
    with pytest.raises(ValidationError) as error:
        ask(stones[1], lead)
    assert error.value.codes == {"": ["not_issued"]}
    issue(task.book, office)
    for day, codes in (
        (date(2027, 6, 30), {"new_due": ["not_later"]}),
        (date(2101, 1, 1), {"due": ["year_out_of_range"]}),
    ):
        with pytest.raises(ValidationError) as error:
            ask(stones[1], lead, day)
        assert error.value.codes == codes


@in_real_time
def test_added_and_dropped_milestones_between_two_versions(task, stones, lead, office):
    first = services.take_baseline(book=task.book, reason="讨论稿", by=office)
    services.delete_milestone(milestone=stones[0], version=1, by=lead, reason="合并")
    services.add_milestone(task=task, name="新增", due=date(2027, 5, 31), code="M9", by=lead)
    one, now = versions(task.book)
    assert one.moment == first.moment
    assert [(d.kind, d.code, d.reason) for d in compare(task.book, one, now, office)] == [
        ("dropped", "M1", "合并"), ("added", "M9", ""),
    ]  # fmt: skip
    with pytest.raises(NotAllowed):
        services.take_baseline(book=task.book, reason="x", by=lead)


@in_real_time
def test_slips_are_counted_since_the_issue_and_undone_moves_are_not(task, stones, lead, office):
    services.reschedule(milestone=stones[1], due=date(2027, 6, 15), reason="before the issue", version=1, by=lead)
    book = issue(task.book, office)
    for version, day in ((2, date(2027, 6, 30)), (3, date(2027, 7, 15))):
        stone = fresh(stones[1])
        seen = services.preview(book=book, changes=[Change(stone.pk, day)], by=office, today=day).versions
        assert seen == {str(stone.pk): version}
        shift = services.apply(
            book=book, changes=[Change(stone.pk, day)], reason=f"第{version}版", by=office, versions=seen, approved=True
        )
    move_book(book=book, move="amend", version=book.version, by=office, reason="补充")
    services.undo(shift=shift, by=office)
    record = slips(book_network(book), date(2027, 7, 5))[stones[1].pk]
    assert (record.first, record.due, record.slips, record.days) == (date(2027, 6, 15), date(2027, 6, 30), 1, 15)
    assert record.working_days == 11  # 16, 17, 18, 21 to 25, 28 to 30 June
    assert record.reasons == [(date(2027, 6, 15), date(2027, 6, 30), "第2版", str(office))]


@pytest.mark.parametrize(
    ("today", "move", "expected"),
    [
        (date(2027, 6, 1), False, (False, False)), (date(2027, 7, 1), False, (False, True)),
        (date(2027, 6, 1), True, (True, False)), (date(2027, 8, 1), True, (True, True)),
    ],
)  # fmt: skip
def test_rescheduled_and_late_are_different_facts(task, stones, lead, today, move, expected):
    if move:
        services.reschedule(milestone=stones[1], due=date(2027, 7, 15), reason="x", version=1, by=lead)
    record = slips(book_network(task.book), today)[stones[1].pk]
    assert (record.rescheduled, record.late) == expected


# --- evidence, verification, parts


def evidence(stone, by, name="合同.pdf", data=PDF):
    return services.add_evidence(milestone=stone, name=name, data=data, by=by)


def report(stone, by, day=None):
    stone = fresh(stone)
    return services.report_done(milestone=stone, done_on=day or timezone.localdate(), version=stone.version, by=by)


def test_done_needs_evidence_and_another_bureau(issued, stones, lead, helper):
    with pytest.raises(ValidationError) as error:
        report(stones[0], lead)
    assert error.value.codes == {"": ["needs_evidence"]}
    kept = evidence(stones[0], lead)
    assert kept.file.read() == PDF and "合同" not in kept.file.name
    reported = report(stones[0], lead)
    assert reported.done_on is None
    with pytest.raises(NotAllowed):
        services.verify_done(milestone=reported, version=2, by=lead)
    with pytest.raises(NotAllowed):
        services.verify_done(milestone=reported, version=2, by=make_user(Role.OFFICIAL))
    done = services.verify_done(milestone=reported, version=2, by=helper)
    assert (done.done_on, done.verified_by) == (timezone.localdate(), helper.bureau)
    for change in (lambda: evidence(stones[0], lead, data=PDF + b"2"), lambda: report(stones[0], lead)):
        stones[0] = fresh(stones[0])
        with pytest.raises(ValidationError) as error:
            change()
        assert error.value.codes == {"": ["done"]}


def test_a_coordinator_who_reported_for_a_bureau_does_not_verify_it(issued, stones, lead, office):
    evidence(stones[0], lead)
    with pytest.raises(NotAllowed):
        services.verify_done(milestone=report(stones[0], office), version=2, by=office)


def test_sent_back_with_a_reason(issued, stones, lead, helper):
    evidence(stones[0], lead)
    reported = report(stones[0], lead)
    with pytest.raises(ValidationError):
        services.send_back(milestone=reported, reason=" ", version=2, by=helper)
    back = services.send_back(milestone=reported, reason="缺少盖章页", version=2, by=helper)
    assert back.reported_on is None
    with pytest.raises(ValidationError):
        services.verify_done(milestone=back, version=3, by=helper)


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.pdf", b"", "empty"), ("a.exe", b"MZ", "bad_kind"), ("a.pdf", b"MZ not a pdf", "bad_kind"),
        ("a.pdf", b"%PDF-" + bytes(20 * 1024 * 1024), "too_big"), ("a\x00.pdf", PDF, "bad_characters"),
    ],
)  # fmt: skip
def test_files_that_are_no_evidence(stones, lead, name, data, code):
    with pytest.raises(ValidationError) as error:
        evidence(stones[0], lead, name, data)
    assert error.value.codes == {"file": [code]}
    assert not Evidence.objects.exists()


def test_a_path_in_a_name_stays_a_name_and_the_same_file_twice_is_refused(stones, lead, helper):
    assert evidence(stones[0], lead, "..\\..\\etc/合同.pdf").name == "合同.pdf"
    with pytest.raises(ValidationError) as error:
        evidence(stones[0], lead)
    assert error.value.codes == {"file": ["twice"]}
    with pytest.raises(NotAllowed):
        evidence(stones[0], helper)


def test_a_shared_milestone_waits_for_every_part(issued, stones, lead, helper):
    third = make_bureau("市文旅局")
    parts = services.set_parts(milestone=stones[0], parts={helper.bureau: "邀请", third: "场地"}, by=lead)
    evidence(stones[0], helper)
    with pytest.raises(ValidationError) as error:
        report(stones[0], lead)
    assert error.value.codes == {"": ["parts_open"]} and "市文旅局" in str(error.value)
    with pytest.raises(NotAllowed):
        services.finish_part(part=parts[1], done_on=date(2026, 1, 5), version=1, by=helper)
    for part, by in ((parts[0], helper), (parts[1], make_user(Role.OFFICIAL, bureau=third))):
        services.finish_part(part=part, done_on=timezone.localdate(), version=1, by=by)
    assert report(stones[0], lead).reported_on
    again = services.set_parts(milestone=stones[0], parts={helper.bureau: "邀请与接待"}, by=lead)
    assert [(p.content, p.done_on) for p in again] == [("邀请与接待", timezone.localdate())]


def test_a_part_done_tomorrow_is_refused(stones, lead, helper):
    [part] = services.set_parts(milestone=stones[0], parts={helper.bureau: "邀请"}, by=lead)
    with pytest.raises(ValidationError) as error:
        services.finish_part(part=part, done_on=timezone.localdate() + timedelta(days=1), version=1, by=helper)
    assert error.value.codes == {"done_on": ["in_future"]}


# --- what the engine says about the book


def test_places_and_limits(stones, lead):
    services.set_rules(
        milestone=stones[0], version=1, by=lead, workplace="CN+JP", limit="fixed", limit_on=date(2027, 3, 31)
    )
    for bad, codes in (({"workplace": "XX"}, {"limit": ["unknown"]}), ({"limit": "fixed"}, {"limit_on": ["required"]})):
        with pytest.raises(ValidationError) as error:
            services.set_rules(milestone=stones[1], version=1, by=lead, **bad)
        assert error.value.codes == codes


def test_slack_towards_the_own_end_and_isolated_milestones_are_not_critical(task, stones):
    make_link(stones[0], stones[1], lag_days=10)
    rows = book_schedule(book_network(task.book)).rows
    # 30 June lies 61 working days after 31 March: 21 in April (not the 5th), 19 in May (not the 3rd and 4th), 21 in
    # June (not the 9th); ten are asked for.
    assert (rows[stones[0].pk].total, rows[stones[0].pk].free) == (51, 51)
    assert [rows[s.pk].critical for s in stones] == [False, True, False]


def test_the_domino_is_the_milestone_that_drags_most(task, stones):
    a = make_stone(task, date(2027, 4, 1), code="A")
    for n in range(3):
        make_link(a, make_stone(task, date(2027, 4, 2), code=f"B{n}"), lag_days=1)
    found = domino(book_network(task.book), date(2027, 1, 4), days=10)
    assert found.item == a.pk
    assert len(found.turned) == 4 and set(found.turned.values()) == {("grey", "red")}


def test_without_spread_the_risk_is_the_plan(task, stones, lead):
    for wrong in ((0, 1, 2), (3, 2, 4), (1, 2, 5001)):
        with pytest.raises(ValidationError):
            services.set_estimate(task=task, optimistic=wrong[0], likely=wrong[1], pessimistic=wrong[2], by=lead)
    net = book_network(task.book)
    days = net.calendars("CN").working_days_between(task.start, task.due)
    services.set_estimate(task=task, optimistic=days, likely=days, pessimistic=days, by=lead)
    outlooks = risk(net, runs=50).outlooks
    assert [(outlooks[s.pk].p50, outlooks[s.pk].p80) for s in stones] == [(s.due, s.due) for s in stones]
    with pytest.raises(Conflict):
        services.set_estimate(task=task, optimistic=1, likely=2, pessimistic=3, by=lead)


def test_risk_grows_with_the_spread_and_repeats_with_its_seed(task, stones, lead):
    net = book_network(task.book)
    days = net.calendars("CN").working_days_between(task.start, task.due)
    services.set_estimate(task=task, optimistic=days - 20, likely=days, pessimistic=days + 120, by=lead)
    first, again, other = risk(net, seed=7), risk(net, seed=7), risk(net, seed=8)
    assert first == again and first.outlooks != other.outlooks
    assert stones[2].due < first.outlooks[stones[2].pk].p50 < first.outlooks[stones[2].pk].p80
    assert first.outlooks[stones[2].pk].criticality == 1.0
    assert (first.estimated, first.tasks) == (1, 1)


def test_deleted_milestones_are_no_part_of_the_network(task, stones, lead):
    make_link(stones[0], stones[1])
    services.delete_milestone(milestone=stones[0], version=1, by=lead)
    net = book_network(task.book)
    assert (set(net.stones), net.links) == ({stones[1].pk, stones[2].pk}, [])
    assert Milestone.objects.count() == 3
