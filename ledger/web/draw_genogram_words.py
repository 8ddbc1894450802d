"""The words in and under the symbols of a genogram: short, as whole sentences stand in the list beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from ledger.services.word_text import capital, plain

_LINE_CHARS: Final = 16
_LINES_OF_NAME: Final = 2
_ROLES: Final = frozenset({"mother", "father"})
#: What stands under somebody whom a tie places and no line ties to anybody.
_KIN: Final[Mapping[str, str]] = {
    "grandparent": "grandparent",
    "aunt_or_uncle": "aunt or uncle",
    "cousin": "cousin",
    "relative": "relative",
    "other_kin": "other relative",
    "not_kin": "no relation",
    "parents_partner": "a parent’s partner",
    "parents_former_partner": "a former partner",
    "step_parent": "step-parent",
    "friend_of_family": "friend of family",
}


def inside_of(person: Mapping[str, Any], at: str) -> str:
    """Somebody's age at the time of the picture, where one whole date of birth is held; a mark where two are."""
    born = {one["value"] for one in person["born"]}
    if len(born) > 1:
        return "≠"
    try:
        day, then = date.fromisoformat(next(iter(born), "")), date.fromisoformat(at[:10])
    except ValueError:
        return ""
    years = then.year - day.year - ((then.month, then.day) < (day.month, day.day))
    if years >= 2:
        return str(years)
    months = (then.year - day.year) * 12 + then.month - day.month - (then.day < day.day)
    return f"{months}m" if months >= 0 else ""


def lines_of(person: Mapping[str, Any], ties: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """Under a symbol: the name, on two lines at most, what somebody is to the child, and what is in doubt."""
    name = str(person["person"])
    called, by = _called(person)
    lines = _wrapped(called)
    kin = [tie for tie in ties if tie["one"] == name and tie["sort"] in ("kin", "part")]
    if kin:
        doubt = " ≠" if any(tie["standing"] == "contested" for tie in kin) else ""
        lines.append(_KIN.get(kin[0]["word"], plain(kin[0]["word"])) + doubt)
    elif name in _ROLES:
        lines.append(name if name not in lines[0].casefold() else "")
    elif person["roles"] and plain(person["roles"][0]).casefold() not in " ".join(lines).casefold():
        lines.append(_cut(plain(person["roles"][0])))
    if by:
        lines.append(_cut(f"by {by}"))
    if person["household"] == "contested":
        lines.append("lives here? ≠")
    if person["died"]:
        lines.append("died" if person["died"] == "yes" else "died? ≠")
    return tuple(line for line in lines if line)[:5]


def _called(person: Mapping[str, Any]) -> tuple[str, str]:
    """The name that a symbol has; and of which agency's people somebody is whom another one shares it with."""
    label, apart, of = str(person["label"]).partition(", whom ")
    named = [str(one["name"]) for one in person["declared"] if one.get("name")]
    return (named[0] if named else capital(label)), of.partition(" calls ")[0] if apart else ""


def title_of(person: Mapping[str, Any]) -> str:
    """Somebody in one line, for whoever points at a symbol."""
    parts = [capital(person["label"])]
    if person["also_called"]:
        parts.append(f"also called {', '.join(person['also_called'])}")
    parts += [f"born {one['words']}" for one in person["born"]]
    return "; ".join(parts)


def _wrapped(text: str) -> list[str]:
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > _LINE_CHARS:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    if len(lines) > _LINES_OF_NAME:
        lines = [*lines[: _LINES_OF_NAME - 1], f"{lines[_LINES_OF_NAME - 1]} …"]
    return [_cut(line) for line in lines]


def _cut(text: str) -> str:
    return text if len(text) <= _LINE_CHARS + 2 else text[: _LINE_CHARS + 1].rstrip() + "…"
