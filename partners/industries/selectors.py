"""Page-shaped reads of industries and fields of cooperation."""

from collections import defaultdict
from dataclasses import dataclass

from partners.industries.enums import FieldRole, Scheme
from partners.industries.models import CooperationField, Industry, IndustryLink


@dataclass
class Branch:
    """An entry of the upper level with its entries; each entry knows its ``counterparts`` in other classifications."""

    entry: Industry
    children: list[Industry]
    open: bool


@dataclass
class Tree:
    """One classification."""

    scheme: str
    label: str
    branches: list[Branch]
    count: int


def cooperation_fields(actor) -> dict:
    """``{"axis": the main axis, "supports": the supporting fields}``."""
    found = list(CooperationField.objects.visible_to(actor))
    return {
        "axis": next((f for f in found if f.role == FieldRole.MAIN_AXIS), None),
        "supports": [f for f in found if f.role == FieldRole.SUPPORT],
    }


def industry_trees(actor, query: str = "") -> list[Tree]:
    """The three classifications, only entries that contain ``query`` (and what stands above them); two statements."""
    entries = list(Industry.objects.visible_to(actor).order_by("scheme", "scheme_code"))
    _attach_counterparts(entries)
    children = defaultdict(list)
    for entry in entries:
        if entry.parent_id:
            children[entry.parent_id].append(entry)
    wanted = query.casefold()
    trees = []
    for scheme in (Scheme.GBT4754, Scheme.ISIC4, Scheme.HS2022):
        branches = []
        for entry in _roots(entries, scheme):
            below = children[entry.pk]
            if wanted and not _holds(entry, wanted):
                below = [child for child in below if _holds(child, wanted)]
                if not below:
                    continue
            branches.append(Branch(entry, below, open=bool(wanted)))
        count = sum(1 + len(branch.children) for branch in branches)
        trees.append(Tree(scheme.value, scheme.label, branches, count))
    return trees


def _roots(entries: list[Industry], scheme: Scheme) -> list[Industry]:
    roots = [e for e in entries if e.scheme == scheme and e.parent_id is None]
    return sorted(roots, key=lambda e: _roman(e.scheme_code) if scheme == Scheme.HS2022 else e.scheme_code)


def _roman(text: str) -> int:
    """Value of a Roman numeral: the sections of the HS are numbered so."""
    values = [{"I": 1, "V": 5, "X": 10, "L": 50}.get(c, 0) for c in text]
    return sum(-v if i + 1 < len(values) and v < values[i + 1] else v for i, v in enumerate(values))


def _holds(entry: Industry, wanted: str) -> bool:
    return wanted in f"{entry.scheme_code} {entry.name_zh} {entry.name_en}".casefold()


def _attach_counterparts(entries: list[Industry]) -> None:
    by_key = {entry.pk: entry for entry in entries}
    for entry in entries:
        entry.counterparts = []
    for origin, target in IndustryLink.objects.values_list("origin_id", "target_id").order_by("target__code"):
        if origin in by_key and target in by_key:
            by_key[origin].counterparts.append(by_key[target])
            by_key[target].counterparts.append(by_key[origin])
