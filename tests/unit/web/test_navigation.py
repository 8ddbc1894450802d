"""The header leads nowhere that a person may not go."""

from ledger.api.page_rights import PAGES
from ledger.domain.role import Role
from ledger.web.navigation import WAYS, is_open


def words_for(*roles: Role) -> set[str]:
    return {way.words for way in WAYS if is_open(way, roles)}


def test_each_way_asks_for_its_pages_right() -> None:
    """What stands in the header goes by the right that the page itself asks for."""
    assert {way.endpoint: way.right for way in WAYS if way.endpoint in PAGES} == {
        way.endpoint: PAGES[way.endpoint] for way in WAYS if way.endpoint in PAGES
    }


def test_everybody_is_led_to_their_own_pages() -> None:
    """Who works with children, who oversees, who administers and who operates each see what is theirs alone."""
    assert {"Alerts", "Children", "Work", "Digest"} <= words_for(Role.PRACTITIONER)
    assert not {"Oversight", "Operation", "Administration"} & words_for(Role.PRACTITIONER)
    assert words_for(Role.AUDITOR) >= {"Oversight", "Rules"}
    assert not {"Alerts", "Children"} & words_for(Role.AUDITOR)
    assert not {"Alerts", "Children", "Oversight"} & words_for(Role.ADMINISTRATOR)
    assert "Operation" in words_for(Role.OPERATOR)
    assert words_for() == set()
