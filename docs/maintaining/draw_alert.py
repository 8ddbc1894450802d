#!/usr/bin/env python3
"""Draws docs/images/alert-life.svg, the life of an alert, from the table of moves; needs no database.

Run by `make drawing`. A test holds the committed picture equal to what this draws, and the arrows to the table: each
stands for the moves that it names, and together they are all that change a state.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path

from ledger.domain.alert import MEANS, MOVES, State

FILE = Path(__file__).resolve().parents[1] / "images" / "alert-life.svg"

#: What moves an alert, in the words of the guide.
WORDS = {
    "dispatch": "sent",
    "alert_opened": "opened",
    "acknowledgement": "acknowledged",
    "alert_action": "acted on",
    "outcome": "concluded",
    "alert_snooze": "put off",
    "alert_woken": "comes back",
    "alert_lapsed": "time runs out",
    "alert_moved": "moves",
    "alert_reraised": "raised again",
    "finding_closed": "finding closes",
}
UNREAD = (State.RAISED, State.SENT, State.LAPSED)
WAITING = (*UNREAD, State.OPENED, State.ACKNOWLEDGED)

#: Left, top of each state's box; all are as large.
WIDE, HIGH = 124, 44
BOXES = {
    State.RAISED: (60, 150),
    State.LAPSED: (60, 270),
    State.SENT: (214, 210),
    State.OPENED: (392, 210),
    State.ACKNOWLEDGED: (556, 210),
    State.SNOOZED: (470, 24),
    State.ACTED_ON: (800, 150),
    State.RESOLVED: (800, 300),
}
#: Those that several arrows leave together: left, top, width, height.
GROUPS = {WAITING: (24, 104, 676, 250), UNREAD: (42, 126, 312, 206)}


@dataclass(frozen=True)
class Arrow:
    """From some states by some kinds of entries to one state: its corners, and where its words begin."""

    of: tuple[State, ...]
    kinds: tuple[str, ...]
    to: State
    corners: tuple[tuple[int, int], ...]
    words: tuple[int, int]

    @property
    def moves(self) -> set[tuple[State, str, State]]:
        """The moves of the table that it stands for: those that change the state."""
        named = {(state, kind, self.to) for state in self.of for kind in self.kinds}
        return {(state, kind, to) for state, kind, to in named if MOVES.get((state, kind)) is to is not state}


ARROWS = (
    Arrow((State.RAISED,), ("dispatch",), State.SENT, ((184, 172), (276, 172), (276, 210)), (192, 166)),
    Arrow((State.LAPSED,), ("dispatch",), State.SENT, ((184, 292), (276, 292), (276, 254)), (192, 308)),
    Arrow(UNREAD, ("alert_opened",), State.OPENED, ((354, 232), (392, 232)), (358, 204)),
    Arrow(UNREAD, ("acknowledgement",), State.ACKNOWLEDGED, ((354, 300), (618, 300), (618, 254)), (440, 316)),
    Arrow((State.OPENED,), ("acknowledgement",), State.ACKNOWLEDGED, ((516, 232), (556, 232)), (500, 204)),
    Arrow(WAITING, ("alert_lapsed",), State.LAPSED, ((330, 354), (330, 380), (122, 380), (122, 314)), (150, 374)),
    Arrow(WAITING, ("alert_moved", "alert_reraised"), State.RAISED,
          ((330, 104), (330, 84), (140, 84), (140, 150)), (150, 78)),
    Arrow(WAITING, ("alert_snooze",), State.SNOOZED, ((532, 104), (532, 68)), (540, 90)),
    Arrow((State.SNOOZED,), ("alert_woken", "alert_reraised"), State.RAISED,
          ((470, 46), (104, 46), (104, 150)), (150, 40)),
    Arrow(WAITING, ("alert_action", "outcome"), State.ACTED_ON, ((700, 172), (800, 172)), (704, 142)),
    Arrow((State.SNOOZED,), ("alert_action", "outcome"), State.ACTED_ON,
          ((594, 56), (862, 56), (862, 150)), (640, 74)),
    Arrow((State.ACTED_ON,), ("alert_reraised",), State.RAISED,
          ((924, 172), (960, 172), (960, 412), (10, 412), (10, 172), (60, 172)), (440, 406)),
    Arrow(WAITING, ("finding_closed",), State.RESOLVED, ((700, 322), (800, 322)), (704, 344)),
    Arrow((State.SNOOZED,), ("finding_closed",), State.RESOLVED,
          ((594, 36), (940, 36), (940, 322), (924, 322)), (640, 30)),
    Arrow((State.ACTED_ON,), ("finding_closed",), State.RESOLVED, ((862, 194), (862, 300)), (762, 250)),
)  # fmt: skip


def picture() -> str:
    """The picture, as SVG that needs nothing else."""
    return "\n".join(("".join(_head()), *_groups(), *_boxes(), *_arrows(), "</svg>", ""))


def _head() -> Iterator[str]:
    yield '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 980 430" role="img" aria-labelledby="title desc" '
    yield 'font-family="Arial, sans-serif" font-size="14" fill="#0b0c0c">'
    yield '<title id="title">The life of an alert</title><desc id="desc">'
    yield escape("; ".join(f"{state.replace('_', ' ')}: {MEANS[state]}" for state in BOXES))
    yield '</desc><defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" '
    yield 'orient="auto"><path d="M0 0 8 4 0 8z"/></marker></defs>'
    yield '<rect width="980" height="430" fill="#fff"/>'


def _groups() -> Iterator[str]:
    for left, top, width, height in GROUPS.values():
        yield (
            f'<rect x="{left}" y="{top}" width="{width}" height="{height}" rx="8" fill="none" stroke="#505a5f" '
            'stroke-dasharray="6 4"/>'
        )


def _boxes() -> Iterator[str]:
    for state, (left, top) in BOXES.items():
        fill, width = ("#fff7bf", 2) if state in WAITING else ("#f3f2f1", 1)
        yield (
            f'<rect x="{left}" y="{top}" width="{WIDE}" height="{HIGH}" rx="4" fill="{fill}" '
            f'stroke="#0b0c0c" stroke-width="{width}"/>'
            f'<text x="{left + WIDE // 2}" y="{top + 27}" text-anchor="middle" font-weight="bold">'
            f"{state.replace('_', ' ')}</text>"
        )


def _arrows() -> Iterator[str]:
    for arrow in ARROWS:
        path = " ".join(f"{x} {y}" for x, y in arrow.corners)
        words = escape(", ".join(WORDS[kind] for kind in arrow.kinds))
        yield (
            f'<path d="M{path}" fill="none" stroke="#0b0c0c" stroke-width="1.5" marker-end="url(#tip)"/>'
            f'<text x="{arrow.words[0]}" y="{arrow.words[1]}" font-size="13">{words}</text>'
        )


if __name__ == "__main__":
    FILE.write_text(picture(), encoding="utf-8")
    sys.stdout.write(f"docs/images/{FILE.name} is drawn.\n")
