"""What agencies do, in words: referrals, actions, hand-overs and what answers them, as one reader may see them.

An act is read from an entry that its reader sees whole, so what was agreed, asked and answered may be told with it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ledger.domain.act import DISAGREEING, DISAGREEMENT, GLASS, GLASS_REVIEW, OVERRIDE, PREFIX, fields_of
from ledger.domain.claim import Claim
from ledger.domain.glass import HOURS
from ledger.domain.lawful_basis import in_words
from ledger.services.word_assessing import ASSESSING_SAYS, ASSESSING_SUBJECTS
from ledger.services.word_dates import word_observed
from ledger.services.word_disagreement import word_answer, word_opened, word_outcome
from ledger.services.word_text import capital, counted, listed, plain, quoted, shortened, word_kind
from ledger.services.word_verdict import VERDICT_WORDS

_OUTCOMES: Final = {
    "held": "held",
    "no_access": "no access",
    "refused": "refused",
    "cancelled": "cancelled",
    "not_brought": "the child was not brought",
}
_STANCES: Final = {"for": "for it", "against": "against it", "for_if": "for it on a condition"}
#: A contact was planned, and it is not said for when.
_YES: Final = (True, "yes", "true")
_NO: Final = (False, "no", "false")
_HANDED: Final = {"lead": "the lead", "work": "the work"}
REPLY, STEP_UP, SETTLED = DISAGREEING
#: What is decided of information that is held.
SHARE_WORDS: Final[Mapping[str, str]] = {
    "shared": "Shared with",
    "refused": "Not shared with",
    "in_part": "Shared in part with",
}
#: What comes back where information was asked for.
ANSWER_WORDS: Final[Mapping[str, str]] = {
    "answered": "answered",
    "in_part": "answered in part",
    "refused": "refused",
    "nothing_held": "nothing is held",
}
#: What an answer's entries are to the claim that the request names.
BEARS_WORDS: Final[Mapping[str, str]] = {
    "out": "it bears the statement out",
    "against": "it speaks against the statement",
    "cannot_say": "it cannot say whether the statement is so",
}
#: What came of a request that an entry be put right.
RECTIFIED_WORDS: Final[Mapping[str, str]] = {
    "corrected": "it was corrected",
    "erased": "it is to be erased",
    "kept_marked_inaccurate": "it stays, marked as inaccurate",
    "kept_dispute_noted": "it stays, and the dispute is noted with it",
}


@dataclass(frozen=True, slots=True)
class Act:
    """One act, and how its reader calls agencies and people."""

    claim: Claim
    agencies: Callable[[str], str]
    people: Callable[[str], str]

    def says(self) -> str:
        """All that it says, as a sentence without its full stop."""
        return _SAYS[self.claim.attribute](self)

    def subject(self) -> str:
        """What it is, for the middle of a sentence."""
        return _SUBJECTS[self.claim.attribute](self)

    @property
    def by(self) -> str:
        """The agency that acted."""
        return self.agencies(self.claim.agency)

    def field(self, name: str) -> Any:
        """A field as it was sent; None where it was not."""
        return fields_of(self.claim).get(name)

    def text(self, name: str) -> str:
        """A field of text; empty where there is none."""
        said = self.field(name)
        return said if isinstance(said, str) else ""

    def party(self, name: str) -> str:
        """Who is named: an agency, and the part that somebody has there; empty where nobody is."""
        said = self.field(name)
        if isinstance(said, Mapping):
            role, agency = plain(str(said.get("role") or "")), str(said.get("agency") or "")
            elsewhere = plain(str(said.get("body") or ""))
            return ", ".join(part for part in (role, self._agency(agency), elsewhere) if part)
        return self._agency(said) if isinstance(said, str) else ""

    def entry(self) -> str:
        """The entry that is answered or done."""
        number = self.field("of")
        return f"entry {number}" if isinstance(number, int) and number else "an earlier entry"

    def others(self) -> list[str]:
        """The agencies of a list of them, by their names."""
        named = self.field("with")
        return [self.agencies(str(one)) for one in named] if isinstance(named, list | tuple) else ["others"]

    def day(self, name: str, lead_in: str) -> str:
        """A date as people write it, and what is not a date as it was sent; empty where there is none."""
        return f"{lead_in} {word_observed(self.text(name))}" if self.text(name) else ""

    def _agency(self, written: str) -> str:
        """An agency by its name; a person, where one is meant; else as it was written."""
        called, person = self.agencies(written), self.people(written)
        if called != written:
            return called
        return person if person != plain(written) else word_kind(written)


def _joined(first: str, *more: str) -> str:
    return "; ".join([first, *(part for part in more if part)])


def _with_reason(said: str, act: Act, name: str = "reason") -> str:
    return f"{said}: {quoted(act.text(name))}" if act.text(name) else said


def _contact(act: Act) -> str:
    outcome = _OUTCOMES.get(act.text("outcome"), plain(act.text("outcome")))
    by_whom = f"by {act.party('by_whom')}" if act.party("by_whom") else ""
    said = "Contact" + (f": {outcome}" if outcome else "")
    present = [act.people(str(one)) for one in act.field("present") or ()]
    there = f"present: {listed(present)}" if present else ""
    planned = "planned" if act.field("planned") in _YES else ""
    if not planned and act.field("planned") not in _NO:
        planned = act.day("planned", "planned for")
    return _joined(f"{said} {by_whom}".strip(), planned, there)


def _contact_subject(act: Act) -> str:
    outcome = _OUTCOMES.get(act.text("outcome"), plain(act.text("outcome")))
    of = f"the contact of {act.by} on {word_observed(act.claim.observed)}"
    return f"{of} ({outcome})" if outcome else of


def _referral(act: Act) -> str:
    return _with_reason(f"Referral to {act.party('to')}", act)


def _action(act: Act) -> str:
    return _joined(f"Agreed: {quoted(act.text('what'))}, by {act.party('owner')}", act.day("due", "due"))


def _handover(act: Act) -> str:
    handed = _HANDED.get(act.text("of"), plain(act.text("of")))
    return _joined(f"Hand-over of {handed} offered to {act.party('to')}", act.day("due", "due"))


def _reply(act: Act) -> str:
    return _with_reason(f"Answer to {act.entry()}: {plain(act.text('answer'))}", act)


def _lead(act: Act) -> str:
    role = plain(act.text("role"))
    where = f"Lead professional at {act.party('agency')}" + (f" ({role})" if role else "")
    return _joined(where, f"deputy at {act.party('deputy')}" if isinstance(act.field("deputy"), Mapping) else "")


def _lead_ended(act: Act) -> str:
    stands_in = "the deputy stands in" if act.field("deputy") else "no deputy stands in"
    return f"The lead professional at {act.party('agency')} has left; {stands_in}"


def _check(act: Act) -> str:
    about = "" if act.claim.about == "child" else f" about {act.people(act.claim.about)}"
    asked, answered = act.day("asked", "asked"), act.day("answered", "answered")
    told = ", ".join(part for part in (asked, answered) if part) or "neither asked nor answered by what is recorded"
    return _with_reason(f"Check with {act.party('with')}{about}: {told}", act, "result")


def _override(act: Act) -> str:
    return _with_reason(f"{capital(act.entry())} is taken all the same, with a second person", act)


def _position(act: Act) -> str:
    stance = _STANCES.get(act.text("stance"), plain(act.text("stance")))
    return _with_reason(f"Position of {act.by}: {stance}", act, "condition")


def _involvement(act: Act) -> str:
    said = f"{act.by} takes part" + (f": {plain(act.text('role'))}" if act.text("role") else "")
    return _with_reason(_joined(said, act.day("until", "until")), act)


def _share(act: Act) -> str:
    verb = SHARE_WORDS.get(act.text("decision"), plain(act.text("decision")))
    return _joined(_with_reason(f"{verb} {act.party('with')}".strip(), act, "what"), _basis(act), _reason(act))


def _request(act: Act) -> str:
    about = "" if act.claim.about == "child" else f" about {act.people(act.claim.about)}"
    asked = f"{act.party('to')} asked{about}: {quoted(act.text('asks'))}"
    purpose = f"for {quoted(act.text('purpose'))}" if act.text("purpose") else ""
    return _joined(asked, purpose, act.day("by", "by"))


def _answer(act: Act) -> str:
    answer = ANSWER_WORDS.get(act.text("answer"), plain(act.text("answer")))
    bears = BEARS_WORDS.get(act.text("bears"), "")
    return _joined(f"Answer to {act.entry()}: {answer}", bears, _basis(act), _reason(act))


def _basis(act: Act) -> str:
    named = in_words(act.field("lawful_basis"))
    return f"lawful basis: {plain(named)}" if named else ""


def _reason(act: Act) -> str:
    return f"reason: {quoted(act.text('reason'))}" if act.text("reason") else ""


def _rectification_outcome(act: Act) -> str:
    came_to = RECTIFIED_WORDS.get(act.text("outcome"), plain(act.text("outcome")))
    return f"What came of {act.entry()}: {came_to}"


def _glass(act: Act) -> str:
    hours = act.field("hours")
    length = counted(hours if isinstance(hours, int) else HOURS, "hour")
    return _with_reason(f"{act.by} opened this record for up to {length}, without a part in it", act)


def _verdict(act: Act) -> str:
    words = VERDICT_WORDS.get(act.text("verdict"), plain(act.text("verdict")))
    return words[:1].lower() + words[1:]


def _glass_review(act: Act) -> str:
    return _with_reason(f"Review of {act.entry()} by {act.by}: {_verdict(act)}", act)


_SAYS: Final[Mapping[str, Callable[[Act], str]]] = {
    PREFIX + "contact": _contact,
    PREFIX + "referral": _referral,
    PREFIX + "action": _action,
    PREFIX + "done": lambda act: f"Said to be done: {act.entry()}",
    PREFIX + "handover": _handover,
    PREFIX + "reply": _reply,
    PREFIX + "lead": _lead,
    PREFIX + "lead_ended": _lead_ended,
    PREFIX + "check": _check,
    OVERRIDE: _override,
    PREFIX + "position": _position,
    PREFIX + "involvement": _involvement,
    PREFIX + "share": _share,
    PREFIX + "information_request": _request,
    PREFIX + "information_answer": _answer,
    PREFIX + "rectification": lambda act: _joined(f"Asked to put {act.entry()} right", act.day("on", "on")),
    PREFIX + "rectification_outcome": _rectification_outcome,
    GLASS: _glass,
    GLASS_REVIEW: _glass_review,
    DISAGREEMENT: lambda act: word_opened(act.by, act.others(), act.text("kind")),
    REPLY: lambda act: f"On {act.entry()}: {word_answer(act.by, act.text('answer'))}",
    STEP_UP: lambda act: _with_reason(f"{act.by} takes {act.entry()} to the next stage", act),
    SETTLED: lambda act: f"{capital(act.entry())} settled: {word_outcome(act.text('outcome'))}",
    **ASSESSING_SAYS,
}
_SUBJECTS: Final[Mapping[str, Callable[[Act], str]]] = {
    PREFIX + "contact": _contact_subject,
    PREFIX + "referral": lambda act: f"the referral by {act.by} to {act.party('to')}",
    PREFIX + "action": lambda act: f"the agreed action {quoted(shortened(act.text('what')))} of {act.party('owner')}",
    PREFIX + "done": lambda act: f"the word of {act.by} that {act.entry()} is done",
    PREFIX + "handover": lambda act: (
        f"the hand-over of {_HANDED.get(act.text('of'), plain(act.text('of')))} by {act.by} to {act.party('to')}"
    ),
    PREFIX + "reply": lambda act: f"the answer of {act.by} to {act.entry()} ({plain(act.text('answer'))})",
    PREFIX + "lead": lambda act: f"the lead professional at {act.party('agency')}",
    PREFIX + "lead_ended": lambda act: f"the leaving of the lead professional at {act.party('agency')}",
    PREFIX + "check": lambda act: f"the check by {act.by} with {act.party('with')}",
    OVERRIDE: lambda act: f"the override by {act.by} of {act.entry()}",
    PREFIX + "position": lambda act: f"the position of {act.by}",
    PREFIX + "involvement": lambda act: f"the part of {act.by}",
    PREFIX + "share": lambda act: f"the decision of {act.by} on sharing with {act.party('with')}",
    PREFIX + "information_request": lambda act: f"the request by {act.by} to {act.party('to')}",
    PREFIX + "information_answer": lambda act: f"the answer of {act.by} to {act.entry()}",
    PREFIX + "rectification": lambda act: f"the request that {act.entry()} be put right",
    PREFIX + "rectification_outcome": lambda act: f"what came of {act.entry()}",
    GLASS: lambda act: f"the breaking of the glass by {act.by}",
    GLASS_REVIEW: lambda act: f"the review by {act.by} of {act.entry()}",
    DISAGREEMENT: lambda act: f"the disagreement of {act.by} with {listed(act.others())}",
    REPLY: lambda act: f"the answer of {act.by} to {act.entry()}",
    STEP_UP: lambda act: f"the taking of {act.entry()} to the next stage by {act.by}",
    SETTLED: lambda act: f"the settling of {act.entry()} by {act.by}",
    **ASSESSING_SUBJECTS,
}
