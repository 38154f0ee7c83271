"""Configurations that cannot be right are refused before anything is computed."""

import math
from typing import Any

from planning.gaps.engine.curves import effective
from planning.gaps.engine.refusal import Refused
from planning.gaps.engine.setup import Setup

POSITIVE_RULES = ("geometric", "harmonic", "power")
FROM_A = ("minmax", "frontier", "goalposts", "percentile", "target", "reference", "fraction")


def check(setup: Setup) -> None:
    """Raise ``Refused`` for the normalisations, rules and weights of the case."""
    doc = setup.doc
    for indicator in setup.indicators:
        _check_indicator(setup, indicator)
    for spec in [doc["normalisation"], *doc["robustness"]["normalisation"]]:
        _check_normalisation(setup, spec)
    for indicator in setup.indicators:
        if indicator["normalisation"]:
            _check_normalisation(setup, indicator["normalisation"], indicator["code"])
    rejected = inadmissible(setup, doc["normalisation"], None)
    if rejected:
        raise rejected
    _check_sensitivity(setup)
    for code in [*doc["dea"]["inputs"], *doc["dea"]["outputs"]]:
        if code not in setup.codes:
            raise Refused("unknown_code", "%(code)s of the data envelopment is no indicator.", code=code)


def _check_indicator(setup: Setup, indicator: dict[str, Any]) -> None:
    code, worst, best = indicator["code"], indicator["worst"], indicator["best"]
    if (worst is None) != (best is None):
        raise Refused("goalpost_half", "Indicator %(code)s has only one goalpost.", code=code)
    if worst is not None:
        if worst == best:
            raise Refused("goalposts_equal", "The goalposts of %(code)s are equal.", code=code)
        if (best - worst) * indicator["direction"] < 0:
            raise Refused(
                "goalposts_swapped", "The goalposts of %(code)s contradict its direction; are they swapped?", code=code
            )
    if indicator["transform"] == "log":
        for end in ("worst", "best", "target"):
            if indicator[end] is not None and not indicator[end] > 0:
                raise Refused(
                    "log_goalpost", "The %(end)s of %(code)s must be above 0 for a logarithm.", end=end, code=code
                )


def _check_normalisation(setup: Setup, spec: dict[str, Any], code: str | None = None) -> None:
    name = spec["method"] if code is None else f"{spec['method']} of {code}"
    if not spec["range"][0] < spec["range"][1]:
        raise Refused("range", "The range of the normalisation %(name)s must rise.", name=name)
    if spec["method"] == "reference" and spec["reference"] not in setup.regions:
        raise Refused("reference", "The normalisation %(name)s needs a reference region of the case.", name=name)
    for indicator in setup.indicators:
        if code not in (None, indicator["code"]) or (code is None and indicator["normalisation"]):
            continue
        if spec["method"] == "goalposts" and indicator["worst"] is None:
            raise Refused("goalposts_missing", "Indicator %(code)s needs goalposts.", code=indicator["code"])
        if spec["method"] == "target" and indicator["target"] is None:
            raise Refused("target_missing", "Indicator %(code)s needs a target.", code=indicator["code"])


def inadmissible(setup: Setup, normalisation: dict[str, Any], rule: str | None) -> Refused | None:
    """Why a normalisation and a rule for all nodes (None: the tree's own) cannot go together; None if they can."""
    for k in setup.inner:
        node = setup.nodes[k]
        used = node.rule if rule is None or (rule == "copeland" and k) else rule
        if used not in POSITIVE_RULES or (used == "power" and node.power == 1):
            continue
        if used == "power" and rule == "power" and node.power == 0:
            return Refused("power_zero", "The power of %(code)s must not be 0; that is 'geometric'.", code=node.code)
        for j in _leaves_below(setup, k):
            spec = effective(setup.indicators[j], normalisation)
            if not _above_zero(spec, setup.indicators[j], setup.doc["robustness"]["data_error"]):
                return Refused(
                    "zero_possible",
                    "The %(rule)s mean at %(node)s needs scores above 0, but the normalisation %(method)s of %(code)s "
                    "allows 0 or less; take a range such as 1 to 100.",
                    rule=used, node=node.code, method=spec["method"], code=setup.indicators[j]["code"],
                )  # fmt: skip
    return None


def _leaves_below(setup: Setup, k: int) -> list[int]:
    node = setup.nodes[k]
    return [node.leaf] if node.leaf >= 0 else [j for c in node.children for j in _leaves_below(setup, c)]


def _above_zero(spec: dict[str, Any], indicator: dict[str, Any], disturbed: bool) -> bool:
    low = spec["range"][0]
    if spec["method"] in FROM_A:
        clipped = spec["method"] in ("minmax", "frontier") or (spec["method"] == "goalposts" and indicator["cap"])
        bounded = spec["method"] in ("percentile", "target", "reference") and not disturbed
        return low > 0 and (clipped or bounded)
    if spec["rescale"]:
        return low > 0
    return spec["method"] in ("rank", "categorical")


def _check_sensitivity(setup: Setup) -> None:
    doc = setup.doc
    base = doc["sensitivity"]["base"]
    if base & (base - 1):
        raise Refused("sobol_base", "sensitivity.base must be a power of 2, not %(base)s.", base=base)
    if doc["robustness"]["data_error"]:
        for spec in [doc["normalisation"], *doc["robustness"]["normalisation"]]:
            for indicator in setup.indicators:
                method = effective(indicator, spec)["method"]
                if method in ("rank", "percentile", "borda", "categorical") or effective(indicator, spec)["rescale"]:
                    raise Refused(
                        "data_error", "Data errors cannot be carried through the normalisation %(method)s of %(code)s.",
                        method=method, code=indicator["code"],
                    )  # fmt: skip
    if not all(math.isfinite(float(n.share)) for n in setup.nodes):
        raise Refused("zero_weight", "A weight of the tree is too large or too small to be divided.")
