"""What in a scenario a ledger would not have taken, and whom its entries speak of without an introduction.

A claim on an attribute or of a value that the pack does not have says nothing and is left out; so is a withdrawal of
what one may not withdraw. Whatever else is wrong is told, and what was written is run all the same.

Messages name the line and the place, and repeat nothing of the content.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from ledger.domain.claim import observation_of
from ledger.domain.mention import declared_in, mentions_in
from ledger.domain.pack import Pack
from ledger.domain.scenario import CHILD, NOBODY, SHARED_REFS, Expected, Scenario, ScenarioEntry
from ledger.domain.shape import Path

_WITHDRAWN_BY = {"correction": "corrects", "void": "voids"}
_MAY_BE_WITHDRAWN = frozenset({"observation", "contact", "correction"})
#: What a claim cannot be read without.
_SAYS_NOTHING = frozenset({"attribute", "value", "not_known"})
_NEAR_NAMES_MAX = 3
#: What an expectation may wait for.
AWAITED = frozenset(
    {
        "referral", "examination", "contact", "reply", "handover", "action", "check", "review", "strategy_discussion",
        "outcome", "lead", "disagreement", "disagreement_answer", "signature", "asking",
    }
)  # fmt: skip
_UNKNOWN_SORT = "the rule pack knows no agency of this kind, so no rule that names one means it"
_UNINTRODUCED = "nobody is introduced by this reference: name them under people, or it stands for somebody of its own"


@dataclass(frozen=True, slots=True)
class Slip:
    """One thing that is not right. ``claim`` is the claim's place in its entry, None for the entry.

    ``is_refused``: a ledger would not have taken it. ``is_left_out``: it was not run.
    """

    line: int
    entry: str
    place: str
    why: str
    claim: int | None = None
    is_refused: bool = True
    is_left_out: bool = False


def slips(scenario: Scenario, pack: Pack) -> Iterator[Slip]:
    """Every slip of the scenario, in the order of its entries."""
    people = _People(scenario, pack)
    yield from _agencies(scenario, pack)
    for entry in scenario.entries:
        yield from _withdrawal(scenario, entry)
        yield from _claims(entry, pack)
        people.introduce(entry)
        for pointer in people.strangers(entry):
            yield Slip(entry.line, entry.id, f"{entry.id}{pointer}", _UNINTRODUCED, is_refused=False)
    for expected in scenario.expect:
        for part, why in _never_found(expected, people, pack):
            yield Slip(expected.line, "expect", f"expect/{part}", why, is_refused=False)


def _agencies(scenario: Scenario, pack: Pack) -> Iterator[Slip]:
    """Agencies of no sort that the pack knows: its rules can name none of them. A pack without sorts names none."""
    for agency in scenario.agencies if pack.agencies else ():
        if not pack.agency_kind(agency.kind):
            line = next((entry.line for entry in scenario.entries if entry.agency == agency.ref), 1)
            yield Slip(line, agency.ref, f"agencies/{agency.ref}/kind", _UNKNOWN_SORT, is_refused=False)


def _claims(entry: ScenarioEntry, pack: Pack) -> Iterator[Slip]:
    observation = observation_of(entry.kind, entry.body) or {}
    for place, claim in enumerate(observation.get("claims", ())):
        for path, why in _faults(claim, pack):
            is_left_out = not path or path[0] in _SAYS_NOTHING
            where = _place(entry, ("claims", place, *path))
            yield Slip(entry.line, entry.id, where, why, place, is_left_out=is_left_out)
    for place, claim in enumerate(entry.body.get("relies_on", ())):
        # Less may be said of what is relied on than of a claim, but nothing else.
        if isinstance(claim, Mapping) and "attribute" in claim:
            faults = [(path, why) for path, why in _faults(claim, pack) if path and path[0] in claim]
            yield from (
                Slip(entry.line, entry.id, _place(entry, ("relies_on", place, *path)), why) for path, why in faults
            )
    question = entry.body.get("about") if entry.kind == "position" else None
    if isinstance(question, Mapping):
        for path, why in _faults(question, pack):
            if path and path[0] in question:
                yield Slip(entry.line, entry.id, _place(entry, ("about", *path)), why)


def _faults(claim: Mapping[str, Any], pack: Pack) -> Iterator[tuple[Path, str]]:
    """What the vocabulary finds wrong; of an unknown attribute, the names in the pack that come nearest."""
    if claim["attribute"] in pack.attributes:
        yield from pack.check_claim(claim)
        return
    near = get_close_matches(str(claim["attribute"]), pack.attributes, _NEAR_NAMES_MAX)
    yield ("attribute",), f"the rule pack has no such attribute; nearest: {', '.join(near) or 'none'}"


def _never_found(expected: Expected, people: "_People", pack: Pack) -> Iterator[tuple[str, str]]:
    """What an expectation asks for that nothing can be called."""
    if expected.about is not None and not people.is_known_to_anybody(expected.about):
        yield "about", "nobody is introduced by this reference, so nothing can be found about them"
    asked_for = {rule.settings.get("attribute") for rule in pack.rules.values()}
    if expected.kind == "gap" and expected.topic not in {None, *pack.attributes, *asked_for}:
        yield "topic", "a gap's topic is the attribute that is not known, and the rule pack has none of this name"
    if expected.kind == "expectation" and expected.topic is not None and expected.topic not in AWAITED:
        yield "topic", f"an expectation's topic is what is awaited: {', '.join(sorted(AWAITED))}"


def _withdrawal(scenario: Scenario, entry: ScenarioEntry) -> Iterator[Slip]:
    field = _WITHDRAWN_BY.get(entry.kind)
    target = next((one for one in scenario.entries if field and one.id == entry.body.get(field)), None)
    if field is None or target is None:
        return
    if target.agency != entry.agency:
        why = "only its author's agency can withdraw an entry"
        yield Slip(entry.line, entry.id, _place(entry, (field,)), why, is_left_out=True)
    elif target.kind not in _MAY_BE_WITHDRAWN:
        why = "only an observation, a contact or a correction can be corrected or voided"
        yield Slip(entry.line, entry.id, _place(entry, (field,)), why, is_left_out=True)


class _People:
    """Who has been introduced, to all or to one agency."""

    def __init__(self, scenario: Scenario, pack: Pack) -> None:
        self._shared = {*SHARED_REFS, *NOBODY, *(person.ref for person in scenario.people)}
        self._shared.add(str(scenario.child.get("ref", CHILD)))
        self._own = {agency.ref: {person.ref for person in agency.people} for agency in scenario.agencies}
        self._person_attributes = {one.name for one in pack.attributes.values() if one.type == "person"}

    def introduce(self, entry: ScenarioEntry) -> None:
        """Take up whom an entry introduces or links."""
        own = self._own.setdefault(entry.agency, set())
        own |= {person["ref"] for person in declared_in(entry.kind, entry.body)}
        for key in entry.body.get("people", ()) if entry.kind in {"link", "unlink"} else ():
            agency, slash, ref = str(key).rpartition("/")
            self._own.setdefault(agency if slash else entry.agency, set()).add(ref)

    def strangers(self, entry: ScenarioEntry) -> Iterator[str]:
        """Where an entry speaks of somebody whom nobody introduced."""
        for mention in mentions_in(entry.kind, entry.body, self._person_attributes):
            if not self._is_known(entry.agency, mention.ref):
                yield mention.pointer
        for place, claim in enumerate(entry.body.get("relies_on", ())):
            if isinstance(claim, Mapping) and not self._is_known(entry.agency, claim.get("about", CHILD)):
                yield f"/relies_on/{place}/about"

    def is_known_to_anybody(self, ref: str) -> bool:
        """Whether some entry may mean somebody by this reference."""
        return any(self._is_known(agency, ref) for agency in self._own)

    def _is_known(self, agency: str, ref: str) -> bool:
        if "/" in ref:
            agency, _, ref = ref.partition("/")
        return ref in self._shared or ref in self._own.get(agency, ())


def _place(entry: ScenarioEntry, path: Path) -> str:
    return "/".join(map(str, (entry.id, *path)))
