"""Loading rule packs from files."""

from pathlib import Path

import pytest

from ledger.domain.worked_example import check_examples
from ledger.services.load_pack import PackLoadError, load_pack, load_pack_with_places
from tests.shipped import shipped_pack

HEADER = "pack: x\nversion: 1\nattributes:\n  note: {about: anyone, type: text, meaning: A note.}\n"


def write(folder: Path, **files: str) -> Path:
    folder.mkdir(exist_ok=True, parents=True)
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def test_the_default_pack_loads_and_its_examples_find_what_they_say() -> None:
    """What ships is whole."""
    assert check_examples(shipped_pack()) == []


STATE = """\
attributes:
  lamp:
    about: child
    type: state
    meaning: Whether the lamp is lit.
    states: [lit, dark]
    values:
      lit: [lit]
      dim: [lit, dusk]
    polarity: {bright: concern}
    compared: no
"""
RULE = """\
rules:
  lamps:
    family: excludes
    meaning: Two lamps.
    one: {attribute: note}
    other: {attribute: note}
    same: []
    examples:
      - shows: one
        finds: nothing
        claims: [{agency: a, observed: 2024-01-01, basis: seen, attribute: note, value: x}]
"""
FAULTS = {
    "no header": ({"a": "attributes: {}"}, "pack.yaml"),
    "an alias": ({"pack": "pack: &a x\nversion: *a\n"}, "p/pack.yaml:1:"),
    "two attributes of one name": (
        {"pack": HEADER, "b": "attributes:\n\n  note: {about: anyone, type: text, meaning: B.}"},
        "p/pack.yaml:4: one of this name is in b.yaml already",
    ),
    "two rules of one name": ({"pack": HEADER, "a": RULE, "b": RULE}, "p/b.yaml:2: one of this name is in a.yaml"),
    "a header in another file": ({"pack": HEADER, "b": "pack: y"}, "p/b.yaml:1"),
    "an unknown part of the header": ({"pack": HEADER + "rule: {}\n"}, "p/pack.yaml:5"),
    "a wrong type": (
        {"pack": HEADER, "b": "attributes:\n  x:\n    about: anyone\n    type: sound\n    meaning: X."},
        "p/b.yaml:4:",
    ),
    "not a mapping": ({"pack": "- a"}, "p/pack.yaml:1"),
    "attributes that are a list": ({"pack": HEADER, "b": "attributes:\n  - a"}, "p/b.yaml:1"),
    "a value outside its states": (
        {"pack": HEADER, "b": STATE},
        "p/b.yaml:9: this is not one of the states: lit, dark",
    ),
    "a polarity of an unknown value": (
        {"pack": HEADER, "b": STATE.replace(", dusk", "")},
        "p/b.yaml:10: there is no such value; there are: lit, dim",
    ),
    "a rule without a source": ({"pack": HEADER, "b": RULE}, "p/b.yaml:2: this lacks: source"),
    "a rule without a worked example": (
        {"pack": HEADER, "b": RULE.replace("    one:", "    source: A guide\n    one:")},
        "p/b.yaml:2: a rule has a worked example",
    ),
    "a constraint on an unknown attribute": (
        {"pack": HEADER, "b": RULE.replace("    one: {attribute: note}", "    source: A\n    one: {attribute: nota}")},
        "p/b.yaml:6:",
    ),
    "a rule of an unknown family": ({"pack": HEADER, "b": RULE.replace("excludes", "includes")}, "p/b.yaml:3:"),
    "an unknown topic": (
        {"pack": HEADER.replace("{about", "{topic: harm, about")},
        "p/pack.yaml:4: this pack has no topics",
    ),
    "over nothing": ({"pack": "over: nowhere\n" + HEADER}, "p/pack.yaml:1: no pack of this name"),
    "over itself": ({"pack": "over: p\n" + HEADER}, "p/pack.yaml:1: no pack of this name"),
}


@pytest.mark.parametrize("case", FAULTS)
def test_a_fault_is_named_with_its_file_and_line(case: str, tmp_path: Path) -> None:
    """Whoever wrote it is told where, and what to do."""
    files, named = FAULTS[case]
    with pytest.raises(PackLoadError) as refused:
        load_pack(write(tmp_path / "p", **files))
    assert named in str(refused.value)


def test_a_pack_stands_over_the_one_beside_it(tmp_path: Path) -> None:
    """The folder of the name that it gives, beside its own, comes before the pack that ships under that name."""
    write(tmp_path / "default", pack=HEADER)
    folder = write(tmp_path / "wessex", pack="pack: wessex\nversion: 2.1.0\nover: default\n")
    pack = load_pack(folder)
    assert (pack.name, pack.version, [*pack.attributes]) == ("wessex", "2.1.0 over x 1", ["note"])
    assert pack.digest != load_pack(tmp_path / "default").digest
    write(tmp_path / "over" / "again", pack="pack: a\nversion: 1\nover: default\n")
    assert "over default" in load_pack(tmp_path / "over" / "again").version


def test_a_fault_is_the_layers_that_wrote_it(tmp_path: Path) -> None:
    """What is added is found in the upper pack's file, what was there in the lower one's."""
    lower, upper = tmp_path / "default", tmp_path / "wessex"
    whole = STATE.replace(", dusk", "").replace("bright", "dim")
    write(lower, pack=HEADER, lamps=whole)
    header = "pack: wessex\nversion: 2.1.0\nover: default\n"
    write(upper, pack=header, more="attributes:\n  lamp:\n    over: yes\n    values:\n      bright: [bright]\n")
    with pytest.raises(PackLoadError, match=r"^wessex/more.yaml:5: this is not one of the states"):
        load_pack(upper)
    write(upper, more="attributes:\n  lamp:\n    over: yes\n    values:\n      dim: [lit]\n")
    with pytest.raises(PackLoadError, match=r"^wessex/more.yaml:5: this value is there already"):
        load_pack(upper)
    write(lower, lamps=STATE)
    with pytest.raises(PackLoadError, match=r"^default/lamps.yaml:9: this is not one of the states"):
        load_pack(upper)
    write(lower, lamps=whole)
    write(upper, more="attributes:\n  lamp:\n    over: yes\n    values:\n      bright: [lit]\n")
    loaded = load_pack_with_places(upper)
    assert loaded.place(("attributes", "lamp", "values", "bright")) == ("wessex/more.yaml", 5)
    assert loaded.place(("attributes", "lamp", "values", "dim")) == ("default/lamps.yaml", 9)
    write(tmp_path / "third", pack="pack: third\nversion: 1\nover: wessex\n")
    with pytest.raises(PackLoadError, match=r"^third/pack.yaml:3: the pack beneath stands over another"):
        load_pack(tmp_path / "third")
