"""What auditors see of access, and what whoever leads a child sees; nobody else does, and each look is a look."""

from datetime import timedelta
from typing import Any

from sqlalchemy import text

from ledger.domain.role import Role
from ledger.store.append import Caller
from tests.integration.api.test_glass import body, break_as, led
from tests.partnership import Partnership, refused, stored

WHY = {"Access-Purpose": "yearly oversight"}


def audited(partnership: Partnership, who: Caller, path: str) -> dict[str, Any]:
    """What an auditor is answered."""
    return stored(partnership.send_as(partnership.session(who), "GET", f"/api/v1{path}", headers=WHY))


def backdate(partnership: Partnership, superuser_url: str, days: float, **where: str) -> None:
    """Make looks of the past: their real time is the database's own, which no role of ours may set or change."""
    import psycopg

    asked = " AND ".join(f"{name} = %({name})s" for name in where) or "true"
    with psycopg.connect(superuser_url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(
            f"UPDATE ledger.access_records SET real_at = real_at - %(by)s WHERE {asked}".encode(),
            {"by": timedelta(days=days), **where},
        )


def test_who_looked_is_told_in_full(partnership: Partnership) -> None:
    """By whom, at what, why, how far, and what was refused; narrowed by child, agency and person, a page at a time."""
    child, _ = led(partnership)
    auditor = partnership.person("gp", "aud", Role.AUDITOR)
    sw2 = partnership.person("csc", "sw2", Role.PRACTITIONER)
    session = partnership.session(sw2)
    stored(
        partnership.send_as(session, "GET", f"/api/v1/children/{child}/timeline", headers={"Access-Purpose": "visit"})
    )
    refused(partnership.get(f"/children/{child}/timeline", "police"), 404)
    found = audited(partnership, auditor, f"/audit/access?child={child}")["access"]
    assert [(one["agency"], one["what"], one["outcome"], one["refused_for"]) for one in found] == [
        ("gp", "access records", "answered", None),
        ("police", "record", "refused", "not_involved"),
        ("csc", "timeline", "answered", None),
    ]
    assert found[2]["person"] == {"id": str(sw2.person_id), "name": "sw2"}
    assert (found[2]["purpose"], found[2]["up_to"]) == ("visit", 3)
    [mine] = audited(partnership, auditor, f"/audit/access?person={sw2.person_id}&agency=csc")["access"]
    assert mine["id"] == found[2]["id"]
    first = partnership.send_as(
        partnership.session(auditor), "GET", f"/api/v1/audit/access?child={child}&agency=csc&limit=1", headers=WHY
    )
    assert stored(first)["next"] is None
    page = partnership.send_as(partnership.session(auditor), "GET", "/api/v1/audit/access?limit=1", headers=WHY)
    following = page.headers["Link"].split(";")[0].strip("<>").removeprefix("/api/v1")
    assert audited(partnership, auditor, following)["access"]


def test_only_auditors_oversee(partnership: Partnership) -> None:
    """Nobody else reads who looked at what: no system, practitioner, manager, administrator or operator."""
    led(partnership)
    for path in ("/audit/access", "/audit/unusual"):
        refused(partnership.get(path, "csc"), 403)
        refused(partnership.get(path, None), 401)
        for place, role in enumerate(role for role in Role if role.value in _STANDING and role is not Role.AUDITOR):
            person = partnership.person("csc", f"{path[7:]}{place}", role)
            refused(partnership.send_as(partnership.session(person), "GET", f"/api/v1{path}", headers=WHY), 403)


_STANDING = {"practitioner", "manager", "auditor", "records_officer", "administrator", "operator"}


def test_who_leads_sees_who_looked(partnership: Partnership) -> None:
    """Whoever leads a child sees every look at it and no other child's; a colleague does not, an outsider nothing."""
    child, lead = led(partnership)
    other = partnership.child(involve=("csc",))
    stored(partnership.get(f"/children/{child}/timeline", "csc"))
    stored(partnership.get(f"/children/{other}/timeline", "csc"))
    path = f"/api/v1/children/{child}/access"
    found = stored(partnership.send_as(partnership.session(lead), "GET", path))["access"]
    assert [(one["agency"], one["record"]) for one in found] == [("csc", child)]
    again = stored(partnership.send_as(partnership.session(lead), "GET", path))["access"]
    assert [one["what"] for one in again] == ["access records", "timeline"]
    colleague = partnership.person("csc", "sw2", Role.PRACTITIONER)
    refused(partnership.send_as(partnership.session(colleague), "GET", path), 403)
    refused(partnership.send_as(partnership.session(lead), "GET", f"/api/v1/children/{other}/access"), 403)
    refused(partnership.get(f"/children/{child}/access", "police"), 404)
    stored(partnership.get(f"/children/{child}/access", "csc"))
    auditor = partnership.person("gp", "aud", Role.AUDITOR)
    assert len(audited(partnership, auditor, f"/children/{child}/access")["access"]) == 6


def kinds(partnership: Partnership, auditor: Caller) -> dict[str, dict[str, Any]]:
    """What is unusual now, by its kind, the last of each."""
    return {one["kind"]: one for one in audited(partnership, auditor, "/audit/unusual")["unusual"]}


def test_broken_glass_is_unusual(partnership: Partnership) -> None:
    """Each breaking that waits for its review is shown to auditors, with the entry to review."""
    child, _ = led(partnership)
    auditor = partnership.person("gp", "aud", Role.AUDITOR)
    police = partnership.person("police", "pc1", Role.PRACTITIONER)
    entry = stored(break_as(partnership, police, child))["id"]
    sent = body(partnership, author={"ref": "pc7"})
    stored(partnership.post(f"/children/{child}/glass-breakings", sent, "police"))
    found = audited(partnership, auditor, "/audit/unusual")["unusual"]
    assert [(one["kind"], one["author"]) for one in found] == [
        ("glass_not_reviewed", "pc7"),
        ("glass_not_reviewed", None),
    ]
    assert (found[1]["entry"], found[1]["children"]) == (entry, [child])
    assert "is to be reviewed by" in found[1]["words"]


def test_many_children_are_told_beside_what_others_open(partnership: Partnership) -> None:
    """Who opens far more than anybody else of the agency is told, in words; who opens as many as others is not."""
    auditor = partnership.person("gp", "aud", Role.AUDITOR)
    children = [partnership.child(involve=("csc",)) for _ in range(10)]
    sw1, sw2 = (partnership.session(partnership.person("csc", ref, Role.PRACTITIONER)) for ref in ("sw1", "sw2"))
    for child in children[:2]:
        stored(partnership.send_as(sw2, "GET", f"/api/v1/children/{child}/timeline"))
    for child in children:
        stored(partnership.send_as(sw1, "GET", f"/api/v1/children/{child}/timeline"))
    told = kinds(partnership, auditor)["many_children"]
    assert told["person"]["name"] == "sw1"
    assert told["words"].startswith(
        "Opened the records of 10 children in an hour; others of this agency at most 2 in any hour"
    )
    for child in children:
        stored(partnership.send_as(sw2, "GET", f"/api/v1/children/{child}/timeline"))
    assert "many_children" not in kinds(partnership, auditor)


def test_refusals_are_told(partnership: Partnership) -> None:
    """Three in a day at records with which one has no part."""
    auditor = partnership.person("gp", "aud", Role.AUDITOR)
    child = partnership.child()
    session = partnership.session(partnership.person("police", "pc1", Role.PRACTITIONER))
    for times in (1, 2, 3):
        assert "refused_often" not in kinds(partnership, auditor), times
        refused(partnership.send_as(session, "GET", f"/api/v1/children/{child}/timeline"), 404)
    assert "3 times in a day, at the records of 1 child" in kinds(partnership, auditor)["refused_often"]["words"]


def test_opened_and_nothing_recorded(partnership: Partnership, superuser_url: str) -> None:
    """After two weeks children of whom the agency wrote nothing are told, but for whom it worked with, and siblings."""
    auditor = partnership.person("gp", "aud", Role.AUDITOR)
    children = [partnership.child(involve=("police",)) for _ in range(5)]
    session = partnership.session(partnership.person("police", "pc1", Role.PRACTITIONER))
    for child in children:
        stored(partnership.send_as(session, "GET", f"/api/v1/children/{child}/timeline"))
    assert "nothing_recorded" not in kinds(partnership, auditor)
    backdate(partnership, superuser_url, 15)
    assert len(kinds(partnership, auditor)["nothing_recorded"]["children"]) == 5
    stored(partnership.post("/observations", partnership.observation(children[0]), "police"))
    also = partnership.observation(children[0], also=[{"id": children[1]}])
    stored(partnership.post("/observations", also, "hv"))
    assert kinds(partnership, auditor)["nothing_recorded"]["children"] == children[2:]
    stored(partnership.post("/observations", partnership.observation(children[2]), "police"))
    assert "nothing_recorded" not in kinds(partnership, auditor)


def test_nobody_is_scored(partnership: Partnership) -> None:
    """What is unusual is words and facts: no number stands for a person."""
    child, _ = led(partnership)
    auditor = partnership.person("gp", "aud", Role.AUDITOR)
    stored(break_as(partnership, partnership.person("police", "pc1", Role.PRACTITIONER), child))
    for one in audited(partnership, auditor, "/audit/unusual")["unusual"]:
        assert not {"score", "risk", "rank", "weight"} & one.keys()
    with partnership.acting("ledger_auditor", "auditor") as connection:
        looked = connection.scalars(text("SELECT what FROM ledger.access_records WHERE NOT is_opening")).all()
    assert "unusual access" in looked
