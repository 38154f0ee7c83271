"""Calendar links: what is in the file, who sees what, and that an ended or forged link answers nothing."""

from datetime import date

import pytest
from django.urls import reverse
from icalendar import Calendar

from dalian_coop.accounts.enums import Role
from dalian_coop.base.errors import NotAllowed, ValidationError
from dalian_coop.calendars.models import Holiday
from planning.roadmap.models import CalendarLink
from planning.roadmap.services.calendar_links import MOST_LINKS, key_of, make_calendar_link, revoke_calendar_link
from tests.factories import make_bureau, make_user
from tests.planning.factories import make_book, make_task
from tests.planning.roadmap.factories import make_stone

pytestmark = pytest.mark.django_db


@pytest.fixture
def stone(lead):
    task = make_task(make_book(code="jk"), lead=lead.bureau, code="1.1.1", content="釜山航线；一期, 二期")
    return make_stone(task, date(2028, 2, 29), name="签订合同, 生效；备案", deliverable="合同\n附件")


def fetch(client, link) -> list:
    answer = client.get(reverse("roadmap:calendar"), {"key": key_of(link)})
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/calendar")
    return Calendar.from_ical(answer.content).walk("VEVENT")


def test_the_file_is_read_by_the_library_with_every_sign_and_the_whole_day(client, lead, stone):
    (event,) = fetch(client, make_calendar_link(by=lead))
    assert event.decoded("dtstart") == date(2028, 2, 29)
    assert event.decoded("dtend") == date(2028, 3, 1)
    assert event["summary"] == "◆ 签订合同, 生效；备案"
    assert "合同\n附件" in event["description"]
    assert str(event["url"]).endswith(f"/roadmaps/jk/milestones/{stone.pk}/")
    assert event.decoded("sequence") == stone.version


def test_every_line_is_folded_to_75_octets(client, lead, stone):
    content = client.get(reverse("roadmap:calendar"), {"key": key_of(make_calendar_link(by=lead))}).content
    assert content.endswith(b"END:VCALENDAR\r\n")
    assert max(len(line) for line in content.split(b"\r\n")) <= 75


def test_the_same_key_of_an_event_through_every_change(client, lead, stone):
    link = make_calendar_link(by=lead)
    (before,) = fetch(client, link)
    stone.due, stone.version = date(2028, 3, 31), 2
    stone.save()
    (after,) = fetch(client, link)
    assert (before["uid"], 2) == (after["uid"], after.decoded("sequence"))
    assert after.decoded("dtstart") == date(2028, 3, 31)


def test_holidays_of_the_chosen_countries(client, lead, stone):
    for country, day in (("JP", date(2027, 5, 3)), ("KR", date(2027, 5, 5)), ("JP", date(2020, 5, 3))):
        Holiday.objects.create(country=country, date=day, name="Day", name_local="祝日", kind="holiday", source="law")
    events = fetch(client, make_calendar_link(by=lead, holidays=["JP"]))
    assert [event.decoded("dtstart") for event in events] == [date(2028, 2, 29), date(2027, 5, 3)]


def test_a_bureaus_feed_holds_what_it_leads_and_the_owner_may_see(client, lead, stone):
    other = make_bureau("市教育局")
    make_stone(make_task(stone.task.book, lead=other, code="1.1.2"), name="别的")
    make_stone(make_task(make_book(), lead=other, code="1.1.1"), name="看不见的")
    events = fetch(client, make_calendar_link(by=lead, bureau=other))
    assert [event["summary"] for event in events] == ["◆ 别的"]


def test_ended_forged_and_orphaned_links_answer_nothing(client, lead, stone):
    link = make_calendar_link(by=lead)
    key = key_of(link)
    address = reverse("roadmap:calendar")
    assert client.get(address, {"key": key[:-1] + ("A" if key[-1] != "A" else "B")}).status_code == 404
    assert client.get(address, {"key": link.pk.hex}).status_code == 404
    lead.is_active = False
    lead.save()
    assert client.get(address, {"key": key}).status_code == 404
    lead.is_active = True
    lead.save()
    revoke_calendar_link(link=link, by=lead)
    assert client.get(address, {"key": key}).status_code == 404


def test_only_the_owner_ends_a_link_and_not_too_many(client, lead):
    link = make_calendar_link(by=lead)
    with pytest.raises(NotAllowed):
        revoke_calendar_link(link=link, by=make_user(Role.OFFICIAL))
    for _number in range(MOST_LINKS - 1):
        make_calendar_link(by=lead)
    with pytest.raises(ValidationError) as refused:
        make_calendar_link(by=lead)
    assert refused.value.codes == {"": ["too_many"]}
    with pytest.raises(ValidationError):
        make_calendar_link(by=make_user(Role.OFFICIAL), holidays=["XX"])


def test_the_page_makes_and_ends_a_link(client, lead, stone):
    client.force_login(lead)
    address = reverse("roadmap:calendar-links")
    assert client.post(address, {"holidays": ["CN", "KR"]}).status_code == 302
    link = CalendarLink.objects.get()
    assert (link.owner, link.holidays) == (lead, ["CN", "KR"])
    text = client.get(address).content.decode()
    assert text.count("data-link") == 1
    assert client.post(reverse("roadmap:calendar-revoke", args=[link.pk])).status_code == 302
    assert "data-link" not in client.get(address).content.decode()
