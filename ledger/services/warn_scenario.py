"""What a ledger would warn of as a scenario's entries are posted: dates that do not fit what was said before them."""

from collections.abc import Iterator

from ledger.domain.door import warnings_of
from ledger.domain.landmark import Known, landmarks_of
from ledger.domain.pack import Pack
from ledger.domain.scenario import Scenario
from ledger.services.check_scenario import Slip

_WITHDRAWN_BY = {"correction": "corrects", "void": "voids"}


def door_slips(scenario: Scenario, pack: Pack) -> Iterator[Slip]:
    """The warnings, in the order of the entries; each is told, and what was written is run all the same."""
    kinds = {agency.ref: agency.kind for agency in scenario.agencies}
    registered = landmarks_of("child", scenario.child, "")
    known = {"": [Known(landmark, 1, "") for landmark in registered]}
    for number, entry in enumerate(scenario.entries, 2):
        known.pop(str(entry.body.get(_WITHDRAWN_BY.get(entry.kind, ""), None)), None)
        standing = [one for of in known.values() for one in of]
        for warning in warnings_of(entry.kind, entry.body, agency=entry.agency, known=standing, pack=pack):
            why = f"a ledger would warn of this: {warning.detail}"
            yield Slip(entry.line, entry.id, f"{entry.id}{warning.pointer}", why, is_refused=False)
        given = landmarks_of(entry.kind, entry.body, entry.agency)
        known[entry.id] = [Known(landmark, number, entry.agency, kinds.get(entry.agency)) for landmark in given]
