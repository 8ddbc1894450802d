"""The words of mails: a severity, a number and a link, and nothing else whatever the message is about."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from ledger.domain.feed import DIGEST
from ledger.services.channel import Delivery, Part
from ledger.services.word_mail import word_counts, word_mail

BASE = "https://ledger.example"
PART = Part(
    "d1", "CANARY-item", "alert.raised", "queue", "a1", UUID("c0ffee00-0000-4000-8000-000000000000"), 1,
    datetime(2026, 3, 2, tzinfo=UTC),
)  # fmt: skip
ONE = Delivery("d1", "mail", "person:CANARY", "person:CANARY", "CANARY-agency", (PART,), 0, 1)


@pytest.mark.parametrize(
    ("delivery", "subject", "link"),
    [
        (ONE, "Ledger: something waits for you", "/alerts/a1"),
        (replace(ONE, parts=(PART, PART)), "Ledger: something waits for you", "/"),
        (replace(ONE, parts=(replace(PART, tier="interrupt"),)), "Ledger: something needs you now", "/alerts/a1"),
        (replace(ONE, parts=(replace(PART, type="lead.offered"),)), "Ledger: something waits for you", "/"),
        (replace(ONE, parts=(replace(PART, type=DIGEST, tier=None),)), "Ledger: your digest of the day", "/digest"),
    ],
)
def test_each_mail_has_its_subject_and_its_link(delivery: Delivery, subject: str, link: str) -> None:
    """The subject says how severe it is and no more; the link leads to where it can be read after signing in."""
    mail = word_mail(delivery, "worker@agency.example", BASE, {"queue": 1})
    assert mail.subject == subject
    assert f"\n\n{BASE}{link}\n\n" in mail.body


def test_a_mail_holds_nothing_of_what_it_is_about() -> None:
    """No agency, no record, no rule, no type, no name: and plain ASCII, which any server takes."""
    for tier in ("interrupt", "queue", None):
        for kind in ("alert.raised", "alert.lapsed", DIGEST):
            mail = word_mail(replace(ONE, parts=(replace(PART, tier=tier, type=kind),)), "worker@agency.example", BASE)
            said = mail.subject + mail.body
            assert said.isascii()
            for word in ("CANARY", "c0ffee", kind, "child", "d1"):
                assert word not in said


def test_several_are_counted() -> None:
    """One mail for all that waits says how many."""
    assert "There are 2 of these." in word_mail(replace(ONE, parts=(PART, PART)), "a@b.example", BASE).body


def test_a_link_is_only_ever_a_link() -> None:
    """Whatever an alert is called, its name cannot lead anywhere else."""
    odd = replace(ONE, parts=(replace(PART, subject="../x?y#z\nBcc: all"),))
    assert f"{BASE}/alerts/..%2Fx%3Fy%23z%0ABcc%3A%20all\n" in word_mail(odd, "a@b.example", BASE).body


def test_a_digest_says_how_much_there_is() -> None:
    """In words for one and for several; what there is none of is left out, and of nothing at all it says so."""
    assert word_counts({"interrupt": 1, "queue": 2, "prompts": 0, "clocks": 1}) == [
        "1 alert that needs you now",
        "2 alerts in your queue",
        "1 clock that runs out by the end of the next working day",
    ]
    digest = replace(ONE, parts=(replace(PART, type=DIGEST, tier=None),))
    assert "- 3 questions to ask at the next contact\n" in word_mail(digest, "a@b.example", BASE, {"prompts": 3}).body
    assert "seen to since" in word_mail(digest, "a@b.example", BASE, {}).body
