"""For whom the markings of a record are weighed: an agency, or somebody there, and whom the answer could reach."""

from dataclasses import dataclass

from ledger.domain.role import Role
from ledger.store.markings import Leading


@dataclass(frozen=True, slots=True)
class Reads:
    """For whom the marks are weighed: an agency, whether it leads each record, and whom the answer could reach."""

    agency: str
    person_ref: str | None = None
    roles: frozenset[Role] = frozenset()
    audience: frozenset[str] = frozenset()
    #: They hold an open alert that rests on what is weighed: they act for whoever leads.
    holds: bool = False

    def leads(self, leading: Leading | None) -> bool:
        """Whether this reader is whoever leads, or their deputy, or their agency's system, or the desk instead."""
        if self.holds:
            return True
        if leading is None or leading.agency != self.agency:
            return False
        named = {leading.person, leading.deputy} - {None}
        return self.person_ref is None or not named or self.person_ref in named
