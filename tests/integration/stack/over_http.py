"""The helpers that other tests speak to an application through, spoken over the wire to a running stack."""

from dataclasses import dataclass
from typing import Any

import httpx

from ledger.services.sign_in import SESSION_COOKIES, csrf_token
from tests.partnership import Partnership
from tests.plain_http import NO_TLS

Response = Any


@dataclass(frozen=True)
class Answer:
    """An answer as the test client of the application gives one."""

    sent: httpx.Response

    @property
    def status_code(self) -> int:
        return self.sent.status_code

    @property
    def headers(self) -> httpx.Headers:
        return self.sent.headers

    @property
    def mimetype(self) -> str:
        return str(self.sent.headers.get("Content-Type", "")).partition(";")[0]

    def get_json(self) -> Any:
        return self.sent.json()

    def get_data(self, *, as_text: bool) -> str:
        assert as_text
        return self.sent.text


class OverHttp(Partnership):
    """A partnership in the database of a stack, whose requests go to that stack's web processes; all are kept."""

    url = ""

    def begin(self, url: str) -> "OverHttp":
        """Send there from now on."""
        self.url, self.answers = url, list[httpx.Response]()
        return self

    def ask(self, method: str, path: str, **options: Any) -> Answer:
        """One request, as the application's test client takes them."""
        data, form = options.pop("data", None), dict[str, Any]()
        if isinstance(data, bytes):
            form["content"] = data
        elif data is not None:
            form["data"] = data
        headers = dict(options.pop("headers", {}))
        if kind := options.pop("content_type", None):
            headers["Content-Type"] = kind
        options |= {"timeout": 30, "trust_env": False, "verify": NO_TLS}
        answer = httpx.request(method, f"{self.url}{path}", headers=headers, **form, **options)
        self.answers.append(answer)
        return Answer(answer)

    def send(
        self, method: str, path: str, agency: str | None = "hv", *, key: str | None = None, **options: Any
    ) -> Response:
        """As the other, over the wire."""
        headers = dict(options.pop("headers", {}))
        if bearer := key or (self.keys[agency] if agency else None):
            headers["Authorization"] = f"Bearer {bearer}"
        return self.ask(method, f"/api/v1{path}", headers=headers, **options)

    def send_as(self, session: str, method: str, path: str, **options: Any) -> Response:
        """As the other, over the wire."""
        cookie = f"{SESSION_COOKIES[1]}={session}"
        headers = {"X-CSRF-Token": csrf_token(session), "Cookie": cookie, **options.pop("headers", {})}
        return self.ask(method, path, headers=headers, **options)
