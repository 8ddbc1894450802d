"""A record of 2,000 entries and a dozen people is shown in a time within three times that of one with 50.

Measured is what a page takes once its process has read the record before. Where the long record has fewer entries than
claimed the bound is as much lower: each doubling of a record may add the same part to what a page takes.
"""

import gc
import time
from collections.abc import Iterator
from math import log

import pytest

from ledger.domain.role import Role
from tests import sizes
from tests.e2e.pages import PAGES
from tests.large_record import write_record
from tests.opened import Opened, opened_template
from tests.partnership import Partnership
from tests.templates import Templates

FEW, CLAIMED = 50, 2_000
MANY = sizes.long_record()
#: So many times as long at the most, of a record of this size.
TIMES = 3.0 ** (log(MANY / FEW) / log(CLAIMED / FEW))
TRIES = 4
#: No page of the short record is taken to need less than such a part of what its slowest page does.
FLOOR = 2
#: About the days of `tests.large_record`, for pages that show some days, or what became known between two.
_QUERIES = {
    "differences": "?from=2022-10-01&to=2030-01-01",
    "chronology-filtered": "?significant=yes&silence=14&by=recorded&order=latest",
    "child-differs": "?show=conflicts",
    "decide": "?kind=step_down&matter=presence",
}
#: By their names, the pages about one child that need nothing but the child.
ABOUT_A_CHILD = {
    row.name: row.address.partition("?")[0] + _QUERIES.get(row.name, "")
    for row in PAGES
    if row.address.startswith("/children/{child}") and row.address.count("{") == 1
    if "?" not in row.address or row.name in _QUERIES
    if not row.press and row.status == 200 and row.who in ("sw1", "sw2", "hv1", "n1")
}


@pytest.fixture(scope="module")
def opened(templates: Templates) -> Opened:
    """What the database holds from the beginning."""
    return opened_template(templates)


@pytest.fixture(scope="module")
def partnership(templates: Templates, opened: Opened) -> Iterator[Partnership]:
    """A ledger with a record of either size, written once for all pages."""
    url = templates.copy(str(opened.template))
    made = Partnership(url, opened=opened)
    yield made
    made.close()
    templates.drop(url)


@pytest.fixture(scope="module")
def records(partnership: Partnership) -> tuple[str, str]:
    """The ids of the short record and of the long one."""
    return write_record(partnership, FEW), write_record(partnership, MANY)


@pytest.fixture(scope="module")
def session(partnership: Partnership) -> str:
    """The session of whoever leads both."""
    return partnership.session(partnership.person("csc", "sw1", Role.PRACTITIONER))


@pytest.fixture(scope="module")
def short(partnership: Partnership, records: tuple[str, str], session: str) -> dict[str, float]:
    """What each page of the short record takes, by its name."""
    return {
        name: min(took(partnership, session, address.format(child=records[0])) for _ in range(2))
        for name, address in ABOUT_A_CHILD.items()
    }


def took(partnership: Partnership, session: str, address: str) -> float:
    """The processor's seconds that a page takes here: what the machine does besides is not in it."""
    gc.disable()  # what other tests left is collected between two pages
    try:
        began = time.process_time()
        answer = partnership.send_as(session, "GET", address)
        lasted = time.process_time() - began
    finally:
        gc.enable()
    assert answer.status_code == 200, address
    return lasted


@pytest.mark.parametrize("name", ABOUT_A_CHILD)
def test_a_long_record_is_shown_in_time(
    partnership: Partnership, records: tuple[str, str], session: str, short: dict[str, float], name: str
) -> None:
    """The page of the long record takes at most three times as long as the same page of the short one."""
    few, many = (ABOUT_A_CHILD[name].format(child=record) for record in records)
    took(partnership, session, many)
    # Many a page of the short record is made in a quarter of what its slowest takes: three times that is no time.
    of_few, of_many = max(short[name], max(short.values()) / FLOOR), 60.0
    for _ in range(TRIES):
        of_many = min(of_many, took(partnership, session, many))
        if of_many <= TIMES * of_few:
            return
        # A machine that is busy makes all of them slower: also the page that this one is set against.
        of_few = max(of_few, took(partnership, session, few))
    pytest.fail(f"{name}: {of_many * 1000:.0f} ms of {MANY} entries, {of_few * 1000:.0f} ms of {FEW}")
