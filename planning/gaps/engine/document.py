"""Reading a case document: the form is checked against ``spec.CASE``, defaults are filled in, nothing else is done."""

import hashlib
import json
import math
from typing import Any

from planning.gaps.engine import spec
from planning.gaps.engine.refusal import Refused

MAX_BYTES = 32 * 1024 * 1024
PLAIN = {
    "region": None, "indicator": None, "year": None, "value": None, "source": "", "vintage": "",
    "break_in_series": False,
}  # fmt: skip
LARGEST = 1e150  # its square is a finite number still
TYPES = {
    "object": (dict, "an object"),
    "array": (list, "a list"),
    "string": (str, "text"),
    "number": ((int, float), "a number"),
    "integer": (int, "a whole number"),
    "boolean": (bool, "true or false"),
    "null": (type(None), "null"),
}


def loads(data: bytes) -> dict[str, Any]:
    """The document of a case file. Raises ``Refused`` for what is too large, no JSON, or holds NaN or infinity."""
    check_size(len(data))
    try:
        return json.loads(data.decode("utf-8-sig"), parse_constant=_no_constant, object_pairs_hook=_once)
    except UnicodeDecodeError as error:
        raise Refused("not_json", "The case file is not UTF-8 text (byte %(at)s).", at=error.start) from error
    except json.JSONDecodeError as error:
        raise Refused(
            "not_json", "The case file is not JSON: %(what)s in line %(line)s.", what=error.msg, line=error.lineno
        ) from error
    except RecursionError as error:
        raise Refused("too_deep", "The case file is nested too deeply.") from error
    except Refused:
        raise
    except ValueError as error:  # whole numbers of thousands of digits
        raise Refused("not_finite", "The case file holds a number that is too long.") from error


def check_size(size: int) -> None:
    """Refuse a case file of too many bytes before it is read."""
    if size > MAX_BYTES:
        raise Refused(
            "too_large", "The case file has %(size)s MB; at most %(most)s MB are read.",
            size=f"{size / 1048576:.0f}", most=MAX_BYTES // 1048576,
        )  # fmt: skip


def _no_constant(name: str) -> Any:
    raise Refused("not_finite", "The case file holds %(what)s; figures must be finite numbers.", what=name)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Refused("twice", "%(name)s is given twice in one object of the case file.", name=twice)
    return found


def read(case: Any) -> dict[str, Any]:
    """A new document with every option present. Raises ``Refused`` with a sentence that names the place."""
    if not isinstance(case, dict):
        raise Refused("wrong_type", "%(path)s must be %(type)s.", path="The case", type="an object")
    _check_version(case)
    try:
        return _read(case, spec.CASE, "")
    except RecursionError as error:
        raise Refused("too_deep", "The case file is nested too deeply, or the tree runs in a circle.") from error


def digest(case: dict[str, Any]) -> str:
    """SHA-256 of a document that was read, in canonical form; the order of the observations does not matter."""
    rows = sorted(case["observations"], key=lambda o: (o["region"], o["indicator"], o["year"] or 0))
    text = json.dumps(
        case | {"observations": rows}, sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":")
    )
    return hashlib.sha256(text.encode()).hexdigest()


def _check_version(case: dict[str, Any]) -> None:
    version = case.get("schema")
    if version == spec.SCHEMA_ID:
        return
    name, _, number = str(version).partition("/")
    if name == "gap-case" and number.isdigit() and int(number) > 1:
        raise Refused(
            "future_schema", "The case file is of version %(version)s; this engine reads up to %(known)s.",
            version=version, known=spec.SCHEMA_ID,
        )  # fmt: skip
    raise Refused("unknown_schema", "schema must be %(known)s.", known=spec.SCHEMA_ID)


def _read(value: Any, schema: dict[str, Any], path: str) -> Any:
    if "$ref" in schema:
        return _read(value, spec.CASE["$defs"][schema["$ref"].rpartition("/")[2]], path)
    if "anyOf" in schema:
        return None if value is None else _read(value, schema["anyOf"][1], path)
    if "const" in schema or "enum" in schema:
        return _member(value, schema, path)
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    _check_type(value, kinds, path)
    if isinstance(value, dict):
        return _object(value, schema, path)
    if isinstance(value, list):
        return _array(value, schema, path)
    if isinstance(value, str):
        _check_text(value, schema, path)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        _check_number(value, schema, path)
    return value


def _member(value: Any, schema: dict[str, Any], path: str) -> Any:
    allowed = [schema["const"]] if "const" in schema else schema["enum"]
    for known in allowed:
        if value == known and isinstance(value, bool) == isinstance(known, bool):
            return known
    raise Refused(
        "not_allowed", "%(path)s must be one of: %(allowed)s.", path=path, allowed=", ".join(str(a) for a in allowed)
    )


def _check_type(value: Any, kinds: list[str], path: str) -> None:
    for kind in kinds:
        if isinstance(value, TYPES[kind][0]) and (kind == "boolean" or not isinstance(value, bool)):
            return
    raise Refused("wrong_type", "%(path)s must be %(type)s.", path=path, type=" or ".join(TYPES[k][1] for k in kinds))


def _object(value: dict, schema: dict[str, Any], path: str) -> dict:
    known, other = schema.get("properties", {}), schema.get("additionalProperties")
    for name in value:
        if not isinstance(name, str) or (name not in known and not other):
            raise Refused("unknown_option", "%(path)s is no option of a case.", path=_join(path, name))
    for name in schema.get("required", []):
        if name not in value:
            raise Refused("required", "%(path)s is missing.", path=_join(path, name))
    found = {}
    for name, inner in known.items():
        given = value[name] if name in value else _default(inner)
        found[name] = _read(given, inner, _join(path, name))
    for name in value.keys() - known.keys():
        found[name] = _read(value[name], other, _join(path, name))
    return found


def _default(schema: dict[str, Any]) -> Any:
    return schema["default"]


def _array(value: list, schema: dict[str, Any], path: str) -> list:
    least, most = schema.get("minItems", 0), schema.get("maxItems", math.inf)
    if not least <= len(value) <= most:
        raise Refused("out_of_range", "%(path)s has %(count)s entries.", path=path, count=len(value))
    items = schema["items"]
    if items is spec.OBSERVATION:
        return [_observation(item, f"{path}[{k}]") for k, item in enumerate(value)]
    return [_read(item, items, f"{path}[{k}]") for k, item in enumerate(value)]


def _observation(item: Any, path: str) -> dict:
    """An observation; the usual form of it is recognised at once, because there may be a million."""
    if type(item) is dict and item.keys() <= PLAIN.keys() and "year" in item:
        found = PLAIN | item
        value, year = found["value"], found["year"]
        texts = (found["region"], found["indicator"], found["source"], found["vintage"])
        if (
            type(value) in (float, int)
            and -LARGEST < value < LARGEST
            and (year is None or (type(year) is int and 1000 <= year <= 3000))
            and all(type(t) is str and len(t) <= 200 and t.isascii() for t in texts)
            and texts[0]
            and texts[1]
            and type(found["break_in_series"]) is bool
        ):
            return found
    return _read(item, spec.OBSERVATION, path)


def _check_text(value: str, schema: dict[str, Any], path: str) -> None:
    if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", math.inf):
        raise Refused("out_of_range", "%(path)s is empty or too long.", path=path)
    if not value.isascii() and any("\ud800" <= letter <= "\udfff" for letter in value):
        raise Refused("wrong_type", "%(path)s holds half a character.", path=path)


def _check_number(value: float, schema: dict[str, Any], path: str) -> None:
    if not math.isfinite(value if isinstance(value, float) else min(abs(value), 10**151)) or abs(value) > LARGEST:
        raise Refused("not_finite", "%(path)s must be a finite number.", path=path)
    for key, wrong, words in (
        ("minimum", lambda least: value < least, "%(limit)s or more"),
        ("maximum", lambda most: value > most, "%(limit)s or less"),
        ("exclusiveMinimum", lambda least: value <= least, "more than %(limit)s"),
        ("exclusiveMaximum", lambda most: value >= most, "less than %(limit)s"),
    ):
        if key in schema and wrong(schema[key]):
            raise Refused("out_of_range", f"%(path)s must be {words}.", path=path, limit=schema[key])


def _join(path: str, name: Any) -> str:
    return f"{path}.{name}" if path else str(name)
