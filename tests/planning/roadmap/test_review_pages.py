"""Versions compared, the domino, risk and slips, and a book started from another."""

from datetime import date

import pytest
from django.conf import settings
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from dalian_coop.accounts.enums import Role
from dalian_coop.base.errors import NotAllowed, ValidationError
from dalian_coop.calendars.enums import Country
from dalian_coop.calendars.selectors import calendar_from_package
from planning.roadmap import services
from planning.roadmap.models import Dependency, Milestone
from planning.roadmap.services.starting import Distance
from planning.taskbooks.enums import BookStatus
from planning.taskbooks.models import Task, TaskBook
from planning.taskbooks.services.books import move_book
from tests.factories import make_bureau, make_user
from tests.planning.factories import make_book, make_task
from tests.planning.roadmap.factories import make_link, make_stone

pytestmark = pytest.mark.django_db


@pytest.fixture
def task(lead):
    book = make_book(code="jk", title="任务书", status=BookStatus.APPROVED)
    support = (make_bureau("市外办"),)
    return make_task(
        book, lead=lead.bureau, units=support, code="1.1.1", start=date(2027, 1, 4), due=date(2027, 12, 31),
        due_text="2027年12月底前", due_kind="month_end", state="in_progress", progress=30,
    )  # fmt: skip


@pytest.fixture
def chain(task):
    """Five milestones, ten working days apart, across the Spring Festival (6 February 2027)."""
    days = [date(2027, 1, 15), date(2027, 1, 29), date(2027, 2, 19), date(2027, 3, 5), date(2027, 3, 19)]
    stones = [make_stone(task, day, code=f"M{n}") for n, day in enumerate(days, 1)]
    for before, after in zip(stones, stones[1:], strict=False):
        make_link(before, after, lag_days=5)
    return stones


def get(client, user, name, **query):
    client.force_login(user)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client.get(reverse(f"roadmap:{name}", args=["jk"]), query)


@pytest.mark.django_db(transaction=True)
def test_two_versions_side_by_side_with_reason_and_who(client, task, chain, lead, office):
    book = move_book(book=task.book, move="issue", version=1, by=office, number="1")
    request = services.request_extension(milestone=chain[4], new_due=date(2027, 4, 30), reason="口岸检修", by=lead)
    seen = services.consequences(request=request, by=office).versions
    services.approve_extension(request=request, versions=seen, version=1, by=office)
    text = get(client, lead, "versions", older="1", newer="2").content.decode()
    assert 'data-changes="1"' in text and "口岸检修" in text and str(office) in text and "+42" in text
    assert "No milestone moved" in get(client, lead, "versions", older="2", newer="now").content.decode()
    # The order in which they are asked for does not matter, and nonsense falls back to the first and the present one.
    assert 'data-changes="1"' in get(client, lead, "versions", older="now", newer="1").content.decode()
    assert get(client, lead, "versions", older="99", newer="x").status_code == 200
    slips = get(client, lead, "review").content.decode()
    assert 'data-slips="1"' in slips and "2027-03-19" in slips and "2027-04-30" in slips
    assert book.code == "jk"


def test_the_office_keeps_a_version_and_nobody_else(client, task, chain, lead, office):
    address = reverse("roadmap:versions", args=["jk"])
    for user, reason, status in ((lead, "x", 403), (office, " ", 422), (office, "讨论稿", 302)):
        client.force_login(user)
        assert client.post(address, {"reason": reason}).status_code == status
    assert task.book.baselines.get().reason == "讨论稿"


def test_the_domino_is_named_with_the_lights_it_turns(client, lead, chain):
    found = get(client, lead, "review", days=20)
    assert found.context["domino"].stone == chain[0]
    text = found.content.decode()
    assert f'data-domino="{found.context["domino"].count}"' in text and found.context["domino"].count >= 3
    assert get(client, lead, "review", days="x").context["days"] == 10


def test_a_milestone_one_may_not_see_is_counted_not_named(client, task, chain, lead):
    japan = make_user(Role.OFFICIAL, bureau=make_bureau(seat_country="JP"))
    own = make_task(task.book, code="1.1.9", countries=["JP"], start=date(2027, 1, 4), due=date(2027, 12, 31))
    last = make_stone(own, date(2027, 3, 26), code="J1")
    make_link(chain[4], last, lag_days=5)
    text = get(client, japan, "review", days=20).content.decode()
    assert "a milestone you may not see" in text and chain[0].name not in text and "J1" in text


def test_risk_of_the_chain_repeats_with_its_seed(client, task, chain, lead):
    services.set_estimate(task=task, optimistic=180, likely=250, pessimistic=420, by=lead)
    first, again, other = (get(client, lead, "review", seed=seed).context for seed in (7, 7, 8))
    dates = [[(line.outlook.p50, line.outlook.p80) for line in c["lines"]] for c in (first, again, other)]
    assert dates[0] == dates[1] != dates[2]
    assert len(dates[0]) == 5 and all(p50 <= p80 for p50, p80 in dates[0])
    text = get(client, lead, "review", seed=7).content.decode()
    assert "seed 7" in text and 'data-risks="5"' in text


# --- a book from a book


def start(book, office, **values):
    defaults = {"code": "new-book", "title": "新任务书", "start": date(2031, 1, 6), "counting": "working"}
    return services.start_book(source=book, by=office, **defaults | values)


def test_a_started_book_keeps_rows_links_and_distances_but_no_results(task, chain, office):
    Milestone.objects.filter(pk=chain[0].pk).update(done_on=date(2027, 1, 15), forecast=date(2027, 1, 20))
    services.set_estimate(task=task, optimistic=1, likely=2, pessimistic=3, by=office)
    services.set_parts(milestone=chain[1], parts={task.lead: "组织"}, by=office)
    made = start(task.book, office)
    copy = Task.objects.get(book=made)
    assert (made.status, made.first_year, copy.state, copy.progress) == ("draft", 2031, "not_started", 0)
    assert [unit.bureau.name for unit in copy.units.all()] == ["市外办"]
    stones = list(Milestone.objects.filter(task=copy).order_by("order"))
    assert [(s.done_on, s.forecast) for s in stones] == [(None, None)] * 5
    assert stones[1].parts.get().done_on is None and copy.estimate.likely == 2
    assert Dependency.objects.filter(successor__task=copy).count() == 4
    calendar = calendar_from_package(Country.CHINA)
    for old, new in zip(chain, stones, strict=True):
        assert calendar.working_days_between(task.start, old.due) == calendar.working_days_between(copy.start, new.due)
    assert copy.start == date(2031, 1, 6)
    assert (copy.due_text, copy.due_kind) == (f"{copy.due.year}年{copy.due.month}月{copy.due.day}日前", "date")


def test_in_calendar_days_every_distance_is_the_same(task, chain, office):
    made = start(task.book, office, counting="calendar")
    copy = Task.objects.get(book=made)
    assert (copy.due - copy.start).days == (task.due - task.start).days
    assert [(s.due - copy.start).days for s in Milestone.objects.filter(task=copy).order_by("order")] == [
        (s.due - task.start).days for s in chain
    ]


_DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))


@given(st.sampled_from(Country.values), _DAYS, st.dates(date(2016, 1, 1), date(2040, 12, 31)), _DAYS, _DAYS)
def test_any_duration_is_kept_exactly(country, first, start, one, other):
    calendar = calendar_from_package(country)
    begin, end = sorted((one, other))
    days = Distance(first, start, "calendar")
    assert days.end(end, calendar) - days.begin(begin, calendar) == end - begin
    work = Distance(first, start, "working")
    count = calendar.working_days_between(begin, end)
    if count:
        assert calendar.working_days_between(work.begin(begin, calendar), work.end(end, calendar)) == count


def test_what_cannot_be_started_is_refused_and_nothing_is_left(task, chain, office, lead):
    for values, codes in (
        ({"counting": "weeks"}, {"counting": ["unknown"]}), ({"code": "jk"}, {"code": ["code_taken"]}),
        ({"start": date(2100, 12, 1)}, {"start": ["out_of_calendar"]}),
        ({"start": date(9999, 1, 1)}, {"start": ["out_of_calendar"]}), ({"title": " "}, {"title": ["required"]}),
    ):  # fmt: skip
        with pytest.raises(ValidationError) as error:
            start(task.book, office, **values)
        assert error.value.codes == codes
    with pytest.raises(NotAllowed):
        start(task.book, lead)
    assert TaskBook.objects.count() == 1 and Milestone.objects.count() == 5


def test_the_page_starts_the_book(client, task, chain, office, lead):
    address = reverse("roadmap:start", args=["jk"])
    client.force_login(lead)
    assert client.get(address).status_code == 403
    client.force_login(office)
    assert "2027-01-04" in client.get(address).content.decode()
    data = {"code": "jk", "title": "新任务书", "start": "2031-01-06", "counting": "working"}
    answer = client.post(address, data)
    assert answer.status_code == 422 and "新任务书" in answer.content.decode()
    answer = client.post(address, data | {"code": "jk-2031"})
    assert answer.status_code == 302 and answer["Location"] == reverse("taskbooks:book", args=["jk-2031"])


def test_as_many_statements_however_many_rows(task, chain, office, django_assert_max_num_queries):
    for n in range(2, 30):
        make_stone(
            make_task(task.book, code=f"1.1.{n}", start=date(2027, 1, 4), due=date(2027, 5, 4)), date(2027, 4, 1)
        )
    with django_assert_max_num_queries(40):
        start(task.book, office)
