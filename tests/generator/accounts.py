"""Stories of who somebody is and of how an injury came about, and of what only looks as if it did not fit."""

from collections.abc import Callable
from datetime import date
from typing import Any

from tests.generator.comparing import BESIDE, alike, apart, drawn
from tests.generator.story import Story, Teller, Written, claim, days, told

Tell = Callable[[Teller], Story]


def _names_father(teller: Teller, agency: str, day: date, value: Any, **more: Any) -> Written:
    how = teller.random.choice(({"basis": "document"}, {"basis": "own_record"}, told(teller.person())))
    return teller.said(agency, day, claim("father", value, about="child", **how), **more)


def _fathers(kind: str | None, name: str, pick: Callable[[Teller], tuple[Any, Any]]) -> Tell:
    def tell(teller: Teller) -> Story:
        one, other = teller.agencies(2)
        first, second = teller.random.sample([*pick(teller)], 2)
        day = teller.day()
        entries = [
            _names_father(teller, one, day, first),
            _names_father(teller, other, day + days(teller.random.randint(0, 200)), second),
        ]
        return Story(name, kind, entries, (0, 1) if kind else (), BESIDE)

    tell.slot = "father"  # type: ignore[attr-defined]
    return tell


def _one(teller: Teller) -> str:
    return teller.person()


def _same(teller: Teller) -> tuple[Any, Any]:
    who = teller.person()
    return who, {"is": who}


def _among(teller: Teller) -> tuple[Any, Any]:
    who = teller.person()
    return who, {"one_of": [teller.person(), who]}


def _denied(teller: Teller) -> tuple[Any, Any]:
    who = teller.person()
    return who, {"is_not": who}


two_fathers = _fathers("identity", "two_fathers", lambda t: (_one(t), _one(t)))
father_denied = _fathers("identity", "father_denied", _denied)
father_not_among = _fathers("identity", "father_not_among", lambda t: (_one(t), {"one_of": [_one(t), _one(t)]}))
one_father = _fathers(None, "one_father", _same)
father_among = _fathers(None, "father_among", _among)
another_denied = _fathers(None, "another_denied", lambda t: (_one(t), {"is_not": _one(t)}))


def father_linked(teller: Teller) -> Story:
    """Two references that were linked beforehand name one man."""
    one, other = teller.agencies(2)
    people = [teller.person(), teller.person()]
    day = teller.day()
    link = teller.act("csc", day - days(3), "link", {"people": people, "reason": "Passport seen; one man."})
    entries = [link, _names_father(teller, one, day, people[0]), _names_father(teller, other, day + days(5), people[1])]
    return Story("father_linked", None, entries, also=BESIDE)


father_linked.slot = "father"  # type: ignore[attr-defined]


def two_surnames(teller: Teller) -> Story:
    """One person is known by two names, in two agencies."""
    about, day = teller.person(), teller.day()
    one, other = teller.agencies(2)
    entries = [
        teller.said(agency, day + days(place), claim("name_used", name, about=about, basis="document"))
        for place, (agency, name) in enumerate(((one, "Alex Brook"), (other, "Alex Field")))
    ]
    return Story("two_surnames", None, entries, also=BESIDE)


# ── injuries ──

#: Accounts that could each have left a bruise on a child of any age.
_OF_BRUISES = {"low_fall", "dropped", "object", "other_child", "fall", "knock"}


def _hurt(teller: Teller, day: date, thing: str, *more: dict[str, Any], agency: str = "hospital") -> Written:
    """An injury, seen, undressed and examined the day it is entered."""
    seen = claim("injury", "bruise", about="child", thing=thing)
    examined = claim("examined", "medical", about="child", thing=thing)
    return teller.said(agency, day, seen, examined, *more, late=0, contact={"depth": "examined"})


def _accounts(name: str, kind: str | None, *, is_alike: bool, is_one_thing: bool = True) -> Tell:
    def tell(teller: Teller) -> Story:
        attribute = teller.pack.attributes["account"]
        pairs = alike(attribute) if is_alike else apart(attribute)
        values = drawn(teller, [pair for pair in pairs if set(pair) <= _OF_BRUISES])
        day, thing = teller.day(), teller.thing()
        things = (thing, thing) if is_one_thing else (thing, teller.thing())
        who = teller.random.choice((("mother", "father"), ("mother", "csc/uncle")))
        one, other = teller.agencies(2, ("police", "csc", "hv", "gp"))
        entries = [
            _hurt(teller, day, things[0]),
            *([] if is_one_thing else [_hurt(teller, day, things[1])]),
            *(
                teller.said(
                    agency,
                    day + days(place + 1),
                    claim("account", value, about="child", thing=about, valid=f"{day}", **told(by)),
                    late=0,
                )
                for place, (agency, value, about, by) in enumerate(zip((one, other), values, things, who, strict=True))
            ),
        ]
        core = (len(entries) - 2, len(entries) - 1)
        return Story(name, kind, entries, core if kind else (), BESIDE)

    return tell


two_accounts_of_it = _accounts("two_accounts_of_it", "explanation", is_alike=False)
vaguer_account = _accounts("vaguer_account", None, is_alike=True)
two_injuries = _accounts("two_injuries", None, is_alike=False, is_one_thing=False)


def _retold(name: str, kind: str | None) -> Tell:
    def tell(teller: Teller) -> Story:
        pairs = apart(teller.pack.attributes["account"])
        first, second = drawn(teller, [pair for pair in pairs if set(pair) <= _OF_BRUISES])
        day, thing = teller.day(), teller.thing()
        one, other = teller.agencies(2, ("police", "csc", "hv", "gp"))
        entries = [_hurt(teller, day, thing)]
        for place, (agency, value) in enumerate(((one, first), (other, second if kind else first))):
            said = claim("account", value, about="child", thing=thing, valid=f"{day}", **told("mother"))
            entries.append(teller.said(agency, day + days(place * 6 + 1), said, late=0))
        return Story(name, kind, entries, (1, 2) if kind else (), BESIDE)

    return tell


another_version = _retold("another_version", "explanation")
same_version = _retold("same_version", None)


def _opinions(name: str, kind: str | None, values: Callable[[Teller], tuple[str, str]]) -> Tell:
    def tell(teller: Teller) -> Story:
        day, thing = teller.day(), teller.thing()
        first, second = teller.random.sample([*values(teller)], 2)
        entries = [_hurt(teller, day, thing)]
        for place, (agency, value) in enumerate((("hospital", first), ("gp", second))):
            opinion = claim("cause_opinion", value, about="child", thing=thing, basis="judgement", valid=f"{day}")
            entries.append(teller.said(agency, day + days(place * 3 + 1), opinion, statement="opinion", late=0))
        return Story(name, kind, entries, (1, 2) if kind else (), BESIDE)

    return tell


def _settled(teller: Teller) -> tuple[str, str]:
    return ("inflicted", teller.random.choice(("accident", "medical", "not_inflicted")))


opposite_opinions = _opinions("opposite_opinions", "explanation", _settled)
cannot_be_told = _opinions(
    "cannot_be_told", None, lambda t: ("undetermined", t.random.choice(("inflicted", "accident")))
)
of_one_mind = _opinions("of_one_mind", None, lambda _: ("inflicted", "non_accidental"))


def does_not_fit(teller: Teller) -> Story:
    """A clinician says that the account that was given does not fit the injury."""
    account = teller.random.choice(sorted(_OF_BRUISES))
    return _fits(teller, "does_not_fit", "explanation", account, "does_not_fit")


def fits(teller: Teller) -> Story:
    """A clinician says that it fits."""
    return _fits(teller, "fits", None, "low_fall", "fits")


def _fits(teller: Teller, name: str, kind: str | None, account: str, verdict: str) -> Story:
    day, thing = teller.day(), teller.thing()
    entries = [
        _hurt(teller, day, thing),
        teller.said(
            "csc", day + days(1), claim("account", account, about="child", thing=thing, **told("mother")), late=0
        ),
        teller.said(
            "hospital",
            day + days(2),
            claim("account_fits", verdict, about="child", thing=thing, basis="judgement"),
            statement="opinion",
            late=0,
        ),
    ]
    return Story(name, kind, entries, (1, 2) if kind else (), BESIDE)


def _able(name: str, kind: str | None, sees: str, needs: str, after: int) -> Tell:
    def tell(teller: Teller) -> Story:
        day, thing = teller.day(), teller.thing()
        hurt = day + days(after)
        entries = [
            teller.said("hv", day, claim("mobility", sees, about="child"), contact={"depth": "seen"}),
            _hurt(teller, hurt, thing),
            teller.said(
                "csc", hurt, claim("account_needs", needs, about="child", thing=thing, **told("mother")), late=0
            ),
        ]
        if kind is None:
            entries.append(teller.said("hv", hurt, claim("mobility", needs, about="child"), contact={"depth": "seen"}))
        return Story(name, kind, entries, (0, 2) if kind else (), BESIDE)

    tell.slot = "mobility"  # type: ignore[attr-defined]
    tell.is_alone = True  # type: ignore[attr-defined]
    return tell


not_able = _able("not_able", "explanation", "not_rolling", "rolls", 0)
able_by_then = _able("able_by_then", None, "not_rolling", "crawls", 150)


def two_doers(teller: Teller) -> Story:
    """Two people name two others who did it."""
    day, thing = teller.day(), teller.thing()
    entries = [_hurt(teller, day, thing)]
    for place, (agency, by) in enumerate((("csc", "mother"), ("police", "father"))):
        doer = claim("account_doer", teller.person(), about="child", thing=thing, valid=f"{day}", **told(by))
        entries.append(teller.said(agency, day + days(place), doer, late=0))
    return Story("two_doers", "explanation", entries, (1, 2), BESIDE)


PLANTED: tuple[Tell, ...] = (
    two_fathers, father_denied, father_not_among, two_accounts_of_it, another_version, opposite_opinions, does_not_fit,
    not_able, two_doers,
)  # fmt: skip
LOOKALIKES: tuple[Tell, ...] = (
    one_father, father_among, another_denied, father_linked, two_surnames, vaguer_account, two_injuries, same_version,
    cannot_be_told, of_one_mind, fits, able_by_then,
)  # fmt: skip
