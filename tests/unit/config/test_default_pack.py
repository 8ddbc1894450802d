"""What the default pack can say, and what its vocabulary makes of it."""

from typing import Any

import pytest

from ledger.domain.edtf import observed_bounds
from ledger.domain.event import EntryStep
from ledger.domain.fold import run
from ledger.domain.pack import Pack
from ledger.domain.record_state import RecordState
from ledger.services.read_yaml import read_yaml
from tests.shipped import shipped_pack

COMPARING = {"contradiction", "same_informant", "identity", "explanation"}
#: Of these the claim itself says what they bear on.
OF_ANY_TOPIC = {"concern", "reassurance", "judgement", "presentation"}


@pytest.fixture(scope="module")
def pack() -> Pack:
    """The pack that ships."""
    return shipped_pack()


def claim_of(line: str) -> dict[str, Any]:
    """A claim in the words of a scenario; about the child, by the agency's own record, where it says no more."""
    said = read_yaml("{" + line + "}").content
    assert isinstance(said, dict)
    return {"about": "child", "basis": "own_record", **said}


SAYABLE = """\
attribute: presence, about: father, value: stays_overnight
attribute: contact_with_child, about: father, value: supervised
attribute: care_arrangement, about: mother, value: sole, item: night
attribute: in_care_of, value: father
attribute: main_carer, value: {one_of: [mother, gran]}
attribute: sleeps_at, value: "4 Mill Lane, Shrewsbury"
attribute: sleep_arrangement, value: shares_sofa
attribute: relationship, about: partner, with: mother, value: separated
attribute: relationship_to_child, about: partner, value: lodger
attribute: kinship, about: gran, value: grandparent
attribute: father, value: {is_not: partner}
attribute: same_person_as, about: friend, value: father
attribute: identity_checked, about: friend, value: "false"
attribute: household_member, about: partner, value: not_member
attribute: household, value: {one_of: [mother, sibling]}
attribute: address, about: father, value: "19 Castle Street, Ludlow"
attribute: injury, thing: bruise-1, value: bruise
attribute: injury, about: sibling, thing: bruise-2, value: bite
attribute: injury_site, thing: bruise-1, value: cheek, item: left
attribute: injury_count, thing: bruise-1, value: "3"
attribute: injury_pattern, thing: bruise-1, value: clustered
attribute: account, thing: bruise-1, value: none_given
attribute: account_needs, thing: bruise-1, value: rolls
attribute: account_doer, thing: bruise-1, value: sibling
attribute: account_fits, thing: bruise-1, value: does_not_fit
attribute: cause_opinion, thing: bruise-1, value: likely_inflicted
attribute: fracture, thing: femur, value: suspected
attribute: examined, thing: bruise-1, value: undressed
attribute: seen, value: happened
attribute: seen_alone, value: did_not_happen
attribute: presentation, value: unkempt
attribute: own_account, value: It hurt.
attribute: disclosure, value: He hit me., with: partner
attribute: weight, value: "4.82"
attribute: feeding, value: refuses
attribute: growth, value: faltering
attribute: mobility, value: not_rolling
attribute: school_roll, value: home_educated
attribute: school_enrolment, item: Hill School, value: on_roll
attribute: school_attendance, value: persistent_absence
attribute: home_education, value: not_notified
attribute: gp_registration, value: not_registered_here
attribute: visit, value: did_not_happen
attribute: visit_outcome, thing: visit-1, about: mother, value: cancelled_by_service
attribute: engagement, about: mother, item: midwifery, value: refused
attribute: substance_use, about: father, item: cocaine, value: positive_test
attribute: domestic_abuse, about: father, with: mother, value: denied
attribute: domestic_abuse_history, about: father, value: history
attribute: mental_health, about: mother, value: crisis
attribute: criminal_history, about: father, item: assault, value: convicted
attribute: intelligence, about: father, value: Said to deal from the flat.
attribute: risk_position, about: father, value: none_known
attribute: checks, about: father, item: police, value: not_asked
attribute: custody, about: father, value: on_licence
attribute: legal_status, value: interim_care_order
attribute: proceedings, value: withdrawn
attribute: order, about: father, item: non-molestation, value: in_force
attribute: contact_condition, about: father, item: bail, value: no_contact
attribute: breach, about: father, item: bail, value: happened
attribute: plan, item: child protection, value: active
attribute: placement, value: private_fostering
attribute: carer_approval, about: gran, value: temporarily_approved
attribute: home_conditions, about: mother, item: kitchen, value: dangerous
attribute: housing, about: mother, value: evicted
attribute: pregnancy, about: mother, value: concealed
attribute: antenatal_booking, about: mother, value: late
attribute: diagnosis, item: epilepsy, value: ruled_out
attribute: symptom, item: fits, value: reported
attribute: allegation, about: father, thing: slap, value: withdrawn
attribute: name_used, about: mother, item: surname, value: Hill
attribute: referral, item: early help, value: not_received
attribute: action, item: safety plan, value: done
attribute: planned_support, item: early help assessment, value: not_started
attribute: decision_made, value: No further action after the enquiry.
attribute: advice_given, about: father, item: coping with crying, value: not_given
attribute: information_request, item: police, value: refused
attribute: judgement, topic: adult_risk, value: low_risk
attribute: whereabouts, value: missing
attribute: earlier_children, about: mother, item: first child, value: removed
attribute: concern, topic: home, value: Cold and dark.
attribute: reassurance, topic: home, value: Warm and tidy today.
attribute: strength, value: She knows whom to ring.
"""


@pytest.mark.parametrize("line", SAYABLE.splitlines())
def test_what_reviews_turn_on_can_be_said(pack: Pack, line: str) -> None:
    """Each in the word that whoever posts would look for first, with a value that they would."""
    assert pack.check_claim(claim_of(line)) == []


def test_what_cannot_be_told_rules_nothing_out(pack: Pack) -> None:
    """Undetermined allows every state, so it conflicts with nothing and settles nothing."""
    having = [attribute for attribute in pack.attributes.values() if "undetermined" in attribute.values]
    assert len(having) > 30
    for attribute in having:
        assert attribute.states_in(attribute.values["undetermined"]) == attribute.states, attribute.name


def test_a_value_that_leans_rules_nothing_out(pack: Pack) -> None:
    """What only leans is a doubt: it allows every state."""
    for attribute in pack.attributes.values():
        for value in attribute.leans:
            assert attribute.states_in(attribute.values[value]) == attribute.states, (attribute.name, value)


def test_what_worries_or_reassures_bears_on_a_topic(pack: Pack) -> None:
    """Without a topic nobody could say what would answer it, so only those are without whose claims name one."""
    without = {name for name, attribute in pack.attributes.items() if attribute.polarity and not attribute.topic}
    assert without == OF_ANY_TOPIC


def test_what_changes_from_day_to_day_is_not_critical(pack: Pack) -> None:
    """A change in what is critical is raised all the same, so it cannot change, or holds for a stated time."""
    for attribute in pack.attributes.values():
        if attribute.critical and attribute.is_compared:
            assert attribute.is_unchanging or attribute.holds_for, attribute.name


LOOK_ALIKES = {
    "low in January, well in March": """
        agency: gp, observed: 2022-01-10, about: mother, attribute: mental_health, value: low_mood, valid: 2022-01-10/..
        agency: hv, observed: 2022-03-20, about: mother, attribute: mental_health, value: well, valid: 2022-03-20/..""",
    "a home that was cleaned": """
        agency: hv, observed: 2022-02-10, about: mother, attribute: home_conditions, value: poor, valid: 2022-02-10/..
        agency: csc, observed: 2022-02-25, about: mother, attribute: home_conditions, value: clean, valid: 2022-02-25/..
        """,
    "supervised, and no longer once the court allows it": """
        agency: csc, observed: 2022-01-10, about: dad, attribute: contact_with_child, value: supervised,
          valid: 2022-01-10/..
        agency: court, observed: 2022-04-10, about: dad, attribute: contact_with_child, value: unsupervised,
          valid: 2022-04-10/..""",
    "nothing on record, and then an arrest": """
        agency: csc, observed: 2022-01-10, about: father, attribute: criminal_history, value: none, valid: 2022-01-10/..
        agency: police, observed: 2022-02-10, about: father, attribute: criminal_history, value: arrested""",
    "two injuries of one sort, neither with a key": """
        agency: nursery, observed: 2022-01-10, attribute: account, value: fall, basis: told, informant: mother
        agency: hospital, observed: 2022-03-11, attribute: account, value: hot_liquid, basis: told, informant: mother
        """,
    "a child who grows": """
        agency: hv, observed: 2022-01-10, attribute: weight, value: "4.1", basis: measured
        agency: gp, observed: 2022-02-10, attribute: weight, value: "4.9", basis: measured""",
    "one service refused, another's appointments kept": """
        agency: csc, observed: 2022-01-10, about: mother, attribute: engagement, value: refused, valid: 2022-01-10/..
        agency: gp, observed: 2022-01-10, about: mother, attribute: engagement, value: engaging, valid: 2022-01-10/..
        """,
    "a plan that ends as another begins": """
        agency: csc, observed: 2022-03-10, attribute: plan, item: child protection, value: ended, valid: 2022-03-10/..
        agency: school, observed: 2022-03-12, attribute: plan, item: child in need, value: active, valid: 2022-03-10/..
        """,
    "support that was waited for, and begun": """
        agency: csc, observed: 2022-03-10, attribute: planned_support, item: parenting course, value: waiting,
          valid: 2022-03-10/..
        agency: eh, observed: 2022-04-10, attribute: planned_support, item: parenting course, value: in_place,
          valid: 2022-04-10/..""",
    "a referral that was declined, and accepted when made again": """
        agency: csc, observed: 2022-03-10, attribute: referral, item: early help, value: declined, valid: 2022-03-10/..
        agency: eh, observed: 2022-06-10, attribute: referral, item: early help, value: accepted, valid: 2022-06-10/..
        """,
    "an allegation that is made and denied": """
        agency: csc, observed: 2022-03-10, about: father, attribute: allegation, thing: a/slap, value: made,
          statement: allegation
        agency: csc, observed: 2022-03-11, about: father, attribute: allegation, thing: a/slap, value: denied,
          basis: told, informant: father""",
    "two surnames": """
        agency: hv, observed: 2022-01-10, about: mother, attribute: name_used, value: Lee
        agency: police, observed: 2022-01-10, about: mother, attribute: name_used, value: Hill""",
    "a visit held and another cancelled, neither with a key": """
        agency: hv, observed: 2022-03-10, about: mother, attribute: visit_outcome, value: held
        agency: csc, observed: 2022-03-10, about: mother, attribute: visit_outcome, value: cancelled_by_family""",
    "two limits of one bail": """
        agency: csc, observed: 2022-03-10, about: father, attribute: contact_condition, item: bail,
          value: supervised_only, valid: 2022-01/..
        agency: police, observed: 2022-03-12, about: father, attribute: contact_condition, item: bail,
          value: not_at_home, valid: 2022-01/..""",
    "a diagnosis made in the summer that was not yet made in the winter": """
        agency: gp, observed: 2022-01-10, attribute: diagnosis, item: autism, value: not_diagnosed, valid: 2022-01-10/..
        agency: camhs, observed: 2022-06-20, attribute: diagnosis, item: autism, value: diagnosed, valid: 2022-06/..""",
    "precise and vague words for one fall": """
        agency: gp, observed: 2022-01-10, attribute: account, thing: a/mark, value: fall, basis: told, informant: mother
        agency: hv, observed: 2022-01-12, attribute: account, thing: a/mark, value: stairs, basis: told, informant: dad
        """,
    "words that name no place, beside an address": """
        agency: hv, observed: 2022-01-10, attribute: address, value: Mother's home., valid: 2022-01/..
        agency: gp, observed: 2022-01-12, attribute: address, value: "4 Mill Lane, Shrewsbury", valid: 2022-01/..""",
}
CONFLICTS = {
    ("same_informant", "an item joined, spaced and written as three agencies do"): """
        agency: hv, observed: 2022-03-10, about: mother, attribute: substance_use, item: crack_cocaine, value: denied,
          valid: 2022-03-10/.., basis: told, informant: mother
        agency: gp, observed: 2022-03-20, about: mother, attribute: substance_use, item: Crack cocaine, value: admitted,
          valid: 2022-03-20/.., basis: told, informant: mother""",
    ("contradiction", "the child as counterpart, named and left out"): """
        agency: csc, observed: 2022-03-10, about: father, attribute: contact_with_child, value: none,
          valid: 2022-03-10/.., basis: told, informant: mother
        agency: school, observed: 2022-03-20, about: father, with: child, attribute: contact_with_child,
          value: alone_with_child, basis: seen""",
    ("contradiction", "denied, and on record since long ago"): """
        agency: police, observed: 2022-01-10, about: father, attribute: criminal_history, item: assault,
          value: convicted, valid: 2015/..
        agency: csc, observed: 2022-06-10, about: father, attribute: criminal_history, item: assault, value: denied,
          valid: 2022-06-10/.., basis: told, informant: father""",
    ("explanation", "one fall, and another sort of fall"): """
        agency: gp, observed: 2022-01-10, attribute: account, thing: a/mark, value: stairs, basis: told,
          informant: mother
        agency: hv, observed: 2022-01-12, attribute: account, thing: a/mark, value: low_fall, basis: told,
          informant: father""",
}


def found_on(lines: str, pack: Pack) -> set[str]:
    """The kinds that compare statements among what is open once these were recorded; a claim may fill several lines."""
    steps = []
    for number, line in enumerate(lines.strip().replace(",\n", ",").splitlines(), start=1):
        claim = claim_of(line)
        agency, observed, statement = claim.pop("agency"), claim.pop("observed"), claim.pop("statement", "fact")
        assert pack.check_claim(claim) == []
        body = {"observed": observed, "statement": statement, "claims": [claim]}
        at = observed_bounds(observed).end
        steps.append(EntryStep(number=number, at=at, kind="observation", agency=agency, body=body))
    state = RecordState("example")
    for _, after, _ in run(state, steps, pack):
        state = after
    return COMPARING & {finding.kind for finding in state.findings.values()}


@pytest.mark.parametrize("shows", LOOK_ALIKES)
def test_what_only_looks_like_a_conflict_raises_none(pack: Pack, shows: str) -> None:
    """A change, another thing, a vaguer word and two names are no contradiction."""
    assert found_on(LOOK_ALIKES[shows], pack) == set()


@pytest.mark.parametrize(("kind", "shows"), CONFLICTS)
def test_what_differs_is_found_however_it_is_written(pack: Pack, kind: str, shows: str) -> None:
    """How an item is joined, and whether the child is named as counterpart, part no question from another."""
    assert found_on(CONFLICTS[kind, shows], pack) == {kind}
