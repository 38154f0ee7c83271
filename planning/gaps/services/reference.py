"""The shipped benchmark sets and indicator sets."""

from collections.abc import Callable
from pathlib import Path

from dalian_coop.base.reference import BadRow, Counts, rows, sync
from partners.indicators.enums import Direction
from partners.indicators.models import Indicator
from partners.regions.models import Region
from partners.regions.services import reading
from planning.gaps.enums import PeerRole
from planning.gaps.models import BenchmarkRegion, BenchmarkSet, IndicatorNode, IndicatorSet

DATA = Path(__file__).resolve().parent.parent / "data"
NAMES = ("name_zh", "name_en", "name_ja", "name_ko")


def load_gaps() -> list[Counts]:
    """Loads benchmark sets and indicator sets. Raises ``BadRow``."""
    return [*_load_benchmark_sets(DATA / "benchmark_sets.csv"), _load_indicator_sets(), *_load_nodes()]


def _load_benchmark_sets(path: Path) -> list[Counts]:
    regions = reading.Known.codes_of(Region)
    edited = _edited(BenchmarkSet)

    def parse(row: dict[str, str]) -> dict:
        return _texts(row) | {"own_id": regions[row["own"]]}

    found = [v for v in reading.read(path, parse, BenchmarkSet, ("code",)) if v["code"] not in edited]
    counts = sync(BenchmarkSet, found, ("code",), path=path)
    sets = reading.Known.codes_of(BenchmarkSet)
    reasons = {(r["set"], r["region"]): r for _line, r in rows(DATA / "benchmark_regions.csv")}
    members = []
    for line, row in rows(path):
        if row["code"] in edited:
            continue
        codes = row["regions"].split(";")
        if row["own"] in codes or len(set(codes)) != len(codes):
            raise BadRow(path, line, "the regions hold the own region or one region twice")
        try:
            members += [
                {"benchmark_set_id": sets[row["code"]], "region_id": regions[code]}
                | _member(reasons.get((row["code"], code)))
                for code in codes
            ]
        except ValueError as error:
            raise BadRow(path, line, error) from error
    return [counts, sync(BenchmarkRegion, members, ("benchmark_set_id", "region_id"), path=path)]


def _edited(model) -> set[str]:
    """Codes of sets that people have changed: the shipped files leave them alone."""
    return set(model.objects.filter(edited=True).values_list("code", flat=True))


def _member(row: dict[str, str] | None) -> dict:
    row = row or {"role": "peer", "reason_zh": "", "reason_en": ""}
    return {"role": PeerRole(row["role"]).value, "reason_zh": row["reason_zh"], "reason_en": row["reason_en"]}


def _load_indicator_sets() -> Counts:
    path, edited = DATA / "indicator_sets.csv", _edited(IndicatorSet)
    found = [v for v in reading.read(path, _texts, IndicatorSet, ("code",)) if v["code"] not in edited]
    return sync(IndicatorSet, found, ("code",), path=path)


def _texts(row: dict[str, str]) -> dict:
    return {
        "code": reading.required(row, "code"),
        "position": int(row["position"]),
        **{name: row[name] for name in NAMES},
        "reason_zh": reading.required(row, "reason_zh"),
        "reason_en": reading.required(row, "reason_en"),
    }


def _load_nodes() -> list[Counts]:
    """Level by level, so that every parent is there before its children."""
    path = DATA / "indicator_nodes.csv"
    edited = set(IndicatorSet.objects.filter(edited=True).values_list("pk", flat=True))
    found = reading.read(path, _node_parser(), IndicatorNode, ("indicator_set_id", "code"))
    found = [v for v in found if v["indicator_set_id"] not in edited]
    known: dict[tuple, object] = {}
    counts = []
    while found:
        ready = [v for v in found if not v["parent_code"] or (v["indicator_set_id"], v["parent_code"]) in known]
        if not ready:
            raise BadRow(path, 1, f"the parent of {found[0]['code']} is not there, or parents run in a circle")
        resolved = [
            {k: x for k, x in v.items() if k != "parent_code"}
            | {"parent_id": known.get((v["indicator_set_id"], v["parent_code"]))}
            for v in ready
        ]
        counts.append(sync(IndicatorNode, resolved, ("indicator_set_id", "code"), path=path))
        known = {(s, c): pk for s, c, pk in IndicatorNode.objects.values_list("indicator_set_id", "code", "pk")}
        done = {(v["indicator_set_id"], v["code"]) for v in ready}
        found = [v for v in found if (v["indicator_set_id"], v["code"]) not in done]
    table = IndicatorNode._meta.db_table
    return [Counts(table, *(sum(getattr(c, name) for c in counts) for name in ("new", "changed", "same")))]


def _node_parser() -> Callable[[dict[str, str]], dict]:
    sets = reading.Known.codes_of(IndicatorSet)
    indicators = reading.Known("indicator", ((i.code, i) for i in Indicator.objects.all()))

    def parse(row: dict[str, str]) -> dict:
        indicator = indicators[row["indicator"]] if row["indicator"] else None
        if indicator and indicator.direction == Direction.NEUTRAL:
            raise ValueError(f"of {indicator.code} neither more nor less is better; it cannot be scored")
        if indicator is None:
            reading.required(row, "name_zh")
        return {
            "indicator_set_id": sets[row["set"]],
            "code": reading.required(row, "code"),
            "parent_code": row["parent"],
            "position": int(row["position"]),
            "weight": reading.number(reading.required(row, "weight")),
            "indicator_id": indicator.pk if indicator else None,
            "interval": row["interval"] == "1",
            "per_id": indicators[row["per"]].pk if row["per"] else None,
            **{name: row[name] for name in NAMES},
        }

    return parse
