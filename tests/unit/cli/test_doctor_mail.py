"""What doctor says of mail."""

import pytest

from ledger.cli import doctor

SMTP = {"LEDGER_SMTP_URL": "smtp://ledger:sesame@mail.example", "LEDGER_MAIL_FROM": "ledger@partnership.example"}


@pytest.mark.parametrize(
    ("env", "said", "problems"),
    [
        ({}, "none: LEDGER_SMTP_URL is not set, so nobody is told by mail", 0),
        (SMTP, "mail.example:587, STARTTLS (LEDGER_SMTP_URL)", 0),
        (SMTP | {"LEDGER_SMTP_URL": "smtps://mail.example"}, "mail.example:465, TLS (LEDGER_SMTP_URL)", 0),
        (SMTP | {"LEDGER_SMTP_URL": "http://sesame.example"}, "", 1),
    ],
)
def test_doctor_says_by_what_mail_leaves(
    env: dict[str, str], said: str, problems: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """That there is none is no problem; nothing of a password is shown, and what is wrong is said."""
    found = doctor._mail(env)
    shown = capsys.readouterr().out
    assert said in shown
    assert len(found) == problems
    assert "sesame" not in shown + "".join(found)
