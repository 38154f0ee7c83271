"""Template tags: what a person and a screen reader get."""

from datetime import UTC, datetime

import pytest
from django.core.paginator import Paginator
from django.db.models import TextChoices
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation
from django.utils.html import strip_tags


def render(source: str, query: str = "", **context) -> str:
    request = RequestFactory().get(f"/books/{query}")
    with translation.override("en"):
        return Template("{% load ui %}" + source).render(Context({"request": request, **context}))


class State(TextChoices):
    LATE = "red", "Overdue"


@pytest.mark.parametrize(
    ("value", "word"),
    [("green", "On track"), ("yellow", "Behind"), (State.LATE, "Overdue"), ("nonsense", "Not started")],
)
def test_light_is_always_shape_and_word(value, word):
    html = render("{% light value %}", value=value)
    assert word in strip_tags(html) and "<path" in html and 'aria-hidden="true"' in html


def test_tags_escape_what_people_typed():
    bad = "<script>alert(1)</script>"
    for source in (
        "{% badge bad %}",
        "{% crumb bad '/x' %}",
        "{% empty bad %}",
        "{% lang_name bad 'ja' %}",
        "{% source_note bad bad %}",
        "{% no_data bad %}",
        "{% light 'red' bad %}",
        "{% sort_header bad 'x' %}",
    ):
        assert "<script>" not in render(source, bad=bad), source


def test_progress_shows_the_number_and_never_0_for_nothing():
    assert 'value="35"' in render("{% progress 35 %}") and "35%" in render("{% progress 35 %}")
    nothing = render("{% progress None %}")
    assert "no data" in nothing and "0%" not in nothing


def test_progress_stays_between_0_and_100():
    assert 'value="100"' in render("{% progress 140 %}")
    assert 'value="0"' in render("{% progress -3 %}")


def test_bar_names_every_count_for_the_screen_reader():
    html = render("{% light_bar counts label='Harbour' %}", counts={"green": 3, "red": 1})
    assert 'aria-label="Harbour: On track 3、Overdue 1"' in html


def test_no_frame_around_nothing():
    assert render("{% filled 'ui/includes/crumbs.html' %}  {% endfilled %}").strip() == ""
    assert "<nav" in render("{% filled 'ui/includes/crumbs.html' %}{% crumb 'A' %}{% endfilled %}")


def test_last_crumb_is_the_page_itself():
    assert 'aria-current="page"' in render("{% crumb 'A' %}")
    assert 'href="/a/"' in render("{% crumb 'A' '/a/' %}")


def test_query_replace_changes_one_filter_keeps_the_others_and_leaves_the_page():
    assert render("{% query_replace light='red' %}", "?lead=x&page=3&light=green") == "?lead=x&amp;light=red"
    assert render("{% query_replace light=None %}", "?lead=x&light=green") == "?lead=x"
    assert render("{% query_replace page=2 %}", "?lead=x") == "?lead=x&amp;page=2"


def test_query_replace_keeps_several_values_of_a_filter():
    assert render("{% query_replace q='a' %}", "?unit=1&unit=2") == "?unit=1&amp;unit=2&amp;q=a"


def test_pagination_says_where_one_is_and_keeps_filters():
    page = Paginator(range(230), 50).page(2)
    html = render("{% pagination page %}", "?light=red", page=page)
    assert "51–100 of 230" in html
    assert 'href="?light=red&amp;page=3"' in html and 'aria-current="page">2<' in html


def test_single_page_has_no_links_but_a_count():
    html = render("{% pagination page %}", page=Paginator(range(3), 50).page(1))
    assert "<a" not in html and "of 3" in html


def test_sort_header_turns_round():
    assert 'href="?sort=due"' in render("{% sort_header 'Due' 'due' %}")
    up = render("{% sort_header 'Due' 'due' %}", "?sort=due")
    assert 'aria-sort="ascending"' in up and 'href="?sort=-due"' in up
    assert 'aria-sort="descending"' in render("{% sort_header 'Due' 'due' %}", "?sort=-due")


def test_timeline_shows_who_when_why_and_both_values():
    entry = {
        "at": datetime(2026, 11, 24, 1, 42, tzinfo=UTC),
        "actor_label": "Li Min",
        "bureau": "Commerce",
        "reason": "asked for by the meeting",
        "kind": "update",
        "changes": [("Progress", "60%", "75%"), ("Note", "old", "")],
    }
    html = render("{% timeline entries %}", entries=[entry])
    for text in (
        "2026-11-24 09:42",
        "Li Min",
        "Commerce",
        "asked for by the meeting",
        "<del>60%</del>",
        "<ins>75%</ins>",
    ):
        assert text in html
    assert "(empty)" in html


def test_timeline_without_entries_says_so():
    assert "No changes" in render("{% timeline entries %}", entries=[])


def test_map_marker_is_a_link_with_a_name():
    markers = [
        {"lon": 129.0, "lat": 35.1, "label": "釜山", "href": "/cities/KR-26/", "title": "釜山: 3 tasks", "light": "red"}
    ]
    html = render("{% sea_map markers caption='GS(2026)1' %}", markers=markers)
    assert 'href="/cities/KR-26/"' in html and 'aria-label="釜山: 3 tasks"' in html and "GS(2026)1" in html


def test_map_figures_use_points_in_every_language():
    request = RequestFactory().get("/")
    for language in ("zh-hans", "ja", "ko", "en"):
        with translation.override(language):
            html = Template("{% load ui %}{% light_bar c %}").render(
                Context({"request": request, "c": {"red": 1, "green": 2}})
            )
        assert 'width="66.67%"' in html
