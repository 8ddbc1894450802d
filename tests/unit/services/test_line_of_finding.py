import json
from typing import Any

import pytest

from ledger.domain.finding import Kind
from ledger.services.line_of_finding import line_of_finding
from tests.partnership import default_pack
from tests.unit.services.kinds import COMPARED
from tests.unit.services.kinds_following import FOLLOWING
from tests.unit.services.seeing import CANARY, claim, finding, observation, render, seen_by

CASES = COMPARED | FOLLOWING


def line(name: str, withheld: frozenset[int] = frozenset()) -> dict[str, Any]:
    case, pack = CASES[name], default_pack()
    return line_of_finding(render(case.finding(), case.entries(withheld), pack), pack)


@pytest.mark.parametrize("name", CASES)
def test_each_kind_has_one_line(name: str) -> None:
    """Who differs about what, since when; each part a sentence without its full stop, which a page puts there."""
    found = line(name)
    assert found["who"] == CASES[name].headline
    assert str(found["since"]).startswith(("Held since: ", "Awaited since ", "Found "))
    parts = [found["who"], found["since"], *found["hangs"]]
    assert not [part for part in parts if str(part).endswith(".")]
    assert len(parts) == len(set(map(str, parts))), "nothing is said twice"


def test_every_kind_is_among_them() -> None:
    """No kind of finding is without its line."""
    assert {case.kind for case in CASES.values()} == set(Kind.__args__)  # type: ignore[attr-defined]


def test_each_agency_has_held_its_own_since_a_day() -> None:
    """Of what agencies hold, since when each has; a day is enough on one line."""
    assert (
        line("two agencies")["since"]
        == "Held since: Children’s social care 1 October 2022; Health visiting 2 October 2022"
    )


def test_a_decision_that_relies_on_it_is_named() -> None:
    """What hangs on a finding is the decision, by its kind and whose it is, and not only that there is one."""
    assert line("a word alone")["hangs"] == ["The decision “no action” of Health visiting relies on it"]


def test_an_order_is_told_with_its_words() -> None:
    """A condition that binds is what hangs on a sighting that goes against it."""
    pack = default_pack()
    binding = next(name for name, attribute in pack.attributes.items() if attribute.binds)
    order = claim(attribute=binding, value="no_contact", item="bail", basis="document", informant=None)
    entries = [observation(1, "police", order), observation(2, "hv", seen_by(value="stays_overnight"))]
    told = render(
        finding([1], [2], kind="contradiction", marks={"by": "no_contact_condition_and_in_the_home"}), entries, pack
    )
    hangs = line_of_finding(told, pack)["hangs"]
    assert any(one.startswith("An order, bail or condition: The father’s contact condition") for one in hangs)


def test_an_overdue_rule_says_so() -> None:
    """A date that is over, and that two people must close it, stand on the line."""
    lines = {name: line(name)["hangs"] for name, case in CASES.items() if case.kind == "expectation"}
    assert any(any(str(one).startswith(("Due by", "Overdue by")) for one in hangs) for hangs in lines.values())


@pytest.mark.parametrize("name", CASES)
def test_what_is_withheld_is_on_no_line(name: str) -> None:
    """A line says no more than the finding does as its reader sees it: of a pointer, whom to ring and nothing else."""
    case, pack = CASES[name], default_pack()
    told = render(case.finding(), case.entries(frozenset(range(1, len(case.bodies) + 1))), pack)
    found = line_of_finding(told, pack)
    assert CANARY not in json.dumps(found)
    assert found["hangs"] == []
