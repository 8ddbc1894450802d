import json

import pytest

from ledger.api.problems import CODES
from ledger.api.problems import EXPLAINED_AT as API_EXPLAINED_AT
from ledger.live.clients import origin_of
from ledger.live.problems import EXPLAINED_AT, TITLES, problem


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://ledger.example", "https://ledger.example"),
        ("https://ledger.example:443", "https://ledger.example"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://LEDGER.example:80/pages", "http://ledger.example"),
        ("http://[::1]:8080", "http://[::1]:8080"),
    ],
)
def test_an_origin_is_written_as_browsers_do(url: str, origin: str) -> None:
    """Lower case, and no port where it is the scheme's own: it is compared letter by letter."""
    assert origin_of(url) == origin


def test_problems_are_the_interfaces() -> None:
    """Each code has the status and title that the interface's table gives it, and is explained there."""
    assert EXPLAINED_AT == API_EXPLAINED_AT
    for code, (status, title) in TITLES.items():
        assert (CODES[code].status, CODES[code].title) == (status, title)
        body = json.loads(bytes(problem(code, "words").body))
        assert body == {
            "type": f"{EXPLAINED_AT}#{code}",
            "title": title,
            "status": status,
            "code": code,
            "detail": "words",
        }
