"""Start that provider on a spare port, tell it what to do, stop it, and start it again on the same one."""

import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx

from tests.plain_http import NO_TLS
from tests.provider.serve import CLIENT, SECRET

ROOT = Path(__file__).resolve().parents[2]


class RunningProvider:
    """A provider process. `back` is the one address to which it sends people back."""

    def __init__(self, back: str) -> None:
        self.back = back
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            self.port = taken.getsockname()[1]
        self.issuer = f"http://127.0.0.1:{self.port}"
        self.client_id, self.client_secret = CLIENT, SECRET
        self._process: subprocess.Popen[str] | None = None
        self.start()

    def start(self) -> None:
        """Serve, with keys of its own and no memory."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.provider.serve", str(self.port), self.back],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "serving\n"

    def stop(self) -> None:
        """Go away."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def tell(self, **state: Any) -> dict[str, Any]:
        """Change how it behaves; how it does now."""
        answer = httpx.post(f"{self.issuer}/test/state", json=state, trust_env=False, verify=NO_TLS)
        told: dict[str, Any] = answer.json()
        return told

    def visit(self, address: str) -> str:
        """What a browser does there: go to an address, sign in as whom the provider takes it for, and be sent back."""
        answer = httpx.get(address, trust_env=False, verify=NO_TLS)
        assert answer.status_code == 303, answer.text
        return answer.headers["Location"]
