"""Reading JSON strictly."""

import json
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ledger.api import strict_json
from ledger.api.limits import DEPTH_MAX, INTEGER_MAX
from ledger.api.strict_json import BadJsonError, parse, parse_lines
from tests.unit.api.examples import CANARY, OBSERVATION

_LEAVES = st.none() | st.booleans() | st.integers(-INTEGER_MAX, INTEGER_MAX) | st.text(max_size=8)
JSON = st.recursive(
    _LEAVES | st.floats(-(2.0**53) + 1, 2.0**53 - 1),
    lambda below: st.lists(below, max_size=4) | st.dictionaries(st.text(max_size=8), below, max_size=4),
    max_leaves=30,
)
#: Little but brackets, in and out of strings, and what escapes them.
_BRACKETED = st.recursive(
    st.text(alphabet='[]{}"\\x', max_size=5),
    lambda below: (
        st.lists(below, max_size=3) | st.dictionaries(st.text(alphabet='[]{}"\\', max_size=3), below, max_size=3)
    ),
    max_leaves=12,
)


def refused(data: bytes) -> BadJsonError:
    with pytest.raises(BadJsonError) as caught:
        parse(data)
    return caught.value


def outcome(data: bytes, depth_max: int) -> str:
    """The code of the refusal, or that the document was read."""
    try:
        parse(data, depth_max=depth_max)
    except BadJsonError as bad:
        return bad.code
    return "read"


@pytest.mark.parametrize(
    ("data", "code", "pointer"),
    [
        (b'{"a":1,"a":2}', "json_duplicate_name", "/a"),
        (b'{"a":1,"\\u0061":2}', "json_duplicate_name", "/a"),
        (b'{"claims":[{"value":"x"},{"value":"y","value":"y"}]}', "json_duplicate_name", "/claims/1/value"),
        (b'{"a":"\\ud83d"}', "json_lone_surrogate", "/a"),
        (b'["\\ude02"]', "json_lone_surrogate", "/0"),
        (b'["\\ud83d\\u0041"]', "json_lone_surrogate", "/0"),
        (b'["\\\\\\ud83d"]', "json_lone_surrogate", "/0"),
        (b'{"a":{"\\ud83d":1}}', "json_lone_surrogate", "/a"),
        (b'{"a":NaN}', "json_number", "/a"),
        (b"[Infinity]", "json_number", "/0"),
        (b"[-Infinity]", "json_number", "/0"),
        (b"[1e400]", "json_number", "/0"),
        (b"[0, 9007199254740992]", "json_integer", "/1"),
        (b"[-9007199254740992]", "json_integer", "/0"),
        (b"[" + b"9" * 6000 + b"]", "json_integer", "/0"),
    ],
)
def test_what_parses_but_may_not_stand_is_refused_at_its_place(data: bytes, code: str, pointer: str) -> None:
    """What a reader elsewhere might take otherwise is refused, by a code and by the pointer to it."""
    bad = refused(data)
    assert (bad.code, bad.pointer) == (code, pointer)


@pytest.mark.parametrize(
    ("data", "line", "column"),
    [
        (b"", 1, 1),
        (b'{"a":1} x', 1, 9),
        (b'{"a":1}{"a":2}', 1, 8),
        (b'{\n "a": tru}', 2, 7),
        (b'["a\nb"]', 1, 4),
        (b"{'a':1}", 1, 2),
        (b'["\\x"]', 1, 3),
        (b'{"a":[1,2', 1, 10),
        (b"[01]", 1, 3),
    ],
)
def test_what_is_no_json_is_refused_at_line_and_column(data: bytes, line: int, column: int) -> None:
    """A mistake in the text is found by line and column."""
    bad = refused(data)
    assert (bad.code, bad.line, bad.column) == ("json_syntax", line, column)
    assert bad.detail.startswith("This is not JSON: ")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'{"a":"\xa3\xff"}', "json_encoding"),
        (b'"\xed\xa0\xbd"', "json_encoding"),
        ('{"a":1}'.encode("utf-16"), "json_encoding"),
        (b"\xef\xbb\xbf{}", "json_byte_order_mark"),
    ],
)
def test_only_utf_8_without_a_mark_is_read(data: bytes, code: str) -> None:
    """RFC 8259 §8.1: UTF-8, no byte-order mark, no encoded surrogates."""
    assert refused(data).code == code


@pytest.mark.parametrize("data", [b"[" * 10_000 + b"]" * 10_000, b"[" * 10_000, b'{"a":' * 900 + b"1" + b"}" * 900])
def test_deep_nesting_is_refused_not_suffered(data: bytes) -> None:
    """Nesting far beyond the limit is an answer, whatever the interpreter's own limit on recursion does."""
    assert refused(data).code == "json_depth"


def test_depth_is_counted_exactly() -> None:
    """The greatest depth allowed is allowed; one more is refused, at the place where it begins."""
    parse(b"[" * DEPTH_MAX + b"]" * DEPTH_MAX)
    deeper = refused(b"[" * (DEPTH_MAX + 1) + b"]" * (DEPTH_MAX + 1))
    assert (deeper.code, deeper.pointer) == ("json_depth", "/0" * DEPTH_MAX)


def depth_of(value: object) -> int:
    if isinstance(value, dict):
        return 1 + max(map(depth_of, value.values()), default=0)
    if isinstance(value, list):
        return 1 + max(map(depth_of, value), default=0)
    return 0


@given(_BRACKETED)
@example(['["]",["]",1,"["]]'])
@example([["]", ["]", ["]", 1, "["], "["], "["], "["])
def test_brackets_inside_strings_do_not_count(value: object) -> None:
    """The quick count of depth equals the true one, whatever stands in strings and names."""
    data = json.dumps(value).encode()
    for depth_max in (1, 2, 3):
        assert outcome(data, depth_max) == ("json_depth" if depth_of(value) > depth_max else "read")


@given(JSON, st.booleans())
def test_what_is_right_is_read_as_it_is(value: object, ascii_only: bool) -> None:
    """Every value that JSON can hold exactly is read back as the plain parser reads it."""
    data = json.dumps(value, ensure_ascii=ascii_only).encode()
    assert parse(data) == json.loads(data)


@given(st.binary(max_size=60) | st.text(alphabet='[]{}",:\\u d8NaInfty0123456789.eE+-', max_size=40).map(str.encode))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    """No bytes whatever raise anything else, and every refusal has a code that is explained."""
    assert outcome(data, DEPTH_MAX) in {"read", *strict_json._DETAILS}


@pytest.mark.parametrize(
    "text",
    [
        '{"a": "%s", "a": 1}',
        '{"%s": 1, "%s": 2}',
        '{"a": "%s\\ud800"}',
        '{"%s": NaN}',
        '{"a": "%s',
        '["%s" "%s"]',
        '{"%s": ' + "[" * 20 + "]" * 20 + "}",
        '{"a": "%s\x01"}',
    ],
)
def test_no_refusal_repeats_content(text: str) -> None:
    """Content, also content put in the place of a name, is not in the words nor in the pointer."""
    bad = refused(text.replace("%s", CANARY).encode())
    assert not re.search("Canary|Rookery", f"{bad.detail} {bad.pointer} {bad.words} {bad!r}")


def test_a_good_document_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The usual document is neither walked nor read a second time: that is what keeps strictness cheap."""

    def fail(*_arguments: object) -> None:
        raise AssertionError("a good document was walked")

    for name in ("_walked", "_located"):
        monkeypatch.setattr(strict_json, name, fail)
    assert parse(json.dumps(OBSERVATION).encode()) == OBSERVATION
    assert parse(json.dumps([OBSERVATION, "\U0001f600"]).encode(), depth_max=17) == [OBSERVATION, "\U0001f600"]


def test_lines_stand_for_themselves() -> None:
    """In newline-delimited JSON a bad line is an error in its own place, blank lines are passed over."""
    lines = list(parse_lines(b'{"a":1}\r\n\n \t\n{"a":NaN}\n[1,\n2'))
    assert (lines[0], lines[3]) == ({"a": 1}, 2)
    amiss, broken = lines[1:3]
    assert isinstance(amiss, BadJsonError)
    assert (amiss.code, amiss.pointer, amiss.line) == ("json_number", "/a", 4)
    assert isinstance(broken, BadJsonError)
    assert (broken.code, broken.line, broken.column) == ("json_syntax", 5, 4)
    assert broken.detail.endswith("Line 5, column 4.")


def test_a_float_too_large_to_be_kept_exactly_is_refused() -> None:
    """What is stored can be sent again: 1e16 would come back as an integer that is refused."""
    with pytest.raises(BadJsonError) as refused:
        parse(b'{"a": 1e16}')
    assert refused.value.code == "json_integer"
    assert parse(b'{"a": 1e15}') == {"a": 1e15}
