"""What there is to know of a finding beside its statements: how sure it is, and what else bears on it."""

from typing import Final

from ledger.domain.finding import Basis
from ledger.domain.pack import Pack
from ledger.services.see import Seen
from ledger.services.word_claim import Wording
from ledger.services.word_dates import word_day

#: The kinds that set statements against each other by what they say and by the time that they speak of.
COMPARED: Final = frozenset({"contradiction", "same_informant", "identity", "explanation"})


def word_certainty(basis: Basis) -> str | None:
    """Why a finding is certain, or only possible; None where it compares nothing."""
    if basis.kind in COMPARED:
        if basis.certain:
            return "However their dates are read, they are about the same time."
        return "The dates are vague: they may or may not be about the same time."
    if basis.certain:
        return None
    if basis.kind == "concern":
        return "It is not sure that the two are about the same matter."
    return "It rests on a reading that is possible and not certain."


def word_change(basis: Basis) -> str | None:
    """That what differs may have changed, and since when."""
    return f"This may be a change since {word_day(basis.change_since)}." if basis.change_since else None


def word_marks(basis: Basis, answer: Seen | None, wording: Wording) -> list[str]:
    """The rest; ``answer`` is the entry with the court's or expert's finding that answers it, where that is visible."""
    said = []
    if basis.is_strain:
        said.append("These pull apart. Both may be so: it needs asking, and nobody need be wrong.")
    if basis.is_dated_change:
        said.append("The newer word tells of a change, with its date: it is to be checked like any other.")
    if basis.is_stale:
        said.append("One side was already out of date when the other was said: nobody had said it anew for long.")
    if basis.is_pending:
        said.append("A decision relies on this.")
    if basis.answered is not None and answer is not None:
        whose = wording.agency(answer.agency)
        said.append(
            f"A court’s or an expert’s finding answers it: entry {answer.number}, recorded by {whose}. What was said "
            "before stays, and the finding stays open until somebody records an outcome."
        )
    return said


def word_pack(version: str, rule: str, pack: Pack) -> str | None:
    """Which version of the rule pack found it, where that is not the one at hand."""
    if rule not in pack.rules:
        return f"Found by version {version} of the rule pack; version {pack.version} no longer has this rule."
    if version != pack.version:
        return (
            f"Found by version {version} of the rule pack, and described here in the words of version {pack.version}."
        )
    return None
