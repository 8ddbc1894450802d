"""After the outcome that there was nothing in an allegation, it is not told on as if there had been none.

An agency says the allegation again, or says of the person what rests on it alone: a finding, ``overtaken``, that weighs
more where a decision relies on it. Whoever holds from before what rests on it alone is told, and that is no finding.
What somebody tells today brings the allegation anew, and what else is known against the person bears it out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.claim import ALLEGATION, RELIED_ON, Claim, Ref
from ledger.domain.edtf import EdtfError, observed_bounds, parse
from ledger.domain.finding import ENTRIES_MAX, EVIDENCE_MAX, Basis
from ledger.domain.person import CHILD
from ledger.domain.question import Question, Topic
from ledger.domain.rule import ANYBODY, Family, Overtaken, Rule, Verdict, View
from ledger.domain.rules.allegation import OUTCOME, STEP_FORM, is_outcome
from ledger.domain.rules.spoken import WORDS, has_word, is_after, is_said, latest, side, unknown_words
from ledger.domain.shape import Fault, Items, Text

if TYPE_CHECKING:
    from ledger.domain.facts import Facts
    from ledger.domain.pack import Pack

_HALF: Final = ENTRIES_MAX // 2
#: Whoever was told of it today brings it anew.
_ANEW: Final = frozenset({"told", "seen", "measured"})


def _is_told_on(view: View) -> Verdict:
    """What an agency says after the outcome as if there had been none; and who holds it still from before."""
    concluded = [claim for claim in _concluding(view) if not _is_reopened(claim, view)]
    if not concluded:
        return Verdict()
    answer = latest(concluded)
    said = [claim for claim in view.facts.claims(view.area.topic) if is_said(claim) and _rests_on_it(claim, view)]
    again = [claim for claim in said if any(is_after(claim, one) for one in concluded)]
    relied_on = _relied_on(view)
    if again:
        basis = Basis(
            kind="overtaken",
            sides=(side(concluded, _HALF), side(again, _HALF)),
            evidence=tuple(relied_on[-EVIDENCE_MAX:]),
            is_pending=bool(relied_on),
        )
        return Verdict(basis=basis)
    return Verdict(overtaken={c.ref: Overtaken(c.agency, answer.ref) for c in said if _is_carried(c, answer, said)})


def _concluding(view: View) -> list[Claim]:
    """The outcomes that there was nothing in what is alleged of this person; of one thing where the area names it."""
    facts, about = view.facts, view.area.about
    own = [claim for name in sorted(view.rule.settings[OUTCOME]) for claim in facts.claims(Topic(name, about))]
    things = {facts.question_of(claim).thing for claim in _against(view)} - {None}
    steps = [claim for claim in facts.claims(Topic(ALLEGATION, CHILD)) if facts.question_of(claim).thing in things]
    return [one for one in (*own, *steps) if is_said(one) and is_outcome(one, view) and _is_of_area(one, view)]


def _is_of_area(claim: Claim, view: View) -> bool:
    return view.area.thing is None or view.facts.question_of(claim).thing == view.area.thing


def _against(view: View) -> Iterator[Claim]:
    """What is alleged against this person."""
    for attribute in sorted(view.rule.settings["made"]):
        yield from filter(is_said, view.facts.claims(Topic(attribute, view.area.about)))


def _is_reopened(concluded: Claim, view: View) -> bool:
    """Whether the allegation was brought anew since: by somebody who told of it, or by another conclusion."""
    thing = view.facts.question_of(concluded).thing
    return any(
        view.facts.question_of(claim).thing == thing
        and is_after(claim, concluded)
        and (has_word(claim, view.rule.settings["upheld"]) or (_is_made(claim, view) and claim.basis in _ANEW))
        for claim in _against(view)
    )


def _is_made(claim: Claim, view: View) -> bool:
    return has_word(claim, view.rule.settings["made"])


def _rests_on_it(claim: Claim, view: View) -> bool:
    """Whether a claim of this area says the allegation again, or what nothing else bears out."""
    if claim.basis in _ANEW or not has_word(claim, view.rule.settings["made"] | view.rule.settings["derived"]):
        return False
    if _is_made(claim, view):
        return view.area.thing is not None and view.facts.question_of(claim).thing == view.area.thing
    return not _is_borne_out(claim, view)


def _is_borne_out(claim: Claim, view: View) -> bool:
    """Whether anything else is known against the person, or another allegation that was not concluded on so."""
    things = {view.facts.question_of(one).thing for one in _concluding(view)}
    for topic in _other_topics(view.rule, view.area.about, view.pack):
        attribute = view.pack.attributes[topic.attribute]
        for one in view.facts.claims(topic):
            is_of_it = (thing := view.facts.question_of(one).thing) is not None and thing in things
            is_same = one.ref == claim.ref or has_word(one, view.rule.settings["derived"])
            if is_said(one) and not is_of_it and not is_same and attribute.polarity_of(one.value) == "concern":
                return True
    return False


def _other_topics(rule: Rule, about: str, pack: Pack) -> list[Topic]:
    names = {name for topic in rule.settings["against"] for name in pack.attributes_of_topic(topic)}
    return [Topic(name, about) for name in sorted(names | set(rule.settings["made"]))]


def _is_carried(claim: Claim, answer: Claim, said: Sequence[Claim]) -> bool:
    """Whether an agency other than the one that concluded still holds it, by its open end."""
    if claim.agency == answer.agency or any(
        one.agency == claim.agency and is_after(one, claim) for one in said if one.ref != claim.ref
    ):
        return False
    try:
        return parse(claim.valid, observed=observed_bounds(claim.observed)).ending == "open"
    except EdtfError:
        return False


def _relied_on(view: View) -> list[Ref]:
    return sorted(claim.ref for claim in view.facts.claims(view.area.topic) if claim.statement == RELIED_ON)


def _areas_repeated(rule: Rule, question: Question, facts: Facts) -> Iterator[Question]:
    """Of what is alleged, one area for each allegation; of what is derived from it, one for each attribute."""
    people = {question.about}
    if question.attribute == ALLEGATION:
        people = {
            one.about
            for attribute in rule.settings["made"]
            for one in facts.questions(Topic(attribute, ANYBODY))
            if one.thing == question.thing
        }
    for person in sorted(people):
        for attribute in sorted(rule.settings["derived"]):
            yield Question(attribute, person)
        for attribute in sorted(rule.settings["made"]):
            if question.thing is not None and question.attribute in {ALLEGATION, attribute}:
                yield Question(attribute, person, question.thing)


def _enumerates_repeated(rule: Rule, question: Question, _pack: Pack) -> Iterator[Topic]:
    if question.attribute == ALLEGATION:
        yield from (Topic(attribute, ANYBODY) for attribute in sorted(rule.settings["made"]))


def _reads_repeated(rule: Rule, area: Question, pack: Pack) -> Iterator[Topic]:
    yield area.topic
    yield Topic(ALLEGATION, CHILD)
    for attribute in sorted({*rule.settings["made"], *rule.settings[OUTCOME]}):
        yield Topic(attribute, area.about)
    yield from _other_topics(rule, area.about, pack)


def _listens_repeated(rule: Rule, pack: Pack) -> frozenset[str]:
    names = {topic.attribute for topic in _other_topics(rule, ANYBODY, pack)}
    return frozenset(names).union(rule.settings["derived"], rule.settings[OUTCOME], {ALLEGATION})


def _check_repeated(written: Mapping[str, Any], vocabulary: Mapping[str, Any]) -> Iterator[Fault]:
    for key in ("made", OUTCOME, "upheld", "derived"):
        yield from unknown_words((key,), written[key], vocabulary)


FAMILY = Family(
    name="allegation_repeated",
    judge=_is_told_on,
    areas=_areas_repeated,
    reads=_reads_repeated,
    listens=_listens_repeated,
    enumerates=_enumerates_repeated,
    form={
        "made": WORDS,
        OUTCOME: WORDS,
        "upheld": WORDS,
        "derived": WORDS,
        "against": Items(Text(), least=1),
        "steps": STEP_FORM,
    },
    required="made outcome upheld derived against steps",
    kinds=frozenset({"overtaken"}),
    check=_check_repeated,
    closes_as="no_longer_said",
)
