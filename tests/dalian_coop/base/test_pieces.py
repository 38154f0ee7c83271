"""Keys, texts, names, errors, Chinese sort keys, reference data."""

import time
import uuid

import pytest
from django.utils import translation

from dalian_coop.accounts.models import Bureau
from dalian_coop.base.chinese import pinyin_initials, pinyin_key
from dalian_coop.base.errors import Error, ValidationError
from dalian_coop.base.keys import uuid7
from dalian_coop.base.models import pick_name
from dalian_coop.base.reference import BadRow, rows, sync
from dalian_coop.base.text import has_bad_characters, identifier, text_errors
from tests.factories import make_bureau


def test_uuid7_has_its_version_and_time_and_sorts_by_it():
    before = time.time_ns() // 1_000_000
    first = uuid7()
    time.sleep(0.002)
    second = uuid7()
    assert first.version == 7 and first.variant == uuid.RFC_4122
    assert before <= first.int >> 80 <= time.time_ns() // 1_000_000
    assert first < second and len({uuid7() for _number in range(1000)}) == 1000


@pytest.mark.parametrize("bad", ["\x00", "\x1f", "\x0b", "\ud800", "a\udfffb"])
def test_characters_that_cannot_be_stored(bad):
    assert has_bad_characters(bad)
    assert [e.code for e in text_errors(bad, max_length=10)] == ["bad_characters"]


@pytest.mark.parametrize("good", ["", "大连\t对日\r\n合作", "𠮷😀", "\u202e", "<b>&"])
def test_characters_that_are_kept(good):
    assert not has_bad_characters(good)


def test_length_counts_characters_not_bytes():
    assert text_errors("𠮷" * 10, max_length=10) == []
    assert [e.code for e in text_errors("𠮷" * 11, max_length=10)] == ["too_long"]


def test_identifiers_that_look_alike_are_alike():
    assert identifier(" ＡＢＣ\u202e１ ") == "ABC1"


@pytest.mark.parametrize(("language", "shown"), [("zh-hans", "大连"), ("en", "Dalian"), ("ja", "大連"), ("ko", "大连")])
def test_name_in_the_active_language_falls_back_to_chinese(language, shown):
    with translation.override(language):
        assert pick_name("大连", "Dalian", "大連", "") == shown


def test_name_without_chinese_falls_back_to_english():
    assert pick_name("", "Dalian", "", "") == "Dalian"


def test_errors_carry_codes_for_programs():
    error = ValidationError({"due": [Error("before_start", "…"), Error("holiday", "…")], "": [Error("locked", "…")]})
    assert error.codes == {"due": ["before_start", "holiday"], "": ["locked"]}


def test_chinese_sort_and_search_keys():
    assert (pinyin_key("市商务局"), pinyin_initials("市商务局")) == ("shi shang wu ju", "sswj")


@pytest.mark.django_db
def test_sync_counts_new_changed_and_same_and_counts_versions_up(django_assert_max_num_queries):
    make_bureau("旧", code="old", full_name="旧")
    make_bureau("别", code="other")
    found = [
        {"code": "old", "name_zh": "旧", "full_name": "新", "kind": "bureau"},
        {"code": "new", "name_zh": "新", "full_name": "新", "kind": "bureau"},
    ]
    with django_assert_max_num_queries(8):
        counts = sync(Bureau, found, ("code",))
    assert (counts.new, counts.changed, counts.same) == (1, 1, 0)
    assert Bureau.objects.get(code="old").version == 2 and Bureau.objects.filter(code="other").exists()
    again = sync(Bureau, found, ("code",))
    assert (again.new, again.changed, again.same) == (0, 0, 2)


def test_rows_give_line_numbers_and_a_bad_row_names_them(tmp_path):
    file = tmp_path / "x.csv"
    file.write_text("\ufeffa,b\n1,2\n3,4\n", "utf-8")
    assert list(rows(file)) == [(2, {"a": "1", "b": "2"}), (3, {"a": "3", "b": "4"})]
    assert str(BadRow(file, 3, "no such kind")) == "x.csv, line 3: no such kind"
