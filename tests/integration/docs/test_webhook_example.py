import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ledger.api.schemas.webhooks import WebhookSchema
from ledger.domain.feed import of_agency
from ledger.domain.webhook_url import read_url
from ledger.services.channel import Delivery, Part, Retry, Sent
from ledger.services.post_webhook import Egress
from ledger.services.seal import Sealer
from ledger.services.send_webhook import WebhookChannel
from tests.markdown import ROOT, blocks
from tests.partnership import SEALING_KEY, Partnership, stored

GUIDE = (ROOT / "docs" / "guides" / "webhooks.md").read_text()


def test_the_body_of_the_guide_is_taken() -> None:
    """As it stands, for an agency whose list has the host."""
    (body,) = (json.loads(block.text) for block in blocks(GUIDE) if block.language == "json")
    assert WebhookSchema().refusal(body) is None
    read_url(body["url"], allowed=["hooks.hv.example"])


@contextmanager
def running(folder: Path, keys: str, port: int = 0) -> Iterator[int]:
    """The guide's receiver, as it stands; the port that it listens on."""
    (text,) = (block.text for block in blocks(GUIDE) if block.language == "python")
    (folder / "receiver.py").write_text(text)
    with subprocess.Popen(
        [sys.executable, "receiver.py", str(port)], cwd=folder, env={**os.environ, "WEBHOOK_KEYS": keys},
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline().rsplit(" ", 1)[-1])
        finally:
            process.terminate()


def kept(folder: Path) -> list[Any]:
    """What the receiver kept."""
    if not (folder / "received.db").exists():
        return []
    with closing(sqlite3.connect(folder / "received.db")) as store:
        return [json.loads(body) for (body,) in store.execute("SELECT body FROM received ORDER BY id")]


@pytest.mark.parametrize("signing", ["ed25519", "hmac"])
def test_the_guides_receiver_takes_what_the_ledger_sends(
    partnership: Partnership, tmp_path: Path, signing: str
) -> None:
    """Once, however often it comes; with the old key and the new one while it is rotated; and from nobody else."""
    worker = partnership.engine("ledger_worker")
    channel = WebhookChannel(
        worker, Sealer([SEALING_KEY]), os.urandom, lambda: datetime.now(UTC), Egress(loopback=True)
    )

    def send(webhook: str, message: str) -> object:
        part = Part(message, f"{message}.1", "alert.raised", None, None, None, 1, datetime.now(UTC))
        return channel.send(Delivery(message, "webhook", webhook, of_agency("hv"), "hv", (part,), 0, 1))

    began = time.monotonic()
    with running(tmp_path, "whsec_" + "A" * 32) as port:
        made = stored(partnership.post("/webhooks", {"url": f"http://127.0.0.1:{port}/", "signing": signing}, "hv"))
        assert send(made["webhook"], "one") == Retry("status_400"), "the receiver has another key"
        assert kept(tmp_path) == []
    key = made.get("secret") or made["public_key"]
    with running(tmp_path, key, port):
        assert [send(made["webhook"], name) for name in ("one", "one", "two")] == [Sent()] * 3
        path = f"/webhooks/{made['webhook']}/rotations"
        stored(partnership.post(path, {"reason": "yearly"}, "hv"))
        assert send(made["webhook"], "three") == Sent()
    assert [message["data"]["id"] for message in kept(tmp_path)] == ["one.1", "three.1", "two.1"]
    assert time.monotonic() - began < 30
