"""No secret that is sent to real processes, well or badly, comes to stand in any log of theirs, or in an answer."""

import base64
import socket
from contextlib import closing
from urllib.parse import urlsplit

import httpx
import pytest

from tests.running_stack import RunningStack

pytestmark = pytest.mark.xdist_group("production-stack")  # on the stack of the tests that kill it, and before them

CANARY = "Zebedee-Canary"
#: Of the form of a real one, so that it goes as far as a real one does.
SECRET = (CANARY + "Q" * 43)[:43]
KEY = f"ledger.hv.abcdefgh.{SECRET}"
LINE_MOST = 5_000


def raw(stack: RunningStack, request: bytes) -> bytes:
    """What is answered to these very bytes."""
    at = urlsplit(stack.url)
    with closing(socket.create_connection((str(at.hostname), at.port or 80), timeout=10)) as wire:
        wire.sendall(request)
        wire.shutdown(socket.SHUT_WR)
        answer = b""
        while chunk := wire.recv(65_536):
            answer += chunk
    return answer


BROKEN = {
    "no request": f"{CANARY}\r\n\r\n",
    "a wrong method": f"{CANARY}! / HTTP/1.1\r\n\r\n",
    "a wrong version": f"GET /sign-in/{SECRET} HTTP/{CANARY}\r\n\r\n",
    "a broken header": f"GET / HTTP/1.1\r\nAuthorization {KEY}\r\n\r\n",
    "a header's broken name": f"GET / HTTP/1.1\r\n{CANARY} x: {KEY}\r\n\r\n",
    "a folded header": f"GET / HTTP/1.1\r\nHost: x\r\n {KEY}\r\n\r\n",
    "a wrong length": f"POST /api/v1/observations HTTP/1.1\r\nHost: x\r\nContent-Length: {CANARY}\r\n\r\n",
    "a wrong coding": f"POST /api/v1/observations HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: {CANARY}\r\n\r\n",
    "a wrong chunk": (
        f"POST /api/v1/observations HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {KEY}\r\n"
        f"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n{CANARY}\r\n"
    ),
    "too long a line": f"GET /{CANARY}{'x' * LINE_MOST} HTTP/1.1\r\nHost: x\r\n\r\n",
    "too large a header": f"GET / HTTP/1.1\r\nHost: x\r\nCookie: {CANARY}{'x' * 9_000}\r\n\r\n",
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_request_is_not_repeated(stack: RunningStack, name: str) -> None:
    """The server refuses what it cannot read without a word of it."""
    answer = raw(stack, BROKEN[name].encode())
    assert answer.startswith((b"HTTP/1.1 4", b"HTTP/1.1 5"))
    assert CANARY.encode() not in answer


def test_secrets_reach_no_log(stack: RunningStack) -> None:
    """Keys, passwords, sessions, links and addresses, sent in every way there is, stand in no log of any process."""
    basic = base64.b64encode(f"hv:{CANARY}".encode()).decode()
    with httpx.Client(base_url=stack.url, timeout=20) as client:
        for header in (f"Bearer {KEY}", f"Bearer ledger-token.hv.{'a' * 16}.{SECRET}", f"Basic {basic}", CANARY):
            client.get("/api/v1/entries", headers={"Authorization": header})
            client.post("/api/v1/observations", headers={"Authorization": header}, content=f'{{"{CANARY}": NaN}}')
            client.post(
                "/oauth/token",
                headers={"Authorization": header},
                data={"grant_type": "client_credentials", "client_secret": CANARY},
            )
        cookies = {"Cookie": f"__Host-ledger={SECRET}; ledger_session={SECRET}"}
        for path in ("/", f"/sign-in/{SECRET}", f"/alerts/{CANARY}", f"/{CANARY}", f"/?key={CANARY}"):
            client.get(path, headers=cookies)
            client.post(path, headers=cookies, data={"password": CANARY, "code": CANARY, "csrf": CANARY})
        client.post("/sign-in", data={"agency": CANARY, "person": CANARY, "password": CANARY})
        client.post(f"/api/v1/children/{CANARY}/attachments", content=CANARY)
    for request in BROKEN.values():
        raw(stack, request.encode())
    logs = [*(stack.data / "log").glob("*"), stack.output]
    assert len(logs) > 3
    for log in logs:
        text = log.read_text(errors="replace")
        assert CANARY not in text, log.name
        assert "Q" * 20 not in text, log.name
