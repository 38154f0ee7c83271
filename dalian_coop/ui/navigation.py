"""What the rail, the phone's bottom bar and the menu show.

Rooms of the upper floors are named by URL name only, so this floor knows none of them. A room may also add its own
entry from its ``AppConfig.ready()``: ``navigation.register(Item(...))``. An entry is shown when its URL exists and
the person holds its permission.
"""

from dataclasses import dataclass, replace
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True)
class Item:
    """One entry.

    ``perm`` names the permissions that open it, separated by blanks; one of them is enough. ``short`` is the label in
    the phone's bottom bar; only entries with one stand there.
    """

    label: Any
    url_name: str
    icon: str
    perm: str = ""
    group: Any = ""
    short: Any = ""
    url: str = ""
    current: bool = False


MANAGEMENT = _("Management")

# Who edits begins with what waits for him, who reads with the overview.
_items: list[Item] = [
    Item(_("My work"), "dashboard:my", "check", "taskbooks.edit_task", short=pgettext_lazy("navigation", "My work")),
    Item(
        _("Overview dashboard"),
        "dashboard:dashboard",
        "home",
        "dashboard.read",
        short=pgettext_lazy("navigation", "Dashboard"),
    ),
    Item(_("Task books"), "taskbooks:book-list", "table", "taskbooks.read", short=_("Task books")),
    Item(_("Road maps"), "roadmap:index", "roadmap", "taskbooks.read", short=pgettext_lazy("navigation", "Road map")),
    Item(_("Gap analysis"), "gaps:report-list", "gap", "gaps.read", short=pgettext_lazy("navigation", "Gaps")),
    Item(
        _("Partner cities"), "relations:city-list", "city", "regions.read", short=pgettext_lazy("navigation", "Cities")
    ),
    Item(_("Industries"), "industries:industry-list", "factory", "industries.read"),
    Item(_("Indicators"), "indicators:indicator-list", "gauge", "indicators.read"),
    Item(_("Data and sources"), "indicators:source-list", "database", "indicators.read"),
    Item(_("Background jobs"), "jobs:list", "jobs", "jobs.read", group=MANAGEMENT),
    Item(_("API access"), "accounts:client-list", "key", "accounts.manage_clients", group=MANAGEMENT),
    Item(
        _("Administration"),
        "admin:index",
        "settings",
        "accounts.manage accounts.manage_clients history.read_audit",
        group=MANAGEMENT,
    ),
]


def register(item: Item) -> None:
    """Add an entry (once per URL name) after those of its group."""
    if all(known.url_name != item.url_name for known in _items):
        _items.append(item)


def items_for(user, path: str) -> list[Item]:
    """Entries this person may open, with address; the one whose address is the longest start of ``path`` is current."""
    if not getattr(user, "is_authenticated", False):
        return []
    found = [replace(item, url=url) for item in _items if (url := _url(item)) and _allowed(user, item)]
    here = max((item.url for item in found if path.startswith(item.url)), key=len, default=None)
    return [replace(item, current=item.url == here) for item in found]


def home_for(user) -> str:
    """Where this person lands: the first entry that is theirs, or nothing."""
    items = items_for(user, "")
    return items[0].url if items else ""


def _allowed(user, item: Item) -> bool:
    return not item.perm or any(user.has_perm(perm) for perm in item.perm.split())


def _url(item: Item) -> str:
    try:
        return reverse(item.url_name)
    except NoReverseMatch:
        return ""
