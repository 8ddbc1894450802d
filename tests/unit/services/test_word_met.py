"""How it is told that somebody was there at a contact."""

from datetime import UTC, datetime

from ledger.domain.claim import claims_of_entry
from ledger.services.word_claim import Wording


def test_who_was_there_at_a_contact_is_told_as_that() -> None:
    """With the day of the contact and who saw it, and not as a claim that somebody wrote."""
    body = {
        "observed": "2022-04-02",
        "statement": "fact",
        "author": {"ref": "w", "role": "health visitor"},
        "contact": {"depth": "seen", "home_entered": "yes", "present": ["father", "child"]},
    }
    at = datetime(2022, 4, 2, 18, tzinfo=UTC)
    (claim,) = claims_of_entry("observation", body, agency="hv", number=1, recorded_at=at, on={"presence"})
    wording = Wording({"hv": "Health visiting"})
    assert wording.says(claim) == "The father was present at the contact on 2 April 2022"
    assert wording.said(claim) == "Seen by the health visitor"
