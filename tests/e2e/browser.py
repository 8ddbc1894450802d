"""The machine's own Chromium, driven by Playwright: one for each process of tests, and a fresh profile for each test.

No browser is ever fetched. Pages reach this machine alone, and what a page complains of, or asks elsewhere, is kept.
"""

import asyncio
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response, sync_playwright

#: Said where there is none: by each test that is skipped for it, and once more below the tests.
NO_BROWSER: Final = "no Chromium on the path: the browser tests did not run (Debian, Ubuntu: apt-get install chromium)"
#: A desk's window, and the narrowest telephone that pages must fit.
DESK, PHONE = (1200, 900), (320, 640)

_FLAGS = (
    "--disable-gpu",
    "--renderer-process-limit=1",
    "--disable-site-isolation-trials",
    "--in-process-gpu",
    "--disable-quic",
    "--disable-sync",
    "--disable-component-update",
    "--disable-background-networking",
    "--font-render-hinting=none",
    "--disable-lcd-text",
    "--lang=en-GB",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
_PATIENCE_MS = 15_000
#: What the browser says of every answer that is a refusal, which is heard of in another way where a part of a page is
#: refused; and of parts that still load when a test ends and its server with it.
_NOT_SAID = (
    "Failed to load resource: the server responded with a status",
    "Failed to load resource: net::ERR_CONN",
    "Failed to load resource: net::ERR_SOCKET_NOT_CONNECTED",
)


def find_chromium() -> str | None:
    """The browser of this machine, if it has one."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if (path := shutil.which(name))), None)


class Chromium:
    """A running browser. Close it when done."""

    def __init__(self, program: str) -> None:
        self._driver = sync_playwright().start()
        self._loop = asyncio.get_running_loop()
        self._browser = self._driver.chromium.launch(
            executable_path=program, args=list(_FLAGS), chromium_sandbox=False,
            env={**os.environ, "LANGUAGE": "en_GB"},  # for fields of dates, where chromium-l10n is there
        )  # fmt: skip
        self._leave()

    @contextmanager
    def lent(self) -> Iterator[None]:
        """Let it be driven; afterwards tests of the same process may run event loops of their own again.

        The driver leaves its event loop marked as the running one, so that nobody else could start one.
        """
        self._enter()
        try:
            yield
        finally:
            self._leave()

    def profile(self, complaints: list[str], *, size: tuple[int, int] = DESK, scripts: bool = True) -> BrowserContext:
        """A profile that nobody used, whose pages' complaints are added to the list."""
        context = self._browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            java_script_enabled=scripts,
            locale="en-GB",
            timezone_id="Europe/London",
            reduced_motion="reduce",
        )
        context.set_default_timeout(_PATIENCE_MS)
        listen(context, complaints)
        return context

    def close(self) -> None:
        """End it."""
        self._enter()
        self._browser.close()
        self._driver.stop()
        self._leave()

    def _enter(self) -> None:
        asyncio._set_running_loop(self._loop)

    def _leave(self) -> None:
        asyncio._set_running_loop(None)


def listen(context: BrowserContext, complaints: list[str]) -> None:
    """Keep errors, warnings, violations of the content policy, refused parts of a page, and requests elsewhere."""

    def said(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(_NOT_SAID):
            complaints.append(f"{message.type}: {message.text}")

    def asked(request: Request) -> None:
        if not request.url.startswith(("http://127.0.0.1:", "data:", "about:", "blob:")):
            complaints.append(f"asked for {request.url}")

    def answered(response: Response) -> None:
        if response.status >= 400 and not response.request.is_navigation_request():
            complaints.append(f"{response.status} for {response.url}")

    context.on("console", said)
    context.on("weberror", lambda error: complaints.append(f"exception: {error.error}"))
    context.on("request", asked)
    context.on("response", answered)
