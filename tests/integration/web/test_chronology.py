import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient

from ledger.services import read_chronology
from ledger.services.find_as_of import PointAsked
from ledger.services.print_chronology import Printing, print_chronology
from ledger.services.read_chronology import Asked, Wanted
from ledger.services.see import NotKnownError, Reader
from ledger.store.append import SYSTEM_ROLES
from ledger.store.database import connect_engine, transaction
from ledger.store.people import directory
from tests.integration.web.seeding import RECORD, Seeded, presence
from tests.pdf_text import pdf_text

Signs = Callable[[str], FlaskClient]
CANARY = "QUETZALCOATLUS"
CHRONOLOGY, DIFFERENCES = f"/children/{RECORD}/chronology", f"/children/{RECORD}/differences"


def numbers_in(page: str) -> list[int]:
    """The entries that a page shows in words, in its order."""
    return [int(number) for number in re.findall(r'<li class="ledger-entry[^>]* id="entry-([0-9]+)"', page)]


def search(client: FlaskClient, words: str, **more: str) -> Any:
    csrf = client.get(CHRONOLOGY).text.partition('name="csrf" value="')[2][:64]
    return client.post(f"{CHRONOLOGY}/find", data={"csrf": csrf, "words": words, **more})


def printed(ledger: Seeded, agency: str = "csc", wanted: Wanted | None = None, **asked: Any) -> str:
    printing = Printing(wanted or Wanted(), 28, (), "As known now", "Sam Whitfield", datetime(2026, 11, 21, tzinfo=UTC))
    with transaction(ledger.context.engine, party=agency) as connection:
        _, made = print_chronology(
            connection,
            Reader(agency, roles=SYSTEM_ROLES),
            RECORD,
            Asked(PointAsked(**asked)),
            printing,
            pack=ledger.context.pack,
            chance=ledger.context.chance,
            directory=directory(connection),
        )
    return pdf_text(made)


def test_each_agency_has_a_lane_and_its_silences_are_said(shropshire: Seeded, sign_in: Signs) -> None:
    """Drawn, and in the table beside it in words; what nobody recorded at all is said above it."""
    page = sign_in("lead").get(CHRONOLOGY).text
    lanes = re.findall(r'<text class="ledger-lanes__name"[^>]*>([^<]+)<', page)
    assert lanes == [
        "Children’s social care",
        "Health visiting",
        "Police protecting vulnerable people unit",
        "The ledger",
    ]
    assert "Children’s social care recorded nothing from 11 March to 31 October 2022: 235 days" in page
    assert "Nobody recorded anything from 11 March to 3 October 2022: 207 days" in page
    assert 'class="ledger-mark ledger-mark--finding"' in page
    assert 'class="ledger-mark ledger-mark--decision"' in page


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("agency=hv", [3, 7, 8, 9, 10]),
        ("kind=decision", [13]),
        ("about=presence", [6, 10]),
        ("from=2022-10-05", [10, 11, 12, 13]),
        ("to=2022-03-02", [1, 2, 3, 4]),
        ("significant=yes", [5, 6, 10, 11, 13]),
        ("significant=yes&order=latest", [13, 11, 10, 6, 5]),
        ("agency=nobody", []),
    ],
)
def test_a_filter_takes_what_it_says_and_counts_the_rest(
    shropshire: Seeded, sign_in: Signs, query: str, expected: list[int]
) -> None:
    """By agency, kind, what it is about, days and what stands out; how many are left out is said."""
    page = sign_in("lead").get(f"{CHRONOLOGY}?{query}").text
    assert numbers_in(page) == expected
    shown = len(expected)
    assert f"<strong>{shown} of 13 entries</strong>" in page


def test_days_that_run_back_are_said_beside_their_field(shropshire: Seeded, sign_in: Signs) -> None:
    """The last day must not be before the first."""
    answer = sign_in("lead").get(f"{CHRONOLOGY}?from=2022-10-05&to=2022-03-02")
    assert answer.status_code == 400
    assert "The last day must be on or after the first day" in answer.text


def test_pages_follow_each_other_and_one_is_found_by_its_entry(
    shropshire: Seeded, sign_in: Signs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No entry is twice or nowhere; a link to an entry leads to the page on which it stands, in either order."""
    monkeypatch.setattr(read_chronology, "PAGE", 5)
    client, found, address = sign_in("lead"), list[int](), CHRONOLOGY
    while address:
        page = client.get(address).text
        found += numbers_in(page)
        further = re.search(r'href="([^"]+)">Later entries', page)
        address = further[1].replace("&amp;", "&") if further else ""
    assert found == list(range(1, 14))
    assert numbers_in(client.get(f"{CHRONOLOGY}?entry=7").text) == [6, 7, 8, 9, 10]
    assert 3 in numbers_in(client.get(f"{CHRONOLOGY}?entry=3&order=latest").text)


def test_the_slider_knows_the_days_and_each_shows_what_was_known(shropshire: Seeded, sign_in: Signs) -> None:
    """Its days are those on which something was recorded, with how much; without a script there are links to them."""
    client = sign_in("lead")
    page = client.get(f"{CHRONOLOGY}?known_on=2022-10-04").text
    assert re.search(r'data-first="2022-03-02" data-days="0:4 1:1 8:1 184:1 216:2 217:3 244:1"', page)
    assert numbers_in(page) == list(range(1, 10))
    assert "known up to here" in page
    for words, day in (("Day before", "2022-09-02"), ("Day after", "2022-10-05"), ("First day", "2022-03-02")):
        assert re.search(rf'href="[^"]*known_on={day}">{words}', page)


def test_what_one_agency_knew_is_shown_to_that_agency(
    shropshire: Seeded, pages: Flask, sign_in: Signs, database_url: str
) -> None:
    """Only what it had posted, been sent or opened, and how each came to be known; of another agency it is refused."""
    auditor = connect_engine(database_url, "ledger_auditor", pool_size=1)
    pages.extensions["ledger"] = replace(shropshire.context, auditor=auditor)
    client = sign_in("health")
    page = client.get(f"{CHRONOLOGY}?known_by=hv&known_on=2022-10-04").text
    assert numbers_in(page) == [3, 7, 8, 9]
    assert "Only what Health visiting knew" in page
    assert "It could have read" in page
    assert "it posted this" in page
    assert "recorded nothing from" not in page
    assert numbers_in(search(client, "mother", known_by="hv", known_on="2022-10-04").text) == [8, 9]
    assert re.search(r'data-days="0:1 [^"]*244:1"', page)
    assert client.get(f"{CHRONOLOGY}?known_by=csc").status_code == 400
    auditor.dispose()


def test_a_search_finds_what_the_page_shows_and_says_nothing_in_an_address(
    shropshire: Seeded, sign_in: Signs, superuser_url: str
) -> None:
    """In narratives, claims' words and findings; of a day what was known then; the look is recorded, not its words."""
    client = sign_in("lead")
    found = search(client, "TEN minutes")
    assert numbers_in(found.text) == [10]
    assert "<mark>ten</mark> <mark>minutes</mark>" in found.text
    assert set(numbers_in(search(client, "overnight").text)) >= {10, 11}
    assert numbers_in(search(client, "ten minutes", known_on="2022-10-04").text) == []
    with psycopg.connect(superuser_url) as connection:
        looks = connection.execute(
            "SELECT what, up_to_number, purpose FROM ledger.access_records WHERE what = 'search' ORDER BY at"
        ).fetchall()
    assert [look[:2] for look in looks] == [("search", 13), ("search", 13), ("search", 9)]
    assert not any("ten" in look[2].split() for look in looks)


@pytest.mark.parametrize(
    ("words", "said"), [("", "Enter a word"), ("a b", "Enter a word"), ("x" * 101, "100 characters")]
)
def test_a_search_for_nothing_says_so(shropshire: Seeded, sign_in: Signs, words: str, said: str) -> None:
    """What was entered is kept, and nothing is found."""
    answer = search(sign_in("lead"), words)
    assert answer.status_code == 400
    assert said in answer.text
    assert numbers_in(answer.text) == []


def test_a_search_is_a_form_of_this_session(shropshire: Seeded, sign_in: Signs) -> None:
    """Nobody else's page can make somebody search."""
    assert sign_in("lead").post(f"{CHRONOLOGY}/find", data={"words": "nights"}).status_code == 403


def test_what_is_looked_for_is_marked_and_stays_text(ledger: Seeded, sign_in: Signs) -> None:
    """Neither the words nor what they are found in can bring markup of their own."""
    ledger.observe("2022-10-05T11:00:00+00:00", "hv", "o1", "<b>loud</b> (music)")
    text = search(sign_in("lead"), "<b>loud (").text
    assert "&lt;b&gt;loud" in text
    assert "<b>loud" not in text.replace("<mark>", "").replace("</mark>", "")


@pytest.mark.parametrize("marking", ["restricted", "pointer"])
def test_nothing_counts_finds_or_prints_what_is_withheld(shropshire: Seeded, sign_in: Signs, marking: str) -> None:
    """What is restricted to others is in no count, lane, day, search, difference or print; a pointer has no words."""
    before = sign_in("health").get(CHRONOLOGY).text
    shropshire.observe(
        "2022-11-20T09:00:00+00:00",
        "police",
        "secret",
        f"Intelligence {CANARY}",
        presence("lives_here", "2022-10-01/..", basis="seen", informant=None),
        sharing={"marking": marking},
    )
    shropshire.find("2022-11-20T09:00:01+00:00", "contradiction", ["o2"], ["secret"], finding="e" * 32)
    client = sign_in("health")
    page = client.get(CHRONOLOGY).text
    days = re.search(r'data-days="([^"]*)"', page)
    assert days is not None
    if marking == "restricted":
        assert days[0] in before
        assert numbers_in(page) == numbers_in(before)
    else:
        assert days[0] not in before
    texts = [page, search(client, CANARY).text.replace(f'value="{CANARY}"', ""), printed(shropshire, "hv")]
    texts += [client.get(f"{DIFFERENCES}?from=2022-11-01").text, client.get(f"{CHRONOLOGY}?about=presence").text]
    assert not any(CANARY in text for text in texts)
    assert numbers_in(search(client, CANARY).text) == []
    assert 14 not in numbers_in(client.get(f"{CHRONOLOGY}?about=presence").text)


def test_two_days_are_set_beside_each_other(shropshire: Seeded, sign_in: Signs) -> None:
    """What came to be held otherwise, what was found, and what came, each with the way to its entry."""
    page = sign_in("lead").get(f"{DIFFERENCES}?from=2022-10-04&to=2022-10-31").text
    assert "stays overnight" in page
    assert re.search(r'chronology\?entry=10&amp;known_on=2022-10-31#entry-10">entry 10', page)
    assert "told Children’s social care and Health visiting different things" in page
    assert "Decision" not in page.partition("<h1")[2]
    answer = sign_in("lead").get(f"{DIFFERENCES}?from=2022-10-31&to=2022-10-04")
    assert answer.status_code == 400
    assert "The later day must be on or after the earlier one" in answer.text


def test_a_print_says_what_it_is_who_took_it_and_what_is_left_out(shropshire: Seeded, superuser_url: str) -> None:
    """With pages numbered and silences told; that it was taken is recorded; as known then it ends where that did."""
    text = printed(shropshire, number=9)
    assert "Printed by Sam Whitfield, 21 November 2026 at midnight. Page 1 of" in text
    assert "9 entries of 9 that may be shown." in text
    assert "comes often" not in text
    part = printed(shropshire, wanted=Wanted(only_significant=True))
    assert "5 entries of 13 that may be shown." in part
    assert "Children’s social care recorded nothing from 11 March to 31 October 2022" in part.replace("\n", " ")
    assert "Baby Rowan" in part
    with psycopg.connect(superuser_url) as connection:
        looks = connection.execute(
            "SELECT what, up_to_number FROM ledger.access_records ORDER BY up_to_number"
        ).fetchall()
    assert looks == [("print", 9), ("print", 13)]


def test_a_print_of_a_part_tells_what_came_of_a_finding(shropshire: Seeded) -> None:
    """Though the entry that closed it is left out: what is closed does not seem to be open."""
    shropshire.close("2022-11-20T09:00:00+00:00", "agree", "e2")
    text = printed(shropshire, wanted=Wanted(only_significant=True)).replace("\n", " ")
    assert "closed." in text
    assert "Open at the end" not in text


def test_nobody_takes_a_print_of_what_they_do_not_read(shropshire: Seeded) -> None:
    """An agency without a part gets none."""
    with pytest.raises(NotKnownError):
        printed(shropshire, "school")
