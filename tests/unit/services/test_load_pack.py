"""Loading rule packs from files."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from ledger.cli.pack import DEFAULT, pack
from ledger.domain.worked_example import check_examples
from ledger.services.load_pack import PackLoadError, load_pack

HEADER = "pack: x\nversion: 1\nattributes:\n  note: {about: anyone, type: text, meaning: A note.}\n"


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def test_the_default_pack_loads_and_its_examples_find_what_they_say() -> None:
    """What ships is whole."""
    assert check_examples(load_pack(DEFAULT)) == []


FAULTS = {
    "no header": ({"a": "attributes: {}"}, "pack.yaml"),
    "an alias": ({"pack": "pack: &a x\nversion: *a\n"}, "line 1"),
    "two of one name": (
        {"pack": HEADER, "b": "attributes:\n\n  note: {about: anyone, type: text, meaning: B.}"},
        "pack.yaml, line 4: this attribute is in b.yaml already",
    ),
    "a header in another file": ({"pack": HEADER, "b": "pack: y"}, "b.yaml, line 1"),
    "a wrong type": (
        {"pack": HEADER, "b": "attributes:\n  x:\n    about: anyone\n    type: sound\n    meaning: X."},
        "b.yaml, line 4",
    ),
    "not a mapping": ({"pack": "- a"}, "pack.yaml, line 1"),
}


@pytest.mark.parametrize("case", FAULTS)
def test_a_fault_is_named_with_its_file_and_line(case: str, tmp_path: Path) -> None:
    """Whoever wrote it is told where."""
    files, named = FAULTS[case]
    with pytest.raises(PackLoadError) as refused:
        load_pack(write(tmp_path, **files))
    assert named in str(refused.value)


def test_the_command_says_what_it_checked_and_fails_on_a_fault(tmp_path: Path) -> None:
    """Exit 0 with the pack's name, version and digest; exit 1 with file and line."""
    fine = CliRunner().invoke(pack, ["check"])
    assert (fine.exit_code, "default 1.0.0" in fine.output) == (0, True)
    wrong = CliRunner().invoke(pack, ["check", str(write(tmp_path, pack=HEADER.replace("text", "sound")))])
    assert (wrong.exit_code, "pack.yaml:4:" in wrong.output) == (1, True)
