"""How far each person's use of each service got: in which column what was recorded stands, and whose row it is."""

from typing import Any

import pytest

from ledger.domain.engagement_matrix import Service, Use, matrix, service_of
from ledger.domain.facts import Facts
from ledger.domain.record_state import Surroundings
from tests.folding import all_of
from tests.saying import steps
from tests.shipped import shipped_pack
from tests.unit.domain.picturing import noon

AROUND = Surroundings(agency_kinds={"hv": "health_visiting", "csc": "childrens_social_care", "eh": "early_help",
                                    "primary": "school", "upper": "school"})  # fmt: skip


def entry(agency: str, kind: str, body: dict[str, Any]) -> dict[str, Any]:
    """An entry of any kind."""
    return {"agency": agency, "kind": kind, "body": body}


def facts(*entries: dict[str, Any]) -> Facts:
    """These entries, as rules read them."""
    return Facts(all_of(steps(*entries), shipped_pack(), AROUND), shipped_pack())


def said(agency: str, attribute: str, value: str, day: str, **more: Any) -> dict[str, Any]:
    """One claim about the mother, from the agency's own record unless said otherwise."""
    statement = more.pop("kind_of_statement", "fact")
    claim = {"about": "mother", "attribute": attribute, "value": value, "basis": "own_record", **more}
    return entry(agency, "observation", {"observed": day, "statement": statement, "claims": [claim]})


def uses(*entries: dict[str, Any], at: str = "2022-12-31") -> list[Use]:
    return matrix(facts(*entries), shipped_pack().views.engagement, noon(at))


def cells(use: Use) -> dict[str, list[str]]:
    """The values in each column that has any."""
    return {column: [step.claim.value or "" for step in steps] for column, steps in use.steps.items() if steps}


def test_what_was_offered_refused_and_taken_up_stands_side_by_side() -> None:
    """One service refused and another taken up are two rows of one person, with what was said of each."""
    found = uses(
        said("csc", "planned_support", "recommended", "2022-03-01", item="early help"),
        said("eh", "planned_support", "declined_by_family", "2022-03-10", item="early help assessment"),
        said("hv", "engagement", "good", "2022-03-12"),
    )
    assert [(use.person, use.service.agency, cells(use)) for use in found] == [
        ("mother", "eh", {"offered": ["recommended"], "declined": ["declined_by_family"]}),
        ("mother", "hv", {"active": ["good"]}),
    ]


@pytest.mark.parametrize("value", ["poor", "hostile", "not_engaging", "undetermined"])
def test_a_judgement_of_somebody_stands_in_no_column(value: str) -> None:
    """What only says what somebody thinks of how a person works with a service is shown beside, and counted nowhere."""
    (use,) = uses(said("hv", "engagement", value, "2022-03-12"))
    assert cells(use) == {}
    assert [step.claim.value for step in use.beside] == [value]


@pytest.mark.parametrize("statement", ["plan", "intention", "omission"])
def test_what_is_only_meant_stands_in_no_column(statement: str) -> None:
    """That somebody means to take a service up is not that they did."""
    (use,) = uses(
        said("eh", "planned_support", "started", "2022-03-12", item="parenting course", kind_of_statement=statement)
    )
    assert cells(use) == {}
    assert len(use.beside) == 1


def test_a_contact_is_of_everybody_who_was_there_or_of_the_child() -> None:
    """One that was held is each one's who was present; one that was not is the child's, and whose doing is said."""
    found = uses(
        entry("hv", "contact", {"observed": "2022-03-01", "outcome": "held", "present": ["mother", "child"]}),
        entry("hv", "contact", {"observed": "2022-03-08", "outcome": "cancelled", "by_whom": "mother"}),
        entry("hv", "contact", {"observed": "2022-03-15", "outcome": "cancelled", "by_whom": {"agency": "hv"}}),
        entry("hv", "contact", {"observed": "2022-03-22", "outcome": "no_access"}),
    )
    told = {use.person: [(column, step.by) for column, steps in use.steps.items() for step in steps] for use in found}
    assert told == {
        "child": [("active", None), ("not_brought", "family"), ("not_brought", "service"), ("not_brought", None)],
        "mother": [("active", None), ("not_brought", "family")],
    }


@pytest.mark.parametrize(("depth", "columns"), [("seen", ["active"]), ("remote", ["active"]), ("told", [])])
def test_a_contact_with_a_depth_took_place(depth: str, columns: list[str]) -> None:
    """Who was met was met, also where no outcome is said; what was only told is no contact."""
    found = uses(entry("hv", "contact", {"observed": "2022-03-01", "depth": depth, "present": ["mother"]}))
    assert [column for use in found for column, steps in use.steps.items() if steps] == columns


def test_a_referral_is_the_service_s_to_which_it_was_put() -> None:
    """It was offered; what the receiver answers moves it on, and what anybody else answers does not."""
    (use,) = uses(
        entry("hv", "referral", {"to": "early help", "reason": "play"}),
        entry("csc", "reply", {"of": f"{'a' * 26}.1", "answer": "accepted"}),
        entry("eh", "reply", {"of": f"{'a' * 26}.1", "answer": "declined", "reason": "full"}),
    )
    assert use.service == Service(agency="eh")
    assert {column: len(steps) for column, steps in use.steps.items() if steps} == {"offered": 1, "declined": 1}
    assert use.steps["declined"][0].by == "service"


def test_a_decision_ends_the_service_that_took_it() -> None:
    """Closure by one agency is the end of its own work and of nobody else's."""
    (use,) = uses(entry("csc", "decision", {"kind": "closure", "reason": "settled"}))
    assert (use.service.agency, [step.claim.item for step in use.steps["ended"]]) == ("csc", ["closure"])


def test_nothing_is_shown_of_after_the_moment() -> None:
    """Of a later day there is nothing, whether it was said later or only speaks of later."""
    entries = [said("hv", "engagement", "good", "2022-03-12"), said("hv", "engagement", "refused", "2022-06-12")]
    (use,) = uses(*entries, at="2022-04-01")
    assert cells(use) == {"active": ["good"]}
    assert uses(*entries, at="2022-03-01") == []


def test_the_latest_is_all_of_the_last_day() -> None:
    """Where two say otherwise of one day, both are the latest: nothing is chosen."""
    (use,) = uses(
        said("eh", "engagement", "good", "2022-03-01"),
        said("eh", "engagement", "refused", "2022-03-12"),
        said("csc", "engagement", "engaging", "2022-03-12", item="early help"),
    )
    assert sorted((column, step.claim.agency) for column, step in use.latest) == [("active", "csc"), ("declined", "eh")]


def test_one_entry_is_counted_once() -> None:
    """A visit that an entry tells of as its contact and in a claim is one."""
    claim = {"about": "child", "attribute": "visit_outcome", "value": "no_access", "basis": "own_record", "thing": "v1"}
    contact = {"outcome": "no_access"}
    body = {"observed": "2022-03-10", "statement": "fact", "claims": [claim], "contact": contact}
    (use,) = uses(entry("hv", "observation", body))
    assert cells(use) == {"not_brought": ["no_access"]}


@pytest.mark.parametrize(
    ("item", "service"),
    [
        (None, Service(agency="hv")),
        ("csc", Service(agency="csc")),
        ("social_care", Service(agency="csc")),
        ("early help assessment", Service(agency="eh")),
        ("school", Service(sort="school")),
        ("health visiting", Service(agency="hv")),
        ("Walking_group", Service(called="walking group")),
    ],
)
def test_whose_service_an_item_names(item: str | None, service: Service) -> None:
    """An agency by its name or as the only one of its sort; of several the sort; what is neither goes by its words."""
    assert service_of(item, "hv", facts()) == service
