"""Histories of one child for tests of detection, posted through the interface, and what detection made of them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import text

from ledger.domain.mention import ALWAYS_KNOWN
from ledger.domain.pack import Pack
from ledger.services.detect import Detected, detect
from ledger.store import clock
from tests.chance import chance
from tests.partnership import Partnership, default_pack, stored

BEGAN = datetime(2023, 1, 1, tzinfo=UTC)
VALUES = ("lives_here", "stays_overnight", "visits", "present", "not_resident", "absent", "no_contact")


def packs(_digest: str) -> Pack:
    """The one pack there is, whichever is asked for."""
    return default_pack()


@dataclass
class History:
    """One child's record as it grows, posted at moments that the ledger's clock is moved to."""

    partnership: Partnership
    record_id: str = ""
    #: For each body posted, its answer.
    answers: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.record_id = self.record_id or self.partnership.child("hv", involve=("hv", "csc", "gp", "police"))

    def move(self, moment: datetime) -> None:
        """Move the ledger's clock."""
        with self.partnership.engine("ledger_admin").begin() as connection:
            clock.move(connection, moment)

    def post(self, act: Mapping[str, Any]) -> dict[str, Any]:
        """Post one act: {agency, path, body}, `corrects`, `voids` and `of` naming earlier answers by place."""
        body = {**act["body"], "event_id": self.partnership.event()}
        for name in ("corrects", "voids", "of"):
            if name in body:
                body[name] = self.answers[body[name]]["id"]
        if act["path"] == "observations":
            answer = self.partnership.post("/observations", body | {"child": {"id": self.record_id}}, act["agency"])
        else:
            answer = self.partnership.post(f"/children/{self.record_id}/{act['path']}", body, act["agency"])
        # A random link may join what is one already, and a random unlink part what is not: neither is an entry.
        is_idle = act["path"] in {"links", "unlinks"} and answer.status_code == 409
        self.answers.append({} if is_idle else stored(answer))
        return self.answers[-1]

    def detect(self) -> Detected:
        """Detect in this record, until nothing more comes of it."""
        total = Detected()
        while True:
            ran = detect(self.partnership.engine("ledger_worker"), UUID(self.record_id), packs, chance)
            assert not ran.busy
            total = Detected(total.steps + ran.steps, total.outcomes + ran.outcomes)
            if not self.is_due():
                return total

    def is_due(self) -> bool:
        """Whether anything is left for detection."""
        with self.partnership.acting("ledger_worker") as connection:
            query = text(
                "SELECT due_seq > detected_seq OR coalesce(next_due_at <= ledger.clock_now(), false) "
                "FROM ledger.heads WHERE record_id = :record"
            )
            return bool(connection.scalar(query, {"record": self.record_id}))

    def rows(self, query: str) -> list[Any]:
        """Rows as the worker reads them; `:record` is this record."""
        with self.partnership.acting("ledger_worker") as connection:
            return list(connection.execute(text(query), {"record": self.record_id}))

    def bodies(self, *kinds: str) -> list[dict[str, Any]]:
        """The bodies of the entries of these kinds, in order."""
        query = "SELECT kind, content FROM ledger.contents WHERE record_id = :record ORDER BY number"
        return [json.loads(content)["body"] for kind, content in self.rows(query) if kind in kinds]

    def found(self) -> list[dict[str, Any]]:
        """What stands in the projections, with entries named by the order in which agencies posted them."""
        places = {
            number: place
            for place, (number,) in enumerate(
                self.rows(
                    "SELECT number FROM ledger.entries WHERE record_id = :record AND agency_id <> 'ledger' "
                    "ORDER BY number"
                )
            )
        }
        query = (
            "SELECT f.*, a.to_agency, a.ended_number IS NOT NULL AS is_ended FROM ledger.findings f "
            "LEFT JOIN ledger.alerts a USING (finding_id) WHERE f.record_id = :record ORDER BY raised_at, question"
        )
        return [
            {
                "id": row.finding_id,
                "key": row.question,
                "kind": row.kind,
                "rule": row.rule,
                "raised_at": row.raised_at,
                "sides": [sorted((places[number], index) for number, index in side) for side in row.sides],
                "evidence": [(places[number], index) for number, index in row.evidence],
                "certain": row.certain,
                "change_since": row.change_since,
                "is_stale": row.is_stale,
                "is_closed": row.closed_number is not None,
                "to": row.to_agency,
                "is_ended": row.is_ended,
            }
            for row in self.rows(query)
        ]

    def said(self) -> list[tuple[str, str]]:
        """What the ledger said of findings, in order: which kind of entry, and which finding or claims."""
        kinds = (
            "finding_raised", "finding_joined", "finding_closed", "alert_raised", "alert_reraised", "notice",
            "check_failed",
        )  # fmt: skip
        query = "SELECT kind, content FROM ledger.contents WHERE record_id = :record ORDER BY number"
        return [
            (kind, json.loads(content)["body"].get("finding", ""))
            for kind, content in self.rows(query)
            if kind in kinds
        ]


def told(agency: str, value: str, *, observed: str, valid: str | None = None, **more: Any) -> dict[str, Any]:
    """An observation about the father's presence, told by the mother unless said otherwise."""
    claim: dict[str, Any] = {"about": "father", "attribute": "presence", "value": value, "basis": "told",
                             "informant": "mother"}  # fmt: skip
    claim |= {"valid": valid or f"{observed}/.."} | more
    if claim["basis"] != "told":
        claim.pop("informant")
    body = {"observed": observed, "statement": "fact", "narrative": "As said on the day.", "claims": [claim]}
    if claim["about"] not in ALWAYS_KNOWN:
        body["people"] = [{"ref": claim["about"]}]
    return {"agency": agency, "path": "observations", "body": body}


def random_history(random: Random, length: int, began: datetime = BEGAN) -> list[tuple[timedelta, dict[str, Any]]]:
    """Acts of several agencies, each some while after the one before it: words, corrections, voids and links."""
    acts: list[tuple[timedelta, dict[str, Any]]] = [
        (timedelta(minutes=1), _introducing(agency)) for agency in ("hv", "csc", "gp", "police")
    ]
    mine: list[tuple[int, str]] = []
    moment = began
    for place in range(len(acts), length):
        moment += (wait := timedelta(days=random.choice((1, 3, 20, 60, 120)), seconds=random.randrange(3_600)))
        act = _random_act(random, moment, mine)
        if act["path"] == "observations":
            mine.append((place, act["agency"]))
        acts.append((wait, act))
    return acts


def _introducing(agency: str) -> dict[str, Any]:
    """An agency says whom it will call by which reference."""
    people = [{"ref": ref} for ref in ("dad", "partner", "man")]
    body = {"observed": "2022-12-01", "statement": "fact", "narrative": "Known to us.", "people": people}
    return {"agency": agency, "path": "observations", "body": body}


def _random_act(random: Random, moment: datetime, mine: list[tuple[int, str]]) -> dict[str, Any]:
    kind = random.choices(("word", "correction", "void", "link", "unlink", "people"), (12, 2, 1, 1, 1, 1))[0]
    if kind in {"correction", "void"} and mine:
        place, agency = mine.pop(random.randrange(len(mine)))
        if kind == "void":
            return {"agency": agency, "path": "voids", "body": {"voids": place, "reason": "Another child."}}
        observation = _word(random, moment, agency)["body"]
        body = {"corrects": place, "reason": "Typed wrongly.", "observation": observation}
        return {"agency": agency, "path": "corrections", "body": body}
    if kind in {"link", "unlink"}:
        people = random.sample(("father", "hv/dad", "gp/partner", "police/man"), 2)
        return {"agency": "csc", "path": f"{kind}s", "body": {"people": people, "reason": "So it is."}}
    act = _word(random, moment, random.choice(("hv", "csc", "gp", "police")))
    if kind == "people":
        act["body"]["people"] = [{"ref": random.choice(("dad", "partner", "man")), "role": "father"}]
    return act


def _word(random: Random, moment: datetime, agency: str) -> dict[str, Any]:
    observed = (moment - timedelta(days=random.choice((1, 1, 1, 30, 200)))).date().isoformat()
    about = random.choice(("father", "father", "dad", "partner", "man"))
    open_ended = random.random() < 0.7
    return told(
        agency,
        random.choice(VALUES),
        observed=observed,
        valid=f"{observed}/.." if open_ended else observed,
        about=about,
        basis=random.choice(("told", "told", "seen")),
        informant=random.choice(("mother", "father", "anonymous")),
    )


def play(
    partnership: Partnership,
    acts: Sequence[tuple[timedelta, dict[str, Any]]],
    detect_after: Sequence[frozenset[int]],
    began: datetime = BEGAN,
) -> list[History]:
    """Post the same acts at the same moments to several records, detecting in each after the places given for it."""
    histories = [History(partnership) for _ in detect_after]
    moment = began
    histories[0].move(moment)
    for place, (wait, act) in enumerate(acts):
        moment += wait
        histories[0].move(moment)
        for history, places in zip(histories, detect_after, strict=True):
            history.post(act)
            if place in places:
                history.detect()
    histories[0].move(moment + timedelta(days=400))
    for history in histories:
        history.detect()
    return histories
