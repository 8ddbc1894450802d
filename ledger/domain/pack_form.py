"""The written form of a rule pack: which keys its parts may have. `pack_fault` has how they must agree.

An attribute:

* ``about``: ``person``, ``child`` or ``anyone``; ``type``; ``meaning``, in words for whoever posts.
* ``states`` and ``values`` (of a ``state``): each value lists the states that it allows.
* ``compared``: whether detection sets statements against each other (states: yes unless said; others: no).
* ``finds``: what a conflict on it is called. ``differs``: whether values that share no state exclude each other, or
  only ``strains``: they pull apart, and somebody should ask.
* ``holds_for``: from how long after it was last said a word that is carried is stale; left out: never.
* ``compare_within``: how long a word that is only carried still meets a new one (P60D unless said; P0D: only what
  both assert at one time; ``always``: what it states cannot change, so dates do not matter).
* ``only_forward``: its states are written in the order in which they are reached, and none is gone back from: an
  earlier one, set against a further one that is carried, is no change.
* ``comes_and_goes``: it can be otherwise within a day, so what is seen at a time of day says nothing of the rest of it.
* ``glimpses``: values that, seen on one day, show nothing of what is so for longer, as that somebody is not there.
* ``critical``: a conflict is raised even where it may be a change. ``past_matters``: a difference about the past
  keeps a finding open. ``binds``: it says what an order, bail or a condition allows; going against it breaks that.
* ``thing``, ``with``, ``item``: ``no``, ``optional`` or ``required``: what parts one question from another.
* ``topic``: what its claims bear on, unless they say; ``polarity``: which values are a concern and which reassure;
  ``leans``: towards which state a value tends that allows several.
* ``corroborate``: by when a word of somebody with an interest in it is to be checked, for all values or for each.
* ``owner`` of the fact, ``ask`` (what to ask), ``source`` of the rule, ``unit`` of a quantity, ``tolerance`` of a
  quantity or a date.
* ``examples``: ``shows`` in words, the ``claims`` (or ``entries``), and what they ``finds``.

A topic: ``meaning``, what it is ``answered_by``, ``source``. A rule: its ``family``, and what that asks for. A sort of
agency: see `ledger.domain.agency`. Alerts: see `ledger.domain.pack_alerts`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ledger.domain.agency import AGENCY
from ledger.domain.body import BODIES
from ledger.domain.body_part import BASIS, CLAIM
from ledger.domain.disagreement import FORM as DISAGREEMENTS
from ledger.domain.duration import ALWAYS, refuse_duration
from ledger.domain.example import NOTHING
from ledger.domain.pack_alerts import ALERTS
from ledger.domain.pack_decisions import DECISIONS
from ledger.domain.pack_views import VIEWS
from ledger.domain.rule import Family
from ledger.domain.scenario import KINDS
from ledger.domain.shape import Anything, Count, Either, Fault, Items, Keys, Named, Path, Shape, Text, YesNo, keys, word
from ledger.domain.weight import WEIGHTS

#: How deep a contact goes, or what else it takes, to answer a concern.
ANSWERS: Final = ("told", "remote", "doorstep", "seen", "seen_alone", "examined")
ANSWERS_OTHERWISE: Final = ("measured", "home_entered", "owner_check")
CLOCKS_TO_CORROBORATE: Final = ("at_once", "within_10wd", "at_next_decision", "never")


def _refuse_holding(text: str) -> str | None:
    if text == ALWAYS:
        return "a word holds for a length of time: leave it out for what never grows stale"
    return refuse_duration(text)


_WORDS: Final = Items(Text(), least=1)
_OF_OBSERVATION: Final = {name: BODIES["observation"].fields[name] for name in ("observed", "author", "people")} | {
    "contact": BODIES["observation"].fields["contact"]
}
_WHEN: Final[Mapping[str, Shape]] = {"agency": Text(), "recorded": _OF_OBSERVATION["observed"]}
_SAID: Final = keys(
    {**CLAIM.fields, **_OF_OBSERVATION, **_WHEN, "basis": BASIS}, "agency observed basis", ["value not_known"]
)
_OTHER: Final = keys({**_WHEN, "kind": word(" ".join(BODIES)), "body": Anything()}, "agency kind body")


class _Entry:
    """An entry of an example: a claim with its observation's fields, or a body of the kind that it names."""

    def conform(self, value: object, path: Path, faults: list[Fault]) -> object:
        if not isinstance(value, dict) or "kind" not in value:
            return _SAID.conform(value, path, faults)
        entry = _OTHER.conform(value, path, faults)
        if isinstance(entry, dict) and value["kind"] in BODIES and "body" in value:
            entry["body"] = BODIES[value["kind"]].conform(value["body"], (*path, "body"), faults)
        return entry


EXAMPLE: Final = keys(
    {
        "shows": Text(),
        "claims": Items(_SAID, least=1),
        "entries": Items(_Entry(), least=1),
        "finds": word(" ".join([*KINDS, NOTHING])),
        "until": _OF_OBSERVATION["observed"],
    },
    "shows finds",
    ["claims entries"],
)
ATTRIBUTE: Final = keys(
    {
        "about": word("person child anyone"),
        "type": word("state person quantity date place event text"),
        "meaning": Text(),
        "states": _WORDS,
        "values": Named(_WORDS),
        "compared": YesNo(),
        "finds": word("contradiction identity explanation"),
        "differs": word("excludes strains"),
        "holds_for": Text(_refuse_holding),
        "compare_within": Text(refuse_duration),
        "only_forward": YesNo(),
        "comes_and_goes": YesNo(),
        "glimpses": _WORDS,
        "critical": YesNo(),
        "binds": YesNo(),
        "past_matters": YesNo(),
        "thing": word("no optional required"),
        "with": word("no optional required"),
        "item": word("no optional required"),
        "topic": Text(),
        "polarity": Either(word("concern reassurance"), Named(word("concern reassurance"))),
        "leans": Named(Text()),
        "corroborate": Either(word(" ".join(CLOCKS_TO_CORROBORATE)), Named(word(" ".join(CLOCKS_TO_CORROBORATE)))),
        "owner": Text(),
        "ask": Text(),
        "source": Text(),
        "unit": Text(),
        "tolerance": Text(),
        "examples": Items(EXAMPLE, least=1),
    },
    "about type meaning",
)
TOPIC: Final = keys(
    {"meaning": Text(), "answered_by": word(" ".join((*ANSWERS, *ANSWERS_OTHERWISE))), "source": Text()},
    "meaning answered_by source",
)
#: The keys that every rule may have; its family adds its own. ``off`` is the reason for which it is switched off;
#: ``told_by`` are rules that alert to the same thing (`ledger.domain.telling`).
RULE: Final[Mapping[str, Shape]] = {
    "family": Text(),
    "finds": word(" ".join(KINDS)),
    "critical": YesNo(),
    "meaning": Text(),
    "source": Text(),
    "ask": Text(),
    "off": Text(),
    "told_by": _WORDS,
    "examples": Items(EXAMPLE, least=1),
}
RULE_REQUIRED: Final = "family meaning source"


@dataclass(frozen=True, slots=True)
class _Rule:
    """A rule, by the form of the family that it names."""

    families: Mapping[str, Family]

    def conform(self, value: object, path: Path, faults: list[Fault]) -> object:
        name = value.get("family") if isinstance(value, dict) else None
        family = self.families.get(name) if isinstance(name, str) else None
        if family is None:
            if name is None:
                faults.append((path, "a rule is a mapping that names its family: add family"))
            else:
                faults.append(((*path, "family"), f"there is no such family; there are: {', '.join(self.families)}"))
            return value
        return keys({**RULE, **family.form}, f"{RULE_REQUIRED} {family.required}").conform(value, path, faults)


def pack_form(families: Mapping[str, Family]) -> Keys:
    """The form of a whole pack whose rules may be of these families."""
    return keys(
        {
            "pack": Text(),
            "version": Text(),
            "attributes": Named(ATTRIBUTE),
            "topics": Named(TOPIC),
            "agencies": Named(AGENCY),
            "rules": Named(_Rule(families)),
            "alerts": ALERTS,
            "severity": keys({name: Count(9, least=-9) for name in WEIGHTS}),
            "disagreements": DISAGREEMENTS,
            "decisions": DECISIONS,
            "views": VIEWS,
        },
        "pack version attributes",
    )


def is_compared(written: Mapping[str, Any]) -> bool:
    """Whether detection compares statements on this attribute: states unless they say no, others when they say yes."""
    return bool(written.get("compared", "yes" if written["type"] == "state" else "no") == "yes")
