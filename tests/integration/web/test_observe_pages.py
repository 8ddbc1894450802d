"""Posting an observation on the pages: what is suggested, what is added, and what comes of it."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest

from ledger.api.requests import refused_fields
from ledger.api.schemas.observations import ObservationSchema
from ledger.domain.role import Role
from tests.integration.web.filling import fields_of
from tests.integration.web.pressing import Pressing, Shown
from tests.partnership import Partnership, stored
from tests.picture_files import WHOLE

TOLD = "Mum said dad moved out in March. Bruise on his left cheek. Nan reports dad stays over most nights."


@pytest.fixture
def child(partnership: Partnership) -> str:
    """A child of three months with whom hv and csc are involved."""
    born = (datetime.now(UTC) - timedelta(days=90)).date().isoformat()
    return partnership.child(involve=["hv", "csc"], name="Robin", born=born)


@pytest.fixture
def visitor(partnership: Partnership) -> Pressing:
    """A health visitor at their pages."""
    return Pressing(partnership, partnership.person("hv", "hv1", Role.PRACTITIONER))


def look(person: Pressing, child: str, narrative: str = TOLD, **entered: Any) -> tuple[Shown, dict[str, str]]:
    """The second step of the form, and its fields."""
    address = f"/children/{child}/observe"
    first = fields_of(person.open(address), address)
    page = person.post(address, **first | {"narrative": narrative, "statement": "fact", "step": "look"} | entered)
    assert page.status == 200
    return page, fields_of(page, address)


def post(person: Pressing, child: str, fields: dict[str, str], **entered: Any) -> Shown:
    return person.post(f"/children/{child}/observe", **fields | {"step": "post"} | entered)


def entries(partnership: Partnership, child: str, agency: str = "hv") -> list[dict[str, Any]]:
    told = stored(partnership.get(f"/children/{child}/timeline", agency))["entries"]
    return [one for one in told if one["kind"] in ("observation", "correction", "void", "link")]


def ticked(fields: dict[str, str], *attributes: str) -> dict[str, str]:
    rows = {name: value for name, value in fields.items() if name.endswith("-attribute")}
    return {name.replace("-attribute", "-use"): "yes" for name, value in rows.items() if value in attributes}


def test_nothing_is_added_that_nobody_ticked(partnership: Partnership, visitor: Pressing, child: str) -> None:
    """The words suggest statements, none of them ticked; what is posted holds the words, and those that were ticked."""
    page, fields = look(visitor, child)
    assert page.html.count("ledger-mark") > 4
    assert not any(name.endswith("-use") for name in fields)
    assert post(visitor, child, fields).status == 303
    (entry,) = entries(partnership, child)
    assert entry["body"]["narrative"] == TOLD
    assert "claims" not in entry["body"]


def test_what_is_ticked_is_recorded_as_the_interface_takes_it(
    partnership: Partnership, visitor: Pressing, child: str
) -> None:
    """Whose word, about whom and when come from the words; somebody new is declared; the schema takes it."""
    _, fields = look(visitor, child)
    answer = post(visitor, child, fields, **ticked(fields, "presence", "injury"))
    assert answer.status == 303
    (entry,) = entries(partnership, child)
    body = entry["body"]
    said = [(one["attribute"], one["about"], one["value"], one["basis"]) for one in body["claims"]]
    assert said == [
        ("presence", "father", "absent", "told"),
        ("injury", "child", "bruise", "seen"),
        ("presence", "father", "stays_overnight", "told"),
    ]
    (grandmother,) = body["people"]
    assert grandmother["role"] == "grandmother"
    assert body["claims"][2]["informant"] == grandmother["ref"]
    assert body["claims"][0]["valid"].endswith("/..")
    assert refused_fields(ObservationSchema(pack=partnership.context.pack), body | {"event_id": "e"}) == []
    assert body["author"]["ref"] == "hv1"


def test_a_double_press_is_one(partnership: Partnership, visitor: Pressing, child: str) -> None:
    """The same page pressed twice leads to the same entry; changed after that, it says so and keeps the words."""
    _, fields = look(visitor, child)
    first, again = post(visitor, child, fields), post(visitor, child, fields)
    assert (first.status, first.location) == (again.status, again.location)
    changed = post(visitor, child, fields, narrative="Something else was seen.")
    assert changed.status == 400
    assert "posted already" in changed.text
    assert fields_of(changed, f"/children/{child}/observe")["narrative"] == "Something else was seen."
    assert len(entries(partnership, child)) == 1


def test_what_came_of_it_is_said(partnership: Partnership, visitor: Pressing, child: str) -> None:
    """Who has not seen it, what nobody else holds, and of an injury the fixed rule with whom to ring; not to others."""
    _, fields = look(visitor, child)
    answer = post(visitor, child, fields, **ticked(fields, "injury"))
    page = visitor.open(str(answer.location))
    assert page.status == 200
    for words in ("It is in the record", "You recorded an injury", "ring csc", "CSC", "Held by nobody else", "Receipt"):
        assert words in page.text, words
    older = partnership.child(involve=["hv", "csc"], name="Sasha", born="2016-03-01")
    _, fields = look(visitor, older, "A graze on the knee from the playground.")
    answer = post(visitor, older, fields, **ticked(fields, "injury"))
    assert "You recorded an injury" not in visitor.open(str(answer.location)).text
    stranger = Pressing(partnership, partnership.person("csc", "sw1", Role.PRACTITIONER))
    assert stranger.open(str(answer.location)).status == 404


def test_what_is_amiss_is_said_and_all_is_kept(partnership: Partnership, visitor: Pressing, child: str) -> None:
    """Each error stands at its field and at the top; ticks, choices and words stay; nothing is recorded."""
    _, fields = look(visitor, child)
    broken = {name: "" for name in fields if name.endswith("-how")}
    page = post(visitor, child, fields, **ticked(fields, "injury"), **broken, day="2030-01-01", statement="")
    assert page.status == 400
    assert page.text.count("Choose how it is known") == 2
    assert page.text.count("Choose what kind of statement this is") == 2
    kept = fields_of(page, f"/children/{child}/observe")
    assert kept["narrative"] == TOLD
    assert [name for name in kept if name.endswith("-use")] == [*ticked(fields, "injury")]
    future = post(visitor, child, fields, day="2030-01-01")
    assert "later than the ledger" in future.text
    assert entries(partnership, child) == []


def test_words_outlive_a_session(partnership: Partnership, visitor: Pressing, child: str) -> None:
    """Whose session has ended gets the words back with a way to sign in; another session's token posts nothing."""
    _, fields = look(visitor, child)
    away = partnership.app.test_client().post(f"/children/{child}/observe", data=fields | {"step": "post"})
    assert away.status_code == 401
    assert TOLD in away.get_data(as_text=True)
    back = post(visitor, child, fields, csrf="of an earlier session")
    assert back.status == 400
    assert fields_of(back, f"/children/{child}/observe")["narrative"] == TOLD
    assert entries(partnership, child) == []


def test_who_has_no_part_posts_and_sees_nothing(partnership: Partnership, child: str) -> None:
    """An agency without a part in the record may post about the child; it is shown nobody's name, and its own entry."""
    desk = Pressing(partnership, partnership.person("police", "pc1", Role.PRACTITIONER))
    page, fields = look(desk, child, "Dad was seen leaving the house.")
    assert "Robin" not in page.html
    answer = post(desk, child, fields, **ticked(fields, "presence"))
    shown = desk.open(str(answer.location))
    assert "Dad was seen leaving the house." in shown.text
    assert "Robin" not in shown.html


def test_an_entry_is_put_right_and_withdrawn_by_its_agency(
    partnership: Partnership, visitor: Pressing, child: str
) -> None:
    """A correction carries over what the form does not show; a void says first what it means; each once."""
    office = {"agency": "csc", "role": "social worker"}
    marked = {"marking": "restricted", "to": ["csc"], "lawful_basis": "public_task"}
    claims = [
        {"about": "father", "attribute": "presence", "value": "lives_here", "basis": "seen", "sharing": marked},
        {"about": "mother", "attribute": "money_worries", "value": "some", "basis": "told", "informant": office},
    ]
    stored(partnership.post("/observations", partnership.observation(child, claims=claims)))
    number = entries(partnership, child)[0]["number"]
    address = f"/children/{child}/observed/{number}/correction"
    fields = fields_of(visitor.open(address), address)
    amiss = visitor.post(address, **fields | {"step": "post"})
    assert (amiss.status, amiss.text.count("Enter why it is put right")) == (400, 2)
    right = fields | {"step": "post", "reason": "He visits.", "row-0-value": "visits"}
    answer = visitor.post(address, **right)
    assert answer.status == 303, answer.text
    corrected = entries(partnership, child)[-1]["body"]["observation"]
    assert corrected["claims"] == [claims[0] | {"value": "visits"}, claims[1]]
    away = f"{answer.location}/withdrawal"
    assert "It counts no longer" in visitor.open(away).text
    assert visitor.post(away, reason="Wrong child.").status == 303
    assert [one["kind"] for one in entries(partnership, child)] == ["observation", "correction", "void"]
    assert visitor.post(away, reason="Wrong child again.").status == 400


@pytest.mark.parametrize("is_marked", [False, True], ids=["for all", "marked"])
def test_a_correction_names_another_agencys_person(
    partnership: Partnership, visitor: Pressing, child: str, *, is_marked: bool
) -> None:
    """Put right to be of somebody whom another agency named, it is linked to them; of what is marked no link tells."""
    there = [{"about": "kev", "attribute": "presence", "value": "visits", "basis": "seen"}]
    kev = [{"ref": "kev", "role": "mother's partner", "name": "Kev Stroud"}]
    stored(partnership.post("/observations", partnership.observation(child, claims=there, people=kev), "csc"))
    marked = {"sharing": {"marking": "restricted", "to": ["csc"], "lawful_basis": "public_task"}} if is_marked else {}
    claims = [{"about": "father", "attribute": "presence", "value": "lives_here", "basis": "seen"}]
    stored(partnership.post("/observations", partnership.observation(child, claims=claims, **marked)))
    address = f"/children/{child}/observed/{entries(partnership, child)[-1]['number']}/correction"
    fields = fields_of(visitor.open(address), address)
    right = fields | {"step": "post", "reason": "It was Kev.", "row-0-about": "of:csc/kev"}
    answers = [visitor.post(address, **right), visitor.post(address, **right)]
    assert [(one.status, one.location) for one in answers] == [(303, answers[0].location)] * 2
    told = entries(partnership, child)
    (corrected,) = (one["body"]["observation"] for one in told if one["kind"] == "correction")
    own = corrected["claims"][0]["about"]
    links = [one["body"]["people"] for one in told if one["kind"] == "link"]
    assert links == ([] if is_marked else [[own, "csc/kev"]])


def test_a_file_is_attached_to_it(partnership: Partnership, visitor: Pressing, child: str) -> None:
    """A file by a form: what is missing is said; a photograph needs the agency's policy; pressed twice it is one."""
    _, fields = look(visitor, child)
    address = f"{post(visitor, child, fields).location}/file"
    sent = fields_of(visitor.open(address), address) | {
        "describes": "A letter.",
        "authority": "Our own.",
        "kind": "letter",
    }
    del sent["file"]
    amiss = visitor.post(address, **sent)
    assert (amiss.status, amiss.text.count("Choose a file")) == (400, 2)
    picture = visitor.post(address, **sent | {"kind": "photograph", "file": (BytesIO(WHOLE["image/jpeg"]), "a.jpg")})
    assert "no photograph policy" in picture.text
    for _ in range(2):
        answer = visitor.post(address, **sent, file=(BytesIO(WHOLE["text/plain"]), "letter.txt"))
        assert answer.status == 303, answer.text
    kept = stored(partnership.get(f"/children/{child}/timeline", "hv"))["entries"]
    assert [one["kind"] for one in kept].count("attachment") == 1
