from typing import Any

import pytest

from ledger.domain.claim import claims_of_entry
from ledger.services.word_claim import Wording
from ledger.services.word_notice import word_joined, word_notice
from tests.partnership import default_pack
from tests.unit.services.seeing import DIRECTORY, claim, entry, observation

NAMES = Wording({ref: agency.name for ref, agency in DIRECTORY.items()})
PACK = default_pack()
ACTION: dict[str, Any] = {"what": "A visit.", "owner": {"agency": "hv"}}


def test_what_is_soon_due_is_told_with_what_it_follows() -> None:
    """What is awaited and after what, to who sees that; else that something is soon due, and no more."""
    at = entry(1, "csc", "action", ACTION).recorded_at
    (held,) = claims_of_entry("action", ACTION, agency="csc", number=1, recorded_at=at)
    words = word_notice("due_soon", held, PACK.rules["action_not_done"], NAMES)
    assert words == "Soon due from them: word that it is done, after the agreed action “A visit” of Health visiting."
    assert word_notice("due_soon", None, None, NAMES) == "Something that they are to do is soon due."


def test_an_enquiry_is_told_with_what_is_not_known() -> None:
    """What is asked, to who sees who asked before; else that something is asked."""
    asked = claim(about="child", attribute="father", value=None, not_known="declined", valid=None)
    stored = observation(1, "hv", asked)
    body = {"observed": "2022-10-05", "statement": "fact", "claims": [asked]}
    (held,) = claims_of_entry("observation", body, agency="hv", number=1, recorded_at=stored.recorded_at)
    assert (
        word_notice("enquiry", held, None, NAMES) == "The child’s father is not known, and they are asked to find out."
    )
    assert "father" not in (word_notice("enquiry", None, None, NAMES) or "")


def test_what_was_overtaken_has_words_of_its_own() -> None:
    """That an agency's picture was overtaken is told by the page, with both entries."""
    assert word_notice("overtaken", None, None, NAMES) is None


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"step": "due:r:1.0:x", "marks": {"is_lapsed": True}}, "The time for it has run out."),
        ({"step": "entry:9", "marks": {"is_lapsed": True, "is_met": True}}, "What was awaited has come."),
        ({"step": "entry:9", "marks": {"signed": ["csc/sw1"]}}, "One person has recorded an outcome."),
        ({"step": "entry:9", "marks": {"is_lapsed": True}}, None),
        ({"step": "entry:9"}, None),
    ],
)
def test_how_a_finding_moved_on(body: dict[str, Any], words: str | None) -> None:
    """The clock ran out, something came, somebody signed; anything else is new evidence."""
    told = word_joined(body)
    assert told is None if words is None else (told or "").startswith(words)
