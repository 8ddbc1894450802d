"""Stories of what nobody asked or nobody would say, and of what several agencies' entries show together.

And of what only looks like it: what was said in the end, one missed contact, a service for an adult's own need, and
what has been better since.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from tests.generator.story import Story, Teller, Written, claim, days, told

Tell = Callable[[Teller], Story]

#: What a missed contact may ask for in its turn, and what differs about it; gaps are judged by what answers them.
_BESIDE = frozenset({"expectation", "concern", "contradiction", "gap", "uncorroborated", "same_informant"})


def _slot(name: str, *tells: Tell) -> tuple[Tell, ...]:
    """Stories of which a record has one at most."""
    for tell in tells:
        tell.slot = name  # type: ignore[attr-defined]
    return tells


# ── what is not known ──


def _father(teller: Teller, agency: str, day: date, value: str | None, **more: Any) -> Written:
    how = {"not_known": more.pop("not_known")} if value is None else {"basis": "own_record"}
    said = claim("father", value, about="child", **(how | told("mother") if value is None else how))
    return teller.said(agency, day, said, late=0, contact={"depth": "seen"}, **more)


def _fathers(name: str, kind: str | None, states: tuple[str | None, ...], core: tuple[int, ...]) -> Tell:
    """What agencies, one after the other, learn of who the father is: a state of not knowing, or (None) his name."""

    def tell(teller: Teller) -> Story:
        day, who = teller.day(), teller.person()
        entries = []
        for place, state in enumerate(states):
            agency = ("hv", "midwifery", "gp")[place % 3]
            at = day + days(place * 20)
            entries.append(_father(teller, agency, at, None if state else who, not_known=state))
        silent = frozenset({("father", "child")}) if kind is None else frozenset()
        return Story(name, kind, entries, core, _BESIDE, topic="father" if kind else None, silent=silent)

    return tell


father_never_asked = _fathers("father_never_asked", "gap", ("not_asked",), (0,))
father_declined_twice = _fathers("father_declined_twice", "gap", ("declined", "declined"), (0, 1))
father_evaded = _fathers("father_evaded", "gap", ("evaded",), (0,))
father_named_in_the_end = _fathers("father_named_in_the_end", None, ("declined", None), ())
father_named_by_another = _fathers("father_named_by_another", None, (None, "unknown"), ())


# ── what several entries show together ──


def _engaged(teller: Teller, agency: str, day: date, value: str, **more: Any) -> Written:
    """How the mother works with an agency, by its own judgement."""
    said = claim("engagement", value, about="mother", valid=f"{day}/..", basis="judgement", **more)
    return teller.said(agency, day, said, late=0, statement="opinion")


def _missed(teller: Teller, agency: str, day: date, value: str) -> Written:
    visit = claim("visit_outcome", value, about="child", thing=teller.thing(), basis="own_record", valid=f"{day}")
    return teller.said(agency, day, visit, late=0)


def refused_by_one_and_well_with_another(teller: Teller) -> Story:
    """She will not work with one service for the child, and another finds that all goes well."""
    day, (one, other) = teller.day(), teller.agencies(2, ("hv", "csc", "midwifery", "school"))
    entries = [_engaged(teller, one, day, "refused"), _engaged(teller, other, day + days(4), "engaging")]
    return Story("refused_by_one_and_well_with_another", "pattern", entries, (0, 1), _BESIDE)


def nobody_in_twice_and_well_with_another(teller: Teller) -> Story:
    """Twice within weeks nobody opens to one service, and another finds that all goes well."""
    day, (one, other) = teller.day(), teller.agencies(2, ("hv", "csc", "midwifery"))
    values = [teller.random.choice(("no_access", "nobody_in", "not_brought", "refused")) for _ in range(2)]
    entries = [
        _missed(teller, one, day, values[0]),
        _missed(teller, one, day + days(teller.random.randint(7, 40)), values[1]),
        _engaged(teller, other, day + days(42), "engaging"),
    ]
    return Story("nobody_in_twice_and_well_with_another", "pattern", entries, (0, 1, 2), _BESIDE)


def one_missed_contact(teller: Teller) -> Story:
    """Nobody was in, once; another service finds that all goes well."""
    day, (one, other) = teller.day(), teller.agencies(2, ("hv", "csc", "midwifery"))
    entries = [_missed(teller, one, day, "no_access"), _engaged(teller, other, day + days(12), "engaging")]
    return Story("one_missed_contact", None, entries, also=_BESIDE)


def her_own_service_refused(teller: Teller) -> Story:
    """She does not want help with her own drinking, and works well with a service for the child."""
    day = teller.day()
    entries = [
        _engaged(teller, "gp", day, "refused", item="alcohol service"),
        _engaged(teller, "hv", day + days(5), "engaging"),
    ]
    return Story("her_own_service_refused", None, entries, also=_BESIDE)


def better_since(teller: Teller) -> Story:
    """She refused a service in winter and has worked with it since; another finds later that all goes well."""
    day, (one, other) = teller.day(), teller.agencies(2, ("hv", "csc", "midwifery"))
    entries = [
        _engaged(teller, one, day, "refused"),
        _engaged(teller, one, day + days(40), "engaging"),
        _engaged(teller, other, day + days(60), "engaging"),
    ]
    return Story("better_since", None, entries, also=_BESIDE)


def _weights(name: str, kind: str | None, kilos: tuple[float, ...]) -> Tell:
    """Weights of two agencies, four weeks apart."""

    def tell(teller: Teller) -> Story:
        day, agencies = teller.day(), teller.agencies(2, ("hv", "gp", "hospital"))
        entries = [
            teller.said(
                agencies[place % 2],
                day + days(28 * place),
                claim("weight", f"{kilo}", about="child", basis="measured", valid=f"{day + days(28 * place)}"),
                late=0,
            )
            for place, kilo in enumerate(kilos)
        ]
        return Story(name, kind, entries, tuple(range(len(kilos))) if kind else (), _BESIDE)

    return tell


weight_lost = _weights("weight_lost", "pattern", (8.4, 7.9, 7.3))
weight_regained = _weights("weight_regained", None, (8.4, 8.2, 8.6))
weight_gained = _weights("weight_gained", None, (7.2, 7.9, 8.5))


def _taken_back(name: str, kind: str | None, times: int) -> Tell:
    """The child tells at school of being hit by the same person and takes it back a week later, so many times."""

    def tell(teller: Teller) -> Story:
        day, who, entries = teller.day(), teller.person(), []
        for time in range(times):
            at, thing = day + days(60 * time), teller.thing()
            for after, value in ((0, "made"), (7, "withdrawn")):
                said = claim("allegation", value, about=who, thing=thing, **told("child"))
                entries.append(teller.said("school", at + days(after), said, late=0, statement="allegation"))
        core = tuple(range(1, 2 * times, 2)) if kind else ()
        return Story(name, kind, entries, core, _BESIDE | {"explanation"})

    return tell


taken_back_twice = _taken_back("taken_back_twice", "pattern", 2)
taken_back_once = _taken_back("taken_back_once", None, 1)

_FATHERS = _slot(
    "father", father_never_asked, father_declined_twice, father_evaded, father_named_in_the_end, father_named_by_another
)
_ENGAGED = _slot(
    "engagement", refused_by_one_and_well_with_another, nobody_in_twice_and_well_with_another, one_missed_contact,
    her_own_service_refused, better_since,
)  # fmt: skip
_WEIGHED = _slot("weight", weight_lost, weight_regained, weight_gained)
_TAKEN_BACK = _slot("allegations", taken_back_twice, taken_back_once)
PLANTED: tuple[Tell, ...] = (*_FATHERS[:3], *_ENGAGED[:2], weight_lost, taken_back_twice)
LOOKALIKES: tuple[Tell, ...] = (*_FATHERS[3:], *_ENGAGED[2:], *_WEIGHED[1:], taken_back_once)
