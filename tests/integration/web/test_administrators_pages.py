"""Administrators' pages: what is given is an entry that names them; what ends says first what it takes."""

import dataclasses
import re

import pytest

from ledger.domain.role import Role
from ledger.store.append import Caller
from tests.integration.api.test_glass import led
from tests.integration.web.test_auditors_pages import Browser, shown
from tests.partnership import ROOT, Partnership

REASON = "Merged with another service"


@pytest.fixture
def administrator(partnership: Partnership) -> Caller:
    """An administrator of the partnership."""
    return partnership.person("csc", "adm", Role.ADMINISTRATOR)


@pytest.fixture
def browser(partnership: Partnership, administrator: Caller) -> Browser:
    """Their browser."""
    return Browser(partnership, administrator)


def bodies(partnership: Partnership, kind: str) -> list[dict[str, object]]:
    """What entries of a kind say in the partnership's own record."""
    with partnership.acting("ledger_auditor", "auditor") as connection:
        query = (
            "SELECT convert_from(content, 'UTF8')::json -> 'body' FROM ledger.contents WHERE kind = %s ORDER BY number"
        )
        return [row[0] for row in connection.exec_driver_sql(query, (kind,))]


def test_they_land_on_their_agencies(browser: Browser) -> None:
    """In figures; nothing of a child is theirs."""
    assert browser.get("/").headers["Location"] == "/administration"
    told = shown(browser.get("/administration"))
    assert "5 agencies" in told
    assert browser.get("/children").status_code == 403


def test_an_agency_is_added_and_ends(partnership: Partnership, browser: Browser, administrator: Caller) -> None:
    """What is amiss is said with what was sent kept; its end says in numbers what it takes, and asks why."""
    sent = {"ref": "Mid wifery", "kind": "midwifery", "name": "Midwifery", "contact": "01632 960 103"}
    answer = browser.post("/administration/new-agency", **sent)
    assert answer.status_code == 409
    assert "a reference is 1 to 32" in shown(answer)
    assert 'value="Mid wifery"' in answer.get_data(as_text=True)
    assert browser.post("/administration/new-agency", **{**sent, "ref": "mw"}).status_code == 303
    assert bodies(partnership, "agency_added")[-1]["by"] == str(administrator.person_id)
    browser.post("/administration/keys", agency="mw", scopes="observe", days="30")
    ending = "/administration/agencies/mw/ending"
    assert "1 key in use is revoked" in shown(browser.get(ending))
    assert browser.post(ending, reason="why").status_code == 400
    assert browser.post(ending, reason=REASON).status_code == 303
    assert bodies(partnership, "agency_ended")[-1] == {
        "agency": "mw", "reason": REASON, "by": str(administrator.person_id),
    }  # fmt: skip
    assert "has ended already" in shown(browser.get(ending))


def test_what_an_end_leaves_behind_is_counted(partnership: Partnership, browser: Browser) -> None:
    """Without saying of whom: an administrator reads no child's record."""
    child, _lead = led(partnership, name="Zephyrine")
    told = shown(browser.get("/administration/agencies/csc/ending"))
    assert "1 child it leads is left behind" in told
    assert child not in told
    assert "Zephyrine" not in told


def test_somebody_is_added_with_roles_and_a_link(
    partnership: Partnership, browser: Browser, administrator: Caller
) -> None:
    """The link is shown once, signs them in, and the record says who made it; nobody is an auditor besides."""
    sent = {"agency": "hv", "ref": "hv9", "name": "Nia Price", "office": "health visitor"}
    assert "Choose at least one role" in shown(browser.post("/administration/new-person", **sent))
    added = browser.post("/administration/new-person", **sent, roles="practitioner").headers["Location"]
    path = added.split("?")[0]
    refused = browser.post(f"{path}/roles", role="auditor", do="give")
    assert refused.status_code == 409
    assert "one person is not both" in shown(refused)
    assert browser.post(f"{path}/roles", role="practitioner").status_code == 400
    assert browser.post(f"{path}/roles", role="manager", do="give").status_code == 303
    assert "Manager" in shown(browser.get(path))
    once = browser.post(f"{path}/links")
    address = re.search(r"/sign-in/[A-Za-z0-9_-]{43}", once.get_data(as_text=True))
    assert address is not None
    assert address[0] not in browser.get(path).get_data(as_text=True)
    assert partnership.app.test_client().post(address[0]).status_code == 303
    for kind in ("person_added", "role_given", "sign_in_link_made"):
        assert bodies(partnership, kind)[-1]["by"] == str(administrator.person_id)


def test_nobody_changes_their_own_roles(browser: Browser, administrator: Caller) -> None:
    """Else an administrator, who sees no content, could come by it alone."""
    answer = browser.post(f"/administration/people/{administrator.person_id}/roles", role="practitioner", do="give")
    assert answer.status_code == 409
    assert "Nobody changes their own roles" in shown(answer)


def test_who_left_leads_nobody(partnership: Partnership, browser: Browser) -> None:
    """The page says of how many children first; of another agency's people only that agency says it."""
    _child, lead = led(partnership)
    path = f"/administration/people/{lead.person_id}"
    assert "they are the lead of 1 child" in shown(browser.get(f"{path}/endings/leaving"))
    assert browser.post(f"{path}/endings/leaving", reason="Moved to another county").status_code == 303
    assert "Has left" in shown(browser.get(path))
    assert browser.post(f"{path}/absences", do="return").status_code == 303
    assert browser.post(f"{path}/absences", do="away", since="2030-01-07", until="2030-01-01").status_code == 409
    assert browser.post(f"{path}/absences", do="away", since="2090-01-07", until="2090-01-09").status_code == 303
    assert "to 9 January 2090" in shown(browser.get(path))
    other = partnership.person("hv", "hv1", Role.PRACTITIONER)
    assert browser.get(f"/administration/people/{other.person_id}/endings/leaving").status_code == 404


def test_signing_out_everywhere_says_how_many(partnership: Partnership, browser: Browser) -> None:
    """Sessions are counted before, and gone after."""
    who = partnership.person("hv", "hv1", Role.PRACTITIONER)
    theirs = Browser(partnership, who)
    path = f"/administration/people/{who.person_id}/endings/sessions"
    assert "1 open session ends" in shown(browser.get(path))
    assert browser.post(path, reason="Lost her laptop").status_code == 303
    assert theirs.get("/account").headers["Location"].endswith("/sign-in")


def test_a_key_is_shown_once_replaced_and_revoked(partnership: Partnership, browser: Browser) -> None:
    """It works as shown; what replaces it does the same; a revoked one is refused."""
    once = browser.post("/administration/keys", agency="hv", scopes="read", days="30")
    key = re.search(r"ledger\.hv\.[a-z2-7]{8}\.[A-Za-z0-9_-]{43}", once.get_data(as_text=True))
    assert key is not None
    assert partnership.send("GET", "/alerts", key=key[0]).status_code == 200
    assert key[0] not in browser.get("/administration/keys").get_data(as_text=True)
    path = f"/administration/keys/{'.'.join(key[0].split('.')[1:3])}"
    assert "The key that it replaces ends" in shown(browser.post(f"{path}/rotations", overlap="3"))
    assert "Enter a number of days" in shown(browser.post(f"{path}/rotations", overlap="91"))
    assert browser.post(f"{path}/revocations", reason="Found in a mail").status_code == 303
    assert partnership.send("GET", "/alerts", key=key[0]).status_code == 401
    assert "It opens nothing any more" in shown(browser.get(path))


def test_a_pack_is_tried_and_put_in_force(partnership: Partnership, browser: Browser, administrator: Caller) -> None:
    """Another pack that lies here: what it would do stands on the page, and only what was shown is put in force."""
    partnership.context = dataclasses.replace(partnership.context, packs=ROOT / "tests" / "packs_beside")
    led(partnership)
    assert "In force" in shown(browser.get("/administration/packs"))
    path = "/administration/packs/county"
    assert "Compared on your partnership’s records: 1 of 1" in shown(browser.post(f"{path}/trials", what="records"))
    confirm = browser.get(f"{path}/activation")
    assert "1 rule of the pack in force is not in it" in shown(confirm)
    digest = re.search(r'name="digest" value="([0-9a-f]{64})"', confirm.get_data(as_text=True))
    assert digest is not None
    assert "changed since its page was shown" in shown(browser.post(f"{path}/activation", digest="0" * 64))
    assert browser.post(f"{path}/activation", digest=digest[1]).status_code == 303
    said = bodies(partnership, "pack_activated")[-1]
    assert (said["digest"], said["by"]) == (digest[1], str(administrator.person_id))
    assert "It is in force for your partnership" in shown(browser.get(path))
    assert browser.get("/administration/packs/..").status_code == 404


def test_without_the_login_nothing_is_given(partnership: Partnership, administrator: Caller) -> None:
    """A process that was not given it shows and takes away, and says so; what is pressed all the same is refused."""
    partnership.context = dataclasses.replace(partnership.context, admin=None)
    browser = Browser(partnership, administrator)
    assert "without the administrators’ database login" in shown(browser.get("/administration"))
    sent = {"ref": "mw", "kind": "midwifery", "name": "Midwifery", "contact": "01632 960 103"}
    assert browser.post("/administration/new-agency", **sent).status_code == 409
    assert bodies(partnership, "agency_added")[-1]["agency"] != "mw"


def test_another_partnerships_are_not_theirs(partnership: Partnership, browser: Browser) -> None:
    """By whatever address: an agency, a person or a key that theirs has not is answered as one that is not there."""
    for path in ("/administration/agencies/nowhere", "/administration/keys/nowhere.aaaaaaaa"):
        assert browser.get(path).status_code == 404
    assert browser.post("/administration/keys", agency="nowhere", scopes="read", days="3").status_code == 409
