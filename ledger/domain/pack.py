"""A rule pack: the vocabulary and the rules, versioned and named by the digest of its content.

A pack is read from a mapping in which every scalar is text (docs and the loader say where it comes from). It is
checked whole: `PackError` carries every fault with its path, so that a file and a line can be named. Nothing is
guessed, and a pack with a fault is no pack.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cached_property
from typing import Any, Final, TypeVar, cast

from ledger.domain.agency import AgencyKind, AgencyKinds, agency_kinds
from ledger.domain.disagreement import Ladder
from ledger.domain.duration import parse_duration
from ledger.domain.entry import canonical
from ledger.domain.example import Example
from ledger.domain.families import BUILT_IN, FAMILIES
from ledger.domain.finding import Kind
from ledger.domain.pack_alerts import AlertSettings, alert_settings
from ledger.domain.pack_decisions import DecisionSettings, decision_settings
from ledger.domain.pack_fault import faults_between, kind_of
from ledger.domain.pack_form import is_compared, pack_form
from ledger.domain.pack_views import ViewSettings, view_settings
from ledger.domain.rule import Family, Rule
from ledger.domain.shape import Fault, conform
from ledger.domain.telling import told_by_others
from ledger.domain.vocabulary import ANY_VALUE, EVENT_STATES, EVENT_VALUES, Attribute
from ledger.domain.weight import WEIGHTS

_Member = TypeVar("_Member")
_T = TypeVar("_T")
#: Records say of the same people the same things: of mothers and fathers that they are there.
_QUESTIONS_KEPT: Final = 2048


class PackError(ValueError):
    """A pack that cannot be used. ``faults`` are (path, what to do about it), in the order of the text."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(f"{'/'.join(map(str, path))}: {message}" for path, message in faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class PackTopic:
    """What a concern can be about. ``answered_by``: how deep a contact must go, or what else it takes, to answer it."""

    name: str
    meaning: str
    answered_by: str
    source: str


@dataclass(frozen=True)
class Pack:
    """A rule pack in use. ``digest`` is the SHA-256, in hex, of the canonical bytes of all that it says.

    ``rules`` has those that are always there too; ``switched_off`` those that are not to run, with the reason.
    """

    name: str
    version: str
    digest: str
    attributes: Mapping[str, Attribute]
    topics: Mapping[str, PackTopic] = field(default_factory=dict)
    agencies: Mapping[str, AgencyKind] = field(default_factory=dict)
    rules: Mapping[str, Rule] = field(default_factory=lambda: {rule.name: rule for rule in BUILT_IN})
    switched_off: Mapping[str, str] = field(default_factory=dict)
    severity: Mapping[str, int] = field(default_factory=lambda: dict(WEIGHTS))
    alerts: AlertSettings = field(default_factory=alert_settings)
    disagreements: Ladder = field(default_factory=Ladder)
    decisions: DecisionSettings = field(default_factory=DecisionSettings)
    views: ViewSettings = field(default_factory=ViewSettings)

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any], families: Mapping[str, Family] = FAMILIES) -> Pack:
        """The pack that a mapping of texts describes. Raises PackError with every fault."""
        conformed, faults = conform(mapping, pack_form(families))
        if not faults:
            faults = [*faults_between(cast("Mapping[str, Any]", conformed), families)]
        if faults:
            raise PackError(faults)
        content = cast("Mapping[str, Any]", conformed)
        rules = content.get("rules", {})
        return cls(
            name=content["pack"],
            version=content["version"],
            digest=hashlib.sha256(canonical(dict(mapping))).hexdigest(),
            attributes={name: _attribute(name, written) for name, written in content["attributes"].items()},
            topics={name: PackTopic(name, **written) for name, written in content.get("topics", {}).items()},
            agencies=agency_kinds(content.get("agencies", {})),
            rules={rule.name: rule for rule in BUILT_IN}
            | {
                name: _rule(name, written, families[written["family"]])
                for name, written in rules.items()
                if "off" not in written
            },
            switched_off={name: written["off"] for name, written in rules.items() if "off" in written},
            severity={**WEIGHTS, **content.get("severity", {})},
            alerts=alert_settings(content.get("alerts")),
            disagreements=Ladder.of_written(content.get("disagreements")),
            decisions=decision_settings(content.get("decisions")),
            views=view_settings(content.get("views")),
        )

    def without_examples(self) -> Pack:
        """The same pack as detection uses it: what shows how its rules work is for whoever checks or reads them."""
        return replace(
            self,
            attributes={name: replace(one, examples=()) for name, one in self.attributes.items()},
            rules={name: replace(rule, examples=()) for name, rule in self.rules.items()},
        )

    def check_claim(self, claim: Mapping[str, Any]) -> list[Fault]:
        """What the vocabulary finds wrong with a claim, by place in it; no message repeats what was sent."""
        name = claim.get("attribute")
        attribute = self.attributes.get(name) if isinstance(name, str) else None
        if attribute is None:
            return [(("attribute",), f"the rule pack has no such attribute; it has: {', '.join(self.attributes)}")]
        faults = attribute.check_claim(claim)
        if "topic" in claim and self.topics and claim["topic"] not in self.topics:
            faults.append((("topic",), f"the rule pack has no such topic; it has: {', '.join(self.topics)}"))
        return faults

    def agency_kind(self, written: str | None) -> str:
        """The sort of agency that goes by this name, as a rule of the pack calls it; "" where none does."""
        return self._agency_kinds.kind_of(written)

    @cached_property
    def _agency_kinds(self) -> AgencyKinds:
        return AgencyKinds.of(self.agencies.values())

    @cached_property
    def compared(self) -> frozenset[str]:
        """The attributes on which statements are set against each other."""
        return frozenset(name for name, attribute in self.attributes.items() if attribute.is_compared)

    @cached_property
    def needs_thing(self) -> frozenset[str]:
        """The attributes whose claims are always about a thing."""
        return frozenset(name for name, attribute in self.attributes.items() if attribute.thing == "required")

    @cached_property
    def heard_by_constraints(self) -> frozenset[str]:
        """The attributes on which statements are set against those on another one, or a detail of the record."""
        return frozenset(self._heard_by_constraints)

    def rules_on(self, attribute: str) -> tuple[Rule, ...]:
        """The rules on which a claim of this attribute bears, in the pack's order; constraints speak through others."""
        return self._heard_by_rules.get(attribute, ())

    def constraints_on(self, attribute: str) -> tuple[Rule, ...]:
        """The constraints whose findings stand on questions of this attribute."""
        return self._constraints.get(attribute, ())

    def constraints_from(self, attribute: str) -> tuple[Rule, ...]:
        """The constraints on which a claim of this attribute bears, wherever their findings stand."""
        return self._heard_by_constraints.get(attribute, ())

    def attributes_of_topic(self, topic: str) -> tuple[str, ...]:
        """The attributes whose claims bear on this topic unless they say otherwise."""
        return self._of_topic.get(topic, ())

    def of_rule(self, rule: Rule, what: str, work_out: Callable[[], _T]) -> _T:
        """What follows from a rule of this pack and the pack alone, worked out once."""
        if self.rules.get(rule.name) is not rule:
            return work_out()
        key = (rule.name, what)
        if key not in self._of_rules:
            self._of_rules[key] = work_out()
        found: _T = self._of_rules[key]
        return found

    def of_question(self, what: str, question: Hashable, work_out: Callable[[], _T]) -> _T:
        """What follows from a question and the pack alone; kept of the questions that were asked of lately."""
        kept, key = self._of_questions, (what, question)
        found: _T | None = kept.get(key)  # in one look: another thread may be clearing it
        if found is None:
            if len(kept) >= _QUESTIONS_KEPT:
                kept.clear()
            found = kept[key] = work_out()
        return found

    @cached_property
    def _of_questions(self) -> dict[tuple[str, Hashable], Any]:
        return {}

    @cached_property
    def _of_rules(self) -> dict[tuple[str, str], Any]:
        return {}

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Where each rule stands among the others."""
        return {name: place for place, name in enumerate(self.rules)}

    @cached_property
    def _heard_by_rules(self) -> Mapping[str, tuple[Rule, ...]]:
        rules = [rule for rule in self.rules.values() if rule.family.meets is None]
        return _grouped((heard, rule) for rule in rules for heard in sorted(rule.family.listens(rule, self)))

    @cached_property
    def _heard_by_constraints(self) -> Mapping[str, tuple[Rule, ...]]:
        rules = [rule for rule in self.rules.values() if rule.family.meets is not None]
        return _grouped((heard, rule) for rule in rules for heard in sorted(rule.family.listens(rule, self)))

    @cached_property
    def _constraints(self) -> Mapping[str, tuple[Rule, ...]]:
        rules = [rule for rule in self.rules.values() if rule.family.meets is not None]
        return _grouped((rule.settings["one"]["attribute"], rule) for rule in rules)

    @cached_property
    def _of_topic(self) -> Mapping[str, tuple[str, ...]]:
        return _grouped((attribute.topic, attribute.name) for attribute in self.attributes.values() if attribute.topic)


def _grouped(pairs: Iterable[tuple[str, _Member]]) -> dict[str, tuple[_Member, ...]]:
    grouped: dict[str, tuple[_Member, ...]] = {}
    for name, member in pairs:
        grouped[name] = (*grouped.get(name, ()), member)
    return grouped


def _attribute(name: str, written: Mapping[str, Any]) -> Attribute:
    bit_of = {state: 1 << place for place, state in enumerate(written.get("states", ()))}
    masks = {word_: sum({bit_of[state] for state in allowed}) for word_, allowed in written.get("values", {}).items()}
    holds_for = parse_duration(written["holds_for"]) if "holds_for" in written else None
    masks_of_leans = {value: bit_of[state] for value, state in written.get("leans", {}).items()}
    return Attribute(
        name=name,
        about=written["about"],
        type=written["type"],
        meaning=written["meaning"],
        states=EVENT_STATES if written["type"] == "event" else tuple(bit_of),
        values=EVENT_VALUES if written["type"] == "event" else masks,
        is_compared=is_compared(written),
        holds_for=holds_for if isinstance(holds_for, timedelta) else None,
        compare_within=parse_duration(written.get("compare_within", "P60D")),
        only_forward=written.get("only_forward") == "yes",
        critical=written.get("critical") == "yes",
        binds=written.get("binds") == "yes",
        past_matters=written.get("past_matters") == "yes",
        thing=written.get("thing", "no"),
        counterpart=written.get("with", "no"),
        item=written.get("item", "no"),
        topic=written.get("topic"),
        polarity=_by_value(written.get("polarity")),
        leans=masks_of_leans,
        finds=written.get("finds", "contradiction"),
        differs=written.get("differs", "excludes"),
        corroborate=_by_value(written.get("corroborate")),
        comes_and_goes=written.get("comes_and_goes") == "yes",
        glimpses=frozenset(written.get("glimpses", ())),
        owner=written.get("owner"),
        ask=written.get("ask"),
        source=written.get("source"),
        unit=written.get("unit"),
        tolerance=written.get("tolerance"),
        examples=_examples(written),
    )


def _by_value(written: Any) -> dict[str, Any]:
    """What is said of each value; of all of them alike under `ANY_VALUE`."""
    return dict(written) if isinstance(written, Mapping) else {} if written is None else {ANY_VALUE: written}


def _rule(name: str, written: Mapping[str, Any], family: Family) -> Rule:
    told_by = tuple(written.get("told_by", ()))
    return Rule(
        name=name,
        family=told_by_others(family) if told_by else family,
        finds=cast("Kind", kind_of(written, family)),
        settings={key: written[key] for key in family.form if key in written},
        critical=written.get("critical") == "yes",
        meaning=written["meaning"],
        source=written["source"],
        ask=written.get("ask"),
        examples=_examples(written),
        told_by=told_by,
    )


def _examples(written: Mapping[str, Any]) -> tuple[Example, ...]:
    return tuple(
        Example(
            shows=example["shows"],
            entries=tuple(example.get("entries") or example["claims"]),
            finds=example["finds"],
            until=example.get("until"),
        )
        for example in written.get("examples", ())
    )
