"""What is read of a record for one topic about one person: concerns, reassurances, and what may answer a concern."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from heapq import nlargest
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.civil_day import civil_date
from ledger.domain.claim import ALLEGATION, Claim
from ledger.domain.duration import parse_duration
from ledger.domain.edtf import EdtfError, observed_bounds, parse
from ledger.domain.owner import owns
from ledger.domain.person import CHILD
from ledger.domain.question import Question, Topic
from ledger.domain.rule import Rule, View
from ledger.domain.rules.concern_depth import LADDER, Depth, Skills, depth_of
from ledger.domain.rules.concern_matter import Polarity, Said, is_lesser, stated_end
from ledger.domain.source import HEARD
from ledger.domain.statement import COMPARED
from ledger.domain.vocabulary import Attribute

if TYPE_CHECKING:
    from ledger.domain.facts import Facts
    from ledger.domain.pack import Pack

GENERAL: Final = "general"
BORN: Final = "date_of_birth"
_USUAL: Final = {"before": "P3D", "lapses_after": "P90D"}
#: Steps of an allegation after which an enquiry has its outcome.
_OUTCOMES: Final = frozenset({"outcome", "substantiated", "unsubstantiated", "unfounded"})
_STEP: Final = Attribute(ALLEGATION, about="anyone", type="event", meaning="", thing="required")

#: Of more claims on one topic about one person, the latest count.
_CLAIMS_MAX: Final = 256

#: One office's contacts of one day, and what was looked at; None: the whole person.
_Contact = tuple[str, str | None, date, str | None]


def days(rule: Rule, key: str) -> timedelta:
    """One of a rule's lengths of time, as it says or as is usual."""
    length = parse_duration(rule.settings.get(key, _USUAL.get(key, "P0D")))
    return length if isinstance(length, timedelta) else timedelta.max


def is_open(rule: Rule, attribute: Attribute) -> bool:
    """Whether its claims may be on any topic: it has none, or the rule lets them name another."""
    return attribute.topic is None or attribute.name in rule.settings.get("any_topic", ())


def topic_of(claim: Claim, attribute: Attribute, rule: Rule) -> str | None:
    """The topic of a claim: as it says where it may, else its attribute's, else what the rule takes it to be on."""
    named = claim.topic if is_open(rule, attribute) else None
    usual: str | None = rule.settings.get("usual_topic", {}).get(claim.attribute)
    return named or attribute.topic or usual


def bearing(rule: Rule, pack: Pack) -> Iterator[str]:
    """The attributes whose claims are concerns, reassurances or answers of a rule, or say how deep somebody went."""
    named = {*rule.settings.get("depth_from", {}), *rule.settings.get("of_anything", {})}
    for name, attribute in pack.attributes.items():
        speaks = bool(attribute.polarity) and is_open(rule, attribute)
        if speaks or name in named or attribute.topic in rule.settings["topics"]:
            yield name


def topics_of(rule: Rule, area: Question, pack: Pack) -> Iterator[Topic]:
    """What is read to judge one topic about one person."""
    for name in bearing(rule, pack):
        attribute = pack.attributes[name]
        if is_open(rule, attribute) or attribute.topic == area.item:
            yield Topic(name, area.about)
    yield Topic(ALLEGATION, CHILD)
    if "ordinary_from" in rule.settings:
        yield Topic(BORN, area.about)


def read(view: View) -> list[Said]:
    """All that bears on one topic about one person; of very much, the latest."""
    claims = [*_candidates(view)]
    if len(claims) > _CLAIMS_MAX:
        claims = nlargest(_CLAIMS_MAX, claims, key=_said_when)
    said = [*_said(claims, view), *_outcomes(claims, view)]
    lesser, ordinary = view.rule.settings.get("lesser", {}), _ordinary(said, view)
    return [
        replace(one, polarity="reassurance")
        if is_lesser(one, said, lesser)
        else replace(one, polarity=None)
        if one.polarity == "concern" and one.question.thing in ordinary
        else one
        for one in said
    ]


def _candidates(view: View) -> Iterator[Claim]:
    """The claims that may bear on the topic. Most that were read are of another, and are not looked at twice."""
    rule, asked, facts = view.rule, view.area.item, view.facts
    settings = rule.settings
    elsewhere = {name for key in ("raises", "calms", "shown_by") for name in settings.get(key, {}).get(asked, ())}
    elsewhere |= {*settings.get("depth_from", {})}
    for topic in topics_of(rule, view.area, view.pack):
        attribute = view.pack.attributes.get(topic.attribute)
        if attribute is None or topic.attribute == BORN:
            continue
        takes_all = topic.attribute in elsewhere or not is_open(rule, attribute)
        takes_any = topic.attribute in settings.get("of_anything", {})
        for question in facts.questions(topic):
            for claim in facts.claims_on(question):
                own = topic_of(claim, attribute, rule)
                if not (takes_all or own == asked or (own is None and takes_any)):
                    continue
                if claim.value is not None and claim.statement in COMPARED and _is_dated(claim):
                    yield claim


def _is_dated(claim: Claim) -> bool:
    """Whether its day can be read: it was checked when taken in, but a later parser must not stop the rest."""
    try:
        observed_bounds(claim.observed)
    except EdtfError:
        return False
    return True


def _said_when(claim: Claim) -> tuple[Any, ...]:
    return (*observed_bounds(claim.observed), claim.agency, claim.attribute, claim.value, claim.ref)


def _skills(rule: Rule) -> Skills:
    of, clinical = rule.settings, tuple(rule.settings.get("clinical", ()))
    return Skills(of.get("examiners"), of.get("may_examine"), clinical, tuple(of.get("of_anything", ())))


def _said(claims: Sequence[Claim], view: View) -> Iterator[Said]:
    rule, facts = view.rule, view.facts
    skills = _skills(rule)
    looked = _looked(claims, view)
    for claim in claims:
        attribute = view.pack.attributes[claim.attribute]
        polarity = _polarity(claim, attribute, view)
        calms = False
        if not _bears(claim, attribute, polarity, view):
            calms = claim.topic is None and _is_named(claim, rule.settings.get("calms", {}).get(view.area.item, {}))
            if not calms and not _shows(claim, view):
                continue
            polarity = "reassurance"
        at_contact = [looked[key] for key in _keys(claim, facts) if key in looked]
        depth = depth_of(
            claim,
            attribute,
            max(at_contact, key=LADDER.__getitem__, default=None),
            skills,
            facts,
            is_answer=claim.value in rule.settings.get("replies", {}).get(claim.attribute, ()),
        )
        if calms and not _is_for_them(claim, depth, view):
            continue
        observed, question = observed_bounds(claim.observed), facts.question_of(claim)
        is_of_topic = topic_of(claim, attribute, rule) == view.area.item
        yield Said(claim, attribute, question, observed, facts.source(claim).key, depth, polarity, is_of_topic)


def _is_for_them(claim: Claim, depth: Depth, view: View) -> bool:
    """Whether how the child looked reassures of another topic than its own.

    To somebody who saw the child for another reason it says nothing of a worry that they may not know of; to one
    whose turn it is to answer it does. An examination says in its own words what it found.
    """
    if depth.most < LADDER["seen"]:
        return True
    kind = view.facts.agency_kind(claim.agency)
    return depth.most < LADDER["examined"] and owns(view.rule.settings.get("whose_turn"), kind, claim.office)


def explains_away(claim: Claim, rule: Rule) -> bool:
    """Whether it reassures by an account of what happened."""
    return _is_named(claim, rule.settings.get("reassures", {}))


def _is_named(claim: Claim, values_of: Mapping[str, Sequence[str]]) -> bool:
    """Whether a setting names a claim's value; an empty list names them all."""
    values = values_of.get(claim.attribute)
    return values is not None and (not values or claim.value in values)


def _polarity(claim: Claim, attribute: Attribute, view: View) -> Polarity | None:
    rule = view.rule
    if _is_named(claim, rule.settings.get("raises", {}).get(view.area.item, {})):
        return "concern"
    found = attribute.polarity_of(claim.value)
    if explains_away(claim, rule):
        # Who saw it happen does not explain it away.
        return None if claim.basis == "seen" else "reassurance"
    if _is_named(claim, rule.settings.get("aside", {})) or (found == "concern" and _is_over(claim, attribute, view)):
        return None
    return "concern" if found == "concern" else "reassurance" if found == "reassurance" else None


def _is_over(claim: Claim, attribute: Attribute, view: View) -> bool:
    """Whether it was over, on a topic on which only what goes on matters, before it was said."""
    if topic_of(claim, attribute, view.rule) not in view.rule.settings.get("passes", ()):
        return False
    end = stated_end(claim)
    return end is not None and end <= observed_bounds(claim.observed).start


def _bears(claim: Claim, attribute: Attribute, polarity: Polarity | None, view: View) -> bool:
    """Whether a claim is on the topic, or reassures of everything."""
    settings, asked = view.rule.settings, view.area.item
    own = topic_of(claim, attribute, view.rule)
    if own == asked and (asked is not None or polarity is not None):
        return True
    if _is_named(claim, settings.get("raises", {}).get(asked, {})):
        return True
    return own is None and polarity == "reassurance" and _is_named(claim, settings.get("of_anything", {}))


def _shows(claim: Claim, view: View) -> bool:
    """Whether, though it is of another topic, it shows what answers this one to whoever made it."""
    settings = view.rule.settings
    if claim.basis in HEARD or claim.attribute not in settings.get("shown_by", {}).get(view.area.item, ()):
        return False
    shows = settings.get("depth_from", {}).get(claim.attribute)
    return shows is None or claim.value in shows


def _looked(claims: Iterable[Claim], view: View) -> Mapping[_Contact, str]:
    """How deep contacts went, as other claims made at them say."""
    depth_from = view.rule.settings.get("depth_from", {})
    looked: dict[_Contact, str] = {}
    for claim in claims:
        depth = depth_from.get(claim.attribute, {}).get(claim.value)
        if depth is not None and claim.basis not in HEARD:
            key = _keys(claim, view.facts)[-1]
            looked[key] = max(looked.get(key, depth), depth, key=LADDER.__getitem__)
    return looked


def _keys(claim: Claim, facts: Facts) -> list[_Contact]:
    """The contact of a claim as a whole, and as far as it was about the claim's thing."""
    day = civil_date(observed_bounds(claim.observed).start)
    thing = None if claim.thing is None else facts.question_of(claim).thing
    whole = (claim.agency, claim.office, day, None)
    return [whole] if thing is None else [whole, (claim.agency, claim.office, day, thing)]


def _outcomes(claims: Iterable[Claim], view: View) -> Iterator[Said]:
    """The outcomes of enquiries: into all allegations about the child, else into those against this person."""
    facts, about = view.facts, view.area.about
    replies = view.rule.settings.get("replies", {})
    things = {facts.question_of(claim).thing for claim in claims if claim.attribute in replies}
    for claim in facts.claims(Topic(ALLEGATION, CHILD)):
        question = facts.question_of(claim)
        if claim.value not in _OUTCOMES or question.thing is None or (about != CHILD and question.thing not in things):
            continue
        depth = depth_of(claim, None, None, Skills(None, None), facts, is_answer=True)
        source = facts.source(claim).key
        yield Said(claim, _STEP, question, observed_bounds(claim.observed), source, depth, "reassurance")


def _ordinary(said: Sequence[Said], view: View) -> frozenset[str]:
    """Things that are everyday injuries: all that is said of them is, and the child was old enough to come by them."""
    settings = view.rule.settings
    written: Mapping[str, Sequence[str]] = settings.get("ordinary", {})
    grown = _born(view) + days(view.rule, "ordinary_from") if written and _born(view) else None
    if grown is None:
        return frozenset()
    of_thing: dict[str, list[Said]] = {}
    for one in said:
        if one.question.thing is not None:
            of_thing.setdefault(one.question.thing, []).append(one)
    beside: Mapping[str, Sequence[str]] = settings.get("ordinary_beside", {})
    return frozenset(thing for thing, about in of_thing.items() if _is_ordinary(about, written, beside, grown))


def _is_ordinary(
    about: Sequence[Said], written: Mapping[str, Sequence[str]], beside: Mapping[str, Sequence[str]], grown: datetime
) -> bool:
    words = [(one.claim.attribute, one.claim.value) for one in about if one.claim.attribute in written]
    return (
        {attribute for attribute, value in words if value in written[attribute]} == written.keys()
        and all(value in (*written[attribute], *beside.get(attribute, ())) for attribute, value in words)
        and all(one.claim.attribute in written for one in about if one.polarity == "concern")
        and all(one.observed.start >= grown for one in about)
    )


def _born(view: View) -> Any:
    """The latest day on which the person may have been born, or None."""
    found = []
    for claim in view.facts.claims(Topic(BORN, view.area.about)):
        try:
            found.append(parse(claim.value or "").latest_start)
        except EdtfError:
            continue
    return max(found, default=None)
