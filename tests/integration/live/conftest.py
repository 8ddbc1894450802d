"""A live process over the test's partnership, and a person in it who is at no desk but their agency's."""

from collections.abc import Iterator

import pytest

from ledger.domain.role import Role
from ledger.store.append import Caller
from tests.integration.live.serving import Served, served
from tests.partnership import Partnership


@pytest.fixture
def live(partnership: Partnership) -> Iterator[Served]:
    with served(partnership.database_url) as running:
        yield running


@pytest.fixture
def lead(partnership: Partnership) -> Caller:
    """A practitioner of hv."""
    return partnership.person("hv", "hv17", Role.PRACTITIONER)
