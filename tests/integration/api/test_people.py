"""The people and things of a record, as one reader may see them: who is one and why, and who may be."""

from typing import Any

import pytest
from sqlalchemy import text

from tests.partnership import Partnership, refused, stored

RESTRICTED = {"lawful_basis": "public task", "marking": "restricted", "to": []}
LEE = {"ref": "p-9", "role": "mother's partner", "name": "Lee Brown", "born": "1990-04-12"}
BROWN = {"ref": "4411", "name": "BROWN, Lee", "born": "1990-04-12"}


@pytest.fixture
def child(partnership: Partnership) -> str:
    """A child whom hv and csc are involved with."""
    return partnership.child(involve=["hv", "csc"])


def say(partnership: Partnership, child: str, agency: str = "hv", **changes: Any) -> dict[str, Any]:
    """An observation without claims but those that are given."""
    return stored(
        partnership.post("/observations", partnership.observation(child, **{"claims": [], **changes}), agency)
    )


def link(partnership: Partnership, child: str, *keys: str, way: str = "links", sort: str = "people") -> dict[str, Any]:
    body = {"event_id": partnership.event(), sort: list(keys), "reason": "Confirmed by phone."}
    return stored(partnership.post(f"/children/{child}/{way}", body, "hv"))


def read(partnership: Partnership, child: str, agency: str = "hv", query: str = "") -> dict[str, Any]:
    return stored(partnership.get(f"/children/{child}/people{query}", agency))


def person(answer: dict[str, Any], key: str) -> dict[str, Any]:
    (found,) = (one for one in answer["people"] if key in one["keys"])
    return dict(found)


def pairs(answer: dict[str, Any], of: str = "people") -> list[list[str]]:
    return [one["ids"] for one in answer["proposals"] if one["of"] == of]


def test_people_are_as_declared(partnership: Partnership, child: str) -> None:
    """Everybody whom an entry names is there once, with what each agency sent of them and where."""
    entry = say(partnership, child, people=[LEE])
    say(partnership, child, "csc", contact={"depth": "seen", "present": ["mother", "child"]})
    answer = read(partnership, child, "csc")
    assert [one["id"] for one in answer["people"]] == ["child", "mother", "hv/p-9"]
    found = person(answer, "hv/p-9")
    assert found["roles"] == ["mother's partner"]
    assert found["declared"] == [
        {
            "entry": entry["id"], "agency": "hv", "recorded_at": entry["recorded_at"], "key": "hv/p-9",
            "role": "mother's partner", "name": "Lee Brown", "born": "1990-04-12",
        }
    ]  # fmt: skip
    assert (found["links"], found["unlinks"]) == ([], [])
    assert answer["child"] == child


def test_a_link_explains_itself_and_can_be_taken_back(partnership: Partnership, child: str) -> None:
    """Linked keys are one person, with the entry that joined them, whose and why; unlinked they are two again."""
    say(partnership, child, people=[LEE])
    say(partnership, child, "csc", people=[BROWN])
    before = read(partnership, child)
    assert pairs(before) == [["csc/4411", "hv/p-9"]]
    (proposal,) = before["proposals"]
    assert (proposal["level"], proposal["why"]) == ("likely", ["the same name", "the same date of birth"])
    joined = link(partnership, child, "p-9", "csc/4411")
    answer = read(partnership, child, "csc")
    found = person(answer, "hv/p-9")
    assert found["keys"] == ["csc/4411", "hv/p-9"]
    assert [one["name"] for one in found["declared"]] == ["Lee Brown", "BROWN, Lee"]
    assert found["links"] == [
        {
            "entry": joined["id"], "agency": "hv", "recorded_at": joined["recorded_at"], "how": "link",
            "keys": ["hv/p-9", "csc/4411"], "reason": "Confirmed by phone.",
        }
    ]  # fmt: skip
    assert answer["proposals"] == []
    parted = link(partnership, child, "p-9", "csc/4411", way="unlinks")
    after = read(partnership, child)
    for key in ("hv/p-9", "csc/4411"):
        assert person(after, key)["keys"] == [key]
        assert person(after, key)["links"] == []
        assert [one["entry"] for one in person(after, key)["unlinks"]] == [parted["id"]]
    assert after["proposals"] == [], "what was said to be two is not proposed again"


def test_a_declared_role_joins_and_says_so(partnership: Partnership, child: str) -> None:
    """Whom an agency declares to be the father is the father; two partners stay two."""
    entry = say(partnership, child, people=[{"ref": "k", "role": "father"}, {"ref": "a", "role": "partner"}])
    say(partnership, child, "csc", people=[{"ref": "b", "role": "partner", "name": "Joe"}])
    answer = read(partnership, child)
    father = person(answer, "hv/k")
    assert father["id"] == "father"
    assert [(one["entry"], one["how"]) for one in father["links"]] == [(entry["id"], "declared_role")]
    assert person(answer, "hv/a")["id"] != person(answer, "csc/b")["id"]
    assert pairs(answer) == [["csc/b", "hv/a"]]
    assert answer["proposals"][0]["level"] == "possible"


@pytest.mark.parametrize(
    ("born", "level"), [("1990-04-12", "likely"), (None, "possible"), ("1988-07-30", None), ("1961-04-12", None)]
)
def test_two_of_one_name(partnership: Partnership, child: str, born: str | None, level: str | None) -> None:
    """The same date makes them likely, none makes them possible, another makes them two."""
    say(partnership, child, people=[LEE])
    say(partnership, child, "csc", people=[{"ref": "x", "name": "Lee Brown"} | ({"born": born} if born else {})])
    assert [one["level"] for one in read(partnership, child)["proposals"]] == ([level] if level else [])


def test_those_whom_one_entry_names_side_by_side_are_two(partnership: Partnership, child: str) -> None:
    """An agency that names two in one entry takes them for two."""
    say(partnership, child, people=[LEE, {"ref": "p-10", "name": "Lee Brown"}])
    assert read(partnership, child)["proposals"] == []


def test_that_two_are_one_may_be_claimed(partnership: Partnership, child: str) -> None:
    """A claim that two people are one joins nobody: it is proposed, as that claim."""
    claim = {"about": "p-9", "attribute": "same_person_as", "value": "father", "basis": "told", "informant": "mother"}
    say(partnership, child, people=[LEE], claims=[claim])
    answer = read(partnership, child)
    assert person(answer, "hv/p-9")["keys"] == ["hv/p-9"]
    assert [(one["ids"], one["why"]) for one in answer["proposals"]] == [
        (["father", "hv/p-9"], ["an agency says that they are one"])
    ]


def test_what_was_withdrawn_says_nothing_more(partnership: Partnership, child: str) -> None:
    """A voided declaration is gone from the answer, and stays in the answer of before."""
    entry = say(partnership, child, people=[LEE])
    void = {"event_id": "void", "voids": entry["id"], "reason": "another child"}
    stored(partnership.post(f"/children/{child}/voids", void))
    assert [one["id"] for one in read(partnership, child)["people"]] == ["child"]
    then = read(partnership, child, query=f"?as_of={entry['number']}")
    assert person(then, "hv/p-9")["declared"]


def test_as_known_at_a_point(partnership: Partnership, child: str) -> None:
    """A point of the record answers the same for ever, whatever was linked since; there is no point to come."""
    say(partnership, child, people=[LEE])
    say(partnership, child, "csc", people=[BROWN])
    then = read(partnership, child)["as_of"]
    query = f"?as_of={then['number']}&hash={then['hash']}"
    before = read(partnership, child, query=query)
    link(partnership, child, "p-9", "csc/4411")
    assert read(partnership, child, query=query) == before
    assert read(partnership, child)["as_of"]["number"] == then["number"] + 1
    refused(partnership.get(f"/children/{child}/people?as_of=99"), 409)
    refused(partnership.get(f"/children/{child}/people?known_at=2023-10-05&as_of=1"), 422)


# --- things ----------------------------------------------------------------------------------------------------------


def injured(thing: str | None, attribute: str = "injury", value: str = "bruise", **more: Any) -> dict[str, Any]:
    named = {} if thing is None else {"thing": thing}
    return {"about": "child", "attribute": attribute, "value": value, "basis": "seen", **named, **more}


def test_injuries_that_fit_are_proposed_and_never_merged(partnership: Partnership, child: str) -> None:
    """Type, site and date fit: possible, and two things until somebody links them; a claim without a key is its own."""
    say(partnership, child, claims=[injured("b1"), injured("b1", "injury_site", "cheek", item="left")])
    unkeyed = say(partnership, child, "csc", claims=[injured(None), injured(None, "injury_site", "cheek")])
    own = f"csc/entry-{unkeyed['number']}"
    answer = read(partnership, child)
    assert [one["id"] for one in answer["things"]] == [own, "hv/b1"]
    assert [(one["ids"], one["level"]) for one in answer["proposals"]] == [([own, "hv/b1"], "possible")]
    assert [one["attribute"] for one in answer["things"][1]["said"]] == ["injury", "injury_site"]
    link(partnership, child, "b1", own, sort="things")
    linked = read(partnership, child)
    assert [one["keys"] for one in linked["things"]] == [[own, "hv/b1"]]
    assert linked["things"][0]["links"][0]["reason"] == "Confirmed by phone."
    assert linked["proposals"] == []
    link(partnership, child, "b1", own, sort="things", way="unlinks")
    assert len(read(partnership, child)["things"]) == 2
    assert read(partnership, child)["proposals"] == []


def test_two_injuries_stay_two(partnership: Partnership, child: str) -> None:
    """On two sides, of two types, weeks apart, or where one was looked for and not found."""
    say(partnership, child, claims=[injured("b1"), injured("b1", "injury_site", "cheek", item="left")])
    say(partnership, child, "csc", claims=[injured("s1"), injured("s1", "injury_site", "cheek", item="right")])
    say(partnership, child, "csc", claims=[injured("s2", value="burn")])
    say(partnership, child, "csc", claims=[injured("s3", value="none")])
    say(partnership, child, "csc", observed="2023-06-05", claims=[injured("s4")])
    assert read(partnership, child)["proposals"] == []


# --- who may see -----------------------------------------------------------------------------------------------------


def test_it_is_for_the_involved(partnership: Partnership, child: str) -> None:
    """Others get the answer of a child that is not there; a key without scope read gets none."""
    assert refused(partnership.get(f"/children/{child}/people", "gp"), 404, "not_found")
    _, key = partnership.issue("hv", scopes=["observe"])
    refused(partnership.get(f"/children/{child}/people", None, key=key), 403)


def test_what_is_withheld_leaves_no_trace(partnership: Partnership, child: str) -> None:
    """Of another agency's marked entry nobody, no thing, no link and no proposal is seen; its author sees all."""
    say(partnership, child, people=[LEE])
    empty = read(partnership, child)
    hidden = [{**BROWN}, {"ref": "k", "role": "father", "name": "Joe Gray"}]
    claims = [injured("s1"), {**injured("s1", "presence", "absent"), "about": "4411"}]
    for claim in claims[1:]:
        del claim["thing"]
    say(partnership, child, "csc", people=hidden, claims=claims, sharing=RESTRICTED)
    seen = read(partnership, child)
    assert {name: seen[name] for name in ("people", "things", "proposals")} == {
        name: empty[name] for name in ("people", "things", "proposals")
    }
    own = read(partnership, child, "csc")
    assert person(own, "csc/4411")["declared"][0]["name"] == "BROWN, Lee"
    assert person(own, "csc/k")["id"] == "father"
    assert pairs(own) == [["csc/4411", "hv/p-9"]]


def test_one_person_in_two_records(partnership: Partnership, child: str) -> None:
    """The same man in another child's record is seen there alone: not in people, not in proposals, not by an error."""
    sister = partnership.child(involve=["csc"])
    say(partnership, child, people=[LEE])
    say(partnership, sister, "csc", people=[BROWN])
    for record, agency, keys in ((child, "hv", ["child", "hv/p-9"]), (sister, "csc", ["child", "csc/4411"])):
        answer = read(partnership, record, agency)
        assert [one["id"] for one in answer["people"]] == keys
        assert answer["proposals"] == []
    refused(partnership.get(f"/children/{sister}/people", "hv"), 404)
    body = {"event_id": "l", "people": ["p-9", "csc/4411"], "reason": "x"}
    none = {"event_id": "m", "people": ["p-9", "csc/none"], "reason": "x"}
    there, nowhere = (refused(partnership.post(f"/children/{child}/links", one), 422) for one in (body, none))
    assert there == nowhere


def test_the_reading_is_recorded(partnership: Partnership, child: str) -> None:
    """Who looked at whose people, why and how far, before the answer is sent."""
    headers = {"Access-Purpose": "strategy discussion"}
    answer = stored(partnership.get(f"/children/{child}/people", "csc", headers=headers))
    with partnership.acting("ledger_auditor", "auditor") as connection:
        query = text("SELECT agency_id, what, purpose, up_to_number FROM ledger.access_records")
        rows = [tuple(row) for row in connection.execute(query)]
    assert rows == [("csc", "people", "strategy discussion", answer["as_of"]["number"])]
