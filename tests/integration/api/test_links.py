"""Links and unlinks: what they keep, and those that cannot stand."""

from typing import Any

import pytest
from sqlalchemy import text

from tests.partnership import Partnership, refused, stored

RESTRICTED = {"lawful_basis": "public task", "marking": "restricted", "to": []}


@pytest.fixture
def child(partnership: Partnership) -> str:
    """A child whom hv and csc are involved with; each has declared some people."""
    record_id = partnership.child(involve=["hv", "csc"])
    declare(partnership, record_id, "hv", "dad", "gran", "lodger")
    declare(partnership, record_id, "csc", "4411", "mgm")
    return record_id


def declare(partnership: Partnership, child: str, agency: str, *refs: str, **more: Any) -> dict[str, Any]:
    people = [{"ref": ref} for ref in refs]
    return stored(partnership.post("/observations", partnership.observation(child, people=people, **more), agency))


def join(partnership: Partnership, child: str, *keys: str, agency: str = "hv", way: str = "links") -> Any:
    sort = "things" if way.startswith("thing") else "people"
    body = {"event_id": partnership.event(), sort: list(keys), "reason": "said by both"}
    return partnership.post(f"/children/{child}/{way.removeprefix('thing-')}", body, agency)


def part(partnership: Partnership, child: str, *keys: str, agency: str = "hv") -> Any:
    return join(partnership, child, *keys, agency=agency, way="unlinks")


def kept(partnership: Partnership) -> list[tuple[Any, ...]]:
    with partnership.acting("ledger_worker") as connection:
        rows = connection.execute(text("SELECT kind, members, is_unlink FROM ledger.links ORDER BY number"))
        return [tuple(row) for row in rows]


def test_links_name_people_as_the_sender_does(partnership: Partnership, child: str) -> None:
    """Links and unlinks keep the keys under which people and things are known: roles, one's own, another agency's."""
    stored(join(partnership, child, "dad", "father"))
    stored(join(partnership, child, "gran", "csc/mgm"))
    stored(join(partnership, child, "bruise", "csc/injury", way="thing-links"))
    stored(join(partnership, child, "bruise", "csc/injury", way="thing-unlinks"))
    assert kept(partnership) == [
        ("people", ["hv/dad", "father"], False),
        ("people", ["hv/gran", "csc/mgm"], False),
        ("things", ["hv/bruise", "csc/injury"], False),
        ("things", ["hv/bruise", "csc/injury"], True),
    ]


def test_a_link_names_people_whom_the_record_knows(partnership: Partnership, child: str) -> None:
    """A reference that nobody has declared is refused where it stands, one's own and another agency's."""
    rows = partnership.rows()
    problem = refused(join(partnership, child, "nobody-1", "csc/4411", "csc/nobody-2"), 422, "linked_not_known")
    assert [error["pointer"] for error in problem["errors"]] == ["/people/0", "/people/2"]
    assert "nobody-" not in str(problem)
    refused(join(partnership, child, "csc/child", "dad"), 422, "linked_not_known", "/people/0")
    assert partnership.rows() == rows


def test_another_records_people_are_not_this_ones(partnership: Partnership, child: str) -> None:
    """What was declared in another child's record is not known in this one."""
    elsewhere = partnership.child(involve=["hv", "csc"])
    declare(partnership, elsewhere, "csc", "5522")
    refused(join(partnership, child, "dad", "csc/5522"), 422, "linked_not_known", "/people/1")


def test_what_a_marked_entry_joins_is_not_told(partnership: Partnership, child: str) -> None:
    """Nobody else can try out a role that a restricted entry declares, though detection has read it."""
    people = [{"ref": "k", "role": "father"}]
    stored(partnership.post("/observations", partnership.observation(child, people=people, sharing=RESTRICTED), "csc"))
    partnership.detect(child)
    assert kept(partnership) == [("people", ["father", "csc/k"], False)]
    for way, keys in (("links", ("dad", "csc/{}")), ("unlinks", ("father", "csc/{}"))):
        there, nowhere = (
            join(partnership, child, *(key.format(ref) for key in keys), way=way).get_json() for ref in ("k", "none")
        )
        assert there == nowhere
        assert there["status"] in {409, 422}
    stored(part(partnership, child, "father", "k", agency="csc"))


def test_what_a_marked_entry_declares_is_not_told(partnership: Partnership, child: str) -> None:
    """Another agency's restricted entry declares nobody for the sender, before and after a correction marks it."""
    declare(partnership, child, "csc", "hidden", sharing=RESTRICTED)
    never = refused(join(partnership, child, "dad", "csc/none"), 422, "linked_not_known", "/people/1")
    assert refused(join(partnership, child, "dad", "csc/hidden"), 422, "linked_not_known", "/people/1") == never
    stored(join(partnership, child, "4411", "hidden", agency="csc"))
    open_entry = declare(partnership, child, "csc", "later")
    observation = {"observed": "2023-10-05", "statement": "fact", "narrative": "x", "sharing": RESTRICTED}
    body = {"event_id": "mark", "corrects": open_entry["id"], "reason": "marked", "observation": observation}
    stored(partnership.post(f"/children/{child}/corrections", body, "csc"))
    assert refused(join(partnership, child, "dad", "csc/later"), 422, "linked_not_known", "/people/1") == never


@pytest.mark.parametrize("keys", [("dad", "hv/dad"), ("father", "hv/father")])
def test_a_link_joins_two(partnership: Partnership, child: str, keys: tuple[str, str]) -> None:
    """Two names of one key are one already."""
    refused(join(partnership, child, *keys), 409, "link_of_one", "/people")


def test_nobody_is_their_own_parent(partnership: Partnership, child: str) -> None:
    """The child is not linked with mother, father or anybody joined with them, by however many links."""
    for parent in ("mother", "father"):
        refused(join(partnership, child, "child", parent), 422, "parent_of_self", "/people")
    stored(join(partnership, child, "dad", "father"))
    refused(join(partnership, child, "child", "dad"), 422, "parent_of_self", "/people")
    stored(join(partnership, child, "child", "csc/mgm", agency="csc"))
    refused(join(partnership, child, "dad", "csc/mgm"), 422, "parent_of_self", "/people")


@pytest.mark.parametrize(
    "said",
    [
        {"people": [{"ref": "p", "role": "Step-father"}]},
        {
            "claims": [{"about": "child", "attribute": "father", "value": "p", "basis": "seen"}],
            "people": [{"ref": "p"}],
        },
        {
            "claims": [{"about": "p", "attribute": "relationship_to_child", "value": "step_parent", "basis": "seen"}],
            "people": [{"ref": "p"}],
        },
    ],
    ids=["by role", "as the father", "by relationship"],
)
def test_nobody_named_as_a_parent_is_the_child(partnership: Partnership, child: str, said: dict[str, Any]) -> None:
    """An adult whom any entry names as the child's parent is not the child, though no role of one person says so."""
    entry = stored(partnership.post("/observations", partnership.observation(child, **said)))
    refused(join(partnership, child, "child", "p"), 422, "parent_of_self", "/people")
    void = {"event_id": "void", "voids": entry["id"], "reason": "a slip"}
    stored(partnership.post(f"/children/{child}/voids", void))
    stored(join(partnership, child, "child", "p"))


def test_a_grandmother_is_no_parent_and_a_partner_neither(partnership: Partnership, child: str) -> None:
    """Roles that have a parent in their words are not parents."""
    people = [{"ref": "a", "role": "maternal grandmother"}, {"ref": "b", "role": "mother's partner"}]
    stored(partnership.post("/observations", partnership.observation(child, people=people)))
    stored(join(partnership, child, "child", "a", "b"))


def test_mother_and_father_are_two(partnership: Partnership, child: str) -> None:
    """They are not joined, nor those who are joined with them, also when a role was only just declared."""
    refused(join(partnership, child, "mother", "father"), 422, "two_parents_in_one", "/people")
    people = [{"ref": "k", "role": "father"}]
    stored(partnership.post("/observations", partnership.observation(child, people=people)))
    refused(join(partnership, child, "mother", "k"), 422, "two_parents_in_one", "/people")


def test_two_partners_stay_two_until_linked(partnership: Partnership, child: str) -> None:
    """A role that many may hold joins nobody: only a link does, and an unlink takes that back."""
    people = [{"ref": "partner", "role": "partner"}]
    for agency in ("hv", "csc"):
        stored(partnership.post("/observations", partnership.observation(child, people=people), agency))
    stored(part(partnership, child, "partner", "csc/partner"))
    stored(join(partnership, child, "partner", "csc/partner"))
    stored(part(partnership, child, "hv/partner", "partner", agency="csc"))
    refused(part(partnership, child, "partner", "hv/partner"), 409, "link_of_one", "/people")


def test_what_a_role_joined_can_be_taken_apart(partnership: Partnership, child: str) -> None:
    """A declared role before detection has read it, and an agency's own use of a role; never one from itself."""
    people = [{"ref": "k", "role": "father"}]
    stored(partnership.post("/observations", partnership.observation(child, people=people)))
    stored(part(partnership, child, "father", "k"))
    stored(part(partnership, child, "father", "csc/father"))
    refused(join(partnership, child, "b1", "hv/b1", way="thing-unlinks"), 409, "link_of_one", "/things")


def test_a_retry_of_a_link_is_known(partnership: Partnership, child: str) -> None:
    """What was stored is answered as at first, though by now it would join nothing or part nobody."""
    body = {"event_id": "u", "people": ["dad", "father"], "reason": "two men"}
    stored(join(partnership, child, "dad", "father"))
    first = partnership.post(f"/children/{child}/unlinks", body)
    again = partnership.post(f"/children/{child}/unlinks", body)
    assert (first.status_code, again.status_code) == (201, 200)
