"""The light of a task or milestone by date alone (pure). The rule stands beside the light wherever it is shown."""

from datetime import date

SOON_DAYS = 7
LATE_DAYS = 7


def light_for(*, start: date | None, due: date | None, completed: bool, today: date) -> str:
    """One of ``enums.Light``: done, grey, green, blue, yellow, red.

    ``due`` is included: on that day nothing is late. Up to ``LATE_DAYS`` days late is yellow (behind), more is red
    (overdue). From ``SOON_DAYS`` days before, it is blue (due soon). Without a deadline (continuous work) a task that
    has begun is green. Before the start it is grey.
    """
    if completed:
        return "done"
    if due is not None:
        late = (today - due).days
        if late > LATE_DAYS:
            return "red"
        if late > 0:
            return "yellow"
        if late >= -SOON_DAYS:
            return "blue"
    if start is None or start > today:
        return "grey"
    return "green"
