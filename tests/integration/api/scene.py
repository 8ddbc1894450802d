"""A child's record to be called about, with everything in it that a route may name, made when it is first asked for."""

import functools
import itertools
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ledger.services.people_leave import leave
from ledger.services.people_say import as_agency, be_absent
from tests.attaching import entry_of, send
from tests.partnership import Partnership, stored
from tests.unit.api.examples import CANARY

#: Who writes most of it; another agency that leads where the caller's has no part; somebody else who leads at theirs.
WRITER, ELSEWHERE, BOSS = "hv", "gp", "boss"

_NUMBERS = itertools.count(1)


@dataclass
class Scene:
    """One record. `agency` is the caller's, `lead` and `deputy` by whom its lead is named, () where nobody of it is."""

    partnership: Partnership
    agency: str
    lead: Sequence[str]
    is_involved: bool

    def __post_init__(self) -> None:
        #: A name that stands for the content of this very record.
        self.canary = f"{CANARY} {next(_NUMBERS)}-"
        self.record = self.partnership.child(WRITER, name=self.canary)
        for agency in (WRITER, ELSEWHERE, *([self.agency] if self.is_involved else ())):
            self.partnership.involve(self.record, agency)
        leading = self.agency if self.lead else ELSEWHERE
        person, *deputy = self.lead or ("dr1",)
        self.write("leads", {"agency": leading, "person": person, **({"deputy": deputy[0]} if deputy else {})})

    def write(self, collection: str, body: dict[str, Any], agency: str = WRITER) -> str:
        """Post a body to the record by an agency's key; its entry's id."""
        sent = {"event_id": self.partnership.event(), **body}
        return str(stored(self.partnership.post(f"/children/{self.record}/{collection}", sent, agency))["id"])

    def count(self) -> int:
        """How many entries the record has."""
        return len(self.partnership.envelopes(self.record))

    @functools.cached_property
    def own(self) -> str:
        """An observation by the caller's agency."""
        body = self.partnership.observation(self.record, narrative=self.canary)
        return str(stored(self.partnership.post("/observations", body, self.agency))["id"])

    @functools.cached_property
    def others(self) -> str:
        """An observation by another agency."""
        body = self.partnership.observation(self.record, narrative=self.canary)
        return str(stored(self.partnership.post("/observations", body, WRITER))["id"])

    @functools.cached_property
    def alert(self) -> str:
        """An alert to whoever leads."""
        told = self.partnership.observation(self.record, narrative=self.canary)
        stored(self.partnership.post("/observations", told, WRITER))
        claim = {"about": "father", "attribute": "presence", "value": "lives_here", "basis": "seen"}
        seen = self.partnership.observation(self.record, observed="2023-10-07", narrative=self.canary, claims=[claim])
        stored(self.partnership.post("/observations", seen, ELSEWHERE))
        self.partnership.detect(self.record)
        alerts = stored(self.partnership.get("/alerts", self.agency if self.lead else ELSEWHERE))["alerts"]
        return next(str(alert["id"]) for alert in alerts if alert["child"]["id"] == self.record)

    @functools.cached_property
    def finding(self) -> str:
        """The finding of that alert."""
        named = self.alert
        alerts = stored(self.partnership.get("/alerts", self.agency if self.lead else ELSEWHERE))["alerts"]
        return next(str(alert["finding"]["finding"]) for alert in alerts if alert["id"] == named)

    @functools.cached_property
    def handover(self) -> str:
        """A hand-over to the caller's agency, by the one that leads."""
        body = {"of": "lead", "to": {"agency": self.agency}, "due": "2030-01-01"}
        return self.write("handovers", body, self.agency if self.lead else ELSEWHERE)

    @property
    def colleague(self) -> str:
        """The reference of somebody else at the caller's agency, another each time."""
        return str(self.partnership.person(self.agency, f"colleague{next(_NUMBERS)}").person_ref)

    @functools.cached_property
    def gone(self) -> str:
        """Of one who has left it."""
        engine, ref = self.partnership.context.engine, self.colleague
        leave(engine, as_agency(engine, self.agency), ref, chance=os.urandom, now=datetime.now(UTC))
        return ref

    @functools.cached_property
    def away(self) -> str:
        """Of one who is away."""
        engine, ref = self.partnership.context.engine, self.colleague
        be_absent(engine, as_agency(engine, self.agency), ref, {"since": "2023-10-01"}, chance=os.urandom)
        return ref

    @functools.cached_property
    def action(self) -> str:
        """An action that somebody is to do."""
        return self.write("actions", {"what": "weigh", "owner": {"agency": self.agency, "person": "p"}})

    @functools.cached_property
    def request(self) -> str:
        """A request for information to the caller's agency."""
        body = {"to": self.agency, "about": "father", "asks": self.canary, "purpose": "a check"}
        return self.write("information-requests", body | {"lawful_basis": "public_task"})

    @functools.cached_property
    def decision(self) -> str:
        """A decision of the caller's agency, where that has a part in the record, else of another."""
        body = {"kind": "close", "reason": self.canary}
        return self.write("decisions", body, self.agency if self.is_involved else WRITER)

    @functools.cached_property
    def disagreement(self) -> str:
        """A disagreement with the caller's agency, where that has a part in the record, else with another."""
        body = {"with": [self.agency if self.is_involved else ELSEWHERE], "kind": "threshold", "view": self.canary}
        return self.write("disagreements", body, WRITER if self.agency != WRITER else ELSEWHERE)

    @functools.cached_property
    def summary(self) -> str:
        """A family summary by another agency than the caller's."""
        return self.write("family-summaries", {"text": self.canary}, WRITER if self.agency != WRITER else ELSEWHERE)

    @functools.cached_property
    def assessment(self) -> str:
        """An assessment that asks the caller's agency, by another."""
        body = {"kind": "child_and_family", "asks": [self.agency], "reason": self.canary, "author": {"ref": "x"}}
        return self.write("assessments", body, WRITER if self.agency != WRITER else ELSEWHERE)

    @functools.cached_property
    def concern(self) -> str:
        """A concern that was raised by somebody."""
        return self.write("concerns", {"what": self.canary})

    @functools.cached_property
    def breaking(self) -> str:
        """A breaking of the glass by somebody of a third agency."""
        return self.write(
            "glass-breakings", {"reason": f"She is here, alone: {self.canary}", "author": {"ref": "x"}}, "police"
        )

    @functools.cached_property
    def broken(self) -> str:
        """The number of that entry."""
        return self.breaking.rsplit(".", 1)[-1]

    @functools.cached_property
    def rectification(self) -> str:
        """A request by the family that an entry of the caller's agency be put right."""
        body = {"of": self.own, "asked_by": "mother", "says": self.canary, "on": "2023-10-06"}
        return self.write("rectifications", body, self.agency if self.is_involved else WRITER)

    @functools.cached_property
    def link(self) -> None:
        """Two people of the caller's agency's, declared."""
        people = [{"ref": ref, "role": "neighbour"} for ref in ("n1", "n2")]
        body = self.partnership.observation(self.record, people=people)
        stored(self.partnership.post("/observations", body, self.agency))

    @functools.cached_property
    def sibling(self) -> str:
        """Another child's record, of the same agencies."""
        child = self.partnership.child(WRITER, name=self.canary)
        for agency in {WRITER, ELSEWHERE, *([self.agency] if self.is_involved else ())}:
            self.partnership.involve(child, agency)
        return child

    @functools.cached_property
    def linked(self) -> str:
        """That the father of this child is that one's too."""
        body = {"person": "father", "other": {"child": self.sibling, "person": "father"}, "reason": self.canary}
        return self.write("adult-links", body)

    @functools.cached_property
    def adult(self) -> str:
        """The name of that."""
        assert self.linked
        (found,) = stored(self.partnership.get(f"/children/{self.record}/adults", WRITER))["adults"]
        return str(found["elsewhere"][0]["adult"])

    @functools.cached_property
    def attachment(self) -> str:
        """A letter that another agency attached."""
        entry = entry_of(self.partnership.event(), describes=self.canary)
        return str(stored(send(self.partnership, self.record, entry))["id"])

    @functools.cached_property
    def webhook(self) -> str:
        """An endpoint of the caller's agency, on this machine: a demonstration takes that."""
        body = {"url": f"http://127.0.0.1:9/{next(_NUMBERS)}", "signing": "ed25519"}
        return str(stored(self.partnership.post("/webhooks", body, self.agency))["webhook"])

    @functools.cached_property
    def key(self) -> str:
        """The id of a key that could be revoked, of an agency of the partnership."""
        return self.partnership.issue("police")[0]

    @functools.cached_property
    def person(self) -> str:
        """The id of somebody who could be signed out."""
        return str(self.partnership.person("police", f"pc{next(_NUMBERS)}").person_id)
