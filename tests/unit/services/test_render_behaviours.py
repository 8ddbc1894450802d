from tests.partnership import default_pack
from tests.unit.services.seeing import claim, entry, finding, observation, render


def test_a_pattern_is_described_day_by_day_for_each_agency() -> None:
    """By agency in the order of the first day, each line dated and with its entry: one side, and no name for it."""
    poor = claim(
        about="mother", attribute="engagement", item="nursery", value="good", basis="judgement", informant=None
    )
    entries = [
        entry(1, "hv", "contact", {"observed": "2022-10-04", "outcome": "cancelled", "by_whom": "mother"}),
        entry(2, "hv", "contact", {"observed": "2022-09-20", "outcome": "no_access"}),
        observation(3, "csc", poor),
    ]
    told = render(finding([1, 2, 3], kind="pattern", rule="a_rule_on_patterns"), entries, default_pack())
    assert [
        (one["agency_name"], [(said["number"], said["observed_words"], said["words"]) for said in one["recorded"]])
        for one in told["behaviours"]
    ] == [
        (
            "Health visiting",
            [
                (2, "20 September 2022", "Contact: no access"),
                (1, "4 October 2022", "Contact: cancelled by the mother"),
            ],
        ),
        ("Children’s social care", [(3, "5 October 2022", "The mother’s engagement (nursery): good")]),
    ]
    assert [side["name"] for side in told["sides"]] == ["What was recorded"]
    assert told["headline"] == (
        "To be read together: contacts and the mother’s engagement, as Health visiting and Children’s social care "
        "recorded from 20 September to 5 October 2022"
    )
