"""What prompts in an answer add to a post: the same posts about children of whom much is asked, and of whom nothing is.

Both sides are the ledger, under one load, in turns. Everything was said of all the children that raises questions, and
was detected; from half of them the questions are then taken away, so that these posts look for questions and find none.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from ledger.bench.bed import Bed
from ledger.bench.client import Client
from ledger.bench.effort import Effort
from ledger.bench.ingest import CONNECTIONS, EACH, Sides, Turn, take_turns
from ledger.bench.load import Load, LoadError
from ledger.bench.observation import CHILD, EVENT, not_known, ordinary
from ledger.bench.standing import batches, forgo_detection, observations, register, settle

ASKED, NOT_ASKED = "asked", "not asked"
_FORGET = (
    b"DELETE FROM ledger.findings WHERE record_id = ANY (%s) AND kind = 'gap'",
    b"DELETE FROM ledger.record_gaps WHERE record_id = ANY (%s)",
)


@dataclass(frozen=True, slots=True)
class Prompting:
    """Posts a second with prompts in their answers and without, and how many prompts an answer has."""

    sides: Sides
    prompts: int

    @property
    def cost(self) -> float:
        """How many times as much a post costs with prompts as without."""
        return 1.0 / self.sides.ratio(ASKED, NOT_ASKED)

    def as_json(self) -> dict[str, Any]:
        return {"prompts_an_answer": self.prompts, **self.sides.as_json()}


def measure(bed: Bed, effort: Effort) -> Prompting:
    """Both sides in turns. Raises LoadError when an answer has prompts where it should not, or none where it should."""
    children = register(bed, "prompt.child.", 2 * effort.asked)
    _involve(bed, children)
    asked, not_asked = children[: effort.asked], children[effort.asked :]
    told = batches(observations(bed, "csc", not_known(bed.today), "prompt.", children), EACH)
    bed.load(replace(told, requests_most=-(-len(children) // EACH), seconds=120.0, connections=1))
    with bed.connect() as driver:
        settle(driver)
        for statement in _FORGET:
            driver.execute(statement, ([UUID(child) for child in not_asked],))
        loads = {side: observations(bed, "hv", ordinary(bed.today), "", some)
                 for side, some in ((ASKED, asked), (NOT_ASKED, not_asked))}  # fmt: skip
        with bed.without_detection():
            found = _prompts(bed, asked[0])
            if not found or _prompts(bed, not_asked[0]):
                raise LoadError(f"an answer had {found} prompts where some were to be asked")
            sides = take_turns(bed, effort, "prompts", {side: _turn(bed, load) for side, load in loads.items()})
            forgo_detection(driver)
    return Prompting(sides, found)


def _involve(bed: Bed, children: Sequence[str]) -> None:
    """Give the agency that posts a part in these records: only who has one is asked anything."""
    part = {"role": "health visitor", "reason": "New birth.", "lawful_basis": "public task"}
    with Client(bed.port, bed.keys["hv"]) as sender:
        for number, child in enumerate(children):
            body = json.dumps({"event_id": f"prompt.part.{number}", **part}).encode()
            answer = sender.send("POST", f"/api/v1/children/{child}/involvements", body)
            if answer.status != 201:
                raise LoadError(f"an involvement was answered with {answer.status}")


def _turn(bed: Bed, wanted: Load) -> Turn:
    def turn(seconds: float, prefix: str) -> float:
        return bed.load(replace(wanted, seconds=seconds, event_prefix=prefix, connections=CONNECTIONS)).rate

    return turn


def _prompts(bed: Bed, child: str) -> int:
    """How many prompts the answer to one post about a child has."""
    body = ordinary(bed.today).replace(EVENT, f"prompt.probe.{child[:8]}").replace(CHILD, child)
    with Client(bed.port, bed.keys["hv"]) as sender:
        answer = sender.send("POST", "/api/v1/observations", body.encode())
    if answer.status != 201:
        raise LoadError(f"a post was answered with {answer.status}")
    return len(json.loads(answer.body).get("prompts", ()))
