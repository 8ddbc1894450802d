"""What of streams is in the pages: an address and a position where they are offered, and nothing where they are not."""

import re
from collections.abc import Iterator

import pytest

from ledger.domain.feed import of_person
from ledger.store.append import Caller
from ledger.web.headers import CONTENT_POLICY, STREAMS
from tests.integration.live.serving import ORIGIN, Served
from tests.partnership import Partnership
from tests.streaming import StreamClient, put


@pytest.fixture
def offered(partnership: Partnership) -> Iterator[Partnership]:
    """The pages of a deployment that has a live process."""
    partnership.app.config[STREAMS] = ORIGIN
    yield partnership
    partnership.app.config[STREAMS] = None


def test_what_comes_after_the_page_was_made_is_told(offered: Partnership, live: Served, lead: Caller) -> None:
    """A stream that goes on from the page's position has all that was put since, and nothing of before."""
    assert lead.person_id is not None
    party, session = of_person(lead.person_id), offered.session(lead)
    put(offered, party, "hv", ["before"])
    page = offered.send_as(session, "GET", "/").get_data(as_text=True)
    put(offered, party, "hv", ["between"])
    [(at, after)] = re.findall(r'data-at="([^"]+)" data-after="([^"]+)"', page)
    assert at == f"{ORIGIN}/live"
    with StreamClient(live.port, session=session, query=f"?last_event_id={after}") as stream:
        put(offered, party, "hv", ["after"])
        assert stream.items(2) == ["between", "after"]


def test_a_page_may_open_streams_there_and_nowhere_else(offered: Partnership, lead: Caller) -> None:
    """The policy of pages names the one origin more, for connections alone; the script is a file of our own."""
    answer = offered.send_as(offered.session(lead), "GET", "/")
    expected = CONTENT_POLICY.replace("connect-src 'self';", f"connect-src 'self' {ORIGIN};")
    assert answer.headers["Content-Security-Policy"] == expected != CONTENT_POLICY
    assert '<script type="module" src="/assets/live.js">' in answer.get_data(as_text=True)


def test_without_a_live_process_nothing_of_it_is_there(partnership: Partnership, lead: Caller) -> None:
    """Pages are as they were: no script that would ask for what nobody serves."""
    answer = partnership.send_as(partnership.session(lead), "GET", "/")
    assert "live" not in answer.get_data(as_text=True).replace("live.example", "")
    assert answer.headers["Content-Security-Policy"] == CONTENT_POLICY
