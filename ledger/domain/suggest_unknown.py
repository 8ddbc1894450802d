"""What a narrative says is not known: not asked, declined, evaded, or not known to the one who was asked."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ledger.domain.person import CHILD
from ledger.domain.suggest_person import Meant, People
from ledger.domain.suggest_text import Span

_I: Final = re.IGNORECASE
_HIS: Final = r"(?:the |baby's |her |his |child's )*"
_HIM: Final = r"(?:he|dad|father|her partner|the partner)"
#: What is asked for: the attribute, with its item where it has one, and whether it is about the child; and the words.
_TOPICS: Final[Sequence[tuple[str, bool, re.Pattern[str]]]] = [
    (attribute, is_of_child, re.compile("|".join(words), _I))
    for attribute, is_of_child, words in (
        ("father", True, (
            rf"\bwho {_HIS}(?:dad|daddy|father)(?: of \w+(?: \w+)?)? (?:is|was|might be)\b",
            rf"\bname (?:of )?{_HIS}(?:dad|father)\b|\b(?:dad|father)'s (?:name|identity|details)\b",
            rf"\bidentity of {_HIS}(?:dad|father)\b|\bpaternity\b|\bwho the father\b|\babout {_HIS}father\b(?!'s)",
        )),
        ("presence", False, (
            r"\bwho (?:else )?(?:lives|is living|stays|sleeps|was) (?:in|at|here|there|with)\b",
            rf"\bwhether {_HIM} (?:lives|stays|still lives|is living|visits|sleeps)\b",
            rf"\bwhere {_HIM} (?:lives|is living|is staying|stays)\b",
        )),
        ("sleep_arrangement", True, (
            r"\bwhere (?:the )?(?:baby|child|he|she) sleeps\b|\bsleeping arrangements?\b|\bsafe sleep(?:ing)?\b",
        )),
        ("substance_use:alcohol", False, (r"\b(?:alcohol|drinking|how much (?:she|he) drinks)\b",)),
        ("substance_use:drugs", False, (r"\b(?:drug use|drugs|substance (?:use|misuse))\b",)),
        ("domestic_abuse", False, (r"\bdomestic (?:abuse|violence)\b",)),
        ("account", True, (
            r"\b(?:how|explanation for) (?:the |it |he |she |this )*(?:bruise|injury|mark|burn|happened|got it)",
        )),
    )
]  # fmt: skip
_NOT: Final = r"(?: not|n't)"
#: The ways of not knowing, and the words for them: the first that fits is meant.
_STATES: Final[Sequence[tuple[str, re.Pattern[str]]]] = [
    (state, re.compile("|".join(words), _I))
    for state, words in (
        ("not_asked", ((
            rf"\b(?:(?:did|have|has|was){_NOT}|not|never|unable to|forgot to|no (?:time|opportunity|chance) to|"
            r"not (?:safe|able|possible) to) (?:yet )?(?:been )?"
            r"(?:ask(?:ed)?|enquired?|discuss(?:ed)?|explored?|raise|cover)\b"
        ),)),
        ("declined", ((
            rf"\b(?:declin(?:es|ed)|refus(?:es|ed)|would{_NOT}|unwilling|not (?:willing|prepared)|"
            rf"did{_NOT} (?:want|wish)|reluctant|will{_NOT}|won't) ?(?:to )?"
            r"(?:say|tell|give|name|answer|discuss|disclose|share|talk|speak|identify|comment|provide|reveal)\b"
            r"|\bdeclined\b"
        ),)),
        ("evaded", ((
            r"\b(?:changed the subject|avoided (?:the|answering)|evad(?:ed|es|ing)|evasive|vague|"
            r"brushed (?:it|this|the question) (?:off|aside)|gave no (?:clear|straight) answer|"
            rf"did{_NOT} (?:really )?answer|deflect(?:ed|s)|talked about something else|skirted)\b"
        ),)),
        ("unknown", ((
            rf"\b(?:do(?:es)?{_NOT} know|did{_NOT} know|not (?:known|sure|clear|certain)|unknown|unsure|"
            r"no (?:idea|information|details)|unclear|nobody knows)\b"
        ),)),
    )
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Unknown:
    """One thing that is not known, and in what way."""

    words: Span
    attribute: str
    about: str | None
    state: str
    basis: str
    informant: str | None
    because: str


def unknowns_in(text: str, sentence: Span, people: People) -> Iterator[Unknown]:
    """What one sentence says is not known."""
    for attribute, is_of_child, pattern in _TOPICS:
        asked = pattern.search(text, *sentence)
        ways = ((state, way.search(text, *sentence)) for state, way in _STATES) if asked else ()
        state, said = next(((state, said) for state, said in ways if said), ("", None))
        if asked is None or said is None:
            continue
        named = [one for one in people.within(*sentence) if not one.is_owner]
        who = _asked_of(named, said.start()) if state != "not_asked" else None
        others = (one.ref for one in reversed(named) if one.ref not in (CHILD, who))
        yield Unknown(
            Span(min(said.start(), asked.start()), max(said.end(), asked.end())),
            attribute,
            CHILD if is_of_child else next(others, None),
            state,
            "told" if who else "own_record",
            who,
            f"“{said[0]}”: {state.replace('_', ' ')}",
        )


def _asked_of(named: Sequence[Meant], position: int) -> str | None:
    """Who was asked: the grown-up last named before it is said what came of asking."""
    before = [one.ref for one in named if one.span.end <= position]
    return before[-1] if before and before[-1] != CHILD else None
