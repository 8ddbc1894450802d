"""Assessments and concerns in words, as far as one reader may see them: what was asked, answered and signed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from ledger.domain.act import ASSESSING, ASSESSMENT, CONCERN, CONCERN_ANSWER
from ledger.services.word_text import capital, listed, plain, quoted, shortened

if TYPE_CHECKING:
    from ledger.services.word_act import Act

_ASKED, _REPLY, _SIGNED = ASSESSING
#: What an agency answered that was asked for an assessment.
REPLY_WORDS: Final[Mapping[str, str]] = {
    "replied": "it has replied",
    "nothing_held": "it holds nothing",
    "refused": "it has refused",
}
#: What an answer to a concern is.
ANSWER_WORDS: Final[Mapping[str, str]] = {
    "answered": "answered",
    "in_part": "answered in part",
    "cannot_say": "cannot be said",
    "withdrawn": "taken back",
}
#: How whoever answers a concern knows; and what it takes to answer one.
KNOWN_BY_WORDS: Final[Mapping[str, str]] = {
    "told": "being told",
    "remote": "a call, a video or a letter",
    "doorstep": "a talk at the doorstep",
    "seen": "seeing the child",
    "seen_alone": "seeing the child alone",
    "examined": "an examination of the child",
    "measured": "a measurement",
    "home_entered": "going into the home",
    "owner_check": "a check with whoever owns the fact",
}


def _opened(act: Act) -> str:
    asks = act.field("asks")
    asked = [act.agencies(str(one)) for one in asks] if isinstance(asks, list | tuple) else []
    said = f"Assessment opened by {act.by}: {plain(act.text('kind'))}"
    parts = [f"asked: {listed(asked)}" if asked else "", act.day("due", "to be signed by"), _why(act)]
    return "; ".join([said, *(part for part in parts if part)])


def _asked(act: Act) -> str:
    return f"{act.agencies(act.text('agency'))} asked for {act.entry()}"


def _replied(act: Act) -> str:
    words = REPLY_WORDS.get(act.text("answer"), plain(act.text("answer")))
    said = f"Answer of {act.by} to {act.entry()}: {words}"
    return "; ".join([said, *([_why(act)] if _why(act) else [])])


def _concern(act: Act) -> str:
    topic = f" ({plain(act.text('topic'))})" if act.text("topic") else ""
    return f"Concern of {act.by}{topic}: {quoted(act.text('what'))}"


def word_known_by(how: object) -> str:
    """How somebody knows, for the middle of a sentence; empty where they do not say."""
    named = how if isinstance(how, list | tuple) else []
    return listed([KNOWN_BY_WORDS.get(str(one), plain(str(one))) for one in named])


def _answered(act: Act) -> str:
    words = ANSWER_WORDS.get(act.text("answer"), plain(act.text("answer")))
    known = word_known_by(act.field("how"))
    parts = [f"{capital(act.entry())} {words} by {act.by}", f"by {known}" if known else "", _why(act)]
    return "; ".join(part for part in parts if part)


def _why(act: Act) -> str:
    return quoted(act.text("reason")) if act.text("reason") else ""


ASSESSING_SAYS: Final[Mapping[str, Callable[[Act], str]]] = {
    ASSESSMENT: _opened,
    _ASKED: _asked,
    _REPLY: _replied,
    _SIGNED: lambda act: f"{capital(act.entry())} signed by a second person at {act.by}",
    CONCERN: _concern,
    CONCERN_ANSWER: _answered,
}
ASSESSING_SUBJECTS: Final[Mapping[str, Callable[[Act], str]]] = {
    ASSESSMENT: lambda act: f"the assessment of {act.by} ({plain(act.text('kind'))})",
    _ASKED: lambda act: f"the asking of {act.agencies(act.text('agency'))} for {act.entry()}",
    _REPLY: lambda act: f"the answer of {act.by} to {act.entry()}",
    _SIGNED: lambda act: f"the signing of {act.entry()} by {act.by}",
    CONCERN: lambda act: f"the concern of {act.by} {quoted(shortened(act.text('what')))}",
    CONCERN_ANSWER: lambda act: f"the answer of {act.by} to {act.entry()}",
}
