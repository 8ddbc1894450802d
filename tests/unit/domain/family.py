"""Families as agencies tell of them, for tests."""

from typing import Any

from ledger.domain.genogram import Genogram, Member, genogram
from ledger.domain.genogram_tie import Tie
from tests.shipped import shipped_pack
from tests.unit.domain.picturing import drawn

DAY = "2024-05-01"


def told(
    agency: str, *claims: tuple[str, str, str] | dict[str, Any], people: dict[str, str] | None = None, **more: Any
) -> dict[str, Any]:
    """What an agency saw of its own, or was told by `by`: claims as (about, attribute, value) or in full."""
    by = more.pop("by", None)
    basis = {"basis": "told", "informant": by} if by else {"basis": "own_record"}
    sent = [basis | (one if isinstance(one, dict) else _claim(*one)) | more for one in claims]
    called = [{"ref": ref, "role": role} for ref, role in (people or {}).items()]
    body = {"observed": DAY, "statement": "fact", "claims": sent, "people": called}
    return {"agency": agency, "kind": "observation", "body": body}


def _claim(about: str, attribute: str, value: str) -> dict[str, Any]:
    return {"about": about, "attribute": attribute, "value": value}


def family(*entries: dict[str, Any], at: str = DAY) -> Genogram:
    """The family that these entries tell of."""
    return genogram(drawn(*entries, at=at, pack=shipped_pack()))


def member(of: Genogram, name: str) -> Member:
    """One of its members."""
    (found,) = (one for one in of.members if one.name == name)
    return found


def ties(of: Genogram, sort: str) -> list[Tie]:
    """Its ties of one sort."""
    return [tie for tie in of.ties if tie.sort == sort]


def said(of: Genogram, sort: str) -> list[tuple[str, str, str, str]]:
    """Its ties of one sort: who, whose, in which way, and how that stands."""
    return [(tie.one, tie.other, tie.word, tie.standing) for tie in ties(of, sort)]
