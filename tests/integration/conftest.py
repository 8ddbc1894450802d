"""What the tests over a real database share."""

from collections.abc import Iterator

import pytest

from tests.opened import Opened, opened_template
from tests.partnership import Partnership
from tests.templates import Templates


@pytest.fixture
def opened(templates: Templates) -> Opened:
    """What a test's database holds from the beginning, where it has a partnership."""
    return opened_template(templates)


@pytest.fixture
def partnership(database_url: str, opened: Opened) -> Iterator[Partnership]:
    """A demonstration partnership with agencies hv, csc, gp, police and duty, on a fresh database."""
    made = Partnership(database_url, opened=opened)
    yield made
    made.close()
