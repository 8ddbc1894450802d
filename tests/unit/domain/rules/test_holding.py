"""What must hold for something to be awaited, what silences it, and what of that a finding rests on."""

from tests.unit.domain.rules.expecting import VISITS, claim, found


def test_it_is_asked_for_only_where_it_must_and_unless_it_need_not() -> None:
    """On a plan, by the newest word of whoever speaks of it; not once that has ended."""
    written = {
        **VISITS,
        "only_if": [{"attribute": "plan", "about": "child", "values": ["active"], "has": ["protection"]}],
    }
    active = claim("plan", "active", "2022-02-01", item="child protection")
    ended = claim("plan", "ended", "2022-02-20", item="child protection")
    missed = claim("visit", "no_access", "2022-03-01")
    assert found(written, [missed], "2022-03-20") == []
    assert len(found(written, [active, missed], "2022-03-20")) == 1
    assert found(written, [active, ended, missed], "2022-03-20") == []
    unless = {**VISITS, "unless": written["only_if"]}
    assert [len(found(unless, one, "2022-03-20")) for one in ([missed], [active, missed])] == [1, 0]


def test_what_it_rests_on_that_it_is_asked_for_is_in_its_evidence() -> None:
    """The plan under which a visit counts, by its first word; and the word that ended what would have silenced it."""
    plan = [{"attribute": "plan", "about": "child", "values": ["active"]}]
    active = claim("plan", "active", "2022-02-01")
    again = claim("plan", "active", "2022-02-10")
    missed = claim("visit", "no_access", "2022-03-01")
    rested = found({**VISITS, "only_if": plan}, [active, again, missed], "2022-03-20")
    assert [[ref.number for ref in one.basis.evidence] for one in rested] == [[1]]
    ended = claim("plan", "ended", "2022-02-20")
    rested = found({**VISITS, "unless": plan}, [active, ended, missed], "2022-03-20")
    assert [[ref.number for ref in one.basis.evidence] for one in rested] == [[2]]
    rested = found({**VISITS, "unless": plan}, [missed], "2022-03-20")
    assert [one.basis.evidence for one in rested] == [()]


def test_what_silences_it_may_have_to_be_recent_too() -> None:
    """What was handed over within weeks before is handed over; what was years ago is not."""
    written = {**VISITS, "unless": [{"attribute": "plan", "about": "child", "values": ["active"]}], "recent": "P28D"}
    missed = claim("visit", "no_access", "2022-03-01")
    assert [
        len(found(written, [claim("plan", "active", day, valid=day), missed], "2022-03-20"))
        for day in ("2021-03-01", "2022-02-20")
    ] == [1, 0]


def test_only_what_was_so_shortly_before_counts_as_recent() -> None:
    """A plan of last year does not make this year's visit one under a plan, where the rule says how recent."""
    written = {**VISITS, "only_if": [{"attribute": "plan", "about": "child", "values": ["active"]}], "recent": "P14D"}
    missed = claim("visit", "no_access", "2022-03-01")
    assert [len(found(written, [claim("plan", "active", day), missed], "2022-03-20")) for day in
            ("2021-03-01", "2022-02-20", "2022-03-02")] == [0, 1, 0]  # fmt: skip
