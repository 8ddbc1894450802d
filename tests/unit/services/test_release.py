"""Which program this is."""

from pathlib import Path

import pytest

from ledger.services import release as module


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program of two files and a migration."""
    source = tmp_path / "ledger"
    (source / "domain").mkdir(parents=True)
    (source / "__init__.py").write_text("")
    (source / "domain" / "belief.py").write_text("SURE = 1\n")
    (tmp_path / "versions").mkdir()
    (tmp_path / "versions" / "0002_more.py").write_text("")
    monkeypatch.setattr(module, "_SOURCE", source)
    monkeypatch.setattr(module, "_MIGRATIONS", tmp_path / "versions")
    return source


def test_a_release_changes_with_the_program_and_with_nothing_else(source: Path) -> None:
    """A mended line, a new file or a migration is another release; what is no program is not."""
    read = module.release.__wrapped__
    names = [read(), read()]
    (source / "domain" / "belief.py").write_text("SURE = 2\n")
    names.append(read())
    (source / "domain" / "doubt.py").write_text("")
    names.append(read())
    (source.parent / "versions" / "0003_most.py").write_text("")
    names.append(read())
    (source / "notes.txt").write_text("Not a program.")
    names.append(read())
    assert names[0] == names[1]
    assert len(set(names)) == 4
    assert names[4] == names[5]


def test_of_this_program_it_is_short_and_names_the_newest_migration() -> None:
    """It fits a line and a column."""
    from ledger.store.migrate import newest_revision

    assert f"+{newest_revision()}." in module.release()
    assert len(module.release()) < 60
