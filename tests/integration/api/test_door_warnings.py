"""What does not fit the dates that are held is warned of in the answer and kept with the entry; nothing is refused."""

from typing import Any
from uuid import UUID

import pytest

from ledger.services.authenticate import read_bearer
from ledger.services.context import Context
from ledger.services.record import record
from ledger.services.submission import Recorded, Submission
from ledger.store.database import connect_engine
from tests.integration.store.wire import CountingWire
from tests.partnership import Partnership, stored

RESTRICTED = {"marking": "restricted", "to": [], "lawful_basis": "public task"}


@pytest.fixture
def child(partnership: Partnership) -> str:
    """A child born on 1 September 2022, whom hv and csc are involved with."""
    return partnership.child(involve=["hv", "csc"])


def claim(attribute: str, value: str, about: str = "child", **more: Any) -> dict[str, Any]:
    return {"about": about, "attribute": attribute, "value": value, "basis": "own_record"} | more


def observe(partnership: Partnership, child: str, agency: str = "hv", **changes: Any) -> dict[str, Any]:
    return stored(partnership.post("/observations", partnership.observation(child, **changes), agency))


def told(answer: dict[str, Any]) -> list[tuple[str, str]]:
    return [(warning["code"], warning["pointer"]) for warning in answer.get("warnings", ())]


AGE = claim("age_in_months", "3")


def test_an_age_that_no_birth_gives_is_warned_of(partnership: Partnership, child: str) -> None:
    """The answer names the field and the fix and repeats nothing; the entry stands as it was sent."""
    answer = observe(partnership, child, claims=[claim("presence", "absent", "father"), AGE])
    assert told(answer) == [("age_and_birth", "/claims/1/value")]
    (warning,) = answer["warnings"]
    assert set(warning) == {"code", "pointer", "detail", "fix"}
    assert "2022" not in str(warning)
    read = stored(partnership.get(f"/entries/{answer['id']}"))
    assert read["body"]["claims"][1] == AGE
    assert read["warnings"] == answer["warnings"]


def test_what_fits_is_not_warned_of(partnership: Partnership, child: str) -> None:
    """An age that fits, a contact after birth and a plain observation answer as ever."""
    fits = [claim("age_in_months", "13"), claim("presentation", "well")]
    contact = {"depth": "seen", "present": ["child"]}
    assert "warnings" not in observe(partnership, child, claims=fits, contact=contact)
    assert "warnings" not in observe(partnership, child)


def test_the_dead_are_not_seen_later(partnership: Partnership, child: str) -> None:
    """A living sign after a death that somebody else shared is warned of; what is learnt of the dead is not."""
    observe(partnership, child, "csc", claims=[claim("death", "happened", valid="2023-09-20")])
    later = [claim("behaviour", "settled"), claim("injury", "fracture", thing="leg"), claim("school_roll", "on_roll")]
    answer = observe(partnership, child, claims=later, contact={"depth": "seen"})
    assert told(answer) == [("after_death", "/observed")]
    assert told(observe(partnership, child, observed="2023-09-20", claims=later)) == []
    dated = [claim("left_alone", "happened", valid="2023-09-25")]
    assert told(observe(partnership, child, claims=dated)) == [("after_death", "/claims/0/valid")]


def test_before_conception_and_before_birth(partnership: Partnership, child: str) -> None:
    """A claim on the child years too early, and the child seen before birth; what is antenatal is neither."""
    early = [claim("basic_care", "not_met", valid="2020-03-01"), claim("basic_care", "not_met", "mother", valid="2020")]
    assert told(observe(partnership, child, claims=early)) == [("before_conception", "/claims/0/valid")]
    seen: dict[str, Any] = {"observed": "2022-06-01", "claims": [], "contact": {"depth": "seen", "present": ["child"]}}
    assert told(observe(partnership, child, **seen)) == [("before_birth", "/observed")]
    assert told(observe(partnership, child, author={"role": "community midwife"}, **seen)) == []
    assert told(observe(partnership, child, **seen | {"claims": [claim("pregnancy", "pregnant", "mother")]})) == []


def test_a_practice_before_it_registered_the_child(partnership: Partnership, child: str) -> None:
    """By its own register a practice did not have the child on that day; nobody else is held to that register."""
    registered = claim("gp_registration", "registered", valid="2023-04-01/..", item="Hill practice")
    observe(partnership, child, "gp", claims=[registered])
    contact = {"event_id": "c1", "observed": "2023-02-01", "depth": "seen"}
    for agency, expected in (("gp", [("before_registration", "/observed")]), ("csc", [])):
        partnership.involve(child, agency)
        assert told(stored(partnership.post(f"/children/{child}/contacts", contact, agency))) == expected


def test_a_correction_is_judged_and_takes_back_what_it_withdraws(partnership: Partnership, child: str) -> None:
    """Its places are its own; what was wrongly said of a death measures nothing once it is voided."""
    slip = observe(partnership, child, claims=[claim("death", "happened", valid="2023-01-01")])
    alive = claim("behaviour", "settled")
    assert told(observe(partnership, child, claims=[alive])) == [("after_death", "/observed")]
    corrected = {"observed": "2023-10-05", "statement": "fact", "claims": [AGE]}
    body = {"event_id": "x1", "corrects": slip["id"], "reason": "another child", "observation": corrected}
    answer = stored(partnership.post(f"/children/{child}/corrections", body))
    assert told(answer) == [("age_and_birth", "/observation/claims/0/value")]
    assert told(observe(partnership, child, claims=[alive])) == []


def test_a_retry_and_a_batch_warn_as_the_first_did(partnership: Partnership, child: str) -> None:
    """The same answer whatever was recorded since; in a batch each item has its own, an item's retry too."""
    body = partnership.observation(child, claims=[AGE])
    first = stored(partnership.post("/observations", body))
    observe(partnership, child, claims=[claim("date_of_birth", "2023-07-01")])
    assert stored(partnership.post("/observations", body)) == first
    fresh = partnership.observation(child, claims=[claim("age_in_months", "60")])
    results = stored(partnership.post("/observations/batch", [body, fresh, partnership.observation(child), fresh]))
    codes = [[code for code, _ in told(result)] for result in results["results"]]
    assert codes == [["age_and_birth"], ["age_and_birth"], [], ["age_and_birth"]]
    assert [result["status"] for result in results["results"]] == [200, 201, 201, 200]


def test_who_is_not_involved_learns_nothing(partnership: Partnership, child: str) -> None:
    """Police, who are not, are judged by their own words alone: nothing that others said of the birth shows."""
    assert told(observe(partnership, child, "police", claims=[AGE])) == []
    both = [claim("date_of_birth", "2022-09-01"), AGE]
    assert told(observe(partnership, child, "police", claims=both)) == [("age_and_birth", "/claims/1/value")]
    assert told(observe(partnership, child, "police", claims=[AGE])) == [("age_and_birth", "/claims/0/value")]


def test_what_is_marked_measures_nobody_else(partnership: Partnership, child: str) -> None:
    """Only its own agency is warned by what it withholds, and in the timeline that warning is its own as well."""
    observe(partnership, child, "csc", claims=[claim("death", "happened", valid="2023-09-01")], sharing=RESTRICTED)
    alive = claim("behaviour", "settled")
    assert told(observe(partnership, child, "hv", claims=[alive])) == []
    answer = observe(partnership, child, "csc", claims=[alive])
    assert told(answer) == [("after_death", "/observed")]
    for agency, expected in (("csc", [("after_death", "/observed")]), ("hv", [])):
        entries = stored(partnership.get(f"/children/{child}/timeline", agency))["entries"]
        (shown,) = (entry for entry in entries if entry["id"] == answer["id"])
        assert told(shown) == expected


def test_the_timeline_shows_a_warning_to_whoever_sees_the_entry(partnership: Partnership, child: str) -> None:
    """It stands with the entry for others as it was answered to its author."""
    answer = observe(partnership, child, claims=[AGE])
    entries = stored(partnership.get(f"/children/{child}/timeline", "csc"))["entries"]
    (shown,) = (entry for entry in entries if entry["id"] == answer["id"])
    assert shown["warnings"] == answer["warnings"]


def test_copies_are_judged_by_their_own_record(partnership: Partnership, child: str) -> None:
    """An entry that `also` makes is held against the sibling's own birth."""
    sibling = partnership.child(involve=["hv"], born="2023-07-05")
    answer = observe(partnership, child, claims=[AGE], also=[{"id": sibling}])
    assert told(answer) == [("age_and_birth", "/claims/0/value")]
    assert told(answer["also"][0]) == []


def test_it_costs_no_further_trip(partnership: Partnership, child: str) -> None:
    """An append whose body is judged and warned of, and its retry, are two exchanges with the server each."""
    credential, old = read_bearer(f"Bearer {partnership.keys['hv']}"), partnership.context
    with CountingWire(partnership.database_url) as wire:
        engine = connect_engine(wire.url, "ledger_web", pool_size=1)
        context = Context(engine, old.pack, old.chance, old.real_now, partnership.bell)
        trips = []
        body = partnership.observation(child, claims=[AGE])
        for event in ("t1", "t2", "t2"):
            submission = Submission("observation", event, body | {"event_id": event}, (UUID(child),))
            (outcome,) = record(context, credential, [submission], "observe")
            assert isinstance(outcome, Recorded)
            assert outcome.warnings
            trips.append(wire.taken())
        engine.dispose()
    assert trips[1:] == [2, 2]
