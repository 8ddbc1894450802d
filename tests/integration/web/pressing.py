"""Somebody signed in, their pages, and the forms on them as a browser would send them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from typing import Any

from werkzeug.test import TestResponse

from ledger.services.sign_in import csrf_token
from ledger.store.append import Caller
from tests.partnership import Partnership

_SPACES = re.compile(r"\s+")


class _Reading(HTMLParser):
    """Gathers the hidden fields of each form by its address, and the text of the page."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: dict[str, dict[str, list[str]]] = {}
        self.text: list[str] = []
        self._form: dict[str, list[str]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "form":
            self._form = self.forms.setdefault(str(said.get("action")), {})
        elif tag == "input" and self._form is not None:
            is_sent = said.get("type") == "hidden" or (said.get("type") == "checkbox" and "checked" in said)
            if is_sent and said.get("name"):
                self._form.setdefault(str(said["name"]), []).append(str(said.get("value") or ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None

    def handle_data(self, data: str) -> None:
        self.text.append(data)


@dataclass
class Shown:
    """A page as it came: its status, its markup, its text in one line, and the hidden fields of its forms."""

    status: int
    html: str
    text: str = ""
    forms: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    location: str | None = None


@dataclass
class Pressing:
    """One person's browser."""

    partnership: Partnership
    who: Caller

    def __post_init__(self) -> None:
        self.session = self.partnership.session(self.who)

    def open(self, path: str) -> Shown:
        """A page."""
        return shown(self.partnership.send_as(self.session, "GET", path))

    def press(self, page: Shown, action: str, **entered: Any) -> Shown:
        """Send one of a page's forms with what was entered; where it leads is said, and not followed."""
        sent: Mapping[str, Any] = {**page.forms[action], **entered}
        return shown(self.partnership.send_as(self.session, "POST", action, data=sent))

    def post(self, path: str, **entered: Any) -> Shown:
        """Send a form that no page offered."""
        data = {"csrf": csrf_token(self.session), **entered}
        return shown(self.partnership.send_as(self.session, "POST", path, data=data))


def shown(answer: TestResponse) -> Shown:
    """What came of a request."""
    html = answer.get_data(as_text=True)
    reading = _Reading()
    reading.feed(html)
    text = _SPACES.sub(" ", unescape("".join(reading.text)))
    return Shown(answer.status_code, html, text, reading.forms, answer.headers.get("Location"))
