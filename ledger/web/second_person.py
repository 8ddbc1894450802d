"""The second person of an override, as forms ask for one: of which agency, by what name, and what may be amiss."""

from collections.abc import Mapping
from typing import Final

from ledger.services.refuse_deciding import SECOND_IS_FIRST, SECOND_OF_NOBODY, SECOND_UNNAMED

_NOBODY: Final = "Enter the name of the second person"
_NO_AGENCY: Final = "Choose the agency of the second person"
#: What a refusal is on a page, and beside which field it stands.
SECOND: Final[Mapping[str, tuple[str, str]]] = {
    SECOND_UNNAMED.code: ("second_person", _NOBODY),
    SECOND_OF_NOBODY.code: ("second_agency", _NO_AGENCY),
    SECOND_IS_FIRST.code: ("second_person", "Enter somebody else: neither you nor whoever took the decision"),
}


def second_sent(sent: Mapping[str, str]) -> dict[str, str]:
    """The second person as they were entered."""
    return {"agency": sent["second_agency"], "person": sent["second_person"]}


def second_amiss(sent: Mapping[str, str]) -> dict[str, str]:
    """What is missing of an override: why it is taken all the same, and who the second person is."""
    asked = {
        "why": "Enter why it is taken all the same",
        "second_agency": _NO_AGENCY,
        "second_person": _NOBODY,
    }
    return {name: words for name, words in asked.items() if not sent[name]}
