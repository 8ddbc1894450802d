"""Between which cosigned checkpoints an entry came, on a real database."""

from datetime import UTC, datetime, timedelta

from ledger.store.exports import brackets, cosigned_each_minute
from ledger.store.log import newest
from ledger.store.log_files import Cosigned, brackets_of
from ledger.store.witnesses import Cosignature, keep_cosignature
from tests.partnership import Partnership
from tests.sealing_log import seal

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def test_only_what_enough_cosigned_is_a_bracket(partnership: Partnership) -> None:
    """Of checkpoints cosigned by one, two, one and two, those of two bracket where two are asked for. What comes after
    is later than the last word on a checkpoint; what it covers was there by the first.
    """
    sizes = []
    with partnership.engine("ledger_sealer").connect() as connection:
        for step, names in enumerate((["w1"], ["w1", "w2"], ["w1"], ["w1", "w2"])):
            partnership.child()
            seal(partnership)
            with connection.begin():
                found = newest(connection, "entries")
                assert found is not None
                sizes.append(found.size)
                for place, name in enumerate(names):
                    for again in (0, 30):
                        at = NOON + timedelta(minutes=step, seconds=place + again)
                        line = f"— {name} {again}\n"
                        keep_cosignature(connection, "entries", name, Cosignature(found.size, line, at))
        with connection.begin():
            assert brackets(connection, "entries", [sizes[1]], sizes[-1]) == [sizes[1], sizes[2]]
            assert brackets(connection, "entries", [sizes[1]], sizes[-1], 2) == [sizes[1], sizes[3]]
            assert brackets(connection, "entries", [0], sizes[-1], 2) == [sizes[1]]
            assert cosigned_each_minute(connection, "entries", sizes[-1], 2) == [sizes[1], sizes[3]]
            before, covered = brackets_of(connection, "entries", sizes[1], 2)
            assert before == Cosigned(sizes[1], NOON + timedelta(minutes=1, seconds=31))
            assert covered == Cosigned(sizes[3], NOON + timedelta(minutes=3, seconds=1))
            assert brackets_of(connection, "entries", sizes[-1], 2)[1] is None
