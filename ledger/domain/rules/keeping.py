"""How a family keeps contact with the services that see its child: what was missed, what was kept, and what is said.

One visit is one, though several agencies tell of it and though an entry says so in a claim and as its contact. Whose
doing it was decides: what a service called off or never tried is nobody's missed contact. Words on how somebody works
with a service (``cancels``) that are said to go on, or of a stretch of time, count as two; a school's word on a pupil's
absence counts once, however often it is written down.

A service is the sort of agency that an item names, else that of the agency that posts. Services for an adult's own
need are nobody's here, unless the child is whom it is about.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.act import CONTACT, fields_of
from ledger.domain.claim import Claim
from ledger.domain.person import CHILD
from ledger.domain.question import Topic
from ledger.domain.rule import ANYBODY, View
from ledger.domain.rules.sighting import is_sight, was_there
from ledger.domain.rules.spoken import has_word, is_said, speaks_of
from ledger.domain.rules.spread import Occasion, length_of, moment_of

if TYPE_CHECKING:
    from ledger.domain.facts import Facts
    from ledger.domain.pack import Pack

ENGAGEMENT: Final = "engagement"
SCHOOL: Final = "school_attendance"
#: Attributes of which the item is no service; and those that of an adult say nothing of the child.
_ITEM_IS_ELSE: Final = frozenset({SCHOOL, "hospital_attendance"})
_OF_THE_CHILD: Final = frozenset({SCHOOL, "seen", "seen_alone"})
#: A contact of this outcome was kept.
_HELD: Final = "held"
_AS_REPEATED: Final = 2
_Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of how somebody works with a service, over the time for which it is taken to hold."""

    claim: Claim
    about: str
    service: str
    since: datetime
    until: datetime

    def meets(self, other: Said) -> bool:
        """Whether both hold at one time, of one person or of the child, with different services."""
        is_theirs = self.about == other.about or CHILD in {self.about, other.about}
        return is_theirs and self.service != other.service and self.since < other.until and other.since < self.until


@dataclass(frozen=True, slots=True)
class Contact:
    """One contact that was missed, or kept; ``occasion.sort`` is the service. ``times``: for how many it counts."""

    occasion: Occasion
    about: str
    times: int = 1


def said(words: Mapping[str, Any], view: View) -> list[Said]:
    """Every word of these on engagement with a service that is there for the child."""
    return [
        Said(claim, about, service, *_holds(claim, view))
        for claim in _claims(words, view.facts)
        if has_word(claim, words)
        for about, service in _whose(claim, view)
    ]


def missed(view: View) -> list[Contact]:
    """Every contact that the family did not keep."""
    words, settings = view.rule.settings["missed"], view.rule.settings
    claims = [claim for claim in _claims(words, view.facts) if has_word(claim, words)]
    acts = [
        claim
        for claim in view.facts.acts("contact")
        if fields_of(claim).get("outcome") in settings["outcomes"] and not _is_by_service(claim, view)
    ]
    not_theirs = {
        view.facts.question_of(claim).thing
        for claim in _claims(settings["not_theirs"], view.facts)
        if has_word(claim, settings["not_theirs"])
    }
    return list(_contacts([*claims, *acts], not_theirs - {None}, view))


def kept(view: View) -> list[Contact]:
    """Every visit that was held, and every contact that was planned and held."""
    words = view.rule.settings["kept"]
    claims = [claim for claim in _claims(words, view.facts) if has_word(claim, words)]
    acts = [claim for claim in view.facts.acts("contact") if _is_kept(fields_of(claim))]
    return list(_contacts([*claims, *acts], frozenset(), view))


def seen(view: View) -> list[Contact]:
    """Every contact of a service at which it saw the child."""
    facts = view.facts
    claims = [claim for claim in facts.acts("contact") if is_sight(claim) and was_there(claim, facts)]
    return list(_contacts(claims, frozenset(), view))


def topics(attributes: Iterable[str]) -> Iterator[Topic]:
    """What must be loaded to read contacts by words on these attributes."""
    yield Topic(CONTACT, CHILD)
    yield from (Topic(attribute, ANYBODY) for attribute in sorted(attributes))


def _claims(words: Mapping[str, Any], facts: Facts) -> list[Claim]:
    found = (claim for attribute in sorted(words) for claim in facts.claims(Topic(attribute, ANYBODY)))
    return [claim for claim in found if is_said(claim)]


def _contacts(claims: Iterable[Claim], leaving_out: Any, view: View) -> Iterator[Contact]:
    """These claims, each contact once; those on things that are left out are none."""
    claims = list(claims)
    thing_in = {
        claim.number: thing
        for claim in claims
        if claim.attribute != CONTACT and (thing := view.facts.question_of(claim).thing) is not None
    }
    found: dict[_Key, list[tuple[Claim, str, str]]] = {}
    for claim in claims:
        own = None if claim.attribute == CONTACT else view.facts.question_of(claim).thing
        thing = own or thing_in.get(claim.number)
        for about, service in _whose(claim, view):
            if thing not in leaving_out:
                found.setdefault(_key(claim, thing, service), []).append((claim, about, service))
    for one in found.values():
        first = min(one, key=lambda told: (moment_of(told[0]), told[2], told[1]))
        when = moment_of(first[0]) if not _is_roll(one) else max(moment_of(claim) for claim, _, _ in one)
        about = CHILD if any(who == CHILD for _, who, _ in one) else first[1]
        occasion = Occasion(when, first[2], tuple(claim for claim, _, _ in one))
        yield Contact(occasion, about, max(_times(claim) for claim, _, _ in one))


def _key(claim: Claim, thing: str | None, service: str) -> _Key:
    if claim.attribute == SCHOOL:
        return SCHOOL, service
    return ("thing", thing) if thing is not None else ("entry", str(claim.number), service)


def _is_roll(told: Iterable[tuple[Claim, str, str]]) -> bool:
    return any(claim.attribute == SCHOOL for claim, _, _ in told)


def _times(claim: Claim) -> int:
    is_stretch = "/" in (claim.valid or "")
    return _AS_REPEATED if claim.attribute == ENGAGEMENT and is_stretch else 1


def _is_kept(fields: Mapping[str, Any]) -> bool:
    return fields.get("outcome") == _HELD and fields.get("planned", "no") != "no"


def _is_by_service(claim: Claim, view: View) -> bool:
    """Whether it says that the service itself, and not the family, called the contact off."""
    party = fields_of(claim).get("by_whom")
    if isinstance(party, Mapping):
        return "agency" in party
    return isinstance(party, str) and (view.facts.agency_kind(party) is not None or view.pack.agency_kind(party) != "")


def _whose(claim: Claim, view: View) -> Iterator[tuple[str, str]]:
    """Whom a claim is about and of which service it speaks, where that is one for the child."""
    about = view.facts.question_of(claim).about
    posting = view.facts.agency_kind(claim.agency) or claim.agency
    kind = view.pack.agency_kind(posting)
    named = "" if claim.item is None or claim.attribute in _ITEM_IS_ELSE else _named(claim.item, view.pack)
    service = named or kind or claim.agency
    is_own_need = any(word in (claim.item or "").replace("_", " ").casefold() for word in _own_needs(view))
    is_known = service in view.pack.agencies
    is_theirs = not is_own_need and (not is_known or service in view.rule.settings["services"])
    if about == CHILD or (is_theirs and claim.attribute not in _OF_THE_CHILD):
        yield about, service


def _named(item: str, pack: Pack) -> str:
    """The sort of service that an item names, or begins with: an early help assessment is early help's."""
    words = item.replace("_", " ").split()
    kinds = (pack.agency_kind(" ".join(words[:end])) for end in range(len(words), 0, -1))
    return next((kind for kind in kinds if kind), "")


def _own_needs(view: View) -> tuple[str, ...]:
    return tuple(view.rule.settings.get("own_needs", ()))


def _holds(claim: Claim, view: View) -> tuple[datetime, datetime]:
    """From when a word was so, until when it is taken to be: longer where it was said to go on."""
    since, until = speaks_of(claim)
    goes_on = (claim.valid or "").endswith("/..")
    return since, until + _length("carried" if goes_on else "within", view)


def _length(key: str, view: View) -> timedelta:
    return length_of(view.rule.settings[key])
