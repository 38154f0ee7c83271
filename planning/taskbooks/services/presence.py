"""Who is in a book and at which row: a hint, kept in the cache for the time between two questions of a page."""

from typing import Any

from django.core.cache import cache

from planning.taskbooks.models import TaskBook

SECONDS = 40  # a page asks every 15 seconds
_MOST = 64  # places looked at


def note_presence(*, book: TaskBook, by: Any, row: str = "", slot: str = "") -> dict[str, Any]:
    """Say that ``by`` is at ``row``; tells the others: ``{"slot": …, "here": [{"name", "bureau", "row"}]}``.

    Every open page has a place of its own (``slot``), so that nobody overwrites anybody.
    """
    counter, key = f"grid-here:{book.pk}", f"grid-here:{book.pk}:{{}}"
    mine = {"user": str(by.pk), "name": str(by), "bureau": str(by.bureau or ""), "row": row}
    place = int(slot) if slot.isdecimal() else 0
    held = cache.get(key.format(place)) if place else None
    if held is None or held["user"] != mine["user"]:
        cache.add(counter, 0, None)
        place = cache.incr(counter)
    cache.set(key.format(place), mine, SECONDS)
    last = cache.get(counter) or place
    found = cache.get_many([key.format(n) for n in range(max(1, last - _MOST + 1), last + 1)])
    others = {(p["user"], p["row"]): p for p in found.values() if p["user"] != mine["user"]}
    return {"slot": place, "here": [{name: p[name] for name in ("name", "bureau", "row")} for p in others.values()]}
