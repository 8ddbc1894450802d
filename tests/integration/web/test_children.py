"""The list of children, finding and registering one, and the pages of one child."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import text
from werkzeug.test import TestResponse

from ledger.domain.role import Role
from ledger.services.sign_in import csrf_token
from tests.opened import Opened, opened_template
from tests.partnership import NHS_NUMBERS, Partnership, stored
from tests.templates import Templates

RESTRICTED = {"lawful_basis": "public task", "marking": "restricted", "to": []}
Press = Callable[..., TestResponse]


@pytest.fixture
def opened(templates: Templates) -> Opened:
    """What a test's database holds from the beginning, where it has this partnership."""
    return opened_template(templates)


@pytest.fixture
def partnership(database_url: str, opened: Opened) -> Iterator[Partnership]:
    """A partnership whose social worker leads a child on whom two agencies differ."""
    made = Partnership(database_url, opened=opened)
    yield made
    made.close()


@pytest.fixture
def lead(partnership: Partnership) -> str:
    """The session of whoever leads."""
    return partnership.session(partnership.person("csc", "sw1", Role.PRACTITIONER))


@pytest.fixture
def child(partnership: Partnership) -> str:
    """A child whom csc leads, whose father hv and csc hold different things about."""
    made = partnership.child(name="Rowan Pryce", nhs_number=NHS_NUMBERS[0], involve=("hv",))
    partnership.alert(made)
    return made


@pytest.fixture
def press(partnership: Partnership, lead: str) -> Press:
    """Sends a form of the lead's."""

    def pressed(path: str, session: str = lead, **form: str) -> TestResponse:
        return partnership.send_as(session, "POST", path, data={"csrf": csrf_token(session), **form})

    return pressed


def test_the_list_says_who_leads_and_what_is_open(partnership: Partnership, child: str, lead: str) -> None:
    """One's own children come first, each with how much is open with it; another agency's are not listed."""
    other = partnership.child("gp", name="Ivy Stone", involve=("gp",))
    page = partnership.send_as(lead, "GET", "/children").text
    assert "Rowan Pryce" in page
    assert "You lead" in page
    assert "Ivy Stone" not in page
    assert other not in page
    assert "None" not in page.partition("Open findings: ")[2][:40]


def test_what_is_restricted_is_not_counted(partnership: Partnership, child: str) -> None:
    """Whoever may not know of a finding is not told by a number that there is one."""
    boss = partnership.session(partnership.person("hv", "hv1", Role.MANAGER))
    before = partnership.send_as(boss, "GET", "/children").text
    body = partnership.observation(child, observed="2023-10-08", narrative="He hid.", sharing=RESTRICTED,
        people=[{"ref": "aunt", "role": "aunt"}], claims=[
        {"about": "aunt", "attribute": "presence", "value": value, "basis": "told", "informant": who}
        for value, who in (("lives_here", "mother"), ("no_contact", "father"))
    ])  # fmt: skip
    stored(partnership.post("/observations", body, "csc"))
    partnership.detect(child)
    after = partnership.send_as(boss, "GET", "/children").text
    assert after.partition("Open findings: ")[2][:30] == before.partition("Open findings: ")[2][:30]


def test_a_child_is_found_by_number_or_name(partnership: Partnership, child: str, press: Press) -> None:
    """An NHS number, spaced as it is written, or words of the name; of no other agency's child anything is said."""
    partnership.child("gp", name="Ivy Stone", nhs_number=NHS_NUMBERS[1], involve=("gp",))
    spaced = f"{NHS_NUMBERS[0][:3]} {NHS_NUMBERS[0][3:6]} {NHS_NUMBERS[0][6:]}"
    for words in (spaced, "rowan", "PRYCE"):
        assert child in press("/children", words=words).text, words
    for words in (NHS_NUMBERS[1], NHS_NUMBERS[2], "stone"):
        assert "has a part in no child’s record" in press("/children", words=words).text, words
    assert press("/children", words="x").status_code == 400
    with partnership.acting("ledger_auditor", "auditor") as connection:
        refused = text("SELECT count(*) FROM ledger.access_records WHERE outcome = 'refused'")
        assert connection.scalar(refused) == 1


def test_registering_is_once_and_the_part_is_a_managers(partnership: Partnership, press: Press) -> None:
    """A double press is one child; a practitioner is told who records their agency's part, a manager does it here."""
    form = {"name": "Noa Reed", "born": "2024-02-01", "once": "a"}
    sent = [press("/children/register", **form) for _ in range(2)]
    assert [one.status_code for one in sent] == [303, 303]
    assert sent[0].location == sent[1].location
    record = sent[0].location.rpartition("=")[2]
    boss = partnership.session(partnership.person("csc", "boss", Role.MANAGER))
    assert press(f"/children/{record}/part", boss, role="", reason="x").status_code == 400
    answer = press(f"/children/{record}/part", boss, role="social work", reason="referred", lawful_basis="public_task")
    assert answer.status_code == 303
    assert "Noa Reed" in partnership.send_as(boss, "GET", answer.location).text


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"name": "A"}, "one of the two"),
        ({"born": "2024-13-01"}, "months run from 01 to 12"),
        ({"born": "2024-02-01", "nhs_number": "9990000019"}, "no NHS number"),
        ({"born": "2190-02-01"}, "in the future"),
    ],
)
def test_a_registration_that_cannot_stand_says_why(press: Press, form: dict[str, str], words: str) -> None:
    """What is wrong is said beside its field, what was entered is kept, and nothing is recorded."""
    answer = press("/children/register", **form)
    assert answer.status_code == 400
    assert words.lower() in answer.text.lower()
    assert all(f'value="{value}"' in answer.text for value in form.values())


def test_the_picture_sets_what_agencies_hold_side_by_side(partnership: Partnership, child: str, lead: str) -> None:
    """Both words stand in one line, marked by a word as differing, with who leads and whose the alert is."""
    page = partnership.send_as(lead, "GET", f"/children/{child}").text
    for words in ("absent", "lives here", "Differs", "Lead: <strong>sw1, CSC</strong>", "The alert is yours.", "Told"):
        assert words in page, words
    only = partnership.send_as(lead, "GET", f"/children/{child}?show=conflicts").text
    assert "only what differs" in only
    before = partnership.send_as(lead, "GET", f"/children/{child}?known_on=2020-01-01")
    assert "nothing was recorded by then" in before.text
    assert partnership.send_as(lead, "GET", f"/children/{child}?known_on=never").status_code == 400


def test_a_page_offers_what_its_reader_may_do_there(partnership: Partnership, child: str, lead: str) -> None:
    """A manager who does not lead reads, and is offered no deed that would refuse them; one who leads may do them."""
    boss = partnership.session(partnership.person("csc", "boss", Role.MANAGER))
    deeds = (f'href="/children/{child}/observe"', f'href="/children/{child}/decide"')
    page = partnership.send_as(boss, "GET", f"/children/{child}").text
    assert "Who holds what" in page
    assert not any(deed in page for deed in deeds)
    assert "Ask somebody to bear it out" not in partnership.send_as(boss, "GET", f"/children/{child}/reach").text
    assert all(deed in partnership.send_as(lead, "GET", f"/children/{child}").text for deed in deeds)
    named = {"event_id": partnership.event(), "agency": "csc", "person": "boss", "role": "team manager"}
    stored(partnership.post(f"/children/{child}/leads", named, "csc"))
    page = partnership.send_as(boss, "GET", f"/children/{child}").text
    assert all(deed in page for deed in deeds)


def test_somebody_is_asked_to_bear_a_statement_out(
    partnership: Partnership, child: str, lead: str, press: Press
) -> None:
    """From what one person alone said an agency is asked; twice pressed is once asked, and it shows as unanswered."""
    path = f"/children/{child}/reach"
    page = partnership.send_as(lead, "GET", path).text
    claim = page.partition("?claim=")[2].partition("#")[0].replace("%3A", ":")
    assert "What you ask" in partnership.send_as(lead, "GET", f"{path}?claim={claim}").text
    form = {"claim": claim, "to": "gp", "asks": "Is he registered there?", "purpose": "to know who sleeps there",
            "lawful_basis": "public_task", "once": "a"}  # fmt: skip
    assert press(path, **form | {"to": ""}).status_code == 400
    assert [press(path, **form).status_code for _ in range(2)] == [303, 303]
    page = partnership.send_as(lead, "GET", path).text
    assert page.count("Is he registered there?") == 1
    assert "Not answered yet" in page
