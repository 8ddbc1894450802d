"""A real browser, driven over a pipe: Chromium's own debugging protocol, with no library between.

A browser's pages have a profile each, and reach no network but the addresses that a test gives them.
"""

import base64
import contextlib
import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--lang=en-GB",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--remote-debugging-pipe",
)
# The browser looks for its orders on descriptor 3 and answers on 4, which may be the two that were given, exchanged.
_LAUNCH = """
import fcntl, os, sys
orders, answers = (fcntl.fcntl(int(given), fcntl.F_DUPFD, 10) for given in sys.argv[1:3])
os.dup2(orders, 3), os.dup2(answers, 4)
os.execv(sys.argv[3], sys.argv[3:])
"""
_PATIENCE_S = 30.0


def find_chromium() -> str | None:
    """The browser of this machine, if it has one."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if (path := shutil.which(name))), None)


class _Pipe:
    """To the browser and back, a message at a time."""

    def __init__(self, to_browser: int, from_browser: int) -> None:
        self._to, self._from = to_browser, from_browser
        self._buffer = b""
        self._number = 0

    def send(self, message: dict[str, Any]) -> int:
        """Send an order; the number under which it is answered."""
        self._number += 1
        os.write(self._to, json.dumps({"id": self._number, **message}).encode() + b"\0")
        return self._number

    def receive(self) -> dict[str, Any]:
        """The next answer or event."""
        deadline = time.monotonic() + _PATIENCE_S
        while b"\0" not in self._buffer:
            ready, _, _ = select.select([self._from], [], [], max(0.0, deadline - time.monotonic()))
            assert ready, "the browser did not answer"
            chunk = os.read(self._from, 1 << 16)
            assert chunk, "the browser ended"
            self._buffer += chunk
        raw, _, self._buffer = self._buffer.partition(b"\0")
        message: dict[str, Any] = json.loads(raw)
        return message

    def close(self) -> None:
        os.close(self._to)
        os.close(self._from)


class Browser:
    """One page, in a profile of its own. Keeps what the page complained of: errors, policy violations, failed loads."""

    def __init__(self, pipe: _Pipe) -> None:
        self._pipe = pipe
        self._session: str | None = None
        self._events: list[dict[str, Any]] = []
        self.complaints: list[str] = []
        self._profile = self._call("Target.createBrowserContext")["browserContextId"]
        target = self._call("Target.createTarget", url="about:blank", browserContextId=self._profile)["targetId"]
        self._session = self._call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self._call(f"{domain}.enable")

    def close(self) -> None:
        """Close the page and forget its profile."""
        self._session = None
        self._call("Target.disposeBrowserContext", browserContextId=self._profile)

    def size(self, width: int, height: int) -> None:
        """Make the window this large."""
        self._call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600
        )

    def scripts(self, *, run: bool) -> None:
        """Whether pages opened from now on may run scripts."""
        self._call("Emulation.setScriptExecutionDisabled", value=not run)

    def open(self, address: str) -> None:
        """Go to an address and wait until it has loaded."""
        self._events.clear()
        self._call("Page.navigate", url=address)
        self._wait_for("Page.loadEventFired")

    def press(self, selector: str) -> None:
        """Click the one element that matches, and wait for the page that follows."""
        box = self._call("DOM.getBoxModel", nodeId=self._node(selector))["model"]["content"]
        x, y = (box[0] + box[4]) / 2, (box[1] + box[5]) / 2
        self._events.clear()
        for event in ("mousePressed", "mouseReleased"):
            self._call("Input.dispatchMouseEvent", type=event, x=x, y=y, button="left", clickCount=1)
        self._wait_for("Page.loadEventFired")

    def type(self, selector: str, text: str) -> None:
        """Type into a field."""
        self._call("DOM.focus", nodeId=self._node(selector))
        self._call("Input.insertText", text=text)

    def ask(self, expression: str) -> Any:
        """The value of a JavaScript expression; the debugger may ask where the page itself may run nothing."""
        answer = self._call("Runtime.evaluate", expression=expression, returnByValue=True)
        return answer["result"].get("value")

    def text(self) -> str:
        """All words of the page."""
        return str(self.ask("document.body.innerText"))

    def shoot(self, file: Path) -> None:
        """A picture of the whole page."""
        data = self._call("Page.captureScreenshot", captureBeyondViewport=True)["data"]
        file.write_bytes(base64.b64decode(data))

    def _node(self, selector: str) -> int:
        root = self._call("DOM.getDocument")["root"]["nodeId"]
        node: int = self._call("DOM.querySelector", nodeId=root, selector=selector)["nodeId"]
        assert node, f"no element matches {selector}"
        self._call("DOM.scrollIntoViewIfNeeded", nodeId=node)
        return node

    def _call(self, method: str, **parameters: Any) -> dict[str, Any]:
        message: dict[str, Any] = {"method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        number = self._pipe.send(message)
        while True:
            answer = self._receive()
            if answer.get("id") == number:
                assert "error" not in answer, f"{method}: {answer.get('error')}"
                found: dict[str, Any] = answer["result"]
                return found

    def _wait_for(self, event: str) -> None:
        while not any(seen["method"] == event for seen in self._events):
            self._receive()

    def _receive(self) -> dict[str, Any]:
        message = self._pipe.receive()
        # What a page that was closed had still to say is not this one's.
        if "method" in message and message.get("sessionId") == self._session:
            self._events.append(message)
            self._listen(message)
        return message

    def _listen(self, message: dict[str, Any]) -> None:
        told = message.get("params", {})
        if message["method"] == "Runtime.exceptionThrown":
            self.complaints.append(f"exception: {told['exceptionDetails']['text']}")
        elif message["method"] == "Log.entryAdded" and told["entry"]["level"] in ("error", "warning"):
            self.complaints.append(f"{told['entry']['source']}: {told['entry']['text']}")
        elif message["method"] == "Network.requestWillBeSent":
            address = told["request"]["url"]
            if not address.startswith(("http://127.0.0.1:", "data:", "about:")):
                self.complaints.append(f"asked for {address}")


class Chromium:
    """A running browser, in which each test opens a page of its own. Close it when done."""

    def __init__(self, program: str) -> None:
        self._profiles = tempfile.TemporaryDirectory(prefix="ledger-browser-", ignore_cleanup_errors=True)
        read_there, write_here = os.pipe()
        read_here, write_there = os.pipe()
        self._pipe = _Pipe(write_here, read_here)
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-c", _LAUNCH, str(read_there), str(write_there)),
                *(program, *_FLAGS, f"--user-data-dir={self._profiles.name}", "about:blank"),
            ],
            pass_fds=(read_there, write_there),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(read_there)
        os.close(write_there)

    @contextlib.contextmanager
    def page(self) -> Iterator[Browser]:
        """A page with a fresh profile, which is gone afterwards."""
        page = Browser(self._pipe)
        try:
            yield page
        finally:
            page.close()

    def close(self) -> None:
        """End it, and remove all that it wrote."""
        try:
            self._pipe.send({"method": "Browser.close"})
            self._process.wait(10)
        except (BrokenPipeError, subprocess.TimeoutExpired):
            self._process.kill()
            self._process.wait(10)
        self._pipe.close()
        self._profiles.cleanup()
