"""What a process keeps of entries goes to nobody who does not see them whole, and goes when they are erased."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from ledger.domain.person import Links
from ledger.services import kept_words
from ledger.services.kept_words import Kept
from ledger.services.see import Seen, Sight
from tests.shipped import shipped_pack

AT = datetime(2026, 3, 1, tzinfo=UTC)
PRESENCE = shipped_pack().attributes["presence"]


def entry(number: int, sight: Sight = Sight.FULL, *values: str) -> Seen:
    claims = [
        {"about": "father", "attribute": "presence", "value": value, "basis": "seen", "valid": "2026-01/.."}
        for value in values
    ]
    body: dict[str, Any] = {"observed": "2026-02-28", "statement": "fact", "narrative": "Visited.", "claims": claims}
    return Seen(UUID(int=1), number, AT, "hv", bytes([number]) * 32, sight, "observation", body=body)


def erased(number: int) -> Seen:
    return replace(entry(number), sight=Sight.ERASED, kind=None, body={})


def test_of_an_entry_seen_in_part_nothing_kept_is_given() -> None:
    """Whoever sees it whole fills what is kept; whoever sees a part gets that part, whoever sees nothing nothing."""
    kept = Kept()
    assert len(kept.gist_of(entry(1, Sight.FULL, "visits", "absent")).claims) == 2
    assert len(kept.gist_of(entry(1, Sight.PART, "visits")).claims) == 1
    for sight in (Sight.WITHHELD, Sight.NOTHING):
        assert kept.gist_of(replace(entry(1, sight), kind=None, body={})).claims == ()
    assert len(kept.gist_of(entry(1, Sight.FULL, "visits", "absent")).claims) == 2


def test_what_was_erased_is_let_go() -> None:
    """Once an entry is met erased, its claims and all that was worked out of any are no longer in the process."""
    kept = Kept()
    claims = kept.gist_of(entry(1, Sight.FULL, *["visits"] * 5)).claims
    words = kept.words_of(claims, PRESENCE, Links(), {})
    assert kept.words_of(claims, PRESENCE, Links(), {}) is words
    kept.gist_of(erased(2))
    assert kept.words_of(claims, PRESENCE, Links(), {}) is words
    kept.gist_of(erased(1))
    assert kept.words_of(claims, PRESENCE, Links(), {}) is not words
    assert kept.gist_of(entry(1, Sight.FULL)).claims == ()


def test_words_are_those_of_these_claims_and_links_alone() -> None:
    """Equal claims of another entry, other links and other agencies have words of their own."""
    kept = Kept()
    mine, others = (kept.gist_of(entry(number, Sight.FULL, *["visits"] * 5)).claims for number in (1, 2))
    words = kept.words_of(mine, PRESENCE, Links(), {})
    assert kept.words_of(others, PRESENCE, Links(), {}) is not words
    assert kept.words_of(mine, PRESENCE, Links(detached=frozenset({"hv/father"})), {}) is not words
    assert kept.words_of(mine, PRESENCE, Links(), {"hv": "health_visiting"}) is not words
    assert kept.words_of(mine[:-1], PRESENCE, Links(), {}) is not words


def test_no_more_is_kept_than_is_said(monkeypatch: Any) -> None:
    """Past its bound what was kept longest ago goes, and is worked out again when it is asked for."""
    monkeypatch.setattr(kept_words, "CLAIMS_MOST", 20)
    kept = Kept()
    first = kept.gist_of(entry(1, Sight.FULL, *["visits"] * 5))
    for number in range(2, 9):
        kept.gist_of(entry(number, Sight.FULL, *["visits"] * 5))
    again = kept.gist_of(entry(1, Sight.FULL, *["visits"] * 5))
    assert again is not first
    assert again == first
