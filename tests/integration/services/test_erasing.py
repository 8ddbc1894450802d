"""Classes of retention, holds, and erasure by order, from the order to the last place where the words stood."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.exc import DBAPIError

from ledger.domain.role import Role
from ledger.services.erase import Engines, erase_due
from ledger.services.propose_adults import compare_all
from ledger.store.database import driver_url
from tests.partnership import Partnership, default_pack, refused, stored

CANARY = "Xanthippe-9731"
ORDER = {"ground": "court_order", "order": "FD23 P 1", "reason": "As ordered."}


class Officers:
    """Two records officers, of two agencies that are involved."""

    def __init__(self, partnership: Partnership) -> None:
        self.partnership = partnership
        self.sessions = {
            agency: partnership.session(partnership.person(agency, f"ro.{agency}", Role.RECORDS_OFFICER))
            for agency in ("hv", "csc")
        }

    def send(self, child: str, collection: str, body: dict[str, Any], agency: str = "hv") -> Any:
        sent = {"event_id": self.partnership.event(), **body}
        path = f"/api/v1/children/{child}/{collection}"
        return self.partnership.send_as(self.sessions[agency], "POST", path, json=sent)

    def order(self, child: str, entries: list[str], agency: str = "hv", **changes: Any) -> Any:
        what = {"entries": entries} if entries else {"whole": "yes"}
        return self.send(child, "erasure-orders", {**what, **ORDER, **changes}, agency)

    def answer(self, child: str, order: str, entries: list[str], agency: str = "csc", **changes: Any) -> Any:
        what = {"entries": entries} if entries else {"whole": "yes"}
        body = {"of": order, "answer": "approve", "reason": "Read and agreed.", **what, **changes}
        return self.send(child, "erasure-answers", body, agency)

    def listed(self, agency: str = "hv", query: str = "") -> dict[str, Any]:
        answer = self.partnership.send_as(self.sessions[agency], "GET", f"/api/v1/retention{query}")
        return stored(answer)

    def erase(self, child: str, entries: list[str]) -> str:
        """Order, approve, detect and carry out; the order's id."""
        order = str(stored(self.order(child, entries))["id"])
        stored(self.answer(child, order, entries))
        self.partnership.detect(child)
        assert carry_out(self.partnership) == 1
        return order


def carry_out(partnership: Partnership) -> int:
    worker, erasure = (partnership.engine(role) for role in ("ledger_worker", "ledger_erasure"))
    engines = Engines(worker, erasure, lambda _digest: default_pack())
    return erase_due(engines, os.urandom)


@pytest.fixture
def officers(partnership: Partnership) -> Officers:
    return Officers(partnership)


@pytest.fixture
def child(partnership: Partnership) -> str:
    """A child whom three agencies are involved with."""
    return partnership.child(involve=["hv", "csc", "gp"])


def said(partnership: Partnership, child: str, agency: str = "hv", **changes: Any) -> str:
    return str(stored(partnership.post("/observations", partnership.observation(child, **changes), agency))["id"])


def everything(superuser_url: str) -> Iterator[tuple[str, str]]:
    """Every value of every row of every table as text, with its table."""
    tables = text("SELECT relname FROM pg_class WHERE relnamespace = 'ledger'::regnamespace AND relkind IN ('r', 'p')")
    with create_engine(driver_url(superuser_url), poolclass=NullPool).connect() as connection:
        for table in connection.scalars(tables).all():
            for row in connection.execute(text(f'SELECT * FROM ledger."{table}"')):
                for value in row:
                    is_bytes = isinstance(value, bytes | memoryview)
                    told = bytes(value).decode("utf-8", "replace") if is_bytes else str(value)
                    yield table, told


# ── what goes, and what stays ──


def test_content_goes_and_the_entry_stays(partnership: Partnership, officers: Officers, child: str) -> None:
    """The timeline shows that something stood there, and that it was erased by order; a retry is told so; 410."""
    body = partnership.observation(child, narrative=f"{CANARY} came.")
    entry = str(stored(partnership.post("/observations", body))["id"])
    before = partnership.envelopes(child)
    officers.erase(child, [entry])
    assert partnership.envelopes(child)[: len(before)] == before
    shown = stored(partnership.get(f"/children/{child}/timeline", "csc"))["entries"]
    item = next(one for one in shown if one["id"] == entry)
    assert (item["sight"], item["kind"]) == ("erased", None)
    assert shown[-1]["kind"] == "erased"
    assert shown[-1]["body"]["entries"] == [entry]
    refused(partnership.post("/observations", body), 410)


def test_the_words_are_nowhere_afterwards(
    partnership: Partnership, officers: Officers, child: str, superuser_url: str
) -> None:
    """Name, key of a person, narrative and value of an erased entry are in no column of any table."""
    claim = {"about": f"k.{CANARY}", "attribute": "presence", "value": "lives_here", "basis": "seen"}
    people = [{"ref": f"k.{CANARY}", "role": "father", "name": CANARY}]
    entry = said(partnership, child, narrative=f"{CANARY} came.", claims=[claim], people=people)
    partnership.detect(child)
    assert any(CANARY in told for _, told in everything(superuser_url))
    officers.erase(child, [entry])
    partnership.detect(child)
    left = {table for table, told in everything(superuser_url) if CANARY in told}
    assert left == set()


def test_an_erased_link_of_an_adult_points_nowhere(
    partnership: Partnership, officers: Officers, child: str, superuser_url: str
) -> None:
    """In neither record, and what comparing proposed is forgotten; what was taken back stays so."""
    other = partnership.child(involve=["hv"])
    people = [{"ref": f"k.{CANARY}", "role": "partner", "name": "Lee Brown", "born": "1990-04-12"}]
    entries = [said(partnership, one, people=people) for one in (child, other)]
    assert compare_all(partnership.engine("ledger_worker"), default_pack()).likely == 1
    body = {"person": f"k.{CANARY}", "other": {"child": other, "person": "father"}, "reason": "One man."}
    entry = str(stored(partnership.post(f"/children/{child}/adult-links", {"event_id": "a", **body}))["id"])
    body = {"event_id": "u", "of": entry, "reason": "Two men."}
    back = str(stored(partnership.post(f"/children/{child}/adult-unlinks", body))["id"])
    again = {"event_id": "b", "person": "mother", "other": {"child": other, "person": "mother"}, "reason": "One."}
    stands = str(stored(partnership.post(f"/children/{child}/adult-links", again))["id"])
    assert stored(partnership.get(f"/children/{other}/adults"))["adults"]
    officers.erase(child, [entry, back, stands, entries[0]])
    for one in (child, other):
        assert stored(partnership.get(f"/children/{one}/adults"))["adults"] == []
    left = {table for table, told in everything(superuser_url) if CANARY in told}
    assert left <= {"contents", "claims", "landmarks"}, "of the other record's own entry, and its copy of the link"


def test_the_whole_of_a_record_goes(partnership: Partnership, officers: Officers, superuser_url: str) -> None:
    """What agencies wrote, the child's details and numbers, and what detection found; not the order and its answer."""
    child = partnership.child(involve=["hv", "csc"], name=CANARY, nhs_number="9990000018")
    alert = partnership.alert(child)
    officers.erase(child, [])
    hits = {table for table, told in everything(superuser_url) if CANARY in told or "9990000018" in told}
    assert hits == set()
    shown = stored(partnership.get(f"/children/{child}/timeline", "csc"))["entries"]
    assert {one["kind"] for one in shown if one["sight"] != "erased"} == {
        "erasure_order", "finding_closed", "erasure_answer", "erased"
    }  # fmt: skip
    assert stored(partnership.get(f"/alerts/{alert['id']}", "csc"))["ended"] is True


def test_what_keeps_somebody_safe_stays(partnership: Partnership, officers: Officers, child: str) -> None:
    """Erasing the entry that said from whom a person's address is kept opens nothing of what else was said of them."""
    sharing = {"lawful_basis": "public task", "marking": "restricted", "to": []}
    people = [{"ref": "aunt", "role": "aunt", "name": "Jo", "sharing": sharing}]
    marking = said(partnership, child, people=people, claims=[], narrative="Jo keeps him.")
    claim = {"about": "aunt", "attribute": "address", "value": f"1 {CANARY} Road", "basis": "seen"}
    said(partnership, child, claims=[claim], narrative="Seen.")

    def shows() -> bool:
        return CANARY in partnership.get(f"/children/{child}/timeline", "gp").get_data(as_text=True)

    assert not shows()
    officers.erase(child, [marking])
    assert not shows()


def test_a_correction_stays_as_closed_as_what_it_corrects(
    partnership: Partnership, officers: Officers, child: str
) -> None:
    """Erasing a restricted entry opens its correction to nobody: neither to other agencies nor to an auditor."""
    sharing = {"lawful_basis": "public task", "marking": "restricted", "to": []}
    entry = said(partnership, child, sharing=sharing)
    observation = {"observed": "2023-10-04", "statement": "fact", "narrative": f"{CANARY} came."}
    body = {"event_id": "c", "corrects": entry, "reason": f"{CANARY}", "observation": observation}
    stored(partnership.post(f"/children/{child}/corrections", body))
    auditor = partnership.session(partnership.person("csc", "aud", Role.AUDITOR))

    def shows() -> bool:
        path, why = f"/children/{child}/timeline", {"Access-Purpose": "review of the case"}
        audited = partnership.send_as(auditor, "GET", f"/api/v1{path}", headers=why).get_data(as_text=True)
        return CANARY in audited + partnership.get(path, "gp").get_data(as_text=True)

    assert not shows()
    officers.erase(child, [entry])
    assert not shows()


def test_what_it_was_found_by_is_found_no_more(partnership: Partnership, officers: Officers, child: str) -> None:
    """From the approval on the entry counts no more: the finding that rested on it closes before its content goes."""
    alert = partnership.alert(child)
    entry = alert["finding"]["sides"][0]["statements"][0]["entry"]
    order = str(stored(officers.order(child, [entry]))["id"])
    partnership.detect(child)
    assert stored(partnership.get(f"/alerts/{alert['id']}", "csc"))["ended"] is False
    stored(officers.answer(child, order, [entry]))
    assert carry_out(partnership) == 0, "detection has not taken note of it yet"
    partnership.detect(child)
    assert stored(partnership.get(f"/alerts/{alert['id']}", "csc"))["ended"] is True
    assert carry_out(partnership) == 1


def test_other_copies_stand(partnership: Partnership, officers: Officers, child: str) -> None:
    """Of an entry sent for two children the other's copy stays whole."""
    sibling = partnership.child(involve=["csc"])
    entry = said(partnership, child, also=[{"id": sibling}], narrative=f"{CANARY} came.")
    officers.erase(child, [entry])
    shown = stored(partnership.get(f"/children/{sibling}/timeline", "csc"))["entries"]
    assert any(CANARY in one["body"].get("narrative", "") for one in shown)


def test_it_is_carried_out_once(partnership: Partnership, officers: Officers, child: str) -> None:
    """A second look finds nothing to do; an order done but not said yet is said, once."""
    entry = said(partnership, child)
    officers.erase(child, [entry])
    assert carry_out(partnership) == 0
    kinds = [one["kind"] for one in stored(partnership.get(f"/children/{child}/timeline", "csc"))["entries"]]
    assert kinds.count("erased") == 1


# ── two people ──


def test_nobody_approves_their_own_order(partnership: Partnership, officers: Officers, child: str) -> None:
    """The same person is refused; nothing goes; a key, or somebody who is no records officer, cannot do either."""
    entry = said(partnership, child)
    order = str(stored(officers.order(child, [entry]))["id"])
    refused(officers.answer(child, order, [entry], "hv"), 409, "conflict", "/of")
    body = {"event_id": "x", "entries": [entry], **ORDER}
    refused(partnership.post(f"/children/{child}/erasure-orders", body, "hv"), 403)
    manager = partnership.session(partnership.person("csc", "mgr", Role.MANAGER))
    sent = partnership.send_as(manager, "POST", f"/api/v1/children/{child}/erasure-orders", json=body)
    refused(sent, 403)
    partnership.detect(child)
    assert carry_out(partnership) == 0


def test_what_is_approved_is_what_was_ordered(partnership: Partnership, officers: Officers, child: str) -> None:
    """Approving names the entries once more: others, fewer or the whole are refused, and so is a second answer."""
    first, second = said(partnership, child), said(partnership, child)
    order = str(stored(officers.order(child, [first, second]))["id"])
    for entries in ([first], [first, said(partnership, child)], []):
        refused(officers.answer(child, order, entries), 409, "conflict", "/entries")
    refusal = {"of": order, "answer": "refuse", "reason": "It is needed."}
    stored(officers.send(child, "erasure-answers", refusal, "csc"))
    refused(officers.answer(child, order, [first, second]), 409, "conflict", "/of")
    partnership.detect(child)
    assert carry_out(partnership) == 0
    assert officers.listed()["orders"] == []
    assert [one["state"] for one in officers.listed(query="?orders=all")["orders"]] == ["refused"]


@pytest.mark.parametrize(
    ("ground", "whole", "code"),
    [
        ("right_to_erasure", True, "whole_not_on_this_ground"),
        ("unlawful", True, "whole_not_on_this_ground"),
        ("retention_ended", True, "still_kept"),
        ("retention_ended", False, "still_kept"),
    ],
)
def test_grounds_have_their_limits(
    partnership: Partnership, officers: Officers, child: str, ground: str, whole: bool, code: str
) -> None:
    """A whole record goes on few grounds, and at the end of its time only once that has been said and has come."""
    entries = [] if whole else [said(partnership, child)]
    answer = officers.order(child, entries, ground=ground)
    told = answer.get_json()
    assert answer.status_code in {409, 422}, told
    assert code in {told["code"], *(error["code"] for error in told.get("errors", ()))} or code == "still_kept"


def test_one_agency_does_not_erase_another_ones_words(partnership: Partnership, officers: Officers, child: str) -> None:
    """But for a court's order: on any other ground an agency's own entries alone; what says what was done, never."""
    theirs = said(partnership, child, "gp")
    refused(officers.order(child, [theirs], ground="unlawful"), 422, "invalid", "/entries")
    order = str(stored(officers.order(child, [theirs]))["id"])
    refused(officers.order(child, [order]), 422, "invalid", "/entries")
    elsewhere = said(partnership, partnership.child(involve=["hv"]))
    refused(officers.order(child, [elsewhere]), 422, "invalid", "/entries")


def test_of_others_words_somebody_elsewhere_approves(partnership: Partnership, officers: Officers, child: str) -> None:
    """Two people of one agency have its own words erased, and nobody else's: not named ones, not the whole record."""
    officers.sessions["second"] = partnership.session(partnership.person("hv", "ro.second", Role.RECORDS_OFFICER))
    own, theirs = said(partnership, child), said(partnership, child, "gp")
    mine = str(stored(officers.order(child, [own], ground="unlawful"))["id"])
    stored(officers.answer(child, mine, [own], "second"))
    for entries in ([theirs], []):
        order = str(stored(officers.order(child, entries))["id"])
        refused(officers.answer(child, order, entries, "second"), 409, "conflict", "/of")
        stored(officers.answer(child, order, entries))


def test_what_opened_the_record_is_never_erased(partnership: Partnership, officers: Officers, child: str) -> None:
    """Whoever broke the glass cannot have the reason erased before it is reviewed, nor with the whole record."""
    broken = partnership.post(
        f"/children/{child}/glass-breakings",
        {"event_id": "g", "reason": "She is at our desk, unwell and alone", "author": {"ref": "pc1"}},
        "police",
    )
    entry = str(stored(broken)["id"])
    refused(officers.order(child, [entry]), 422, "invalid", "/entries")
    officers.erase(child, [])
    shown = stored(partnership.get(f"/children/{child}/timeline", "csc"))["entries"]
    assert next(one["sight"] for one in shown if one["id"] == entry) == "full"


# ── holds and classes ──


def test_a_hold_stands_against_it(partnership: Partnership, officers: Officers, child: str) -> None:
    """Neither ordered nor approved nor carried out while it stands, by the database too; and then it is."""
    entry = said(partnership, child)
    order = str(stored(officers.order(child, [entry]))["id"])
    stored(officers.answer(child, order, [entry]))
    partnership.detect(child)
    held = str(stored(officers.send(child, "holds", {"asked_by": "HM Coroner", "reason": "Inquest."}))["id"])
    assert carry_out(partnership) == 0
    with partnership.acting("ledger_erasure", "erasure") as connection:
        assert connection.execute(text("DELETE FROM ledger.contents")).rowcount == 0
    refused(officers.order(child, [said(partnership, child)]), 409)
    assert [one["state"] for one in officers.listed()["orders"]] == ["held"]
    lifting = {"of": held, "reason": "It has ended."}
    refused(officers.send(child, "hold-liftings", lifting, "csc"), 409, "conflict", "/of")
    stored(officers.send(child, "hold-liftings", lifting))
    refused(officers.send(child, "hold-liftings", lifting), 409, "conflict", "/of")
    assert officers.listed()["holds"] == []
    assert carry_out(partnership) == 1


def test_a_class_sets_the_day_of_review(partnership: Partnership, officers: Officers, child: str) -> None:
    """Counted in whole years from the day given; an earlier day is refused; the newest class counts."""
    body = {"class": "child_protection", "counted_from": "2024-02-29", "reason": "Closed."}
    stored(officers.send(child, "retentions", body))
    assert officers.listed(query="?until=2059-02-28")["reviews"] == []
    [review] = officers.listed(query="?until=2059-03-01")["reviews"]
    assert (review["child"], review["review_on"], review["held"]) == (child, "2059-03-01", False)
    early = {**body, "review_on": "2030-01-01"}
    refused(officers.send(child, "retentions", early), 422, "invalid", "/review_on")
    stored(officers.send(child, "retentions", {**body, "class": "looked_after", "counted_from": "2022-09-01"}))
    assert officers.listed(query="?until=2060-01-01")["reviews"] == []
    assert officers.listed()["reviews"] == []


def test_at_the_end_of_its_time_a_record_may_go(partnership: Partnership, officers: Officers) -> None:
    """Once its day of review has come, two officers may have it erased; nothing goes of itself."""
    child = partnership.child(born="1985-03-01", involve=["hv", "csc"])
    body = {"class": "child_in_need", "counted_from": "2003-03-01", "reason": "Long closed."}
    stored(officers.send(child, "retentions", body))
    assert [one["child"] for one in officers.listed()["reviews"]] == [child]
    # What another agency asks for counts as well: nobody shortens it for them.
    longer = {**body, "class": "adopted", "counted_from": "1990-03-01"}
    stored(officers.send(child, "retentions", longer, "csc"))
    assert officers.listed()["reviews"] == []
    refused(officers.order(child, [], ground="retention_ended"), 409)
    stored(officers.send(child, "retentions", {**body, "event_id": partnership.event()}, "csc"))
    early = {**body, "counted_from": "1984-01-01", "event_id": partnership.event()}
    refused(officers.send(child, "retentions", early), 422, "invalid", "/counted_from")
    order = str(stored(officers.order(child, [], ground="retention_ended"))["id"])
    stored(officers.answer(child, order, []))


# ── the database ──


def test_the_database_erases_nothing_else(partnership: Partnership, officers: Officers, child: str) -> None:
    """The role that erases takes what an approved order names, whatever it asks for; nobody writes themselves an order
    that is approved, nor approves as the person who gave it.
    """
    entry, other = said(partnership, child), said(partnership, child)
    order = stored(officers.order(child, [entry]))
    with partnership.acting("ledger_erasure", "erasure") as connection:
        assert connection.execute(text("DELETE FROM ledger.contents")).rowcount == 0
    stored(officers.answer(child, str(order["id"]), [entry]))
    with partnership.acting("ledger_erasure", "erasure") as connection:
        assert connection.execute(text("DELETE FROM ledger.contents")).rowcount == 1
        assert connection.execute(text("DELETE FROM ledger.claims")).rowcount == 1
    given = {"record": child, "number": int(other.rsplit(".", 1)[1])}
    with pytest.raises(DBAPIError), partnership.acting("ledger_web", "hv") as connection:
        connection.execute(
            text("""INSERT INTO ledger.erasure_orders
            (record_id, number, agency_id, person_id, ground, is_whole, numbers, answer, answered_by)
            VALUES (:record, :number, 'hv', gen_random_uuid(), 'unlawful', false, ARRAY[:number], 'approve',
                gen_random_uuid())"""),
            given,
        )
