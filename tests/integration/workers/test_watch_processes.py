"""Real processes that hang and die: whoever is alive tells operators, in their feed and by mail."""

import signal
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from config.settings import Settings
from ledger.services.begin_watch import watch_of
from ledger.services.keep_watch import Watch
from ledger.stack.child import wait_until
from ledger.store.party import LIVE
from tests.integration.workers.conftest import StartWorker
from tests.mail_server import MailServer, mail_server
from tests.partnership import Partnership, stored

SOON = 40.0
#: Instead of half a minute, so that the test need not wait that long.
SILENT_S = 3
OPERATOR = "operator@ledger.example"


@pytest.fixture
def mail() -> Iterator[MailServer]:
    """A mail server."""
    with mail_server() as server:
        yield server


@pytest.fixture
def serving(partnership: Partnership, mail: MailServer, tmp_path: Path) -> Iterator[Watch]:
    """The watch of a process that serves, with a mail server; it expects a worker."""
    env = {
        "DATABASE_URL": partnership.database_url,
        "LEDGER_DATA": str(tmp_path),
        "LEDGER_EXPECTED_PARTS": "worker",
        "LEDGER_SILENT_SECONDS": str(SILENT_S),
        "LEDGER_SMTP_URL": f"smtp://{mail.host}:{mail.port}",
        "LEDGER_MAIL_FROM": "ledger@ledger.example",
        "LEDGER_OPERATOR_MAIL": OPERATOR,
    }
    settings = Settings.from_env(env)
    watch = watch_of("live", settings, settings.web_database_url, "ledger_web", lambda: datetime.now(UTC), party=LIVE)
    watch.begin()
    yield watch
    watch.end()


def items(partnership: Partnership) -> list[tuple[str, str]]:
    """What the operators' feed says of processes that are silent, in order; no sealer runs here, which it says too."""
    with partnership.acting("ledger_web", "csc") as connection:
        query = """
            SELECT type, subject FROM ledger.feed_items
            WHERE party = 'operator' AND subject = 'part_silent' ORDER BY seq"""
        return [(row.type, row.subject) for row in connection.execute(text(query))]


def subjects(mail: MailServer) -> list[str]:
    """The subjects of the mails about workers, in order."""
    return [str(one["Subject"]) for one in mail.taken if "No worker" in str(one["Subject"])]


@pytest.mark.usefixtures("serving")
def test_a_worker_that_hangs_and_one_that_is_killed_are_told_of(
    partnership: Partnership, start_worker: StartWorker, mail: MailServer
) -> None:
    """Once when it is no longer heard and once when it is again, by the process that is left; to feed, mail, page."""
    worker = start_worker(env={"LEDGER_SILENT_SECONDS": str(SILENT_S), "LEDGER_EXPECTED_PARTS": "worker"})
    began, over = ("operation.began", "part_silent"), ("operation.over", "part_silent")

    def is_heard() -> bool:
        with partnership.acting("ledger_worker") as connection:
            return bool(connection.scalar(text("SELECT count(*) FROM ledger.heartbeats WHERE part = 'worker'")))

    assert wait_until(is_heard, SOON), worker.log
    # Where the worker took longer to come up than is waited for, that has been told by now, and is over.
    assert wait_until(lambda: items(partnership).count(began) == items(partnership).count(over), SOON)
    worker.process.send_signal(signal.SIGSTOP)
    assert wait_until(lambda: items(partnership)[-1:] == [began], SOON)
    ready = stored(partnership.app.test_client().get("/health/ready"))
    assert ready["ready"]
    assert ("part_silent", "worker") in {(one["trouble"], one["of"]) for one in ready["machinery"]}
    worker.process.send_signal(signal.SIGCONT)
    assert wait_until(lambda: items(partnership)[-1:] == [over], SOON)
    worker.kill()
    assert wait_until(lambda: items(partnership)[-1:] == [began], SOON)
    told = items(partnership)
    assert told == [began, over] * (len(told) // 2) + [began]
    assert wait_until(lambda: len(subjects(mail)) == len(told), SOON)
    assert {one["To"] for one in mail.taken} == {OPERATOR}
    assert len(set(mail.names)) == len(mail.taken)
    wanted = ["Ledger: No worker is heard", "Ledger: over: No worker is heard", "Ledger: No worker is heard"]
    assert subjects(mail)[-3:] == wanted
