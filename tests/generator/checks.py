"""Stories of words that nobody checked and of words that a decision leans on, and of what only looks like them."""

from typing import Any

from tests.generator.comparing import BESIDE, apart, drawn, is_ordinary, states, within
from tests.generator.story import Story, Teller, Written, claim, days, told

#: Somebody who neither cares for the child nor is kin to anybody, and repeats nobody.
_TEACHER = {"basis": "told", "informant": {"agency": "school", "role": "teacher"}}
#: Beside a word that nobody checked, what differs from it.
_OTHERS = frozenset({"concern", "contradiction", "same_informant", "identity", "explanation", "passing_on"})


def _clocked(teller: Teller, clock: str) -> tuple[str, str]:
    """An attribute and a value of it that is to be checked by this clock."""
    found = [
        (attribute.name, value)
        for attribute in teller.pack.attributes.values()
        if attribute.type == "state" and attribute.thing != "required" and attribute.about != "child"
        for value in attribute.values
        if attribute.corroborate.get(value) == clock
    ]
    return teller.random.choice(found)


def _word(teller: Teller, name: str, value: str, about: str, parts: dict[str, str], **more: Any) -> dict[str, Any]:
    return claim(name, value, about=about, **parts, **more)


def _told(teller: Teller, clock: str) -> tuple[Written, dict[str, Any]]:
    """What the mother, or the person whom it is about, says; and the same claim to be made by others."""
    name, value = _clocked(teller, clock)
    attribute = teller.pack.attributes[name]
    about, parts, day = teller.person(), teller.parts(attribute), teller.day()
    who = teller.random.choice(("mother", about))
    (agency,) = teller.agencies(1, ("hv", "csc", "school"))
    said = _word(teller, name, value, about, parts, valid=f"{day}/..")
    return teller.said(agency, day, said | told(who), late=0, contact={"depth": "told"}), said


def nobody_checked(teller: Teller) -> Story:
    """An interested word that is to be checked within ten working days, and is not."""
    first, _ = _told(teller, "within_10wd")
    return Story("nobody_checked", "uncorroborated", [first], (0,), _OTHERS)


def to_be_checked_at_once(teller: Teller) -> Story:
    """An interested word that must not stand unchecked at all."""
    first, _ = _told(teller, "at_once")
    return Story("to_be_checked_at_once", "uncorroborated", [first], (0,), _OTHERS)


def decided_on_a_word(teller: Teller) -> Story:
    """A decision that leans on an interested word alone."""
    first, said = _told(teller, "at_next_decision")
    decided = teller.act("csc", first.at.date() + days(25), "decision", {"kind": "step_down", "to": "early_help",
                         "reason": "Progress.", "relies_on": [_leant_on(said)]})  # fmt: skip
    return Story("decided_on_a_word", "uncorroborated", [first, decided], (0,), _OTHERS)


def account_of_unexamined_injury(teller: Teller) -> Story:
    """How a child was badly hurt, by a carer's word alone; nobody has examined it."""
    day, thing = teller.day(), teller.thing()
    hurt, how = teller.random.choice((("fracture", "stairs"), ("burn", "hot_surface"), ("scald", "hot_liquid")))
    entry = teller.said(
        "hv",
        day,
        claim("injury", hurt, about="child", thing=thing),
        claim("account", how, about="child", thing=thing, **told("mother")),
        late=0,
        contact={"depth": "seen"},
    )
    return Story("account_of_unexamined_injury", "explanation", [entry], (0,), _OTHERS - {"uncorroborated"})


def seen_since(teller: Teller) -> Story:
    """Another agency sees for itself, in time, that it is so."""
    first, said = _told(teller, "within_10wd")
    day = first.at.date()
    how = {"basis": teller.random.choice(("seen", "measured"))}
    second = teller.said("gp", day + days(teller.random.randint(1, 6)), said | how, late=0, contact={"depth": "seen"})
    return Story("seen_since", None, [first, second], also=_OTHERS)


def said_by_a_third(teller: Teller) -> Story:
    """Somebody without an interest says so too, in time."""
    first, said = _told(teller, "within_10wd")
    second = teller.said("police", first.at.date() + days(teller.random.randint(1, 6)), said | _TEACHER, late=0)
    return Story("said_by_a_third", None, [first, second], also=_OTHERS)


def without_interest(teller: Teller) -> Story:
    """Somebody without an interest alone says so."""
    first, said = _told(teller, teller.random.choice(("within_10wd", "at_once")))
    entry = teller.said("police", first.at.date(), said | _TEACHER, late=0)
    return Story("without_interest", None, [entry], also=_OTHERS)


def own_sight(teller: Teller) -> Story:
    """An agency's own sight needs nobody else's."""
    first, said = _told(teller, teller.random.choice(("within_10wd", "at_once")))
    entry = teller.said("csc", first.at.date(), said, late=0, contact={"depth": "seen"})
    return Story("own_sight", None, [entry], also=_OTHERS)


def nothing_decided(teller: Teller) -> Story:
    """What is to be checked at the next decision, and none is made."""
    first, _ = _told(teller, "at_next_decision")
    return Story("nothing_decided", None, [first], also=_OTHERS)


# ── what a decision leans on ──


def _leant_on(said: dict[str, Any]) -> dict[str, Any]:
    return {name: said[name] for name in ("about", "attribute", "value", "thing", "with", "item") if name in said}


def _changed(teller: Teller, decided: str, name: str, kind: str | None) -> Story:
    """An old word, a newer one elsewhere long after; a decision on the ``old`` or the ``new``, or on ``neither``."""
    attribute = states(teller, is_ordinary)
    first, second = drawn(teller, [*apart(attribute)])
    about, parts, day = teller.about(attribute), teller.parts(attribute), teller.day()
    one, other = teller.agencies(2)
    later = day + days(within(attribute) + teller.random.randint(45, 120))
    old = claim(attribute.name, first, about=about, valid=teller.since(day - days(20)), **parts, **told("mother"))
    new = claim(attribute.name, second, about=about, valid=f"{later}/..", **parts)
    entries = [teller.said(one, day, old), teller.said(other, later, new)]
    if decided != "neither":
        when = later + days(12) if decided == "new" or teller.random.random() < 0.5 else day + days(12)
        relies = {"kind": "step_down", "to": "early_help", "relies_on": [_leant_on(new if decided == "new" else old)]}
        entries.append(teller.act(one, when, "decision", relies))
    return Story(name, kind, entries, (0, 1) if kind else (), BESIDE)


def decision_on_the_old(teller: Teller) -> Story:
    """A decision rests on a word that another has overtaken."""
    return _changed(teller, "old", "decision_on_the_old", "overtaken")


def decision_on_the_new(teller: Teller) -> Story:
    """The decision rests on the newer word."""
    return _changed(teller, "new", "decision_on_the_new", None)


def nothing_rests_on_it(teller: Teller) -> Story:
    """Nothing rests on the old word; its holder is told, and that is no finding."""
    return _changed(teller, "neither", "nothing_rests_on_it", None)


PLANTED = (
    nobody_checked, to_be_checked_at_once, decided_on_a_word, account_of_unexamined_injury, decision_on_the_old,
)  # fmt: skip
LOOKALIKES = (
    seen_since, said_by_a_third, without_interest, own_sight, nothing_decided, decision_on_the_new, nothing_rests_on_it,
)  # fmt: skip
