"""Changing benchmark sets: the regions compared with, each with its reason."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from dalian_coop.base.errors import Error, ValidationError
from dalian_coop.base.locking import save_if_unchanged
from partners.regions.models import Region
from planning.gaps.enums import Origin
from planning.gaps.models import BenchmarkRegion, BenchmarkSet
from planning.gaps.services.texts import checked, line, may_edit, new_code

MOST_REGIONS = 400


@transaction.atomic
def save_benchmark_set(
    *,
    texts: Mapping[str, str],
    own: Region,
    members: Sequence[Mapping[str, Any]],
    benchmark_set: BenchmarkSet | None = None,
    version: int = 0,
    code: str = "",
    by,
) -> BenchmarkSet:
    """Write a set and its regions.

    ``members``: dicts with ``region`` (a ``Region``), ``reason_zh``, ``reason_en``, ``origin`` and, for a region that
    the peer finder found, ``distance``. ``version`` is that of the set which was read; ``code`` names a new set.
    Raises ``ValidationError``, ``Conflict``, ``NotAllowed``.
    """
    may_edit(by)
    cleaned = checked(texts) | {"own": own}
    wanted = _members(own, members)
    if benchmark_set is None:
        found = BenchmarkSet(code=new_code(BenchmarkSet, code), edited=True, position=100, **cleaned)
        found.save(force_insert=True)
    else:
        found = benchmark_set
        for name, value in (cleaned | {"edited": True}).items():
            setattr(found, name, value)
        save_if_unchanged(found, [*cleaned, "edited"], expected=version)
    _replace(found, wanted)
    return found


def _members(own: Region, members: Sequence[Mapping[str, Any]]) -> dict[Any, dict[str, Any]]:
    if not members:
        raise _wrong("empty", _("This benchmark set has no regions."))
    if len(members) > MOST_REGIONS:
        raise _wrong("too_many", _("A set has at most %(count)d regions.") % {"count": MOST_REGIONS})
    found: dict[Any, dict[str, Any]] = {}
    for member in members:
        region = member["region"]
        if region.pk == own.pk:
            raise _wrong("own", _("%(name)s is the own region; it cannot be compared with itself.") % {"name": region})
        if region.pk in found:
            raise _wrong("twice", _("%(name)s stands twice in the set.") % {"name": region})
        origin = Origin(member.get("origin") or Origin.CHOSEN)
        found[region.pk] = {
            "reason_zh": line(member.get("reason_zh"), "members"),
            "reason_en": line(member.get("reason_en"), "members"),
            "origin": origin,
            "distance": member.get("distance") if origin == Origin.FOUND else None,
        }
    return found


def _wrong(code: str, text) -> ValidationError:
    return ValidationError({"members": [Error(code, text)]})


def _replace(benchmark_set: BenchmarkSet, wanted: dict[Any, dict[str, Any]]) -> None:
    have = {m.region_id: m for m in benchmark_set.members.all()}
    benchmark_set.members.exclude(region_id__in=wanted).delete()
    for region_id, values in wanted.items():
        member = have.get(region_id)
        if member is None:
            BenchmarkRegion.objects.create(benchmark_set=benchmark_set, region_id=region_id, **values)
        elif any(getattr(member, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(member, name, value)
            save_if_unchanged(member, list(values), expected=member.version)
