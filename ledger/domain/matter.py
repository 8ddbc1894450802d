"""What a claim is about in the words of whoever wrote it: the item that it names, or what an act says is to be done.

Agencies call one thing by many words: an action says ``Open an early help assessment.`` and what came of it has the
item ``early_help_assessment``. Two of them are of one matter where all the words of one stand in the other.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from ledger.domain.act import ACTS, fields_of, receiver_of
from ledger.domain.claim import Claim
from ledger.domain.owner import words_of

if TYPE_CHECKING:
    from ledger.domain.facts import Facts

#: Where an act says what it is about.
_TOLD_IN: Final = ("what", "asks", "reason", "role")
#: Words that say nothing of the matter.
_SMALL: Final = frozenset({
    "a", "an", "and", "at", "be", "by", "for", "from", "in", "is", "it", "of", "on", "or", "the", "this", "to", "with",
})  # fmt: skip
_PLURAL_LEAST: Final = 4
#: What a claim of an attribute may give or leave out.
QUALITIES: Final = ("item", "thing", "with", "valid")


def words_in(claim: Claim) -> frozenset[str]:
    """The words by which a claim says what it is about; none where it does not say."""
    if claim.attribute in ACTS:
        fields = fields_of(claim)
        return _words(" ".join(str(fields[name]) for name in _TOLD_IN if name in fields))
    return _words(claim.item or "")


def tells_of(claim: Claim, phrase: str) -> bool:
    """Whether what a claim is about has all the words of a phrase."""
    wanted = _words(phrase)
    return bool(wanted) and wanted <= words_in(claim)


def is_one_matter(one: Claim, other: Claim, _facts: Facts | None = None) -> bool:
    """Whether all the words of one stand in the other.

    Two claims that name no item are of one matter; an act that does not say what it is about is of none.
    """
    words, others = words_in(one), words_in(other)
    if not (words and others):
        return not words and not others and not {one.attribute, other.attribute} & ACTS
    return words <= others or others <= words


def is_addressed_alike(one: Claim, other: Claim, facts: Facts) -> bool:
    """Whether two acts are addressed to one agency, or to agencies of one sort where one of them names no more."""
    to, wanted = receiver_of(one), receiver_of(other)
    kind = facts.pack.agency_kind(to)
    is_named = bool(to) and (to == wanted or facts.is_addressed(to, wanted) or facts.is_addressed(wanted, to))
    return is_named or kind == facts.pack.agency_kind(wanted) != ""


def gives(claim: Claim, name: str) -> bool:
    """Whether an act or a decision has this field, or a claim one of `QUALITIES`."""
    if claim.attribute in ACTS or name not in QUALITIES:
        return name in fields_of(claim)
    return getattr(claim, "counterpart" if name == "with" else name) is not None


@lru_cache(maxsize=4096)
def _words(text: str) -> frozenset[str]:
    """The words that count, one and many alike."""
    return frozenset(_singular(word) for word in words_of(text) if word not in _SMALL)


def _singular(word: str) -> str:
    return word[:-1] if len(word) >= _PLURAL_LEAST and word.endswith("s") and not word.endswith("ss") else word
