"""The shipped files of this floor: counts, running twice, bad rows."""

import csv
import time
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from dalian_coop.base import reference
from partners.indicators import services as indicator_services
from partners.indicators.enums import LICENCES, UNITS
from partners.indicators.models import DataSource, Indicator, Observation
from partners.industries import services as industry_services
from partners.industries.models import CooperationField, Industry, IndustryLink
from partners.regions.models import Region
from partners.regions.services import reference as region_services
from partners.relations import services as relation_services
from partners.relations.models import Agreement

OURS = ("regions", "industries", "indicators", "relations")
pytestmark = pytest.mark.django_db


def load() -> list[reference.Counts]:
    return [counts for name, loader in reference.loaders() if name in OURS for counts in loader()]


def test_load_counts_and_second_run_changes_nothing():
    start = time.monotonic()
    first = load()
    took = time.monotonic() - start
    assert Region.objects.count() == 251
    assert Industry.objects.count() == 342
    assert IndustryLink.objects.count() == 76
    assert CooperationField.objects.count() == 7
    assert CooperationField.objects.filter(role="main_axis").count() == 1
    assert Indicator.objects.count() == 103
    assert DataSource.objects.count() == 103
    assert Observation.objects.count() == 23_276 - 130
    assert Agreement.objects.count() == 50
    assert sum(c.new for c in first) == 251 + 342 + 76 + 7 + 103 + 103 + 23_146 + 50
    assert took < 30
    second = load()
    assert sum(c.new + c.changed for c in second) == 0
    assert sum(c.same for c in second) == sum(c.new for c in first)

    # Nothing of the share-alike database is left, and indicators that had only its figures say so.
    assert not DataSource.objects.filter(code="openflights").exists()
    empty = set(Indicator.objects.filter(observations=None).values_list("code", flat=True))
    assert empty == {"air_routes_jp", "air_routes_kr", "air_dest_jp", "air_dest_kr", "air_dest_abroad"}
    # Every figure names a source that is listed, and at most one is preferred.
    assert not Observation.objects.filter(source=None).exists()
    # The distances of the file are those that the pages compute for the other cities.
    home, busan = Region.objects.get(code="CN-210200"), Region.objects.get(code="KR-26")
    known = Observation.objects.get(region=home, indicator__code="dist_busan").value
    assert home.distance_km(busan) == pytest.approx(float(known), abs=0.5)


def test_changed_preference_is_loaded_without_breaking_the_constraint(tmp_path, monkeypatch):
    """The figure of another source becomes the preferred one: both rows change places."""
    load()
    folder = tmp_path / "data"
    folder.mkdir()
    for path in indicator_services.DATA.glob("*.csv"):
        (folder / path.name).write_bytes(path.read_bytes())
    with (folder / "observations.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    other = next(r for r in rows if r["preferred"] == "0")
    key = ("region_id", "indicator", "year", "period")
    best = next(r for r in rows if r["preferred"] == "1" and all(r[k] == other[k] for k in key))
    best["preferred"], other["preferred"] = "0", "1"
    with (folder / "observations.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    monkeypatch.setattr(indicator_services, "DATA", folder)
    counts = indicator_services.load_indicators()[-1]
    assert (counts.new, counts.changed) == (0, 2)
    now = Observation.objects.get(
        region__code=other["region_id"], indicator__code=other["indicator"], year=other["year"], preferred=True
    )
    assert now.source.code == other["source"]
    assert now.version == 2


def edited(path: Path, folder: Path, old: str, new: str) -> Path:
    text = path.read_text("utf-8")
    assert old in text
    copy = folder / path.name
    copy.write_text(text.replace(old, new, 1), "utf-8")
    return copy


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("CN-210200,city,CN,CN-210000,focus", "CN-210200,hamlet,CN,CN-210000,focus", "'hamlet' is not a valid"),
        ("CN-210200,city,CN,CN-210000", "CN-210200,city,CN,CN-999999", "unknown parent 'CN-999999'"),
        ("38.9122,121.6022", "north,121.6022", "'north' is not a number"),
        ("CN-210200,city,CN", ",city,CN", "region_id is empty"),
        ("CN-210200,city,CN", "CN-210100,city,CN", "the same code as in line"),
        ("大连市,大連市", "大" * 201 + ",大連市", "name_zh is longer than 200 characters"),
    ],
)
def test_bad_row_of_regions_stops_the_load_with_file_line_and_reason(tmp_path, monkeypatch, old, new, reason):
    path = edited(region_services.FILE, tmp_path, old, new)
    monkeypatch.setattr(region_services, "FILE", path)
    with pytest.raises(reference.BadRow, match="regions.csv, line ") as error:
        region_services.load_regions()
    assert reason in str(error.value)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (",100 million CNY,1,figure,", ",million CNY,1,figure,", "the unit is 'million CNY'"),
        ("CN-210200,gdp,2000,A,", "CN-210200,gdp,2000,A,-", ""),
        ("CN-210200,gdp,2000,A,1110.8", "CN-210200,gdp,2000,A,NaN", "'NaN' is not a number"),
        ("CN-210200,gdp,2000,A,", "CN-210200,gdp,2000,Q1,", "'Q1' is no period"),
        ("CN-210200,gdp,2000,A,", "CN-210200,gdp,1800,A,", "1800 lies outside"),
        ("CN-210200,gdp,2000,A,", "CN-210200,gpd,2000,A,", "unknown indicator 'gpd'"),
        ("CN-210200,gdp,2000,A,", "XX-1,gdp,2000,A,", "unknown region 'XX-1'"),
        (",1,figure,p_dl2000,", ",1,figure,p_dl1900,", "unknown datasource 'p_dl1900'"),
        (",1,figure,p_dl2000,", ",yes,figure,p_dl2000,", "'yes' is neither 0 nor 1"),
    ],
)
def test_bad_figure_is_named(tmp_path, monkeypatch, old, new, reason):
    region_services.load_regions()
    for name in ("sources.csv", "indicators.csv"):
        (tmp_path / name).write_bytes((indicator_services.DATA / name).read_bytes())
    lines = (indicator_services.DATA / "observations.csv").read_text("utf-8").splitlines(keepends=True)
    few = [lines[0], *[line for line in lines if line.startswith("CN-210200,")]]
    (tmp_path / "observations.csv").write_text("".join(few), "utf-8")
    edited(tmp_path / "observations.csv", tmp_path, old, new)
    monkeypatch.setattr(indicator_services, "DATA", tmp_path)
    if not reason:  # a negative figure is a figure
        indicator_services.load_indicators()
        assert Observation.objects.get(region__code="CN-210200", indicator__code="gdp", year=2000).value < 0
        return
    with pytest.raises(reference.BadRow, match=r"observations.csv, line \d+: ") as error:
        indicator_services.load_indicators()
    assert reason in str(error.value)


def test_bad_agreement_industry_and_unit_are_named(tmp_path, monkeypatch):
    region_services.load_regions()
    indicator_services.load_indicators()
    path = edited(relation_services.FILE, tmp_path, "1979-05-01,day", "1979-13-01,day")
    monkeypatch.setattr(relation_services, "FILE", path)
    with pytest.raises(reference.BadRow, match="sister_cities.csv, line 2: '1979-13-01' is not a date"):
        relation_services.load_agreements()
    path = edited(path, tmp_path, "1979-13-01,day", "1979-05-01,year")
    with pytest.raises(reference.BadRow, match="is no date known to the year"):
        relation_services.load_agreements()
    for name in ("fields.csv", "industries.csv", "industry_mapping.csv"):
        (tmp_path / name).write_bytes((industry_services.DATA / name).read_bytes())
    edited(
        tmp_path / "industries.csv",
        tmp_path,
        "ISIC4:01,ISIC4,division,01,ISIC4:A",
        "ISIC4:01,ISIC4,division,01,ISIC4:ZZ",
    )
    monkeypatch.setattr(industry_services, "DATA", tmp_path)
    with pytest.raises(reference.BadRow, match="industries.csv.*ISIC4:01: unknown parent 'ISIC4:ZZ'"):
        industry_services.load_industries()


def test_bad_row_leaves_nothing_behind(tmp_path, monkeypatch):
    """The command runs in one transaction: regions are not kept when agreements are wrong."""
    path = edited(relation_services.FILE, tmp_path, "SC001,CN-210200", "SC001,CN-000000")
    monkeypatch.setattr(relation_services, "FILE", path)
    with pytest.raises(CommandError, match="Nothing was loaded. sister_cities.csv, line 2: unknown region 'CN-000000'"):
        call_command("load_reference_data", verbosity=0)
    assert not Region.objects.exists()


def test_every_unit_and_licence_of_the_shipped_files_has_words_of_the_portal():
    with (indicator_services.DATA / "indicators.csv").open(encoding="utf-8") as file:
        assert {row["unit"] for row in csv.DictReader(file)} <= set(UNITS)
    with (indicator_services.DATA / "sources.csv").open(encoding="utf-8") as file:
        assert {row["licence"] for row in csv.DictReader(file)} <= set(LICENCES)


def test_fields_of_cooperation_know_the_spellings_of_the_task_book():
    industry_services.load_industries()
    fields = CooperationField.objects.all()
    known = {spelling for f in fields for spelling in (f.name_zh, *f.aliases)}
    assert {
        "经贸合作（主轴）",
        "友好城市交往",
        "文化交流",
        "科技合作",
        "教育合作",
        "旅游合作",
        "其他支撑（机制与保障）",
    } <= known
    assert [f.role for f in fields] == ["main_axis", *["support"] * 6]
