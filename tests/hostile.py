"""What the server's superuser does to a real ledger's tables, guards put aside: each way a function of chance.

`Hands` has every table and the program's own code; of the log's key it has as much as a test gives it.
"""

import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from ledger.domain.entry import Envelope, canonical, commitment_of, leaf_hash
from ledger.domain.log.checkpoint import Checkpoint
from ledger.domain.log.merkle import Tree
from ledger.services.grow_tiles import grown_tiles
from ledger.services.sign_log import LogSigner, origin_of_log
from ledger.store.log import Log

Place = tuple[UUID, int]


@dataclass(frozen=True)
class Done:
    """What was changed: the first index of the log that is not as it was, and of which record which number."""

    index: int
    record_id: UUID | None = None
    number: int | None = None
    log: Log = "entries"
    #: What the log holds is as it was: only the record's content is not.
    is_content: bool = False
    #: Nothing is left that says so but what others kept.
    is_gone: bool = False


class Hands:
    """A superuser's, on a connection where triggers and foreign keys keep quiet."""

    def __init__(self, connection: Connection, chance: random.Random) -> None:
        self.connection, self.chance = connection, chance
        self.run("SET LOCAL session_replication_role = replica")

    def run(self, statement: str, **given: Any) -> list[Any]:
        """The rows that come of a statement."""
        result = self.connection.execute(text(statement), given)
        return list(result) if result.returns_rows else []

    # ── finding ──

    def places(self, kind: str = "child") -> list[tuple[int, UUID, int]]:
        """(index, record, number) of what is in the log, of children's records, in its order."""
        return [tuple(row) for row in self.run(
            "SELECT p.index, p.record_id, p.number FROM ledger.entry_positions p JOIN ledger.heads h USING (record_id) "
            "WHERE h.kind = :kind ORDER BY 1", kind=kind)]  # fmt: skip

    def somewhere(self, *, least: int = 1, but_last: bool = False) -> tuple[int, UUID, int]:
        """One entry of a child's, from this number on."""
        found = [one for one in self.places() if one[2] >= least]
        last = {record: number for _, record, number in found}
        return self.chance.choice([one for one in found if not but_last or one[2] < last[one[1]]])

    def envelope(self, place: Place) -> Envelope:
        [(stored,)] = self.run("SELECT envelope FROM ledger.entries WHERE record_id = :r AND number = :n", **_at(place))
        return Envelope.from_members(json.loads(bytes(stored)))

    # ── putting ──

    def put(self, place: Place, envelope: Envelope) -> None:
        """Other bytes, and the time beside them."""
        self.run(
            "UPDATE ledger.entries SET envelope = :e, recorded_at = :at WHERE record_id = :r AND number = :n",
            e=envelope.to_bytes(), at=envelope.recorded_at, **_at(place),
        )  # fmt: skip

    def take_away(self, record_id: UUID, first: int, last: int = 2**31, *, placed: bool = True) -> None:
        """Entries of a record with their contents, and their places in the log."""
        for table in ("entries", "contents", *(["entry_positions"] if placed else [])):
            self.run(
                f"DELETE FROM ledger.{table} WHERE record_id = :r AND number BETWEEN :first AND :last",
                r=record_id, first=first, last=last,
            )  # fmt: skip

    def renumber(self, record_id: UUID, after: int, by: int) -> None:
        """Move the numbers behind one."""
        for table in ("entries", "contents", "entry_positions"):
            for step in (1_000_000, by - 1_000_000):
                self.run(
                    f"UPDATE ledger.{table} SET number = number + :step WHERE record_id = :r AND number > :n",
                    step=step, r=record_id, n=after,
                )  # fmt: skip

    def rechain(self, record_id: UUID) -> None:
        """Number and chain a record again from its first entry on, and have its head say so."""
        numbers = [row[0] for row in self.run(
            "SELECT number FROM ledger.entries WHERE record_id = :r ORDER BY 1", r=record_id)]  # fmt: skip
        previous, at = bytes(32), None
        for number in numbers:
            envelope = replace(self.envelope((record_id, number)), number=number, previous=previous)
            self.put((record_id, number), envelope)
            previous, at = leaf_hash(envelope.to_bytes()), envelope.recorded_at
        self.run(
            "UPDATE ledger.heads SET head_seq = :n, head_hash = :h, last_recorded_at = :at WHERE record_id = :r",
            n=len(numbers), h=previous, at=at, r=record_id,
        )  # fmt: skip

    def relay(self) -> int:
        """Close up the log's places, and make its tiles anew from the leaves: its size."""
        self.run("UPDATE ledger.entry_positions SET index = index + 1000000")
        self.run(
            "UPDATE ledger.entry_positions p SET index = o.at FROM (SELECT record_id, number, row_number() "
            "OVER (ORDER BY index) - 1 AS at FROM ledger.entry_positions) o "
            "WHERE (o.record_id, o.number) = (p.record_id, p.number)"
        )
        hashes = self._hashes()
        self.run("DELETE FROM ledger.log_tiles WHERE log = 'entries'")
        for (level, index), made in grown_tiles(0, hashes, lambda _level, _index: b"").items():
            self.run("INSERT INTO ledger.log_tiles VALUES ('entries', :l, :i, :h)", l=level, i=index, h=made)
        return len(hashes)

    def _hashes(self) -> list[bytes]:
        return [leaf_hash(bytes(row[0])) for row in self.run(
            "SELECT e.envelope FROM ledger.entry_positions p JOIN ledger.entries e USING (record_id, number) "
            "ORDER BY p.index")]  # fmt: skip

    def sign_anew(self, signer: LogSigner, origin: str) -> None:
        """Every checkpoint of the log of entries, over what stands there now; no witness has cosigned any."""
        tree, name = Tree(self._hashes()), origin_of_log(origin, "entries")
        old = [row[0] for row in self.run("SELECT size FROM ledger.checkpoints WHERE log = 'entries'")]
        self.run("DELETE FROM ledger.cosignatures WHERE log = 'entries'")
        self.run("DELETE FROM ledger.checkpoints WHERE log = 'entries'")
        for size in sorted({min(one, tree.size) for one in old} | {tree.size}):
            note = signer.sign(Checkpoint(name, size, tree.root(size)))
            self.run(
                "INSERT INTO ledger.checkpoints VALUES ('entries', :s, :root, :note, :at)",
                s=size, root=tree.root(size), note=note, at=datetime.now(UTC),
            )  # fmt: skip

    def forget_heads(self, size: int) -> None:
        """Take the checkpoints away that go beyond a size."""
        for table in ("checkpoints", "cosignatures"):
            self.run(f"DELETE FROM ledger.{table} WHERE log = 'entries' AND size > :s", s=size)


def _at(place: Place) -> dict[str, Any]:
    return {"r": place[0], "n": place[1]}


# ── the ways ──

Change = Callable[[Hands], Done]


def _flip(hands: Hands, table: str, column: str) -> Done:
    index, record, number = hands.somewhere()
    [(old,)] = hands.run(f"SELECT {column} FROM ledger.{table} WHERE record_id = :r AND number = :n",
                         r=record, n=number)  # fmt: skip
    data = bytearray(old)
    data[hands.chance.randrange(len(data))] ^= 1 << hands.chance.randrange(8)
    hands.run(f"UPDATE ledger.{table} SET {column} = :d WHERE record_id = :r AND number = :n",
              d=bytes(data), r=record, n=number)  # fmt: skip
    return Done(index, record, number, is_content=table == "contents")


def flip_envelope(hands: Hands) -> Done:
    """A bit of what is in the log."""
    return _flip(hands, "entries", "envelope")


def flip_content(hands: Hands) -> Done:
    """A bit of what was said."""
    return _flip(hands, "contents", "content")


def flip_salt(hands: Hands) -> Done:
    """A bit of what it was committed to with."""
    return _flip(hands, "contents", "salt")


def delete_within(hands: Hands) -> Done:
    """An entry that others follow."""
    index, record, number = hands.somewhere(but_last=True)
    hands.take_away(record, number, number, placed=False)
    return Done(index, record, number)


def delete_last(hands: Hands) -> Done:
    """A record's last entry, its place and its head."""
    index, record, number = hands.chance.choice([*{one[1]: one for one in hands.places()}.values()])
    hands.take_away(record, number)
    hands.rechain(record)
    return Done(index, record, number)


def swap(hands: Hands) -> Done:
    """Two entries' envelopes."""
    one, other = sorted(hands.chance.sample(hands.places(), 2))
    first, second = hands.envelope(one[1:]), hands.envelope(other[1:])
    hands.put(one[1:], second)
    hands.put(other[1:], first)
    return Done(*one)


def _insert(hands: Hands) -> Done:
    index, record, number = hands.somewhere(least=2)
    hands.renumber(record, number, 1)
    hands.run("UPDATE ledger.entry_positions SET index = index + 1000000 WHERE index > :i", i=index)
    hands.run("UPDATE ledger.entry_positions SET index = index - 999999 WHERE index > :i", i=index)
    told = {"agency": "hv", "body": {}, "event_id": f"forged-{index}", "kind": "note"}
    salt, content = hands.chance.randbytes(32), canonical(told)
    envelope = replace(hands.envelope((record, number)), commitment=commitment_of(salt, content))
    hands.run(
        "INSERT INTO ledger.entries (record_id, number, agency_id, event_id, is_copy, recorded_at, envelope) "
        "VALUES (:r, :n, 'hv', :event, false, :at, :e)",
        r=record, n=number + 1, event=told["event_id"], at=envelope.recorded_at, e=envelope.to_bytes(),
    )  # fmt: skip
    hands.run(
        "INSERT INTO ledger.contents (record_id, number, agency_id, kind, salt, content) "
        "VALUES (:r, :n, 'hv', 'note', :s, :c)", r=record, n=number + 1, s=salt, c=content)  # fmt: skip
    hands.run("INSERT INTO ledger.entry_positions VALUES (:i, :r, :n)", i=index + 1, r=record, n=number + 1)
    hands.rechain(record)
    return Done(index + 1, record, number + 1)


def insert(hands: Hands) -> Done:
    """An entry that never was, chained in."""
    return _insert(hands)


def insert_with_tiles(hands: Hands) -> Done:
    """The same, and the log's tree made to fit."""
    done = _insert(hands)
    hands.relay()
    return done


def _cut(hands: Hands) -> Done:
    index, record, number = hands.somewhere(least=2)
    hands.take_away(record, number)
    hands.rechain(record)
    return Done(index, record, number)


def cut(hands: Hands) -> Done:
    """The end of a record, with its places in the log."""
    return _cut(hands)


def cut_with_tiles(hands: Hands) -> Done:
    """The same, and the log closed up behind it, tiles and all."""
    done = _cut(hands)
    hands.relay()
    return done


def back_date(hands: Hands) -> Done:
    """An entry's time, its hash, and the chain behind it."""
    index, record, number = hands.somewhere(least=2)
    envelope = hands.envelope((record, number))
    hands.put((record, number), replace(envelope, recorded_at=hands.envelope((record, number - 1)).recorded_at))
    hands.rechain(record)
    return Done(index, record, number)


def post_date_all(hands: Hands) -> Done:
    """The last entry's time put forward, and the tree made to fit."""
    index, record, number = hands.chance.choice([*{one[1]: one for one in hands.places()}.values()])
    envelope = hands.envelope((record, number))
    hands.put((record, number), replace(envelope, recorded_at=envelope.recorded_at + timedelta(microseconds=7)))
    hands.rechain(record)
    hands.relay()
    return Done(index, record, number)


def drop(hands: Hands) -> Done:
    """A whole record."""
    index, record, number = next(one for one in hands.places() if one[1] == hands.somewhere()[1])
    hands.take_away(record, 1)
    hands.run("DELETE FROM ledger.heads WHERE record_id = :r", r=record)
    return Done(index, record, number)


def drop_with_tiles(hands: Hands) -> Done:
    """A whole record, and the log closed up over it."""
    done = drop(hands)
    hands.relay()
    return done


def reword(hands: Hands) -> Done:
    """What an entry says, with a commitment that fits, the chain and the tree made anew."""
    index, record, number = hands.somewhere(least=2)
    [(old, salt)] = hands.run(
        "SELECT content, salt FROM ledger.contents WHERE record_id = :r AND number = :n", r=record, n=number
    )
    told = json.loads(bytes(old))
    content = canonical({**told, "body": {**told["body"], "narrative": "Nothing was seen."}})
    hands.run("UPDATE ledger.contents SET content = :c WHERE record_id = :r AND number = :n",
              c=content, r=record, n=number)  # fmt: skip
    envelope = replace(hands.envelope((record, number)), commitment=commitment_of(bytes(salt), content))
    hands.put((record, number), envelope)
    hands.rechain(record)
    hands.relay()
    return Done(index, record, number)


def roll_back(hands: Hands) -> Done:
    """The log's end, with the heads over it: as it was a while ago, and nothing in it is wrong."""
    [(kept,)] = hands.run("SELECT min(size) FROM ledger.checkpoints WHERE log = 'entries'")
    behind = "SELECT record_id, min(number), min(index) FROM ledger.entry_positions WHERE index >= :k GROUP BY 1"
    gone = hands.run(behind, k=kept)
    for record, number, _ in gone:
        hands.take_away(record, number)  # what waits behind it, too
        hands.rechain(record)
    hands.run(
        "DELETE FROM ledger.unsealed u WHERE NOT EXISTS "
        "(SELECT FROM ledger.entries e WHERE (e.record_id, e.number) = (u.record_id, u.number))"
    )
    hands.forget_heads(kept)
    hands.relay()
    record, number, index = min(gone, key=lambda one: one[2])
    return Done(index, record, number, is_gone=True)


def delete_read(hands: Hands) -> Done:
    """That somebody looked."""
    index, access = hands.chance.choice(hands.run("SELECT index, access_id FROM ledger.access_positions"))
    hands.run("DELETE FROM ledger.access_records WHERE access_id = :a", a=access)
    return Done(index, log="access")


def change_reader(hands: Hands) -> Done:
    """Who looked."""
    index, access = hands.chance.choice(hands.run("SELECT index, access_id FROM ledger.access_positions"))
    hands.run("UPDATE ledger.access_records SET agency_id = 'police' WHERE access_id = :a", a=access)
    return Done(index, log="access", is_content=True)


CHANGES: Mapping[str, Change] = {
    made.__name__: made
    for made in (
        flip_envelope, flip_content, flip_salt, delete_within, delete_last, swap, insert, insert_with_tiles, cut,
        cut_with_tiles, back_date, post_date_all, drop, drop_with_tiles, reword, roll_back, delete_read, change_reader,
    )
}  # fmt: skip
