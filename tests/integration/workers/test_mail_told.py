"""A worker process with a mail server: an alert leaves by mail, and is said in its record, over a kill."""

from pathlib import Path
from uuid import UUID

import pytest

from ledger.stack.child import wait_until
from tests.delivering import Deliveries
from tests.integration.workers.conftest import StartWorker
from tests.mail_server import mail_server
from tests.partnership import Partnership


@pytest.mark.faults
def test_a_worker_killed_after_sending_sends_the_same_again(
    partnership: Partnership, start_worker: StartWorker
) -> None:
    """The server has the mail, the worker never hears so: another sends it under the same name, and it is said once."""
    deliveries = Deliveries(partnership)
    deliveries.person("sw1")
    deliveries.move("2030-01-07T10:00")
    deliveries.have_had_digests()
    with mail_server() as server:
        env = {
            "LEDGER_SMTP_URL": f"smtp://127.0.0.1:{server.port}",
            "LEDGER_MAIL_FROM": "ledger@partnership.example",
            "LEDGER_BASE_URL": "https://ledger.example",
        }
        server.slow_to_say = [60.0]
        record_id = partnership.child("hv", involve=("csc",), name="Canary Child")
        alert = partnership.alert(record_id)
        first = start_worker(env=env)
        assert server.taken_one.wait(30), first.log
        first.kill()
        assert [sent for _, _, sent, *_ in deliveries.rows()] == [False]
        deliveries.let_leases_go()
        second = start_worker(env=env)
        assert wait_until(lambda: len(server.taken) == 2, 30), second.log
        assert wait_until(lambda: bool(deliveries.dispatches(record_id)), 10), second.log
        names, told = server.names, [mail.as_string() for mail in server.taken]
    assert names[0] == names[1]
    [(_, body)] = deliveries.dispatches(record_id)
    message = deliveries.rows("bundle")[0][0]
    assert body == {
        "of": alert["id"], "channel": "mail", "to": {"agency": "csc", "person": "sw1"}, "message": message,
    }  # fmt: skip
    assert names[0] == f"<{message}@partnership.example>"
    for said in told:
        assert f"https://ledger.example/alerts/{alert['id']}" in said
        for word in ("Canary", record_id, str(UUID(record_id).hex), "father", "hv", "contradiction"):
            assert word not in said.replace("=\n", "")
    assert "sw1@csc.example" not in Path(first.log_path).read_text() + second.log
