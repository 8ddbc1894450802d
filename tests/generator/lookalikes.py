"""Stories that only look like statements that cannot all be so, on which no such finding may be raised."""

from ledger.domain.vocabulary import Attribute
from tests.generator.comparing import BESIDE, alike, apart, changes, drawn, is_ordinary, states, within
from tests.generator.story import Story, Teller, claim, days, told


def vague_and_precise(teller: Teller) -> Story:
    """One agency knows roughly what another knows closely."""
    attribute = states(teller, lambda a: bool(_of_one_mind(a)))
    first, second = drawn(teller, [*_of_one_mind(attribute)])
    about, parts, day = teller.about(attribute), teller.parts(attribute), teller.day()
    one, other = teller.agencies(2)
    entries = [
        teller.said(
            one,
            day,
            claim(attribute.name, first, about=about, valid=teller.since(day - days(40)), **parts, **told("mother")),
        ),
        teller.said(
            other,
            day + days(3),
            claim(attribute.name, second, about=about, valid=teller.since(day - days(30)), **parts),
        ),
    ]
    return Story("vague_and_precise", None, entries, also=BESIDE)


def _of_one_mind(attribute: Attribute) -> list[tuple[str, str]]:
    """Pairs that leave a state, and of which neither worries or leans where the other does not."""
    return [
        (one, other)
        for one, other in alike(attribute)
        if attribute.polarity_of(one) == attribute.polarity_of(other) and not {one, other} & attribute.leans.keys()
    ]


def two_spells(teller: Teller) -> Story:
    """It was so until one month; weeks later it is otherwise, and another agency says so."""
    attribute = states(teller, changes)
    first, second = drawn(teller, [*apart(attribute)])
    about, parts, day = teller.about(attribute), teller.parts(attribute), teller.day()
    one, other = teller.agencies(2)
    ended = day - days(60)
    until = teller.random.choice((f"{ended}", f"{ended:%Y-%m}", f"{ended}~"))
    entries = [
        teller.said(
            one,
            day,
            claim(attribute.name, first, about=about, valid=f"{ended - days(90)}/{until}", **parts, **told("mother")),
        ),
        teller.said(
            other, day + days(9), claim(attribute.name, second, about=about, valid=f"{day - days(20)}/..", **parts)
        ),
    ]
    return Story("two_spells", None, entries, also=BESIDE)


def kept_up_to_date(teller: Teller) -> Story:
    """An agency's next word from the same source, or what it sees to have begun since, takes the place of its last."""
    attribute = states(teller, changes)
    first, second = drawn(teller, [*apart(attribute)])
    about, parts, day = teller.about(attribute), teller.parts(attribute), teller.day()
    (agency,) = teller.agencies(1)
    how = teller.random.choice((told("mother"), {"basis": "seen"}))
    later = day + days(teller.random.randint(5, 50))
    entries = [
        teller.said(
            agency, day, claim(attribute.name, first, about=about, valid=teller.since(day), **parts, **told("mother"))
        ),
        teller.said(
            agency, later, claim(attribute.name, second, about=about, valid=f"{later - days(2)}/..", **parts, **how)
        ),
    ]
    return Story("kept_up_to_date", None, entries, also=BESIDE)


def put_right(teller: Teller) -> Story:
    """A slip of the pen is corrected, or what was meant for another child is taken back, before anybody else speaks."""
    attribute = states(teller)
    wrong, right = drawn(teller, [*apart(attribute)])
    about, parts, day = teller.about(attribute), teller.parts(attribute), teller.day()
    one, other = teller.agencies(2)

    def says(agency: str, value: str, after: int) -> dict[str, object]:
        return claim(attribute.name, value, about=about, valid=f"{day - days(30)}/..", **parts)

    slip = teller.said(one, day, says(one, wrong, 0), late=0)
    if teller.random.random() < 0.5:
        mended = teller.correction(slip, 0, teller.said(one, day, says(one, right, 0), late=0))
    else:
        mended = teller.void(slip, 0)
    entries = [slip, mended, teller.said(other, day + days(3), says(other, right, 3))]
    return Story("put_right", None, entries, also=BESIDE)


def not_known(teller: Teller) -> Story:
    """One agency knows, another has not asked."""
    attribute = states(teller)
    value = teller.random.choice([*attribute.values])
    about, parts, day = teller.about(attribute), teller.parts(attribute), teller.day()
    one, other = teller.agencies(2)
    why = teller.random.choice(("unknown", "not_asked", "declined", "evaded"))
    entries = [
        teller.said(one, day, claim(attribute.name, value, about=about, valid=teller.since(day - days(40)), **parts)),
        teller.said(other, day + days(2), claim(attribute.name, None, about=about, not_known=why, **parts)),
    ]
    return Story("not_known", None, entries, also=BESIDE)


def only_intended(teller: Teller) -> Story:
    """A plan or an intention, beside what is so until then."""
    attribute = states(teller)
    first, second = drawn(teller, [*apart(attribute)])
    about, parts, day = teller.about(attribute), teller.parts(attribute), teller.day()
    one, other = teller.agencies(2)
    what = teller.random.choice(("plan", "intention"))
    entries = [
        teller.said(one, day, claim(attribute.name, first, about=about, valid=teller.since(day - days(40)), **parts)),
        teller.said(
            other,
            day + days(2),
            claim(
                attribute.name,
                second,
                about=about,
                valid=f"{day + days(2)}/..",
                statement=what,
                **parts,
                **told("mother"),
            ),
        ),
    ]
    return Story("only_intended", None, entries, also=BESIDE)


def of_another(teller: Teller) -> Story:
    """Two people, or two things, items or counterparts of one person: what differs is not about one question."""
    attribute = states(teller, lambda a: a.about != "child" or a.thing == "required")
    first, second = drawn(teller, [*apart(attribute)])
    about, parts, day = teller.about(attribute), teller.parts(attribute), teller.day()
    others = teller.parts(attribute)
    whose = [teller.about(attribute)] if attribute.about != "child" else []
    differs = [part for part in parts if part in others]
    another = about
    if whose and (not differs or teller.random.random() < 0.5):
        another, others = whose[0], parts
    one, other = teller.agencies(2)
    entries = [
        teller.said(one, day, claim(attribute.name, first, about=about, valid=teller.since(day - days(40)), **parts)),
        teller.said(
            other,
            day + days(2),
            claim(attribute.name, second, about=another, valid=teller.since(day - days(40)), **others),
        ),
    ]
    return Story("of_another", None, entries, also=BESIDE)


def change_over_time(teller: Teller) -> Story:
    """On what is not critical, long after the one was last said another agency says otherwise of its own day."""
    attribute = states(teller, is_ordinary)
    first, second = drawn(teller, [*apart(attribute)])
    about, parts, day = teller.about(attribute), teller.parts(attribute), teller.day()
    one, other = teller.agencies(2)
    later = day + days(within(attribute) + teller.random.randint(45, 200))
    entries = [
        teller.said(
            one,
            day,
            claim(attribute.name, first, about=about, valid=teller.since(day - days(20)), **parts, **told("mother")),
        ),
        teller.said(other, later, claim(attribute.name, second, about=about, valid=f"{later}/..", **parts)),
    ]
    return Story("change_over_time", None, entries, also=BESIDE)


def change_over_day(teller: Teller) -> Story:
    """One agency's stretch ends on the day, or in the month, in which another's begins."""
    attribute = states(teller, changes)
    first, second = drawn(teller, [*apart(attribute)])
    about, parts, day = teller.about(attribute), teller.parts(attribute), teller.day()
    one, other = teller.agencies(2)
    form = teller.random.choice(("%Y-%m-%d", "%Y-%m"))
    meet = f"{day - days(40):{form}}"
    entries = [
        teller.said(
            one,
            day,
            claim(
                attribute.name, first, about=about, valid=f"{day - days(160):%Y-%m}/{meet}", **parts, **told("mother")
            ),
        ),
        teller.said(other, day + days(4), claim(attribute.name, second, about=about, valid=f"{meet}/..", **parts)),
    ]
    return Story("change_over_day", None, entries, also=BESIDE)


def one_visit_and_the_next(teller: Teller) -> Story:
    """So at one visit, otherwise at the next: each saw its own day."""
    attribute = states(teller, changes)
    first, second = drawn(teller, [*apart(attribute)])
    about, parts, day = teller.about(attribute), teller.parts(attribute), teller.day()
    one, other = teller.agencies(2)
    later = day + days(teller.random.randint(1, 14))
    entries = [
        teller.said(one, day, claim(attribute.name, first, about=about, **parts)),
        teller.said(other, later, claim(attribute.name, second, about=about, **parts)),
    ]
    return Story("one_visit_and_the_next", None, entries, also=BESIDE)


def said_by_many(teller: Teller) -> Story:
    """Several relatives and agencies say the same."""
    attribute = states(teller)
    value = teller.random.choice([*attribute.values])
    about, parts, day = teller.about(attribute), teller.parts(attribute), teller.day()
    entries = [
        teller.said(
            agency,
            day + days(place),
            claim(attribute.name, value, about=about, valid=teller.since(day - days(40)), **parts, **told(who)),
        )
        for place, (agency, who) in enumerate(zip(teller.agencies(3), ("mother", "father", "csc/aunt"), strict=True))
    ]
    return Story("said_by_many", None, entries, also=BESIDE)


def clock_zones(teller: Teller) -> Story:
    """About midnight in summer, in two zones: what ended before midnight there had not begun here."""
    attribute = states(teller, changes)
    first, second = drawn(teller, [*apart(attribute)])
    about, parts = teller.about(attribute), teller.parts(attribute)
    day = teller.day()
    day = (
        day.replace(month=6, day=min(day.day, 28))
        if day.replace(month=6, day=1) > teller.began
        else day.replace(year=day.year + 1, month=6, day=min(day.day, 28))
    )
    one, other = teller.agencies(2)
    ended = f"{day}T23:30Z"  # half past midnight of the next day in British Summer Time
    entries = [
        teller.said(
            one,
            day + days(1),
            claim(attribute.name, first, about=about, valid=f"{day}T20:00Z/{ended}", **parts),
        ),
        teller.said(
            other,
            day + days(1),
            claim(
                attribute.name,
                second,
                about=about,
                valid=f"{day + days(1)}T00:35+01:00/{day + days(1)}T09:00+01:00",
                **parts,
            ),
        ),
    ]
    return Story("clock_zones", None, entries, also=BESIDE)


LOOKALIKES = (
    vague_and_precise, two_spells, kept_up_to_date, put_right, not_known, only_intended, of_another, change_over_time,
    change_over_day, one_visit_and_the_next, said_by_many, clock_zones,
)  # fmt: skip
