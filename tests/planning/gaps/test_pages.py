"""What-if, comparison, files and paper of a report."""

import io
import json
import subprocess
import sys

import openpyxl
import pytest
from django.urls import reverse
from django.utils import translation
from docx import Document
from pypdf import PdfReader

from partners.regions.models import Region
from planning.gaps import resources
from planning.gaps.engine import chain
from planning.gaps.models import GapRun
from planning.gaps.selectors import Report, what_if
from planning.gaps.services.documents import unpacked
from tests.planning.gaps.factories import compute, start


def address(name, run, **extra):
    return reverse(f"gaps:{name}", kwargs={"pk": run.pk, **extra})


def with_weights(node, weights):
    found = dict(node)
    if node.get("code") in weights:
        found["weight"] = weights[node["code"]]
    if node.get("children"):
        found["children"] = [with_weights(child, weights) for child in node["children"]]
    return found


@pytest.mark.parametrize("kind", ["leader", "mean", "median", "top_quartile"])
@pytest.mark.parametrize(
    "weights", [{}, {"scale": 1.0, "place": 3.0}, {"leaf-gdp": 0.0, "leaf-port": 1.0}, {"place": 0.0, "scale": 1.0}]
)
@pytest.mark.parametrize("rule", ["arithmetic", "geometric", "harmonic"])
def test_what_if_is_the_engine_to_a_billionth(world, analyst, kind, weights, rule):
    world["indicator_set"].nodes.filter(indicator=None).update(aggregation=rule)
    run = compute(start(world, by=analyst))
    case = json.loads(unpacked(run.case))
    case |= {"tree": with_weights(case["tree"], weights), "benchmark": {"kind": kind, "region": None}}
    wanted = chain.point_result(case)
    found = what_if.evaluate(what_if.Basis.of(run.result), weights, kind)
    for region, other in zip(found["regions"], wanted["regions"], strict=True):
        assert (region["code"], region["rank"]) == (other["code"], other["rank"])
        assert region["score"] == (None if other["score"] is None else pytest.approx(other["score"], abs=1e-9))
    gap = wanted["overall"]["gap"]
    assert found["gap"] == (None if gap is None else pytest.approx(gap, abs=1e-9))
    assert found["benchmark"]["region"] == wanted["overall"]["benchmark"]["region"]


def test_what_if_answers_at_once_and_refuses_nonsense(client, finished, official):
    client.force_login(official)
    url = address("what-if-scores", finished)
    body = {"weights": {"scale": 50, "place": 50}, "kind": "mean"}
    found = client.post(url, json.dumps(body), content_type="application/json")
    assert found.status_code == 200 and found.json()["own"]["rank"]
    for wrong in ("nonsense", "[]", '{"weights": {"missing": 1}}', '{"weights": {"scale": -1}}', '{"kind": "god"}',
                  '{"weights": {"scale": "1"}}', '{"kind": "region", "region": "CN-210200"}'):  # fmt: skip
        assert client.post(url, wrong, content_type="application/json").status_code == 422


def test_what_if_becomes_a_run_with_its_own_weights(client, finished, analyst):
    client.force_login(analyst)
    choice = json.dumps({"weights": {"scale": 25.0, "place": 75.0}, "kind": "mean"})
    answer = client.post(address("what-if", finished), {"choice": choice})
    assert answer.status_code == 302
    run = compute(GapRun.objects.exclude(pk=finished.pk).get())
    expected = what_if.evaluate(what_if.Basis.of(finished.result), {"scale": 25.0, "place": 75.0}, "mean")
    assert run.result["overall"]["score"] == pytest.approx(expected["own"]["score"], abs=1e-9)
    assert run.result["overall"]["gap"] == pytest.approx(expected["gap"], abs=1e-9)


def test_case_file_and_result_are_the_very_bytes(client, finished, official):
    client.force_login(official)
    case = client.get(address("case", finished))
    assert "attachment" in case["Content-Disposition"]
    assert chain.dumps(chain.run(json.loads(case.content))) == client.get(address("result", finished)).content


def test_workbook_has_every_table_with_numbers_as_numbers(client, finished, official):
    client.force_login(official)
    book = openpyxl.load_workbook(io.BytesIO(client.get(address("tables", finished)).content))
    rows = [row for sheet in book.worksheets for row in sheet.iter_rows(values_only=True)]
    figures = {row[:3]: row[4] for row in rows if len(row) == 9}
    assert figures[("地区生产总值", "青岛市", 100)] == "2019"
    assert client.get(address("tables", finished)).status_code == 200  # a second time
    assert len(book.worksheets) > 12


def test_word_file_opens_and_names_the_gap(client, finished, official):
    client.force_login(official)
    document = Document(io.BytesIO(client.get(address("document", finished, form="docx")).content))
    text = "\n".join(p.text for p in document.paragraphs)
    assert "大连市" in text and "地区生产总值" in "".join(c.text for t in document.tables for c in t.rows[1].cells)
    assert client.get(address("document", finished, form="exe")).status_code == 404


@pytest.mark.parametrize(
    ("language", "name", "title"),
    [
        ("zh-hans", "大连市", "数据与来源"),
        ("ja", "大連市の名", "データ"),
        ("ko", "다롄시", "데이터"),
        ("en", "Dalian City", "Data and sources"),
    ],
)
def test_pdf_is_read_back_in_every_script(finished, language, name, title):
    home = Region.objects.get(code="CN-210200")
    names = {"zh-hans": "name_zh", "ja": "name_ja", "ko": "name_ko", "en": "name_en"}
    setattr(home, names[language], name)
    home.save()
    with translation.override(language):
        content = resources.pdf_file(Report(GapRun.objects.get(pk=finished.pk)))
    reader = PdfReader(io.BytesIO(content))
    text = "".join("".join(page.extract_text().split()) for page in reader.pages)
    assert "".join(name.split()) in text and "".join(title.split()) in text
    assert "100" in text and finished.input_hash[:16] in text
    width, height = reader.pages[0].mediabox[2:]
    assert (round(width), round(height)) == (842, 595)
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            assert font["/BaseFont"] == "/Helvetica" or "/FontFile2" in font["/FontDescriptor"]


def test_pdf_is_downloaded(client, finished, official):
    client.force_login(official)
    answer = client.get(address("document", finished, form="pdf"))
    assert answer["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF")


def test_paper_and_comparison_open(client, finished, world, analyst):
    client.force_login(analyst)
    assert "gap-sheet" in client.get(address("print", finished)).content.decode()
    other = compute(start(world, by=analyst, benchmark="mean"))
    page = client.get(reverse("gaps:compare"), {"a": str(finished.pk), "b": str(other.pk)})
    assert page.status_code == 200 and page.context["comparison"]["section"].tables
    assert client.get(reverse("gaps:compare"), {"a": "nonsense"}).status_code == 404


def test_the_report_of_a_repeat_explains_the_change(client, finished, world, analyst):
    from planning.gaps import services
    from tests.planning.gaps.test_services import revise

    revise(world, "CN-210200", "gdp", 2019, 75)
    again = compute(services.repeat_run(run=finished, by=analyst))
    client.force_login(analyst)
    page = client.get(address("report", again)).content.decode()
    assert 'id="changes"' in page and address("report", finished) in page


def test_buttons_cancel_and_repeat(client, world, finished, analyst, official):
    run = start(world, by=analyst, benchmark="mean")
    client.force_login(official)
    assert client.post(address("cancel", run)).status_code == 403
    client.force_login(analyst)
    assert client.post(address("cancel", run)).status_code == 302
    run.refresh_from_db()
    assert run.cancelled_at and client.get(address("report", run)).status_code == 200
    assert client.post(address("again", finished))["Location"] == address("report", finished)


def test_the_web_process_does_not_load_numpy_for_gaps():
    code = (
        "import os, sys; os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'dalian_coop.settings')\n"
        "import django; django.setup()\n"
        "import dalian_coop.urls, planning.gaps.api, planning.gaps.selectors.what_if, planning.gaps.resources.word\n"
        "import planning.gaps.resources.workbook\n"
        "print([m for m in ('numpy', 'scipy', 'pandas') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith("[]"), done.stdout
