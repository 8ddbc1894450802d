"""Which reassurances come at a time at which they can meet a concern, and which are of another time of a life.

An injury, a disclosure or a conviction stays as open as it was: on a topic that lasts, only an answer ends a concern.
A state can change. What was so over a period that ended, or is so no longer to somebody who looks, is a change, and
not an answer that was too shallow; but another's bare word against what a professional saw or recorded is none.
"""

from __future__ import annotations

from ledger.domain.rule import Rule
from ledger.domain.rules.concern_matter import Said, goes_on, is_one_contact, stated_end
from ledger.domain.rules.concern_reading import days, topic_of


def comes_to(concern: Said, other: Said, rule: Rule, topic: str | None) -> bool:
    """Whether a reassurance comes from elsewhere, and at a time at which it could meet a concern on this topic."""
    if other.source == concern.source or is_one_contact(concern, other):
        return False
    if not concern.is_of_topic and not other.is_of_topic:
        return False  # neither is of this topic: they meet on their own
    if other.observed.start < concern.observed.start - days(rule, "before"):
        return False
    if _is_a_look(other, rule) and other.observed.start < concern.observed.start:
        return False
    is_of_thing = concern.thing is not None and concern.thing == other.thing
    return is_of_thing or not _is_of_another_time(concern, other, rule, topic)


def _is_a_look(other: Said, rule: Rule) -> bool:
    """Whether it only says how the child looked, which bears on the topic as long as it bears on what went before."""
    return not other.is_of_topic and topic_of(other.claim, other.attribute, rule) is not None


def _is_of_another_time(concern: Said, other: Said, rule: Rule, topic: str | None) -> bool:
    settings, name = rule.settings, concern.claim.attribute
    lapse = days(rule, "lapses_after")
    is_late = other.observed.start > concern.observed.end + lapse
    if name in settings.get("moments", ()) and not goes_on(concern.claim):
        return is_late
    if name in settings.get("passing", ()) or topic in settings.get("changing", ()):
        end = stated_end(concern.claim)
        if end is not None:
            return other.observed.start > end + lapse
        return is_late and (not concern.depth.is_own or other.depth.is_own)
    if topic in settings.get("lasting", ()):
        return is_late and _is_a_look(other, rule)
    return is_late
