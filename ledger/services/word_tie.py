"""The ties between the people of a record in words: what each is, how it stands, and who is missing."""

from collections.abc import Mapping
from typing import Final

from ledger.domain.genogram_tie import Tie
from ledger.services.word_picture import Names
from ledger.services.word_text import capital, plain

_PARENTS: Final = {"mother": "mother of", "father": "father of", None: "parent of"}
_TIES: Final[Mapping[str, str]] = {
    "together": "a couple with",
    "live_together": "living as a couple with",
    "live_apart": "a couple with, living apart from",
    "separated": "separated from",
    "never_a_couple": "said never to have been a couple with",
    "not_a_couple": "said not to be a couple with",
    "on_and_off": "on and off a couple with",
    "sibling": "brother or sister of",
    "full_sibling": "full brother or sister of",
    "half_sibling": "half-brother or half-sister of",
    "grandparent": "grandparent of",
    "aunt_or_uncle": "aunt or uncle of",
    "cousin": "cousin of",
    "other_kin": "other relative of",
    "relative": "relative (in which way is not said) of",
    "not_kin": "said to be no relation of",
    "parents_partner": "partner of a parent of",
    "parents_former_partner": "former partner of a parent of",
    "partner": "partner (of whom is not said) in the family of",
    "former_partner": "former partner (of whom is not said) in the family of",
    "other_relative": "presented as a relative of",
    "friend_of_family": "friend of the family of",
    "lodger": "lodger in the home of",
    "parent": "presented as a parent of",
    "stranger": "a stranger to",
    "professional": "there in their work for",
}
_STANDING: Final[Mapping[str, str]] = {
    "stands": "",
    "one_word": "one person’s word",
    "open": "what is said leaves other possibilities",
    "contested": "contested: what is said cannot all be so",
}
_AS_CALLED: Final = "as agencies call them; no statement says it"


def word_way(tie: Tie, names: Names) -> str:
    """What somebody is to the other, for the middle of a sentence: mother of the child."""
    way = _PARENTS[tie.slot] if tie.sort == "parent" else _TIES.get(tie.word, f"{plain(tie.word)} of")
    return f"{'formerly ' if tie.has_ended else ''}{way} {names.label(tie.other)}"


def word_tie(tie: Tie, names: Names) -> str:
    """What one is to the other, as a sentence without its full stop."""
    return capital(f"{names.label(tie.one)}: {word_way(tie, names)}")


def word_standing(tie: Tie) -> str:
    """How it stands; nothing where more than one source bears it out, or more than a word."""
    if tie.standing == "one_word" and not tie.claims:
        return _AS_CALLED
    return _STANDING[tie.standing]


def word_missing(slot: str | None, label: str) -> str:
    """Of whose parent nobody has said who that is."""
    return f"Nobody has said who the {slot or 'other parent'} of {label} is."
