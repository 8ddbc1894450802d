"""A finding's headline, and what could still be so, in words: what its visible statements bear out, and no more.

A headline says who differs about what. It never says who is right, and calls nobody anything.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ledger.domain.act import PREFIX, fields_of
from ledger.domain.civil_day import civil_date
from ledger.domain.claim import DECISION, RELIED_ON, Claim
from ledger.domain.edtf import observed_bounds
from ledger.domain.gap import MISSING
from ledger.services.word_awaited import word_expected
from ledger.services.word_claim import Wording
from ledger.services.word_dates import word_span
from ledger.services.word_gap import word_gap
from ledger.services.word_manner import Manner, Side
from ledger.services.word_text import capital, listed, plain

_HEARD = ("told", "agency")
_REPLY: Final = PREFIX + "reply"
#: How many sorts of matters a headline names.
_MATTERS_MAX: Final = 3


@dataclass(frozen=True, slots=True)
class _Told:
    """The parts of a headline: for each side its voice and its subject, and which agencies hold it."""

    claim: Claim
    #: Every statement of every side.
    claims: Sequence[Claim]
    voices: Sequence[str]
    #: "says" or "say", for each voice.
    verbs: Sequence[str]
    subjects: Sequence[str]
    agencies: Sequence[str]
    teller: str | None
    wording: Wording
    manner: Manner

    @property
    def subject(self) -> str:
        return self.subjects[0]

    @property
    def is_of_one(self) -> bool:
        """Whether all sides are about one matter."""
        return len(set(self.subjects)) == 1

    def all_subjects(self) -> str:
        return listed(list(dict.fromkeys(self.subjects)))

    def cannot(self) -> str:
        """How far the sides exclude each other, in words."""
        together = "both" if len(self.voices) == 2 else "all"
        if self.manner.is_strain:
            return "pull apart"
        return f"cannot {together} be so" if self.manner.is_certain else f"may not {together} be so"


def word_headline(kind: str, sides: Sequence[Side], wording: Wording, manner: Manner | None = None) -> str:
    """What has been found, in one line."""
    told = _told([side for side in sides if side], wording, manner or Manner())
    if told is None:
        return "Entries of this record need to be read together"
    return capital(_HEADLINES.get(kind, _needs_a_look)(told))


def _told(sides: Sequence[Side], wording: Wording, manner: Manner) -> _Told | None:
    firsts = [next((claim for _, claim in side if claim is not None), None) for side in sides]
    claims = [claim for claim in firsts if claim is not None]
    if not claims:
        return None
    tellers = {_teller(claim, wording) for side in sides for _, claim in side if claim is not None}
    return _Told(
        claims[0],
        [claim for side in sides for _, claim in side if claim is not None],
        [word_voice(side, wording) for side in sides],
        [word_says(side, wording) for side in sides],
        [wording.subject(claim) for claim in claims],
        [_agencies(side, wording) for side in sides],
        next(iter(tellers)) if len(tellers) == 1 else None,
        wording,
        manner,
    )


def _teller(claim: Claim, wording: Wording) -> str | None:
    return wording.person(claim.informant) if claim.basis in _HEARD and claim.informant else None


def _agencies(side: Side, wording: Wording) -> str:
    return listed(list(dict.fromkeys(wording.agency(entry.agency) for entry, _ in side)))


def word_voice(side: Side, wording: Wording) -> str:
    """Whose word a side is: one informant's, with whom they told, else that of the agencies that recorded it."""
    tellers = {None if claim is None else _teller(claim, wording) for _, claim in side}
    agencies = _agencies(side, wording)
    teller = next(iter(tellers)) if len(tellers) == 1 else None
    return f"{teller} (to {agencies})" if teller else agencies


def word_says(side: Side, wording: Wording) -> str:
    """The verb that goes with the side's voice."""
    tellers = {None if claim is None else _teller(claim, wording) for _, claim in side}
    told_by_one = len(tellers) == 1 and None not in tellers
    return "says" if told_by_one or len({entry.agency for entry, _ in side}) < 2 else "say"


def _contradiction(told: _Told) -> str:
    voices = list(dict.fromkeys(told.voices))
    if not told.is_of_one:
        said = zip(told.voices, told.verbs, told.subjects, strict=False)
        parts = [f"what {voice} {says} of {subject}" for voice, says, subject in said]
        return f"{listed(parts)} {told.cannot()}"
    if len(voices) == 1:
        return f"statements of {voices[0]} about {told.subject} {told.cannot()}"
    if len(voices) < len(told.voices) or len(voices) > 2 or told.manner.is_strain:
        return f"what {listed(voices)} say about {told.subject} {told.cannot()}"
    who = f"{', and '.join(voices)}," if any(" and " in voice for voice in voices) else listed(voices)
    return f"{who} {'disagree' if told.manner.is_certain else 'may disagree'} about {told.subject}"


def _same_informant(told: _Told) -> str:
    if told.teller is None:
        return _contradiction(told)
    agencies = list(dict.fromkeys(told.agencies))
    differ = "two different things" if len(agencies) == 1 and len(told.voices) == 2 else "different things"
    gave = "told" if told.manner.is_certain else "may have told"
    return f"{told.teller} {gave} {listed(agencies)} {differ} about {told.all_subjects()}"


def _identity(told: _Told) -> str:
    voices = list(dict.fromkeys(told.voices))
    if not (told.manner.is_of_person and told.is_of_one):
        return _contradiction(told)
    name = "name different people" if len(voices) > 1 else "names different people"
    return f"{listed(voices)} {name} as {told.subject}"


def _explanation(told: _Told) -> str:
    thing = told.wording.thing(told.claim)
    of = f"{told.wording.person(told.claim.about)}" + (f" ({thing})" if thing else "")
    voices = list(dict.fromkeys(told.voices))
    who = listed(voices)
    return f"explanations about {of} {told.cannot()}: what {who} {'say' if len(voices) > 1 else told.verbs[0]}"


def _concern(told: _Told) -> str:
    if len(told.voices) < 2:
        return f"a worry about {told.subject} is not answered"
    answer = "does not answer" if told.manner.is_certain else "may not answer"
    return f"what {told.voices[1]} {told.verbs[1]} {answer} the worry of {told.voices[0]} about {told.subject}"


def _passing_on(told: _Told) -> str:
    agencies = list(dict.fromkeys(told.agencies))
    match told.manner.family:
        case "late_entry":
            return f"what {agencies[0]} knew of {told.subject} was entered late"
        case "own_not_known":
            return f"{agencies[-1]} says that it does not know {told.subject}, and holds an entry on it"
        case "not_received" if len(agencies) > 1:
            return f"what {agencies[0]} holds of {told.subject} as sent or done is not in the record of {agencies[-1]}"
        case "not_passed_on" if len(told.voices) > 1:
            return f"what {agencies[0]} holds about {told.subject} was not passed on, by the word of {told.voices[1]}"
    if len(agencies) < 2:
        return f"what {agencies[0]} holds about {told.subject} was not passed on whole, or not in time"
    return f"what {agencies[0]} holds about {told.subject} did not reach {listed(agencies[1:])} whole"


def _uncorroborated(told: _Told) -> str:
    whose = f"the word of {told.teller}" if told.teller else "the word of people with an interest"
    return f"what is held about {told.subject} rests on {whose} alone"


def _overtaken(told: _Told) -> str:
    if len(told.voices) < 2:
        return f"what is held about {told.subject} may have been overtaken"
    return (
        f"what {told.agencies[0]} holds about {told.subject} may be overtaken by what {told.voices[1]} {told.verbs[1]}"
    )


def _gap(told: _Told) -> str:
    manner = told.manner
    agency = told.wording.agency(manner.owed_by) if manner.owed_by else ""
    # What is shown of something that nobody said is what made it necessary, and not what is missing.
    what = manner.lacking or ("what should be known" if manner.state == MISSING else told.subject)
    return word_gap(manner.state, what, agency, manner.due, is_lapsed=manner.is_lapsed)


def _expectation(told: _Told) -> str:
    if told.manner.family == "allegation_outcome":
        return f"{told.subject} was withdrawn, and nobody has recorded what came of it"
    happened = [claim for claim in told.claims if not is_declined(claim)] or told.claims
    matters = [told.wording.matter(claim, told.manner.attributes.get(claim.attribute)) for claim in happened]
    manner, first = told.manner, dict.fromkeys(matters)
    return word_expected(
        _first_of(list(first)),
        manner.topic,
        manner.due,
        is_met=manner.is_met,
        is_declined=len(happened) < len(told.claims),
    )


def is_declined(claim: Claim) -> bool:
    """Whether it is an answer that declines."""
    return claim.attribute == _REPLY and fields_of(claim).get("answer") == "declined"


def _first_of(matters: Sequence[str]) -> str:
    """The first, and how many more there are."""
    return matters[0] if len(matters) < 2 else f"{matters[0]}, and {len(matters) - 1} more"


def _pattern(told: _Told) -> str:
    agencies = list(dict.fromkeys(told.wording.agency(claim.agency) for claim in told.claims))
    matters = list(dict.fromkeys(_kind_of(claim, told.wording) for claim in told.claims))
    named = listed(matters) if len(matters) <= _MATTERS_MAX else listed([*matters[:_MATTERS_MAX], "more"])
    days = [civil_date(observed_bounds(claim.observed).start) for claim in told.claims]
    return f"to be read together: {named}, as {listed(agencies)} recorded {word_span(min(days), max(days))}"


def _kind_of(claim: Claim, wording: Wording) -> str:
    """What sort of thing is told of: what agencies do by the sort of act, all else by whose what it is."""
    if claim.attribute.startswith(PREFIX):
        return f"{plain(claim.attribute.removeprefix(PREFIX))}s"
    return wording.held(claim)


def _decision(told: _Told) -> str:
    decided = next((claim for claim in told.claims if claim.attribute == DECISION), None)
    stated = next((claim for claim in told.claims if claim.statement == RELIED_ON), None)
    if decided is None:
        subject = told.subject if stated is None else told.wording.held(stated)
        return f"a decision relies on {subject}, which is open to question"
    said = f"{told.wording.subject(decided)} of {told.wording.agency(decided.agency)}"
    other = stated or next((claim for claim in reversed(told.claims) if claim is not decided), None)
    what = told.manner.resting or (told.wording.held(other) if other is not None else "")
    of = f": {what}" if what else ""
    if len(told.voices) < 2:
        return f"{said} relies on something open{of}"
    return f"what was said by {told.voices[1]} speaks against what {said} relies on{of}"


def _needs_a_look(told: _Told) -> str:
    return f"what is held about {told.subject} needs a look"


_HEADLINES: Final[Mapping[str, Callable[[_Told], str]]] = {
    "contradiction": _contradiction,
    "same_informant": _same_informant,
    "identity": _identity,
    "explanation": _explanation,
    "concern": _concern,
    "passing_on": _passing_on,
    "uncorroborated": _uncorroborated,
    "overtaken": _overtaken,
    "gap": _gap,
    "expectation": _expectation,
    "pattern": _pattern,
    "decision_basis": _decision,
}


_SIDES: Final[Mapping[str, tuple[str, str]]] = {
    "concern": ("The worry", "What was said to it"),
    "decision_basis": ("What was decided, and what agrees with it", "What speaks against it"),
    "passing_on": ("What is held", "What was passed on"),
    "overtaken": ("What is held", "What was said since"),
}


_ALONE: Final[Mapping[str, str]] = {
    "expectation": "What happened",
    "gap": "What shows it",
    "decision_basis": "What was decided, and what is open",
    "pattern": "What was recorded",
}


def first_sentence(meaning: str) -> str:
    """What a pack says in one line, without its full stop: what follows is for whoever sends claims."""
    return meaning.partition(". ")[0].rstrip(".")


def word_sides(kind: str, count: int) -> list[str]:
    """What to call each side of a finding of this kind."""
    if count == 1:
        return [_ALONE.get(kind, "What is held")]
    if count == 2:
        return list(_SIDES.get(kind, ("On one side", "On the other")))
    return [f"Side {number}" for number in range(1, count + 1)]
