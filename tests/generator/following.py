"""Stories of what should have followed and did not: actions, referrals, hand-overs, fixed rules, and children unseen.

And of what only looks like it: what came in time, came late to the ledger but in time, was done by somebody else, or
was taken back. Truth is by construction: who asked for what by when, and what was entered of it.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from tests.generator.story import Story, Teller, Written, claim, days

Tell = Callable[[Teller], Story]

#: What else these stories may raise without being wrong: what is not known of the people in them.
BESIDE = frozenset({"gap"})
#: Of whom something is to be asked: each of a matter of its own.
_ASKED = ("dentist", "landlord", "grandmother", "nursery", "optician", "probation", "cousin", "neighbour", "midwife")
#: Beside an injury, what else there is to say of it.
_OF_INJURIES = BESIDE | {"explanation", "uncorroborated", "concern", "pattern"}


def _pair(teller: Teller) -> tuple[str, str]:
    one, other = teller.agencies(2, ("hv", "gp", "csc", "school", "midwifery", "hospital"))
    return one, other


def _action(teller: Teller, agency: str, owner: str, day: date, by: date | None) -> Written:
    due = {} if by is None else {"due": f"{by}"}
    what = f"Ask {_ASKED[next(teller.names) % len(_ASKED)]}."
    return teller.act(agency, day, "action", {"what": what, "owner": {"agency": owner}} | due)


def _answer(teller: Teller, kind: str, agency: str, day: date, place: int = 0, **more: Any) -> Written:
    entry = teller.act(agency, day, kind, more)
    return Written(entry.at, entry.agency, entry.kind, entry.body, place)


def _actions(name: str, kind: str | None, by: int | None, done: int | None, *, other: bool = False) -> Tell:
    """An agreed action, due so many days on (or by no stated day), and done so many days on by its owner or another."""

    def tell(teller: Teller) -> Story:
        one, owner = _pair(teller)
        day = teller.day()
        entries = [_action(teller, one, owner, day, None if by is None else day + days(by))]
        if done is not None:
            entries.append(_answer(teller, "done", one if other else owner, day + days(done)))
        return Story(name, kind, entries, (0,) if kind else (), BESIDE)

    return tell


action_never_done = _actions("action_never_done", "expectation", 14, None)
action_of_no_day_never_done = _actions("action_of_no_day_never_done", "expectation", None, None)
action_done_in_time = _actions("action_done_in_time", None, 14, 9)
action_done_on_its_last_day = _actions("action_done_on_its_last_day", None, 14, 14)
action_done_by_another = _actions("action_done_by_another", None, 14, 9, other=True)
action_not_due_yet = _actions("action_not_due_yet", None, 4000, None)


def action_taken_back(teller: Teller) -> Story:
    """It was entered in the wrong child's record, and its author says so the same day."""
    one, owner = _pair(teller)
    day = teller.day()
    entry = _action(teller, one, owner, day, day + days(14))
    return Story("action_taken_back", None, [entry, teller.void(entry, 0)], also=BESIDE)


def _referrals(name: str, kind: str | None, answers: tuple[tuple[str, int], ...], *, by_author: bool = False) -> Tell:
    """A referral, and answers to it so many hours after noon of its day, by its receiver or by its own author."""

    def tell(teller: Teller) -> Story:
        one = teller.agencies(1, ("hv", "gp", "school", "midwifery", "hospital"))[0]
        day = _monday(teller.day())
        entries = [teller.act(one, day, "referral", {"to": "csc", "reason": "Worried about the care of the child."})]
        for answer, after in answers:
            by = one if by_author else "csc"
            entries.append(_answer(teller, "reply", by, day + days(after), answer=answer))
        if kind is None:  # what was accepted is then done: the child is seen
            seen = claim("seen", "happened", about="child", thing=teller.thing())
            entries.append(teller.said("csc", day + days(2), seen, late=0, contact={"depth": "seen_alone"}))
        return Story(name, kind, entries, (0,) if kind else (), BESIDE)

    return tell


def _monday(day: date) -> date:
    """The Monday after it: two working days in a row begin there, but for a bank holiday."""
    return day + days(7 - day.weekday())


referral_unanswered = _referrals("referral_unanswered", "expectation", ())
referral_answered_by_its_sender = _referrals(
    "referral_answered_by_its_sender", "expectation", (("accepted", 0),), by_author=True
)
referral_accepted = _referrals("referral_accepted", None, (("accepted", 0),))
referral_acknowledged_and_accepted = _referrals(
    "referral_acknowledged_and_accepted", None, (("acknowledged", 0), ("accepted", 1))
)


def _handovers(name: str, kind: str | None, answers: tuple[tuple[str, int], ...]) -> Tell:
    """Work that is handed to another agency, to be accepted within ten days, and the answers after so many days."""

    def tell(teller: Teller) -> Story:
        one, other = _pair(teller)
        day = teller.day()
        body = {"of": "work", "to": {"agency": other}, "due": f"{day + days(10)}"}
        entries = [teller.act(one, day, "handover", body)]
        entries += [_answer(teller, "reply", other, day + days(after), answer=answer) for answer, after in answers]
        return Story(name, kind, entries, (0,) if kind else (), BESIDE)

    return tell


handover_never_taken_up = _handovers("handover_never_taken_up", "expectation", ())
handover_only_acknowledged = _handovers("handover_only_acknowledged", "expectation", (("acknowledged", 2),))
handover_accepted = _handovers("handover_accepted", None, (("accepted", 4),))


# ── injuries, and children whom nobody sees: of the child as a whole, so each a record of its own ──


def _alone(tell: Tell) -> Tell:
    tell.is_alone = True  # type: ignore[attr-defined]
    return tell


def _born(teller: Teller, born: date, day: date) -> Written:
    return teller.act("hv", day, "child", {"born": f"{born}"})


def _hurt(teller: Teller, name: str, kind: str | None, born_days: int, site: str, **more: Any) -> Story:
    day = teller.day()
    thing = teller.thing()
    said = [
        claim("injury", "bruise", about="child", thing=thing),
        claim("injury_site", site, about="child", thing=thing),
    ]
    entries = [
        _born(teller, day - days(born_days), day - days(40)),
        teller.said(teller.agencies(1, ("hv", "gp"))[0], day, *said, late=0, contact={"depth": "seen"}, **more),
    ]
    return Story(name, kind, entries, (1,) if kind else (), _OF_INJURIES)


@_alone
def baby_hurt_and_not_referred(teller: Teller) -> Story:
    """A bruise on a baby of three months, and no referral."""
    return _hurt(teller, "baby_hurt_and_not_referred", "expectation", 90, teller.random.choice(("forehead", "arm")))


@_alone
def baby_hurt_with_an_explanation(teller: Teller) -> Story:
    """The same, explained: the rule is fixed whatever the explanation."""
    story = _hurt(teller, "baby_hurt_with_an_explanation", "expectation", 90, "cheek")
    day, agency = story.entries[1].at.date(), story.entries[1].agency
    thing = story.entries[1].body["claims"][0]["thing"]
    how = claim("account", "object", about="child", thing=thing, basis="told", informant="mother")
    return Story(story.name, story.kind, [*story.entries, teller.said(agency, day, how, late=0)], (1,), _OF_INJURIES)


@_alone
def grazed_knee_of_a_child_at_school(teller: Teller) -> Story:
    """A bruised shin of a child of seven."""
    return _hurt(teller, "grazed_knee_of_a_child_at_school", None, 7 * 365, "shin")


def _planned(name: str, kind: str | None, seen_after: tuple[int, ...], *, how: str = "seen") -> Tell:
    """A child on a protection plan, seen by its social worker so many days after, and no more until the record ends."""

    @_alone
    def tell(teller: Teller) -> Story:
        day = teller.day()
        plan = claim("plan", "active", about="child", item="child protection", valid=f"{day}/..", basis="own_record")
        entries = [teller.said("csc", day, plan, late=0)]
        for after in seen_after:
            seen = claim("seen", "happened", about="child", thing=teller.thing())
            entries.append(teller.said("csc", day + days(after), seen, late=0, contact={"depth": how}))
        # What ends the record, so that it is looked at no longer than this.
        ended = claim("plan", "ended", about="child", item="child protection", valid=f"{day + days(40)}/..")
        entries.append(teller.said("csc", day + days(40), ended | {"basis": "own_record"}, late=0))
        return Story(name, kind, entries, (0,) if kind else (), BESIDE | {"concern"})

    return tell


on_a_plan_and_never_seen = _planned("on_a_plan_and_never_seen", "expectation", ())
on_a_plan_and_seen = _planned("on_a_plan_and_seen", None, (1, 9, 18, 27, 36), how="seen_alone")

PLANTED: tuple[Tell, ...] = (
    action_never_done, action_of_no_day_never_done, referral_unanswered, referral_answered_by_its_sender,
    handover_never_taken_up, handover_only_acknowledged, baby_hurt_and_not_referred, baby_hurt_with_an_explanation,
    on_a_plan_and_never_seen,
)  # fmt: skip
LOOKALIKES: tuple[Tell, ...] = (
    action_done_in_time, action_done_on_its_last_day, action_done_by_another, action_not_due_yet, action_taken_back,
    referral_accepted, referral_acknowledged_and_accepted, handover_accepted, grazed_knee_of_a_child_at_school,
    on_a_plan_and_seen,
)  # fmt: skip
