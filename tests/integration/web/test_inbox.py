"""The list of alerts: in order, counted, narrowed down, acted on from the list, and no heavier for hundreds."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from ledger.domain.role import Role
from ledger.services.read_inbox import PAGE, InboxAsked, read_inbox
from ledger.services.see import Reader
from ledger.store.database import transaction
from tests.integration.web.pressing import Pressing
from tests.integration.web.seeding import ALERT, RECORD, Seeded
from tests.partnership import Partnership

MANY = 500
_IDS = {"findings": ("finding_id", "question"), "alerts": ("alert_id", "finding_id")}

Signs = Callable[[str], FlaskClient]


def multiply(superuser_url: str, times: int) -> None:
    """More findings like the one, each with its alert: every third interrupts, and each has a clock of its own."""
    with psycopg.connect(superuser_url) as connection:
        connection.execute("SET session_replication_role = replica")
        for table, ids in _IDS.items():
            columns = ", ".join(
                row[0]
                for row in connection.execute(
                    "SELECT column_name FROM information_schema.columns WHERE table_schema = 'ledger' "
                    "AND table_name = %s AND is_generated = 'NEVER' AND NOT column_name = ANY (%s)",
                    (table, list(ids)),
                )
            )
            made = ", ".join("lpad(g::text, 32, '0')" for _ in ids)
            copied = f"INSERT INTO ledger.{table} ({', '.join(ids)}, {columns}) SELECT {made}, {columns}"
            connection.execute(f"{copied} FROM ledger.{table}, generate_series(1, {times}) g".encode())
        connection.execute(
            "UPDATE ledger.alerts SET act_by = raised_at + alert_id::int * interval '1 hour', "
            "tier = CASE WHEN alert_id::int %% 3 = 0 THEN 'interrupt' ELSE 'queue' END WHERE alert_id <> %s",
            (ALERT,),
        )


@contextmanager
def counted(ledger: Seeded) -> Iterator[list[str]]:
    """The statements that are sent meanwhile."""
    sent: list[str] = []

    def note(*given: object) -> None:
        sent.append(str(given[2]))

    event.listen(ledger.context.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(ledger.context.engine, "before_cursor_execute", note)


def read(ledger: Seeded, asked: InboxAsked = InboxAsked()) -> dict[str, object]:  # noqa: B008 - it is frozen
    with transaction(ledger.context.engine, party="csc") as connection:
        given = ledger.context
        return read_inbox(connection, Reader("csc", person_ref="sw1"), asked, pack=given.pack, chance=given.chance)


def test_hundreds_take_as_many_queries_as_one(shropshire: Seeded, superuser_url: str) -> None:
    """What a page of 500 alerts costs the database is what a page of one does; it shows fifty and counts them all."""
    with counted(shropshire) as few:
        read(shropshire)
    multiply(superuser_url, MANY - 1)
    with counted(shropshire) as many:
        inbox = read(shropshire)
    assert len(many) == len(few)
    assert (inbox["all"], inbox["total"], inbox["pages"]) == (MANY, MANY, MANY // PAGE)
    assert len(inbox["alerts"]) == PAGE  # type: ignore[arg-type]


def test_what_interrupts_comes_first_and_then_the_clock(shropshire: Seeded, superuser_url: str) -> None:
    """Across pages as well: the last of one page is no less pressing than the first of the next."""
    multiply(superuser_url, 130)
    found = [alert for page in (1, 2, 3) for alert in read(shropshire, InboxAsked(page=page))["alerts"]]  # type: ignore[attr-defined]
    keys = [(alert["tier"] != "interrupt", alert["act_by"] or "9") for alert in found]
    assert len({alert["id"] for alert in found}) == 131
    assert keys == sorted(keys)


def test_a_page_of_hundreds_can_be_used(shropshire: Seeded, sign_in: Signs, superuser_url: str) -> None:
    """It is narrowed down by words of its address, turned page by page, and not too heavy for a telephone."""
    multiply(superuser_url, MANY - 1)
    client = sign_in("lead")
    page = client.get("/")
    assert page.text.count('<li class="ledger-alert') == PAGE
    assert len(page.data) < 500_000
    assert f"{MANY} of {MANY} wait for somebody to act" in page.text
    assert 'rel="next"' in page.text
    now = client.get("/?tier=interrupt&state=waits&page=4").text
    assert "166 of 500 are shown" in now
    assert now.count('<li class="ledger-alert') == 16
    assert "Page 4 of 4" in now
    assert "None of 500 are shown" in client.get(f"/?state=put_off&child={RECORD}").text


@pytest.mark.parametrize(
    "query", ["tier=red", "state=raised", "whose=everybody", "child=Rowan", "page=last", "page=-1"]
)
def test_a_word_that_is_none_is_refused(shropshire: Seeded, sign_in: Signs, query: str) -> None:
    """An address holds ids, numbers and words of vocabularies: anything else is none of the list's."""
    assert sign_in("lead").get(f"/?{query}").status_code == 400


def test_a_page_after_the_last_is_the_last(shropshire: Seeded, sign_in: Signs) -> None:
    """What was acted on meanwhile leaves nobody before an empty page."""
    assert "The mother told" in sign_in("lead").get("/?page=7").text


def test_one_line_says_who_since_when_and_what_hangs_on_it(shropshire: Seeded, sign_in: Signs) -> None:
    """Each agency has held its own since a day; whom to ring stands with the number to press."""
    text = sign_in("lead").get("/").text
    assert "Held since: Children’s social care 10 March 2022; Health visiting 5 October 2022." in text
    assert 'href="tel:01743000111"' in text


def test_a_press_on_the_list_leads_back_to_it(shropshire: Seeded, sign_in: Signs) -> None:
    """To the same alerts, saying what was done; twice is once, and what is amiss is said on the alert's own page."""
    client = sign_in("lead")
    page = client.get(f"/?child={RECORD}&state=waits").text
    csrf = re.search(r'name="csrf" value="([^"]+)"', page)
    at = re.search(r'name="at" value="([^"]+)"', page)
    assert csrf
    assert at
    sent = {"csrf": csrf[1], "at": at[1], "list": "yes", "child": str(RECORD), "state": "waits", "page": "1"}
    wrong = client.post(f"/alerts/{ALERT}/actions", data=sent | {"action": "no_action", "did": "Looked."})
    assert wrong.status_code == 400
    assert "Enter the reason" in wrong.text
    assert "Looked." in wrong.text
    rang = sent | {"action": "rang", "whom": "agency:hv"}
    client.post(f"/alerts/{ALERT}/actions", data=rang)
    answer = client.post(f"/alerts/{ALERT}/actions", data=rang)
    assert answer.status_code == 303
    assert answer.location == f"/?child={RECORD}&state=waits&done=acted"
    shown = client.get(answer.location).text
    assert "the clock of that alert has stopped" in shown
    assert "None of 1 are shown" in shown
    history = client.get(f"/alerts/{ALERT}").text
    assert history.count("Rang Health visiting") == 1


def test_what_my_cover_has_is_shown(shropshire: Seeded, sign_in: Signs, superuser_url: str) -> None:
    """Whoever leads sees what somebody in their place is to act on, though they never held it themselves."""
    with psycopg.connect(superuser_url) as connection:
        connection.execute("UPDATE ledger.alerts SET to_person = 'hv1', stage = 'cover'")
        connection.execute("UPDATE ledger.people SET agency_id = 'csc' WHERE ref = 'hv1'")
    client = sign_in("lead")
    assert "With your deputy or cover" not in client.get("/").text
    with psycopg.connect(superuser_url) as connection:
        connection.execute(
            "INSERT INTO ledger.leads (record_id, number, agency_id, person) VALUES (%s, 5, 'csc', 'sw1')", (RECORD,)
        )
    text = client.get("/").text
    assert "With your deputy or cover" in text
    assert "With Hana Vale" in text
    assert "Yours as cover for the lead" in sign_in("health").get("/").text


def test_a_manager_sees_whose_each_is_and_presses_nothing(partnership: Partnership) -> None:
    """What is with colleagues is counted and named so: two who may press each think that the other does."""
    partnership.person("csc", "sw1", Role.PRACTITIONER)
    partnership.alert(partnership.child(involve=["hv"], name="Robin"))
    manager = Pressing(partnership, partnership.person("csc", "tm1", Role.MANAGER))
    page = manager.open("/?whose=others")
    assert "1 with colleagues" in page.text
    assert "1 of 1 is shown" in page.text
    assert [form for form, fields in page.forms.items() if "csrf" in fields] == ["/sign-out"]
    assert "None of 1 are shown" in manager.open("/?whose=mine").text
