"""The sets that are shipped, on the figures that are shipped."""

import csv
import subprocess
import sys
import tempfile
from pathlib import Path
from unittest import mock

import pytest
from django.test import TestCase

from dalian_coop.base.reference import BadRow
from partners.indicators import services as indicators
from partners.regions import services as regions
from planning.gaps import services
from planning.gaps.models import BenchmarkSet, GapRun, IndicatorNode, IndicatorSet
from planning.gaps.services import building, reference
from tests.planning.gaps.factories import compute, start

building_method = building.method_of


def result_of(benchmark_set, indicator_set, **choices):
    """The result without robustness and sensitivity: these tests ask for figures, gaps and lines only."""
    off = {"robustness": {"enabled": False}, "sensitivity": {"enabled": False}}
    with mock.patch.object(building, "method_of", lambda params, n: building_method(params, n) | off):
        return _result(benchmark_set, indicator_set, **choices)


def _result(benchmark_set, indicator_set, **choices):
    return compute(start({"benchmark_set": benchmark_set, "indicator_set": indicator_set}, **choices)).result


class ShippedSets(TestCase):
    """The figures are loaded once for all of these tests."""

    @classmethod
    def setUpTestData(cls):
        regions.load_regions()
        indicators.load_indicators()
        cls.counts = services.load_gaps()
        cls.peers, cls.core = BenchmarkSet.objects.first(), IndicatorSet.objects.first()

    def test_loading_twice_changes_nothing(self):
        assert all(c.new and not c.changed for c in self.counts)
        assert all((c.new, c.changed) == (0, 0) for c in services.load_gaps())

    def test_first_proposal_is_the_role_of_benchmark_in_the_list_of_regions(self):
        codes = set(self.peers.regions.values_list("code", flat=True))
        own = self.peers.own
        assert own.role == "focus"
        assert codes == set(type(own).objects.filter(role="benchmark").values_list("code", flat=True))

    def test_every_indicator_of_the_core_set_has_figures_of_one_year_for_seven_regions(self):
        """What its reason promises."""
        found = result_of(self.peers, self.core)["indicators"]
        assert len(found) == 9
        assert all(i["n_ranked"] >= 7 and len(i["years"]) <= 1 for i in found)
        assert all(i["own"]["value"] is not None for i in found)

    def test_every_benchmark_city_has_figures_of_2015_for_its_set(self):
        chosen = IndicatorSet.objects.get(code="scale-2015")
        result = result_of(self.peers, chosen, year_rule="one_year", year=2015)
        assert all(i["n_ranked"] == 17 for i in result["indicators"])
        assert result["overall"]["n_ranked"] == 17

    def test_ports_of_the_port_set_move_more_than_dalian(self):
        result = result_of(BenchmarkSet.objects.get(code="port-cities"), self.core)
        teu = next(i for i in result["indicators"] if i["code"] == "container_teu")
        assert teu["years"] == [2019] and (teu["rank"], teu["n_ranked"]) == (8, 8)

    def test_lines_of_every_shipped_pair_of_sets_sum_to_the_gap(self):
        for peers in BenchmarkSet.objects.all():
            for chosen in IndicatorSet.objects.all():
                with self.subTest(peers=peers.code, indicators=chosen.code):
                    result = result_of(peers, chosen, benchmark="median", year_rule="latest")
                    parts = result["decomposition"]
                    if (peers.code == "japan-prefectures") != (
                        chosen.code == "prefectures"
                    ):  # figures of one country, regions of another
                        assert result["empty"] and parts is None
                        continue
                    effects = parts["coverage_effect"] + parts["profile_effect"]
                    total = sum(line["value"] for line in parts["lines"]) + effects
                    assert total == pytest.approx(result["overall"]["gap"], abs=1e-9)

    def test_no_figure_of_openflights_is_compared(self):
        codes = IndicatorNode.objects.exclude(indicator=None).values_list("indicator__code", flat=True)
        assert not [c for c in codes if c.startswith("air_")]

    def test_bad_row_stops_the_loading_with_its_file_and_reason(self):
        for file, column, value, reason in (
            ("benchmark_sets.csv", "regions", "CN-120000;CN-999999", "CN-999999"),
            ("benchmark_sets.csv", "regions", "JP-40", "own region"),
            ("benchmark_sets.csv", "own", "CN-1", "CN-1"),
            ("indicator_nodes.csv", "parent", "nowhere", "parent of"),
            ("indicator_nodes.csv", "indicator", "cpi_change", "neither more nor less"),
            ("indicator_nodes.csv", "indicator", "happiness", "happiness"),
            ("indicator_nodes.csv", "weight", "much", "not a number"),
        ):
            with self.subTest(file=file, value=value), changed_data(file, column, value):
                with pytest.raises(BadRow, match=reason) as error:
                    services.load_gaps()
                assert file in str(error.value)
        assert not GapRun.objects.exists()


def changed_data(file, column, value):
    """The shipped files, with the last row of one of them changed."""
    folder = tempfile.TemporaryDirectory()
    there = Path(folder.name)
    for path in reference.DATA.glob("*.csv"):
        (there / path.name).write_bytes(path.read_bytes())
    with (there / file).open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    rows[-1][column] = value
    with (there / file).open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    patch = mock.patch.object(reference, "DATA", there)
    patch.folder = folder
    return patch


def test_web_process_does_not_load_the_arrays_of_the_engine():
    """Pages, endpoints and the task itself leave the numeric part to the moment a worker computes."""
    code = (
        "import django, sys; django.setup();"
        "import planning.gaps.api, planning.gaps.views, planning.gaps.urls, planning.gaps.tasks;"
        "print(sorted(m for m in sys.modules if m.startswith('planning.gaps.engine.')))"
    )
    root = Path(__file__).resolve().parents[3]
    found = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "['planning.gaps.engine.reasons']"
