"""The pages about a child's people and life: what they show, what their forms record, and to whom they show it."""

import re
from collections.abc import Callable

from flask.testing import FlaskClient
from sqlalchemy import text

from ledger.store.database import transaction
from tests.integration.web.seeding import PSEUDONYM, RECORD, Seeded

SignIn = Callable[[str], FlaskClient]
PEOPLE, SUMMARY = f"/children/{RECORD}/people", f"/children/{RECORD}/summary"
CANARY = "Marigold"


def tell_family(ledger: Seeded) -> None:
    """A man by two names, a grandmother in the home, and what nobody may see of somebody."""
    ledger.observe(
        "2022-03-10T15:00:00+00:00", "csc", "f1", "Family tree.",
        {"about": "gran", "attribute": "household_member", "value": "member", "valid": "2022-03/..", "basis": "seen"},
        {"about": "father", "attribute": "relationship", "with": "mother", "value": "separated", "basis": "told",
         "informant": "mother"},
        people=[{"ref": "gran", "role": "maternal grandmother", "name": "Carol Rowan"},
                {"ref": "kev", "role": "friend", "name": "Kev Stroud", "born": "1990-01-02"}],
    )  # fmt: skip
    ledger.observe(
        "2022-03-11T15:00:00+00:00", "hv", "f2", "Visit.",
        {"about": "k", "attribute": "presence", "value": "lives_here", "valid": "2022-03/..", "basis": "seen"},
        {"about": "mother", "attribute": "engagement", "value": "good", "item": "health visiting", "basis": "seen"},
        people=[{"ref": "k", "role": "mother's partner", "name": "Kev Stroud", "born": "1990-01-02"}],
    )  # fmt: skip
    ledger.observe(
        "2022-03-12T15:00:00+00:00", "police", "f3", "Held back.",
        {"about": "z", "attribute": "presence", "value": "lives_here", "basis": "own_record"},
        people=[{"ref": "z", "role": CANARY, "name": CANARY}],
        sharing={"marking": "pointer", "lawful_basis": "public task"},
    )  # fmt: skip


def form_of(page: str) -> dict[str, str]:
    """What every form of a page carries."""
    return {
        name: re.search(rf'name="{name}" value="([^"]*)"', page)[1]  # type: ignore[index]
        for name in ("csrf", "at")
    }


def entries(ledger: Seeded, kind: str) -> int:
    """How many entries of a kind the record holds."""
    with transaction(ledger.workers, party="ledger") as connection:
        query = text("SELECT count(*) FROM ledger.contents WHERE record_id = :r AND kind = :k")
        return int(connection.scalar(query, {"r": RECORD, "k": kind}))


def test_the_genogram_stands_beside_a_list_that_says_the_same(ledger: Seeded, sign_in: SignIn) -> None:
    """Each person drawn is in the list and the table, with who says what; what is held back is in none of them."""
    tell_family(ledger)
    page = sign_in("lead").get(PEOPLE).get_data(as_text=True)
    drawn = page[page.index("<svg class=") : page.index("</svg>")]
    listed = page[page.index("generation</h3>") :]
    for name in ("Carol Rowan", "Kev Stroud"):
        assert name in drawn
        assert name in listed
    assert "Separated" in listed or "separated from" in listed
    assert "Which agency knows of whom" in page
    assert "Who may be one person" in page
    assert CANARY not in page
    assert "Information held by Police" in page


def test_as_known_on_a_day_is_what_was_known_then(ledger: Seeded, sign_in: SignIn) -> None:
    """Before the second visit nobody had named him there; a day that is none is said, and what is known now shown."""
    tell_family(ledger)
    lead = sign_in("lead")
    then = lead.get(f"{PEOPLE}?known_on=2022-03-10").get_data(as_text=True)
    assert "mother&#39;s partner" not in then
    assert "is the same as" not in then
    wrong = lead.get(f"{PEOPLE}?known_on=2022-02-31")
    assert wrong.status_code == 400
    assert "Enter a real day" in wrong.get_data(as_text=True)


def test_what_is_amiss_is_said_and_what_was_entered_is_kept(ledger: Seeded, sign_in: SignIn) -> None:
    """No reason, one person twice, somebody whom the record does not know: nothing is recorded."""
    tell_family(ledger)
    lead = sign_in("lead")
    carried = form_of(lead.get(PEOPLE).get_data(as_text=True)) | {"act": "link"}
    for people, reason, words in (
        (["csc/kev", "hv/k"], "", "Enter how this is known"),
        (["csc/kev", "csc/kev"], "Kept as it was.", "Choose two different people"),
        (["csc/kev", "hv/nobody"], "Kept as it was.", "problem"),
    ):
        answer = lead.post(PEOPLE, data=carried | {"person": people, "reason": reason})
        assert answer.status_code == 400
        told = answer.get_data(as_text=True)
        assert words in told
        assert reason in told
    assert entries(ledger, "link") == 0


def test_a_summary_is_written_disputed_and_written_anew(ledger: Seeded, sign_in: SignIn) -> None:
    """Each version stays with what was said to it; an answer without a choice is refused with what was entered."""
    lead, health = sign_in("lead"), sign_in("health")
    carried = form_of(lead.get(SUMMARY).get_data(as_text=True))
    for _ in range(2):
        assert lead.post(SUMMARY, data=carried | {"text": "Jade lives alone."}).status_code == 303
    assert entries(ledger, "family_summary") == 1
    page = health.get(SUMMARY).get_data(as_text=True)
    assert "Jade lives alone." in page
    of = f"{PSEUDONYM}.5"
    answer = form_of(page) | {"of": of, "answer": "disputed", "says": ""}
    refused = health.post(f"{SUMMARY}/answers", data=answer)
    assert refused.status_code == 400
    assert "Enter what your agency disputes in it" in refused.get_data(as_text=True)
    assert health.post(f"{SUMMARY}/answers", data=answer | {"says": "Her partner does too."}).status_code == 303
    page = lead.get(SUMMARY).get_data(as_text=True)
    assert "Her partner does too." in page
    assert "What your agency says to version" not in page
    assert lead.post(SUMMARY, data=form_of(page) | {"text": "Jade and Kev."}).status_code == 303
    page = health.get(SUMMARY).get_data(as_text=True)
    assert page.index("Jade and Kev.") < page.index("Jade lives alone.")
    assert "last disputed version 1" in page


def test_engagement_and_care_show_entries_and_no_labels(ledger: Seeded, sign_in: SignIn) -> None:
    """Steps by service with their entries; bars with a table; nothing of what is held back."""
    tell_family(ledger)
    lead = sign_in("lead")
    engagement = lead.get(f"/children/{RECORD}/engagement").get_data(as_text=True)
    assert "entry-6" in engagement
    assert "good" in engagement
    care = lead.get(f"/children/{RECORD}/care").get_data(as_text=True)
    assert "lives here" in care[care.index("</svg>") :]
    for page in (engagement, care):
        assert CANARY not in page
        assert "Information held by Police" in page


def test_adults_elsewhere_are_a_page_of_their_own(ledger: Seeded, sign_in: SignIn) -> None:
    """It says that nobody is known elsewhere; a form that names nobody is refused with the reason kept."""
    tell_family(ledger)
    lead, address = sign_in("lead"), f"/children/{RECORD}/adults"
    page = lead.get(address).get_data(as_text=True)
    assert "Nobody has said of anybody here" in page
    csrf = form_of(lead.get(PEOPLE).get_data(as_text=True))
    answer = lead.post(address, data=csrf | {"act": "adult_link", "reason": "Seen there."})
    assert answer.status_code == 400
    assert "Choose one of the two in the list" in answer.get_data(as_text=True)
