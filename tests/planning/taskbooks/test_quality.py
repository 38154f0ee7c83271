"""The quality gate: each rule finds what it is about and leaves alone what is in order."""

from datetime import date
from decimal import Decimal

import pytest

from planning.taskbooks.quality import BLOCKING, Level, Row, Rule, bare, book_findings, row_findings, vague_verb

FRIDAY, SATURDAY = date(2026, 11, 27), date(2026, 11, 28)
GOOD = {
    "code": "1.1.1",
    "content": "开通大连至仁川电商快线",
    "objective": "2026年底前每周3班",
    "deliverable": "开航协议",
    "acceptance": "首航已执行",
    "lead": "commerce",
    "field": "经贸合作",
    "measure": "1.1",
    "due": FRIDAY,
    "due_kind": "date",
    "weight": Decimal(100),
}


def row(**values) -> Row:
    return Row(**GOOD | values)


def weekday(day: date) -> bool:
    return day.weekday() < 5


def rules(found):
    return [(f.rule, f.code, f.column) for f in found]


def test_a_good_row_has_no_findings():
    assert row_findings(row(), weekday) == []
    assert book_findings([row()], [("1.1", "航线")], weekday) == []


@pytest.mark.parametrize(
    ("values", "rule", "column"),
    [
        ({"deliverable": " "}, Rule.DELIVERABLE_MISSING, "deliverable"),
        ({"acceptance": ""}, Rule.ACCEPTANCE_MISSING, "acceptance"),
        ({"objective": "\n"}, Rule.OBJECTIVE_MISSING, "objective"),
        ({"due": None, "due_kind": "none"}, Rule.DUE_MISSING, "due"),
        ({"due": None, "due_kind": "unparsed"}, Rule.DUE_MISSING, "due"),
        ({"due": SATURDAY}, Rule.DUE_NONWORKING, "due"),
        ({"content": "加强对日合作", "objective": "有明显成效"}, Rule.VAGUE, "content"),
    ],
)
def test_each_rule_of_a_row(values, rule, column):
    found = row_findings(row(**values), weekday)
    assert rules(found) == [(rule, "1.1.1", column)]
    assert found[0].level == (Level.BLOCK if rule in BLOCKING else Level.WARN)


@pytest.mark.parametrize("kind", ["recurring", "long_term"])
def test_work_that_goes_on_needs_no_day(kind):
    assert row_findings(row(due=None, due_kind=kind), weekday) == []


def test_only_a_day_that_somebody_chose_can_be_a_day_off():
    assert row_findings(row(due=SATURDAY, due_kind="month_end"), weekday) == []


@pytest.mark.parametrize(
    ("content", "others", "verb"),
    [
        ("推进港口合作", ("成效明显",), "推进"),
        ("进一步做好服务", (), "进一步"),
        ("推进港口合作", ("新增航线2条",), ""),
        ("推进港口合作", ("新增两条航线", "新增航线两条"), ""),
        ("推进3个港口合作项目", (), ""),
        ("港口合作全面推进", (), ""),  # the verb does not lead the sentence
        ("推进港口合作", ("占比达到五成",), ""),
        ("推进港口合作", ("十分明显",), "推进"),  # a numeral that counts nothing
    ],
)
def test_vague_verbs(content, others, verb):
    assert vague_verb(content, *others) == verb


def test_weights_add_up_within_each_field_to_the_hundredth():
    rows = [
        row(code="1.1.1", content="甲", weight=Decimal("33.33")),
        row(code="1.1.2", content="乙", weight=Decimal("66.66")),
        row(code="2.1.1", content="丙", field="人文交流", weight=Decimal("60")),
        row(code="2.1.2", content="丁", field="人文交流", weight=Decimal("40")),
        row(code="3.1.1", content="戊", field="海洋", weight=None),
    ]
    found = book_findings(rows, [], weekday)
    assert [(f.rule, f.facts) for f in found] == [
        (
            Rule.WEIGHTS_NOT_100,
            {"field": "经贸合作", "sum": Decimal("99.99"), "difference": Decimal("-0.01")},
        )
    ]


def test_a_row_without_weight_among_weighed_ones_is_named():
    rows = [row(weight=Decimal(100)), row(code="1.1.2", content="乙", weight=None)]
    assert rules(book_findings(rows, [], weekday)) == [(Rule.WEIGHT_MISSING, "1.1.2", "weight")]


def test_the_same_text_twice_is_a_slip_or_a_double_lead():
    rows = [
        row(code="1.1.1", content="开通 仁川航线。", weight=None),
        row(code="1.1.2", content="开通仁川航线", weight=None),
        row(code="1.1.3", content="开通（仁川）航线", lead="transport", weight=None),
        row(code="1.1.4", content="开通釜山航线", weight=None),
    ]
    assert rules(book_findings(rows, [], weekday)) == [
        (Rule.DUPLICATE, "1.1.2", "content"),
        (Rule.DOUBLE_LEAD, "1.1.3", "lead"),
    ]


def test_what_is_bare_keeps_the_meaning():
    assert bare("ＡＢＣ 航线、2条") == bare("abc航线2条") != bare("abc航线3条")


def test_a_measure_nobody_carries_out_stands_behind_the_rows():
    found = book_findings([row(deliverable="")], [("1.1", "航线"), ("1.2", "会展")], weekday)
    assert rules(found) == [(Rule.DELIVERABLE_MISSING, "1.1.1", "deliverable"), (Rule.MEASURE_WITHOUT_TASK, "", "")]
    assert found[1].facts == {"measure": "1.2 会展"}


def test_findings_follow_the_rows():
    rows = [row(code=f"1.1.{n}", content=f"开行航线{n}", deliverable="", weight=None) for n in (1, 2, 10)]
    rows[2] = row(code="1.1.10", content="开行航线1", deliverable="", weight=None)
    codes = [f.code for f in book_findings(rows, [], weekday)]
    assert codes == ["1.1.1", "1.1.2", "1.1.10", "1.1.10"]
