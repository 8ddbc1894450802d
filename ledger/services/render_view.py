"""What the entries of one answer are rendered from, and the findings of which they tell."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from ledger.domain.alert import BRINGS, BY_PEOPLE, DISPATCH, OF_THE_KEEPER
from ledger.domain.pack import Pack
from ledger.domain.record_state import Surroundings
from ledger.services.bring_alerts import alert_id
from ledger.services.render_finding import Beside, render_finding
from ledger.services.see import Reader, Seen
from ledger.services.word_claim import Wording
from ledger.store.findings import StoredFinding
from ledger.store.people import Agency

OF_A_FINDING = ("finding_raised", "finding_joined", "finding_closed")
_OF_AN_ALERT = BRINGS | OF_THE_KEEPER | BY_PEOPLE.keys() | {DISPATCH}
#: By which field such an entry names its alert, where that is not `alert`.
_NAMES_ALERT = {**BY_PEOPLE, DISPATCH: "of"}


@dataclass(frozen=True)
class View:
    """What the entries of one answer are rendered from, as their reader sees it at one point of the record."""

    reader: Reader
    pseudonym: str
    valid_at: datetime | None
    pack: Pack
    directory: Mapping[str, Agency]
    findings: Mapping[str, StoredFinding]
    #: Every entry shown or referred to, by number.
    glimpses: Mapping[int, Seen]
    wording: Wording
    surroundings: Surroundings = field(default_factory=Surroundings)

    def name(self, agency: str) -> str:
        """An agency's name, where a directory gives one."""
        return self.directory[agency].name if agency in self.directory else agency

    def finding_of(self, entry: Seen) -> StoredFinding | None:
        """The finding of which an entry tells: of the ledger's own, or of whoever acted on its alert."""
        return self.findings.get(finding_named(entry, self._by_alert) or "")

    def rendered(self, finding: StoredFinding) -> dict[str, Any] | None:
        """A finding as this reader may see it."""
        beside = Beside(surroundings=self.surroundings)
        return render_finding(
            finding, self.glimpses, self.pack, self.directory, self.reader, self.pseudonym, beside=beside
        )

    @cached_property
    def _by_alert(self) -> dict[str, str]:
        return by_alert(self.findings)


def by_alert(findings: Mapping[str, StoredFinding]) -> dict[str, str]:
    """Of each alert's id the finding that it is of."""
    return {alert_id(name): name for name in findings}


def finding_named(entry: Seen, alerts: Mapping[str, str]) -> str | None:
    """The id of the finding of which an entry tells."""
    if entry.kind in OF_A_FINDING or entry.kind in _OF_AN_ALERT:
        named = entry.body.get("finding")
        return str(named) if named else alerts.get(str(entry.body.get(_NAMES_ALERT.get(entry.kind, "alert"))))
    return None
