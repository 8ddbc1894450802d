"""What a pack would make of the live records: read-only, wordless, and the same as what was found."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from ledger.cli import main
from ledger.domain.fold import run as run_steps
from ledger.domain.pack import Pack
from ledger.domain.record_state import RecordState
from ledger.services import compare_live as compare_live_module
from ledger.services.compare_live import RecordChange, change_json, compare_live
from ledger.store import histories
from ledger.store.histories import Chosen, reading
from tests.integration.services.detecting import BEGAN, History, play, random_history, told
from tests.partnership import Partnership, default_pack
from tests.sizes import histories as many
from tests.small_pack import CRITICAL, NOT_COMPARED, small_pack, write_pack


@pytest.fixture
def partnership(database_url: str) -> Iterator[Partnership]:
    """One whose clock is the test's."""
    made = Partnership(database_url, clock_at=BEGAN - timedelta(days=1))
    yield made
    made.close()


@pytest.fixture
def auditor(partnership: Partnership) -> Engine:
    """The engine with which the command reads."""
    return partnership.engine("ledger_auditor")


@pytest.fixture
def loud(tmp_path: Path) -> Pack:
    """A pack that compares what is said of anybody's presence, and no other thing of these records."""
    return small_pack(tmp_path / "loud", CRITICAL)


@pytest.fixture
def quiet(tmp_path: Path) -> Pack:
    """One that compares nothing of it."""
    return small_pack(tmp_path / "quiet", NOT_COMPARED)


def contradicted(partnership: Partnership) -> History:
    """A record in which two agencies cannot both be right."""
    history = History(partnership)
    history.move(BEGAN)
    history.post(told("hv", "absent", observed="2022-12-30"))
    history.post(told("csc", "lives_here", observed="2022-12-30", basis="seen"))
    history.detect()
    return history


def changes(engine: Engine, new: Pack, old: Pack | None, **chosen: Any) -> list[RecordChange]:
    return list(compare_live(engine, Chosen(**chosen), new, old))


def counted(found: list[RecordChange]) -> list[tuple[str, str, int]]:
    return [(line["change"], line["attribute"], line["count"]) for one in found for line in change_json(one)]


def test_a_replay_is_what_was_found(partnership: Partnership, auditor: Engine) -> None:
    """By the pack in force, each record's replay leaves open exactly what the workers left open, at the same moments.

    Words, corrections, voids and links in random order; detected after each entry, now and then, or once at the end.
    """
    played: list[History] = []
    for seed in range(many()):
        random = Random(seed)
        acts = random_history(random, 14, BEGAN + timedelta(days=2000 * seed))
        played += play(partnership, acts, [frozenset(range(14)), frozenset()], BEGAN + timedelta(days=2000 * seed))
    for history in played:
        history.detect()  # the clock is one for all: what has come due in the earlier ones since
    found = changes(auditor, default_pack(), None)
    assert len(found) == 2 * many()
    assert sum(one.old for one in found) > 0
    assert [(counted([one]), one.failed) for one in found] == [([], ())] * len(found)


def test_another_pack_is_told_by_count(partnership: Partnership, auditor: Engine, loud: Pack, quiet: Pack) -> None:
    """What the new pack raises that the old did not, and the other way round; and what of the open it would not."""
    contradicted(partnership)
    (raised,) = changes(auditor, loud, quiet)
    assert counted([raised]) == [("raised", "presence", 1)]
    assert (raised.old, raised.new, raised.refused) == (0, 1, (0, 0))
    assert counted(changes(auditor, quiet, loud)) == [("dropped", "presence", 1)]
    assert ("dropped", "presence", 1) in counted(changes(auditor, quiet, None))
    assert counted(changes(auditor, default_pack(), default_pack())) == []
    assert counted(changes(auditor, default_pack(), None)) == []


def test_a_claim_that_a_pack_would_not_have_taken_is_counted(
    partnership: Partnership, auditor: Engine, loud: Pack
) -> None:
    """So a finding that is gone with its words is not put down to a rule."""
    contradicted(partnership)
    words = replace(loud.attributes["presence"], values={"stays_overnight": 3})
    (change,) = changes(auditor, replace(loud, attributes={"presence": words}), loud)
    assert change.refused == (0, 2)


def test_nothing_is_written_and_nothing_could_be(partnership: Partnership, auditor: Engine, quiet: Pack) -> None:
    """No row of the ledger changes; in such a transaction a write fails, and the role may not write in any other."""
    contradicted(partnership)
    before = partnership.rows()
    changes(auditor, quiet, None)
    changes(auditor, quiet, default_pack())
    assert partnership.rows() == before
    for statement, in_any in (
        ("UPDATE ledger.heads SET due_seq = 0", "42501"),
        ("DELETE FROM ledger.contents", "42501"),
        ("INSERT INTO ledger.partnerships SELECT * FROM ledger.partnerships", "42501"),
    ):
        with pytest.raises(DBAPIError) as refused, reading(auditor) as connection:
            connection.execute(text(statement))
        assert getattr(refused.value.orig, "sqlstate", None) in {"25006", in_any}
        with pytest.raises(DBAPIError) as refused, partnership.acting("ledger_auditor", "auditor") as connection:
            connection.execute(text(statement))
        assert getattr(refused.value.orig, "sqlstate", None) == in_any
    with pytest.raises(DBAPIError) as refused, reading(auditor) as connection:
        connection.execute(text("CREATE TEMPORARY TABLE kept AS SELECT 1"))
    assert getattr(refused.value.orig, "sqlstate", None) == "25006"


def test_records_are_chosen_and_read_in_pages(
    partnership: Partnership, auditor: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By id, by pseudonym or by when anything was recorded last; a page at a time, each once, no partnership's own."""
    monkeypatch.setattr(histories, "_PAGE", 2)
    children = [contradicted(partnership).record_id for _ in range(5)]
    found = [one.pseudonym for one in changes(auditor, default_pack(), None)]
    assert found == sorted(set(found))
    assert len(found) == len(children)
    (one,) = changes(auditor, default_pack(), None, named=(children[0],))
    assert changes(auditor, default_pack(), None, named=(one.pseudonym,)) == [one]
    assert histories.count_records(auditor, Chosen(named=(str(partnership.partnership_record),))) == 0
    assert len(changes(auditor, default_pack(), None, since=BEGAN)) == len(children)
    assert changes(auditor, default_pack(), None, since=BEGAN + timedelta(days=1)) == []


def test_what_was_erased_is_counted_and_not_read(
    partnership: Partnership, auditor: Engine, loud: Pack, quiet: Pack
) -> None:
    """A record of which something was erased is replayed without it, and that is said."""
    history = contradicted(partnership)
    number = int(history.answers[0]["id"].rpartition(".")[2])
    assert partnership.erase(history.record_id, number) == 1
    (change,) = changes(auditor, loud, quiet)
    assert (change.erased, counted([change])) == (1, [])


@pytest.fixture
def run(partnership: Partnership) -> Callable[..., Result]:
    """Runs the command against the test's database."""

    def backtest(*more: str) -> Result:
        url = partnership.database_url
        return CliRunner().invoke(main, ["backtest", "--live", *more], env={"DATABASE_URL": url})

    return backtest


def test_the_command_tells_nothing_of_what_is_in_a_record(
    partnership: Partnership, run: Callable[..., Result], tmp_path: Path
) -> None:
    """Pseudonym, kind, rule, attribute and counts; no narrative, value, name, reference, agency or record id."""
    history = contradicted(partnership)
    old, new = write_pack(tmp_path / "old", NOT_COMPARED), write_pack(tmp_path / "new", CRITICAL, "2")
    shown = run("--pack", str(new), "--against", str(old))
    lines = run("--pack", str(new), "--against", str(old), "--json")
    assert (shown.exit_code, lines.exit_code) == (0, 0), shown.output
    (line,) = [json.loads(line) for line in lines.stdout.splitlines()]
    assert {**line, "record": "-"} == {
        "record": "-",
        "change": "raised",
        "kind": "contradiction",
        "rule": "states_of_the_world",
        "attribute": "presence",
        "severity": "high",
        "count": 1,
    }
    assert f"{line['record']}    1 raised  contradiction presence" in shown.stdout
    assert "In total, 1 records, 1 of them told otherwise" in shown.stdout
    assert "Findings: 0 before, 1 after." in shown.stdout
    # The pseudonym is random letters, among which a short word may be.
    outputs = [one.replace(str(tmp_path), "").replace(line["record"], "") for one in (shown.output, lines.output)]
    for told_nowhere in ("As said", "absent", "lives_here", "mother", "father", "hv", "csc", history.record_id):
        assert not any(told_nowhere in one for one in outputs)


def test_the_command_says_what_it_cannot_do(partnership: Partnership, run: Callable[..., Result]) -> None:
    """A record that is not there, a day that is none, a database that does not answer: one line, nothing repeated."""
    contradicted(partnership)
    unknown = run("--record", "zebedee")
    assert (unknown.exit_code, "zebedee" in unknown.output) == (1, False)
    assert run("--since", "quillfeather").exit_code == 2
    away = CliRunner().invoke(main, ["backtest", "--live"], env={"DATABASE_URL": "postgresql://u@127.0.0.1:1/none"})
    assert (away.exit_code, "the database does not answer" in away.output) == (1, True)


def test_a_record_that_cannot_be_replayed_stops_no_other(
    partnership: Partnership, run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is named, the others are compared, and the exit code says that not all were."""
    broken, _whole = contradicted(partnership), contradicted(partnership)

    def failing(state: RecordState, *more: Any, **options: Any) -> Any:
        if state.record == broken.record_id:
            raise KeyError("quillfeather")
        return run_steps(state, *more, **options)

    monkeypatch.setattr(compare_live_module, "fold", failing)
    result = run()
    assert result.exit_code == 1
    assert result.stderr.count("this record could not be replayed") == 1
    assert "In total, 2 records" in result.stdout
    assert "NOT RUN WHOLE: 1 records" in result.stdout
    assert "quillfeather" not in result.output
