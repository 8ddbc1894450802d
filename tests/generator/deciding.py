"""Stories of decisions: what was known against what they rest on, then or later, and what only looks like that."""

from datetime import date
from typing import Any

from ledger.domain.vocabulary import Attribute
from tests.generator.comparing import apart, drawn, is_ordinary, states, within
from tests.generator.story import Story, Teller, Written, claim, days, told

_KIND = "decision_basis"


def _decided(teller: Teller, agency: str, day: date, kind: str | None = None, **more: Any) -> Written:
    """Of a kind of its own that the pack does not list, unless said: it is judged on what it states alone."""
    return teller.act(agency, day, "decision", {"kind": kind or f"as agreed in {next(teller.names)}", **more})


def _on(said: dict[str, Any]) -> list[dict[str, Any]]:
    named = ("about", "attribute", "value", "thing", "with", "item")
    return [{name: said[name] for name in named if said.get(name) is not None}]


def _two(teller: Teller) -> tuple[Attribute, dict[str, Any], dict[str, Any], date]:
    """Two claims that cannot both be so of the same days."""
    attribute = states(teller, lambda one: is_ordinary(one) and within(one) >= 30 and not one.corroborate)
    first, second = drawn(teller, [*apart(attribute)])
    about, parts, day = teller.about(attribute), teller.parts(attribute), teller.day()
    base = {"about": about, "valid": f"{day}/..", "basis": "own_record", **parts}
    return attribute, claim(attribute.name, first, **base), claim(attribute.name, second, **base), day


def denied_by_another(teller: Teller) -> Story:
    """Another agency held otherwise when it was decided."""
    _, one, other, day = _two(teller)
    mine, theirs = teller.agencies(2)
    entries = [
        teller.said(mine, day, one, late=0),
        teller.said(theirs, day + days(3), other, late=0),
        _decided(teller, mine, day + days(10), relies_on=_on(one)),
    ]
    return Story("denied_by_another", _KIND, entries, (1, 2))


def denied_later(teller: Teller) -> Story:
    """Another agency comes to know otherwise while the decision stands."""
    attribute, one, other, day = _two(teller)
    if attribute.polarity_of(one["value"]) == "concern":
        one, other = other, one  # what gets better after a decision speaks against none
    mine, theirs = teller.agencies(2)
    later = day + days(teller.random.randint(20, 200))
    entries = [
        teller.said(mine, day, one, late=0),
        _decided(teller, mine, day + days(4), relies_on=_on(one)),
        teller.said(theirs, later, other | {"valid": f"{later}/.."}, late=0),
    ]
    return Story("denied_later", _KIND, entries, (1, 2))


def overtaken_before(teller: Teller) -> Story:
    """Decided on an old word, which another agency's newer one has overtaken."""
    attribute, one, other, day = _two(teller)
    mine, theirs = teller.agencies(2)
    later = day + days(within(attribute) + 45)
    entries = [
        teller.said(mine, day, one, late=0),
        teller.said(theirs, later, other | {"valid": f"{later}/.."}, late=0),
        _decided(teller, mine, later + days(6), relies_on=_on(one)),
    ]
    return Story("overtaken_before", _KIND, entries, (1, 2))


def overridden_and_then_more(teller: Teller) -> Story:
    """What was known was overridden; then a third agency says so too."""
    _, one, other, day = _two(teller)
    mine, theirs, third = teller.agencies(3)
    override = {"reason": "Known and weighed.", "second": {"agency": mine, "person": "manager"}}
    entries = [
        teller.said(mine, day, one, late=0),
        teller.said(theirs, day + days(3), other, late=0),
        _decided(teller, mine, day + days(10), relies_on=_on(one), override=override),
        teller.said(third, day + days(40), other, late=0),
    ]
    return Story("overridden_and_then_more", _KIND, entries, (2, 3))


def one_interested_word(teller: Teller) -> Story:
    """Decided on what somebody says of themselves, and nobody else does."""
    said = _of_herself(teller)
    day = teller.day()
    entries = [
        teller.said("csc", day, said | {"valid": f"{day}/.."} | told(said["about"]), late=0, contact={"depth": "told"}),
        _decided(teller, "csc", day + days(5), relies_on=_on(said)),
    ]
    return Story("one_interested_word", _KIND, entries, (0, 1))


def long_not_said(teller: Teller) -> Story:
    """Decided on a word that nobody has said for longer than such a word holds."""
    attribute = states(teller, lambda one: one.holds_for is not None and not one.corroborate and is_ordinary(one))
    assert attribute.holds_for is not None
    about, parts, day = teller.about(attribute), teller.parts(attribute), teller.day()
    value = teller.random.choice([*attribute.values])
    said = claim(attribute.name, value, about=about, valid=f"{day}/..", basis="own_record", **parts)
    when = day + attribute.holds_for + days(teller.random.randint(10, 60))
    entries = [teller.said("hv", day, said, late=0), _decided(teller, "csc", when, relies_on=_on(said))]
    return Story("long_not_said", _KIND, entries, (0, 1))


def allegation_without_outcome(teller: Teller) -> Story:
    """Closed while nobody has said what came of an allegation."""
    first, day, _ = _alleged(teller)
    kind = teller.random.choice(("close", "no_further_action", "threshold_not_met", "malicious", "step-down"))
    return Story("allegation_without_outcome", _KIND, [first, _decided(teller, "csc", day + days(9), kind)], (0, 1))


def stood_against(teller: Teller) -> Story:
    """A professional of another agency stands against it."""
    day = teller.day()
    kind = teller.random.choice(("return_home", "discharge", "end_plan", "close"))
    against = teller.act("hospital", day, "position", {"about": kind.replace("_", " "), "stance": "against"})
    return Story("stood_against", _KIND, [against, _decided(teller, "csc", day + days(2), kind)], (0, 1))


def cause_not_settled(teller: Teller) -> Story:
    """Sent home while a doctor holds that an injury was inflicted."""
    day = teller.day()
    opinion = claim("cause_opinion", "likely_inflicted", about="child", thing=teller.thing(), basis="judgement")
    entries = [teller.said("hospital", day, opinion, late=0, statement="opinion")]
    return Story(
        "cause_not_settled", _KIND, [*entries, _decided(teller, "csc", day + days(3), "discharge home")], (0, 1)
    )


def service_kept_away(teller: Teller) -> Story:
    """Stepped down to a service that the family keeps away."""
    first, day = _engagement(teller, teller.random.choice(("refused", "not_engaging", "no_access")), teller.day())
    return Story("service_kept_away", _KIND, [first, _decided(teller, "csc", day + days(4), "step_down")], (0, 1))


# ── what only looks like that ──


def everybody_agrees(teller: Teller) -> Story:
    """Two agencies hold what it rests on."""
    _, one, _, day = _two(teller)
    mine, theirs = teller.agencies(2)
    entries = [
        teller.said(mine, day, one, late=0),
        teller.said(theirs, day + days(3), one, late=0),
        _decided(teller, mine, day + days(10), relies_on=_on(one)),
    ]
    return Story("everybody_agrees", None, entries)


def decided_on_the_newer(teller: Teller) -> Story:
    """It rests on the newer word, long after the older one."""
    attribute, one, other, day = _two(teller)
    mine, theirs = teller.agencies(2)
    later = day + days(within(attribute) + 45)
    entries = [
        teller.said(theirs, day, other, late=0),
        teller.said(mine, later, one | {"valid": f"{later}/.."}, late=0),
        _decided(teller, mine, later + days(6), relies_on=_on(one)),
    ]
    return Story("decided_on_the_newer", None, entries)


def taken_back(teller: Teller) -> Story:
    """Whoever held otherwise says since that it is so."""
    _, one, other, day = _two(teller)
    mine, theirs = teller.agencies(2)
    entries = [
        teller.said(mine, day, one, late=0),
        teller.said(theirs, day + days(3), other, late=0),
        teller.said(theirs, day + days(6), one | {"valid": f"{day}/.."}, late=0),
        _decided(teller, mine, day + days(10), relies_on=_on(one)),
    ]
    return Story("taken_back", None, entries)


def voided(teller: Teller) -> Story:
    """Whoever held otherwise meant another child."""
    _, one, other, day = _two(teller)
    mine, theirs = teller.agencies(2)
    second = teller.said(theirs, day + days(3), other, late=0)
    entries = [
        teller.said(mine, day, one, late=0),
        second,
        teller.void(second, 1),
        _decided(teller, mine, day + days(10), relies_on=_on(one)),
    ]
    return Story("voided", None, entries)


def known_and_settled(teller: Teller) -> Story:
    """Another decision of the agency took its place before anything was known."""
    _, one, other, day = _two(teller)
    mine, theirs = teller.agencies(2)
    later = day + days(60)
    entries = [
        teller.said(mine, day, one, late=0),
        _decided(teller, mine, day + days(4), "look again", relies_on=_on(one)),
        _decided(teller, mine, day + days(30), "look again"),
        teller.said(theirs, later, other | {"valid": f"{later}/.."}, late=0),
    ]
    return Story("known_and_settled", None, entries)


def a_year_later(teller: Teller) -> Story:
    """More than a year after the decision things are otherwise."""
    _, one, other, day = _two(teller)
    mine, theirs = teller.agencies(2)
    later = day + days(400)
    entries = [
        teller.said(mine, day, one, late=0),
        _decided(teller, mine, day + days(4), relies_on=_on(one)),
        teller.said(theirs, later, other | {"valid": f"{later}/.."}, late=0),
    ]
    return Story("a_year_later", None, entries)


def borne_out(teller: Teller) -> Story:
    """Somebody's own word, which another agency has measured or seen."""
    said = _of_herself(teller)
    day = teller.day()
    seen = said | {"basis": "seen", "valid": f"{day}/.."}
    entries = [
        teller.said("csc", day, said | {"valid": f"{day}/.."} | told(said["about"]), late=0, contact={"depth": "told"}),
        teller.said("gp", day + days(2), seen, late=0, contact={"depth": "seen"}),
        _decided(teller, "csc", day + days(5), relies_on=_on(said)),
    ]
    return Story("borne_out", None, entries)


def allegation_concluded(teller: Teller) -> Story:
    """Looked into, the child seen by itself, and then closed."""
    first, day, thing = _alleged(teller)
    outcome = claim("allegation", "unfounded", about="father", thing=thing, basis="judgement")
    entries = [
        first,
        teller.said("csc", day + days(2), late=0, contact={"depth": "seen_alone", "outcome": "held"}),
        teller.said("police", day + days(12), outcome, late=0, statement="opinion"),
        teller.said("csc", day + days(13), claim("heard", "happened", about="father", basis="own_record"), late=0),
        _decided(teller, "csc", day + days(14), "end_plan"),
    ]
    return Story("allegation_concluded", None, entries)


def came_round(teller: Teller) -> Story:
    """Whoever stood against it is for it by now."""
    day = teller.day()
    entries = [
        teller.act("hospital", day, "position", {"about": "end of the plan", "stance": "against"}),
        teller.act("hospital", day + days(5), "position", {"about": "end of the plan", "stance": "for"}),
        _decided(teller, "csc", day + days(7), "end_plan"),
    ]
    return Story("came_round", None, entries)


def taken_on(teller: Teller) -> Story:
    """The service says that they come since, and that it has taken them on."""
    first, day = _engagement(teller, "refused", teller.day())
    second, later = _engagement(teller, "engaging", day + days(20))
    accepted = claim("referral", "accepted", about="child", thing=teller.thing(), basis="own_record")
    entries = [
        first,
        second,
        teller.said("hv", later + days(1), accepted, late=0),
        _decided(teller, "csc", later + days(4), "step_down"),
    ]
    return Story("taken_on", None, entries)


def _of_herself(teller: Teller) -> dict[str, Any]:
    """What somebody says of themselves that is checked before anybody leans on it."""
    name, value = teller.random.choice(
        [
            (one.name, value)
            for one in teller.pack.attributes.values()
            if one.is_compared and one.type == "state" and one.about != "child"
            if "required" not in {one.thing, one.counterpart, one.item}
            for value, clock in one.corroborate.items()
            if clock in {"at_once", "at_next_decision"} and value in one.values
        ]
    )
    return claim(name, value, about=teller.person())


def _alleged(teller: Teller) -> tuple[Written, date, str]:
    day, thing = teller.day(), teller.thing()
    made = claim("allegation", "made", about="father", thing=thing, **told("child"), statement="allegation")
    return teller.said("school", day, made, late=0), day, thing


def _engagement(teller: Teller, value: str, day: date) -> tuple[Written, date]:
    of = claim("engagement", value, about="mother", item="family support", valid=f"{day}/..", basis="own_record")
    return teller.said("hv", day, of, late=0), day


def _alone(*makers: Any) -> tuple[Any, ...]:
    """Of kinds that the pack lists: all that is open in the record bears on them, so each has a record of its own."""
    for maker in makers:
        maker.is_alone = True
    return makers


STATED = (
    denied_by_another, denied_later, overtaken_before, overridden_and_then_more, one_interested_word, long_not_said,
)  # fmt: skip
LISTED = _alone(allegation_without_outcome, stood_against, cause_not_settled, service_kept_away)
SILENT = (
    everybody_agrees, decided_on_the_newer, taken_back, voided, known_and_settled, a_year_later, borne_out,
)  # fmt: skip
ANSWERED = _alone(allegation_concluded, came_round, taken_on)
PLANTED = (*STATED, *LISTED)
LOOKALIKES = (*SILENT, *ANSWERED)
