"""JSON as exports carry it, read strictly: each name once, no NaN, no deep nesting, and members of the right types."""

import json
from collections.abc import Mapping
from typing import Any, NoReturn

#: Exports nest three deep; the parser's own limit is above this.
_DEEPEST = 8


def strict_object(data: bytes) -> dict[str, Any]:
    """A JSON object; `ValueError` in words for anything else."""
    try:
        text = data.decode()
        value = json.loads(text, object_pairs_hook=_once, parse_constant=_refuse)
        text.encode()
    except RecursionError:
        raise ValueError("it is nested too deep") from None
    except UnicodeDecodeError:
        raise ValueError("it is not UTF-8") from None
    except json.JSONDecodeError:
        raise ValueError("it is not JSON") from None
    if type(value) is not dict:
        raise ValueError("it is not a JSON object")
    if not _is_shallow(value, _DEEPEST):
        raise ValueError("it is nested too deep")
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("it has a member twice")
    return members


def _refuse(_constant: str) -> NoReturn:
    raise ValueError("it has a number that is none")


def _is_shallow(value: Any, depth: int) -> bool:
    if type(value) is dict:
        return depth > 0 and all(_is_shallow(member, depth - 1) for member in value.values())
    if type(value) is list:
        return depth > 0 and all(_is_shallow(member, depth - 1) for member in value)
    return True


def string_of(members: Mapping[str, Any], name: str) -> str:
    """A member that is text, else `ValueError`."""
    value = members.get(name)
    if type(value) is not str:
        raise ValueError(f"its member {name} is missing or not text")
    return value


def whole_of(members: Mapping[str, Any], name: str) -> int:
    """A member that is a whole number from 0, else `ValueError`."""
    value = members.get(name)
    if type(value) is not int or value < 0:
        raise ValueError(f"its member {name} is missing or not a whole number")
    return value


def strings_of(members: Mapping[str, Any], name: str, most: int) -> list[str]:
    """A member that is a list of at most so many texts, else `ValueError`."""
    value = members.get(name)
    if type(value) is not list or len(value) > most or any(type(item) is not str for item in value):
        raise ValueError(f"its member {name} is missing or not a list of texts")
    return value


def bytes_of_hex(text: str) -> bytes:
    """The bytes that lower-case hexadecimal stands for, else `ValueError`."""
    data = bytes.fromhex(text) if text.isascii() else b""
    if data.hex() != text:
        raise ValueError("it has bytes that are not in hexadecimal")
    return data
