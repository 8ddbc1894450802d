"""The dates of a body by which later ones are judged."""

from typing import Any

import pytest

from ledger.domain.landmark import Landmark, landmarks_of


def observation(*claims: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"observed": "2023-03-05", "statement": "fact", "claims": list(claims)} | more


def claim(attribute: str, value: str, **more: Any) -> dict[str, Any]:
    return {"about": "child", "attribute": attribute, "value": value, "basis": "own_record"} | more


def test_births_by_whoever_says_them() -> None:
    """Of the child at registration, of the mother beside it, of people declared, and as claims; each once."""
    details = {"born": "2022-09", "gestation_weeks": 34, "mother": {"ref": "m1", "born": "1999"}}
    assert landmarks_of("child", details, "hv") == [
        Landmark("birth", "child", "2022-09"),
        Landmark("weeks", "child", "34"),
        Landmark("birth", "mother", "1999"),
        Landmark("birth", "hv/m1", "1999"),
    ]
    people = [{"ref": "p", "role": "uncle", "born": "1990"}, {"ref": "f", "role": "father", "born": "1991"}]
    said = observation(claim("date_of_birth", "1990", about="p"), people=people)
    assert landmarks_of("observation", said, "hv") == [
        Landmark("birth", "hv/p", "1990"),
        Landmark("birth", "father", "1991"),
    ]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (claim("death", "happened", valid="2023-03-01"), [Landmark("death", "child", "2023-03-01")]),
        (claim("presentation", "died"), [Landmark("death", "child", "2023-03-05")]),
        (claim("death", "did_not_happen"), []),
        (claim("death", "happened", statement="allegation"), []),
        (
            claim("gp_registration", "registered", valid="2023-01/..", item=" Hill Practice "),
            [Landmark("registration", "child", "2023-01/..", "hill practice")],
        ),
        (claim("gp_registration", "registered"), []),
        (claim("gp_registration", "registered", valid="2023-01/..", basis="told"), []),
        (claim("gp_registration", "registered", valid="2023-03-05/..", basis="agency"), []),
        (
            claim("school_enrolment", "on_roll", valid="2023-03-05/..", item="hill"),
            [Landmark("enrolment", "child", "2023-03-05/..", "hill")],
        ),
        (claim("school_enrolment", "off_roll", valid="2023-01/..", item="hill"), []),
    ],
)
def test_what_is_said_and_since_when(said: dict[str, Any], expected: list[Landmark]) -> None:
    """A death when it was, a list from which day: not what was told, planned, denied, or is so only as of the day."""
    assert landmarks_of("observation", observation(said), "gp") == expected


def test_only_observing_and_registering_give_any() -> None:
    """A correction gives what its observation says; a decision and an action nothing."""
    inner = observation(claim("death", "happened"))
    assert landmarks_of("correction", {"observation": inner}, "gp") == landmarks_of("observation", inner, "gp")
    assert landmarks_of("decision", {"kind": "close"}, "gp") == []
