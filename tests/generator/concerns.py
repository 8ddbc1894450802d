"""Stories of concerns and what answered them, and of what got lost on its way; and of what only looks like them."""

from typing import Any

from ledger.domain.vocabulary import Attribute
from tests.generator.story import Story, Teller, Written, claim, days, told

_BESIDE = frozenset({"contradiction", "same_informant", "uncorroborated", "explanation"})
#: For each depth that answers a topic, contacts that are too shallow for it, and one that is deep enough.
_SHALLOW: dict[str, tuple[dict[str, Any], ...]] = {
    "seen": ({"depth": "told"}, {"depth": "remote"}, {"depth": "doorstep"}),
    "seen_alone": ({"depth": "told"}, {"depth": "doorstep"}, {"depth": "seen"}),
    "examined": ({"depth": "told"}, {"depth": "remote"}, {"depth": "seen"}),
    "measured": ({"depth": "told"}, {"depth": "remote"}, {"depth": "seen"}),
    "home_entered": ({"depth": "told"}, {"depth": "doorstep", "home_entered": "no"}, {"depth": "remote"}),
}
_DEEP: dict[str, tuple[dict[str, Any], str]] = {
    "seen": ({"depth": "seen"}, "seen"),
    "seen_alone": ({"depth": "seen_alone"}, "seen"),
    "examined": ({"depth": "examined"}, "seen"),
    "measured": ({"depth": "examined"}, "measured"),
    "home_entered": ({"depth": "seen", "home_entered": "yes"}, "seen"),
}


def _leaning(teller: Teller, topic: str | None = None) -> tuple[Attribute, str, str, str]:
    """An attribute whose values can worry and reassure: its topic, a value that worries, and one that reassures."""
    found = []
    for attribute in teller.pack.attributes.values():
        depth = None if attribute.topic is None else teller.pack.topics[attribute.topic].answered_by
        if depth not in _DEEP or attribute.type != "state" or attribute.about == "person":
            continue
        if attribute.thing == "required" or attribute.name in teller.taken or topic not in {None, attribute.topic}:
            continue
        worries = [v for v in attribute.values if attribute.polarity_of(v) == "concern"]
        calms = [v for v in attribute.values if attribute.polarity_of(v) == "reassurance"]
        if worries and calms:
            found.append((attribute, worries, calms))
    attribute, worries, calms = teller.random.choice(found)
    assert attribute.topic is not None
    return attribute, attribute.topic, teller.random.choice(worries), teller.random.choice(calms)


def _about(teller: Teller, attribute: Attribute) -> str:
    if attribute.about == "child":
        teller.taken.add(attribute.name)
        return "child"
    return teller.person()


def _concern(
    teller: Teller, name: str, kind: str | None, after: int, *, deep: bool = False, elsewhere: bool = False
) -> Story:
    """A concern that somebody saw, and ``after`` days later a reassurance from another contact."""
    attribute, topic, worry, calm = _leaning(teller)
    depth = teller.pack.topics[topic].answered_by
    about, parts, day = _about(teller, attribute), teller.parts(attribute), teller.day()
    one, other = teller.agencies(2)
    deepest, basis = _DEEP[depth]
    contact, how = (deepest, {"basis": basis}) if deep else (teller.random.choice(_SHALLOW[depth]), told("mother"))
    whom = teller.person() if elsewhere else about
    entries = [
        teller.said(one, day, claim(attribute.name, worry, about=about, **parts), late=0, contact=deepest),
        teller.said(
            other, day + days(after), claim(attribute.name, calm, about=whom, **parts, **how), late=0, contact=contact
        ),
    ]
    return Story(name, kind, entries, (0, 1) if kind else (), _BESIDE)


def talked_away(teller: Teller) -> Story:
    """What one saw, another is told is well."""
    return _concern(teller, "talked_away", "concern", teller.random.randint(3, 40))


def in_other_words(teller: Teller) -> Story:
    """A worry in a few words on some topic, and a reassurance in a few words on the same."""
    topic = teller.random.choice([name for name, one in teller.pack.topics.items() if one.answered_by in _DEEP])
    depth = teller.pack.topics[topic].answered_by
    about, day = teller.person(), teller.day()
    one, other = teller.agencies(2)
    worry = claim("concern", "It did not look right.", about=about, topic=topic)
    calm = claim("reassurance", "All is well now.", about=about, topic=topic, **told("mother"))
    entries = [
        teller.said(one, day, worry, late=0, contact=_DEEP[depth][0]),
        teller.said(
            other, day + days(teller.random.randint(3, 30)), calm, late=0, contact=teller.random.choice(_SHALLOW[depth])
        ),
    ]
    return Story("in_other_words", "concern", entries, (0, 1), _BESIDE)


def answered(teller: Teller) -> Story:
    """It was looked into as deeply as such a worry needs."""
    return _concern(teller, "answered", None, teller.random.randint(3, 40), deep=True)


def well_before(teller: Teller) -> Story:
    """All was well long before the worry: nothing was answered by that."""
    return _concern(teller, "well_before", None, -teller.random.randint(20, 40))


def of_somebody_else(teller: Teller) -> Story:
    """Another person is well."""
    attribute, *_ = _leaning(teller)
    while attribute.about == "child":
        attribute, *_ = _leaning(teller)
    return _concern_of(teller, attribute)


def _concern_of(teller: Teller, attribute: Attribute) -> Story:
    worry = next(v for v in attribute.values if attribute.polarity_of(v) == "concern")
    calm = next(v for v in attribute.values if attribute.polarity_of(v) == "reassurance")
    parts, day = teller.parts(attribute), teller.day()
    one, other = teller.agencies(2)
    entries = [
        teller.said(
            one, day, claim(attribute.name, worry, about=teller.person(), **parts), late=0, contact={"depth": "seen"}
        ),
        teller.said(
            other,
            day + days(5),
            claim(attribute.name, calm, about=teller.person(), **parts, **told("mother")),
            late=0,
            contact={"depth": "told"},
        ),
    ]
    return Story("of_somebody_else", None, entries, also=_BESIDE)


def both_at_once(teller: Teller) -> Story:
    """One contact, deep enough, recorded what worries and what is well."""
    attribute, topic, _, calm = _leaning(teller)
    about, parts, day = _about(teller, attribute), teller.parts(attribute), teller.day()
    deepest, basis = _DEEP[teller.pack.topics[topic].answered_by]
    entry = teller.said(
        "hv",
        day,
        claim("concern", "A little pale.", about=about, topic=topic),
        claim(attribute.name, calm, about=about, basis=basis, **parts),
        late=0,
        contact=deepest,
    )
    return Story("both_at_once", None, [entry], also=_BESIDE)


def worse_and_worse(teller: Teller) -> Story:
    """Two worries: nobody reassured anybody."""
    attribute, _, worry, _ = _leaning(teller)
    about, parts, day = _about(teller, attribute), teller.parts(attribute), teller.day()
    one, other = teller.agencies(2)
    entries = [
        teller.said(agency, day + days(10 * place), claim(attribute.name, worry, about=about, **parts), late=0)
        for place, agency in enumerate((one, other))
    ]
    return Story("worse_and_worse", None, entries, also=_BESIDE)


# ── passing on ──

_PASSED = frozenset({"concern", "uncorroborated", "contradiction", "explanation"})


def _injury(teller: Teller, thing: str, count: str | None = None) -> list[dict[str, Any]]:
    claims = [
        claim("injury", "bruise", about="child", thing=thing),
        claim("examined", "medical", about="child", thing=thing),
    ]
    if count is not None:
        claims.append(claim("injury_count", count, about="child", thing=thing))
    return claims


def _passed(teller: Teller, name: str, kind: str | None, sent: str, held: str) -> Story:
    day, thing = teller.day(), teller.thing()
    from_hospital = {"basis": "agency", "from": "hospital"}
    entries = [
        teller.said("hospital", day, *_injury(teller, thing, sent), late=0, contact={"depth": "examined"}),
        teller.said(
            "csc",
            day + days(1),
            claim("injury", "bruise", about="child", thing=thing, **from_hospital),
            claim("injury_count", held, about="child", thing=thing, **from_hospital),
            late=0,
        ),
    ]
    return Story(name, kind, entries, (0, 1) if kind else (), _PASSED)


def fewer_arrived(teller: Teller) -> Story:
    """The hospital found several injuries; whom it told holds fewer."""
    return _passed(teller, "fewer_arrived", "passing_on", "3", "1")


def all_arrived(teller: Teller) -> Story:
    """Whom it told holds as many."""
    return _passed(teller, "all_arrived", None, "2", "2")


def _entered(teller: Teller, name: str, kind: str | None, lag: int) -> Story:
    day = teller.day()
    written = teller.said("gp", day, *_injury(teller, teller.thing()), late=0, contact={"depth": "examined"})
    late = Written(written.at + days(lag), written.agency, written.kind, written.body)
    return Story(name, kind, [late], (0,) if kind else (), _PASSED)


def entered_late(teller: Teller) -> Story:
    """An injury is entered more than two working days after it was seen."""
    return _entered(teller, "entered_late", "passing_on", teller.random.randint(7, 25))


def entered_in_time(teller: Teller) -> Story:
    """An injury is entered on the day."""
    return _entered(teller, "entered_in_time", None, 0)


def _forgot(teller: Teller, name: str, kind: str | None, *, knew_first: bool) -> Story:
    about, day = teller.person(), teller.day()
    (agency,) = teller.agencies(1, ("hv", "csc", "gp"))
    knew = claim("relationship_to_child", "grandparent", about=about, valid=f"{day}/..")
    knows_not = claim("relationship_to_child", None, about=about, not_known="unknown", basis="own_record")
    first, second = (knew, knows_not) if knew_first else (knows_not, knew)
    entries = [teller.said(agency, day, first, late=0), teller.said(agency, day + days(30), second, late=0)]
    return Story(name, kind, entries, (0, 1) if kind else (), _PASSED)


def forgotten(teller: Teller) -> Story:
    """An agency does not know what its own entries say."""
    return _forgot(teller, "forgotten", "passing_on", knew_first=True)


def learned(teller: Teller) -> Story:
    """An agency comes to know what it did not."""
    return _forgot(teller, "learned", None, knew_first=False)


def _searched(teller: Teller, name: str, kind: str | None, found: str) -> Story:
    day, item = teller.day(), f"matter {next(teller.names)}"
    period = f"{day - days(30)}/{day + days(3)}"
    entries = [
        teller.said(
            "csc",
            day,
            claim("referral", "made", about="child", item=item, basis="agency", **{"from": "school"}),
            late=0,
        ),
        teller.said(
            "school",
            day + days(4),
            claim("referral", found, about="child", item=item, basis="searched", valid=period),
            late=0,
        ),
    ]
    return Story(name, kind, entries, (0, 1) if kind else (), _PASSED - {"contradiction"})


def no_trace(teller: Teller) -> Story:
    """An act is put down to an agency that has searched its own record and finds none."""
    return _searched(teller, "no_trace", "passing_on", "not_made")


def traced(teller: Teller) -> Story:
    """Its own record has the act."""
    return _searched(teller, "traced", None, "made")


PLANTED = (talked_away, in_other_words, fewer_arrived, entered_late, forgotten, no_trace)
LOOKALIKES = (
    answered, well_before, of_somebody_else, both_at_once, worse_and_worse, all_arrived, entered_in_time, learned,
    traced,
)  # fmt: skip
