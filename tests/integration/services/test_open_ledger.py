import json
import os
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from ledger.domain.entry import Envelope, verify_chain
from ledger.services.enrol import Agency, add_agency, add_person
from ledger.services.issue_key import issue_key, revoke_key
from ledger.services.open_ledger import open_ledger, open_partnership
from ledger.services.refusal import RefusedError
from ledger.store.database import connect_engine
from tests.partnership import AGENCIES, DUTY_DESK, Partnership, default_pack

NOW = datetime(2023, 10, 5, 9, tzinfo=UTC)


def open_again(partnership: Partnership, ref: str = "demo", duty_desk: str = DUTY_DESK) -> str:
    desk = Agency(duty_desk, "duty_desk", "Duty desk", "ring the duty desk")
    engine = partnership.engine("ledger_admin")
    return str(
        open_partnership(
            engine, os.urandom, ref=ref, name="Demonstration", nation="england", duty_desk=desk, pack=default_pack()
        )
    )


def entries(partnership: Partnership) -> list[dict[str, object]]:
    """What the partnership's record says, in order."""
    with partnership.acting("ledger_worker") as connection:
        query = text("SELECT content FROM ledger.contents WHERE record_id = :r ORDER BY number")
        contents = connection.scalars(query, {"r": partnership.partnership_record}).all()
    return [json.loads(content) for content in contents]


def test_a_partnerships_record_tells_its_setting_up(partnership: Partnership) -> None:
    """Opening, agencies, rules and keys are entries of one chain; the first says what kind of ledger this is."""
    told = entries(partnership)
    assert told[0]["kind"] == "partnership_opened"
    body = told[0]["body"]
    assert isinstance(body, dict)
    assert body["demonstration"] is True
    assert body["origin"] == "tests.example"
    assert {entry["agency"] for entry in told} == {"ledger"}
    kinds = [entry["kind"] for entry in told]
    assert kinds.count("agency_added") == kinds.count("key_issued") == len(AGENCIES) + 1
    assert kinds.count("pack_activated") == 1
    envelopes = partnership.envelopes(str(partnership.partnership_record))
    verify_chain((stored, Envelope.from_members(json.loads(stored))) for stored in envelopes)


def test_setting_up_again_adds_nothing(partnership: Partnership) -> None:
    """A second opening, a second adding of an agency or person, and the same pack again leave the record as it is."""
    admin = partnership.engine("ledger_admin")
    person = add_person(admin, os.urandom, agency="csc", ref="sw1", name="A. Worker", role="social worker")
    rows = partnership.rows()
    assert open_ledger(admin, origin="tests.example", demonstration=True) is False
    assert open_again(partnership) == str(partnership.partnership_record)
    assert add_agency(admin, os.urandom, partnership="demo", agency=Agency("hv", "hv", "HV", "ring")) is False
    assert add_person(admin, os.urandom, agency="csc", ref="sw1", name="Other", role="other") == person
    assert partnership.rows() == rows


def test_a_ledger_stays_of_its_kind(partnership: Partnership) -> None:
    """A demonstration is not opened as a real ledger later, nor the other way round."""
    with pytest.raises(RefusedError, match="other_kind"):
        open_ledger(partnership.engine("ledger_admin"), origin="tests.example", demonstration=False)


def test_a_real_ledger_takes_no_clock(database_url: str) -> None:
    """Opening a ledger that is no demonstration with a moved clock is refused by the database itself."""
    admin = connect_engine(database_url, "ledger_admin", pool_size=1)
    with pytest.raises(Exception, match="only_a_demonstration_moves_its_clock"):
        open_ledger(admin, origin="x.example", demonstration=False, clock_at=NOW)
    assert open_ledger(admin, origin="x.example", demonstration=False)
    with pytest.raises(RefusedError, match="other_kind"):
        open_ledger(admin, origin="x.example", demonstration=True, clock_at=NOW)
    admin.dispose()


@pytest.mark.parametrize(
    ("partnership_ref", "agency", "code"),
    [
        ("demo", "ledger", "agency_reserved"),
        ("demo", "rebuild", "agency_reserved"),
        ("demo", "With Spaces", "bad_reference"),
        ("demo", "a/b", "bad_reference"),
        ("demo", "x" * 33, "bad_reference"),
        ("nowhere", "school", "partnership_not_known"),
    ],
)
def test_an_agency_needs_a_name_of_its_own(
    partnership: Partnership, partnership_ref: str, agency: str, code: str
) -> None:
    """The ledger's own name, names that would not read as one word, and unknown partnerships are refused."""
    rows = partnership.rows()
    with pytest.raises(RefusedError, match=code):
        add_agency(
            partnership.engine("ledger_admin"), os.urandom, partnership=partnership_ref,
            agency=Agency(agency, "school", "School", "ring"),
        )  # fmt: skip
    assert partnership.rows() == rows


def test_an_agency_is_of_one_partnership(partnership: Partnership) -> None:
    """An agency's id is taken for every partnership of the ledger."""
    open_again(partnership, "other", "other-duty")
    with pytest.raises(RefusedError, match="agency_taken"):
        add_agency(
            partnership.engine("ledger_admin"), os.urandom, partnership="other", agency=Agency("hv", "hv", "HV", "r")
        )


def test_keys_are_issued_for_what_exists(partnership: Partnership) -> None:
    """A scope that no route asks for, an agency that nobody knows and a key that is over or unknown are refused."""
    admin = partnership.engine("ledger_admin")
    rows = partnership.rows()
    for agency, scopes, code in (
        ("hv", ["observe", "everything"], "unknown_scope"),
        ("school", ["read"], "agency_not_known"),
    ):
        with pytest.raises(RefusedError, match=code):
            issue_key(admin, os.urandom, agency=agency, scopes=scopes, now=NOW, lifetime=timedelta(days=1))
    with pytest.raises(RefusedError, match="key_not_known"):
        revoke_key(admin, os.urandom, key_id="hv.aaaaaaaa", now=NOW)
    assert partnership.rows() == rows
    revoke_key(admin, os.urandom, key_id=partnership.key_ids["hv"], now=NOW)
    with pytest.raises(RefusedError, match="key_not_known"):
        revoke_key(admin, os.urandom, key_id=partnership.key_ids["hv"], now=NOW)


def test_an_origin_that_no_key_can_be_named_after_is_refused(partnership: Partnership) -> None:
    """The ledger's name stands in each receipt and checkpoint, so one that no note can carry is refused at once."""
    for origin in ("", "two words", "a+b", "line\nbreak"):
        with pytest.raises(RefusedError) as refused:
            open_ledger(partnership.engine("ledger_admin"), origin=origin, demonstration=True)
        assert refused.value.refusal.code == "bad_origin"
