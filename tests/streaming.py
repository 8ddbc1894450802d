"""A client of event streams, as the HTML standard (9.2) has browsers read them, and items to put into feeds."""

import http.client
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

from ledger.domain.feed import Item
from ledger.services.sign_in import SESSION_COOKIES
from ledger.store.database import SYSTEM, driver_of
from ledger.store.party import ACT
from ledger.store.telling import put_items
from ledger.store.trip import ask
from tests.partnership import Partnership

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Event:
    """One event as a page would get it."""

    name: str
    data: str
    last_id: str

    @property
    def item(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.data)
        return told


class RefusedStreamError(Exception):
    """The server answered with something else than a stream."""

    def __init__(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        super().__init__(status)
        self.status, self.headers, self.body = status, headers, body

    @property
    def problem(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.body)
        return told


class StreamClient:
    """One connection. `last_id` is what it would hand back; `read` raises EOFError when the stream has ended."""

    def __init__(
        self,
        port: int,
        *,
        session: str | None = None,
        key: str | None = None,
        last_id: str | None = None,
        query: str = "",
        headers: Mapping[str, str] | None = None,
        seconds: float = 10.0,
    ) -> None:
        sent = dict(headers or {})
        if session is not None:
            sent["Cookie"] = f"{SESSION_COOKIES[1]}={session}"
        if key is not None:
            sent["Authorization"] = f"Bearer {key}"
        if last_id:
            sent["Last-Event-ID"] = last_id
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)
        self._connection.request("GET", f"/live{query}", headers=sent)
        self.answer = self._connection.getresponse()
        if self.answer.status != 200:
            refused = RefusedStreamError(self.answer.status, dict(self.answer.headers), self.answer.read())
            self.close()
            raise refused
        self.last_id = last_id or ""
        self.retry_ms: int | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._connection.close()

    def read(self) -> Event:
        """The next event that has data. Raises EOFError, and TimeoutError where none comes."""
        name, data = "message", list[str]()
        while True:
            try:
                line = self.answer.readline()
            except (http.client.HTTPException, ConnectionError) as error:
                raise EOFError from error
            if not line:
                raise EOFError
            field, _, value = line.decode().rstrip("\n").partition(":")
            value = value.removeprefix(" ")
            match field:
                case "id":
                    self.last_id = value
                case "event":
                    name = value
                case "data":
                    data.append(value)
                case "retry":
                    self.retry_ms = int(value)
                case "" if line == b"\n" and data:
                    return Event(name, "\n".join(data), self.last_id)

    def items(self, number: int) -> list[str]:
        """The ids of so many items, as they come."""
        found: list[str] = []
        while len(found) < number:
            event = self.read()
            if event.name == "message":
                found.append(event.item["id"])
        return found

    def ends(self) -> bool:
        """Whether nothing but the end comes."""
        try:
            while True:
                self.read()
        except EOFError:
            return True
        except TimeoutError:
            return False


def put(partnership: Partnership, party: str, agency: str, names: Sequence[str]) -> None:
    """Put alerts into one party's feed, as a worker does, in one transaction."""
    with driver_of(partnership.engine("ledger_worker")) as driver:
        ask(driver, ACT, (SYSTEM, ""))
        put_items(driver, [alert(party, agency, name) for name in names])
        driver.commit()


def alert(party: str, agency: str, name: str) -> Item:
    """One item: an alert by this name."""
    return Item(party, agency, "alert.raised", name, AT, subject=f"alert-of-{name}", tier="queue")
