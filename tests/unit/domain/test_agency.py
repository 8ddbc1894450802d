"""Which sort of agency one is, by the name under which it enrolled."""

from pathlib import Path
from typing import Any

import pytest

from ledger.domain.agency import AgencyKind, AgencyKinds
from ledger.domain.pack import Pack, PackError
from ledger.domain.pack_layer import lay_over
from tests.markdown import ROOT
from tests.packs import written
from tests.shipped import shipped_pack

AGENCIES: dict[str, Any] = {
    "school": {"meaning": "Schools.", "for": "child", "also": ["academy"]},
    "school_nursing": {"meaning": "School nurses.", "for": "child", "also": ["school nurse"]},
    "mental_health": {"meaning": "Adults' mental health.", "for": "adult"},
    "health": {"meaning": "Health, no more said.", "for": "both", "also": ["health service"]},
}


def pack(**agencies: Any) -> Pack:
    return Pack.from_mapping({**written(), "agencies": {**AGENCIES, **agencies}})


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("school", "school"),
        ("primary_school", "school"),
        ("St Anne's Primary-School", "school"),
        ("free ACADEMY", "school"),
        ("school nurse", "school_nursing"),
        ("school_nursing_team", "school_nursing"),
        ("mental_health_trust", "mental_health"),
        ("adult mental health service", "mental_health"),
        ("health service", "health"),
        ("preschool", ""),
        ("school of art", ""),
        ("emergency services", ""),
        ("services", ""),
        ("__", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_an_agency_is_of_the_sort_that_its_name_ends_with(name: str | None, kind: str) -> None:
    """Exactly, by another word for it, or by the longest name that ends it; what means nothing here is of no sort."""
    assert pack().agency_kind(name) == kind
    assert pack().agency_kind(name) == kind


def test_every_sort_of_the_default_pack_goes_by_its_own_names() -> None:
    """Each name and other word leads to its own sort, also with a place before it and as a service or a team."""
    default = shipped_pack()
    for kind in default.agencies.values():
        for name in (kind.name, *kind.also):
            for said in (name, name.upper().replace(" ", "_"), f"wessex {name}", f"{name} team"):
                assert (said, default.agency_kind(said)) == (said, kind.name)


def test_every_agency_of_the_scenarios_is_of_a_known_sort() -> None:
    """The open cases and the constructed ones enrol nobody whom a rule of the default pack could not name."""
    default = shipped_pack()
    kinds = {
        line.split("kind:")[1].strip(" }\n").split(",")[0].split("}")[0]
        for path in (ROOT / "config" / "scenarios").rglob("*.yaml")
        for line in _agencies(path)
        if "kind:" in line
    }
    assert len(kinds) > 10
    assert {kind for kind in kinds if not default.agency_kind(kind)} == set()


def _agencies(path: Path) -> list[str]:
    """The lines between the key of the agencies and the next key of the scenario."""
    after = path.read_text().partition("\nagencies:\n")[2].splitlines()
    end = next((place for place, line in enumerate(after) if line[:1].strip()), len(after))
    return after[:end]


def test_what_is_remembered_is_bounded() -> None:
    """However many names are asked about, the last of a long row gets its answer and few are kept."""
    kinds = AgencyKinds.of([AgencyKind("school", "Schools.", "child")])
    assert {kinds.kind_of(f"{place} school") for place in range(10_000)} == {"school"}
    assert len(kinds._remembered) <= 4096


@pytest.mark.parametrize(
    ("changed", "path"),
    [
        ({"college": {"meaning": "C.", "for": "child", "also": ["academy"]}}, ("agencies", "college", "also", 0)),
        ({"college": {"meaning": "C.", "for": "child", "also": ["c", "School"]}}, ("agencies", "college", "also", 1)),
        ({"college": {"meaning": "C.", "for": "child", "also": ["-"]}}, ("agencies", "college", "also", 0)),
        ({"college": {"meaning": "C.", "for": "pupils"}}, ("agencies", "college", "for")),
        ({"college": {"for": "child"}}, ("agencies", "college")),
    ],
)
def test_a_name_means_one_sort(changed: dict[str, Any], path: tuple[str | int, ...]) -> None:
    """A word that two sorts would go by, one without letters, a sort that says nothing: refused where they are."""
    with pytest.raises(PackError) as refused:
        pack(**changed)
    assert [fault[0] for fault in refused.value.faults] == [path]


def test_a_pack_over_another_adds_sorts_and_words() -> None:
    """A partnership names its own services, and what it calls those that are there; it changes nobody's meaning."""
    beneath = {**written(), "agencies": AGENCIES}
    above = {
        "pack": "wessex",
        "version": "1",
        "agencies": {
            "school": {"over": "yes", "also": ["lyceum"]},
            "street_work": {"meaning": "Street workers.", "for": "both"},
        },
    }
    layered = lay_over(beneath, above)
    assert layered.faults == []
    over = Pack.from_mapping(layered.content)
    assert [over.agency_kind(name) for name in ("town lyceum", "academy", "street_work")] == [
        "school", "school", "street_work",
    ]  # fmt: skip
    assert layered.place(("agencies", "school", "also", 1)) == (True, ("agencies", "school", "also", 0))
    refusals: list[dict[str, Any]] = [
        {"over": "yes", "for": "both"},
        {"over": "yes", "also": "x"},
        {"over": "yes", "also": ["Health Service"]},
        {"meaning": "S.", "for": "child"},
    ]
    for said in refusals:
        refused = lay_over(beneath, {"pack": "w", "version": "1", "agencies": {"school": said}})
        assert len(refused.faults) == 1
