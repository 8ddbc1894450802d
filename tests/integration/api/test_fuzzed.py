"""The whole interface under made-up requests, by everybody who calls; and what comes of what was stored by them."""

from collections import Counter
from collections.abc import Mapping
from itertools import cycle, islice
from random import Random
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from ledger.api.rights import PUBLIC, ROUTES
from tests.integration.api.fuzzing import PEOPLE, Seeds, Sent, endpoints_by_label, scene_of, sent_by_all
from tests.integration.api.scene import Scene
from tests.marked_views import READ
from tests.partnership import Partnership
from tests.sizes import is_full, role_examples

#: Who is asked for at any size; of the others so many take turns at the small one, for each operation.
ALWAYS = frozenset({"agency_system by key", "agency_system by token", "practitioner", "nobody"})
TURN = 2
CHECKS = (not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance)


@pytest.mark.slow
def test_whatever_is_sent_is_answered_as_described(partnership: Partnership, subtests: pytest.Subtests) -> None:
    """Requests good and bad to every operation, as everybody: never a fault; status, type and shape as described."""
    scene = scene_of(partnership)
    fuzz, endpoints = Fuzz(partnership, Seeds(scene), sent_by_all(partnership)), endpoints_by_label(partnership)
    for found in schemathesis.openapi.from_wsgi("/api/v1/openapi.json", partnership.app).get_all_operations():
        assert isinstance(found, Ok), "an operation cannot be read"
        operation = found.ok()
        assert endpoints[operation.label] in ROUTES.keys() | PUBLIC
        with subtests.test(operation=operation.label):
            fuzz.operation(operation.as_strategy(), endpoints[operation.label])
    assert_got_behind(fuzz.met)
    check_what_is_stored(partnership, scene, fuzz.seeds.entries, fuzz.callers)


class Fuzz:
    """Sends each request that was made up as everybody, and counts how they are answered."""

    def __init__(self, partnership: Partnership, seeds: Seeds, callers: Mapping[str, Sent]) -> None:
        self.partnership, self.seeds, self.callers = partnership, seeds, callers
        self.met = {name: Counter[int]() for name in callers}
        self._others = cycle(sorted(callers.keys() - ALWAYS))

    def operation(self, cases: st.SearchStrategy[schemathesis.Case[Any]], endpoint: str) -> None:
        """Requests to one operation."""

        @settings(
            max_examples=role_examples(),
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
            derandomize=True,
        )
        @given(case=cases, random=st.integers(0, 2**32))
        def check(case: schemathesis.Case[Any], random: int) -> None:
            self.seeds.plant(case, endpoint, Random(random))
            self.send(case, with_fresh_id=random % 5 > 0)

        check()

    def send(self, case: schemathesis.Case[Any], *, with_fresh_id: bool) -> None:
        """One request as everybody; at the small size as those who post and as some of the others, by turns."""
        event_id = self.partnership.event()
        turn = self.callers.keys() if is_full() else {*ALWAYS, *islice(self._others, TURN)}
        for name, sent in self.callers.items():
            if name not in turn:
                continue
            if isinstance(case.body, dict) and with_fresh_id:
                case.body["event_id"] = f"{event_id}.{name.replace(' ', '_')}"
            response = case.call(headers=sent.headers, cookies=sent.cookies)
            case.validate_response(response, checks=list(CHECKS))
            self.met[name][response.status_code] += 1


def assert_got_behind(met: Mapping[str, Counter[int]]) -> None:
    """Everybody was answered well and badly, and nobody without a name was answered at all but where anybody is."""
    assert set(met) >= set(PEOPLE)
    assert met["nobody"].keys() <= {400, 401, 404, 405}
    for name in met.keys() - {"nobody"}:
        assert met[name][403] or name.startswith("agency_system"), (name, met[name])
        assert met[name][200] + met[name][201], (name, met[name])
    posting = [met[name] for name in ("agency_system by key", "agency_system by token", "practitioner")]
    assert all(one.keys() >= {200, 404, 422} for one in posting), posting
    assert all(one[201] for one in posting) if is_full() else any(one[201] for one in posting), posting


def check_what_is_stored(
    partnership: Partnership, scene: Scene, entries: list[str], callers: Mapping[str, Sent]
) -> None:
    """What all of them stored is detected in, and shown at every address without a fault: to each, or by turns."""
    places = {"child": scene.record, "alert": scene.alert, "finding": scene.finding, "entry": entries[0]}
    partnership.detect(scene.record)
    addresses = [address.format(**places, number=9, moment="2030-01-01") for some in READ.values() for address in some]
    every = 1 if is_full() else TURN + 1
    for number, sent in enumerate(callers.values()):
        client = partnership.app.test_client()
        for name, value in sent.cookies.items():
            client.set_cookie(name, value)
        for path in addresses[number % every :: every]:
            with client.get(path, headers=sent.headers) as answer:
                assert answer.status_code < 500, path
