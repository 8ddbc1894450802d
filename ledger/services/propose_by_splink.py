"""Compare the adults of very many records by Splink, which is an extra: probabilistic linkage (Fellegi and Sunter).

It weighs each thing that agrees by how rare that is in these very records, which tells two of one common name from two
of one rare name. How much agreement is worth among those who are one is set here and not learnt, so that two runs on
the same records propose the same, and nothing is learnt from a family. What it proposes goes the way of all proposals.
"""

import contextlib
import importlib
import io
import logging
from collections.abc import Collection, Iterator, Sequence
from typing import Any, Final

from ledger.domain.adult_match import Adult, Alike, Compared, Who, are_two, is_adult, names_of
from ledger.domain.name_match import parts_of
from ledger.domain.person_match import place_words

WAY: Final = "splink"
#: From this probability on two are proposed.
_PROBABILITY_MIN: Final = 0.9
#: One pair of so many is of one person, before anything is known of the two.
_PRIOR: Final = 1 / 20_000
_SEED: Final = 7


class SplinkMissingError(Exception):
    """Splink is not installed here."""


def propose_by_splink(adults: Collection[Adult], settled: Collection[frozenset[Who]] = ()) -> Compared:
    """The pairs of different records who may be one, likeliest first, less those that are settled.

    Raises SplinkMissingError. Cost: seconds, and some hundred megabytes, for ten thousand.
    """
    splink = _splink()
    named = sorted((one for one in adults if is_adult(one.known)), key=lambda one: one.who)
    compared = Compared()
    if len(named) < 2:
        return compared
    with _silenced():
        pairs = _predicted(splink, named)
    for one, other, probability in pairs:
        first, last = sorted((named[one], named[other]), key=lambda adult: adult.who)
        compared.pairs += 1
        is_open = first.record != last.record and frozenset({first.who, last.who}) not in settled
        if is_open and not are_two(first, last):
            score = round(min(probability, 0.99), 2)
            compared.found.append(Alike(first.who, last.who, score, ("as Splink weighs them",)))
    compared.found.sort(key=lambda alike: (-alike.score, alike.one, alike.other))
    return compared


def _splink() -> Any:
    try:
        return importlib.import_module("splink")
    except ImportError:
        raise SplinkMissingError from None


def _predicted(splink: Any, adults: Sequence[Adult]) -> list[tuple[int, int, float]]:
    """(place, place, probability) of each pair that may be one."""
    comparisons = importlib.import_module("splink.comparison_library")
    names = [
        comparisons.NameComparison("first").configure(m_probabilities=[0.8, 0.06, 0.05, 0.04, 0.05]),
        comparisons.NameComparison("last").configure(m_probabilities=[0.78, 0.06, 0.04, 0.02, 0.1]),
    ]
    born = comparisons.DateOfBirthComparison("born", input_is_string=True)
    place = comparisons.ExactMatch("place").configure(m_probabilities=[0.5, 0.5])
    settings = splink.SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="place_in",
        comparisons=[*names, born, place],
        blocking_rules_to_generate_predictions=[
            splink.block_on("born"),
            splink.block_on("first", "last"),
            splink.block_on("last", "substr(born, 1, 4)"),
            splink.block_on("last", "place"),
        ],
        probability_two_random_records_match=_PRIOR,
    )
    api = splink.DuckDBAPI()
    linker = splink.Linker(api.register([_row(place, one) for place, one in enumerate(adults)]), settings)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=_SEED)
    found = linker.inference.predict(threshold_match_probability=_PROBABILITY_MIN).as_record_list()
    return sorted((row["place_in_l"], row["place_in_r"], float(row["match_probability"])) for row in found)


def _row(place: int, adult: Adult) -> dict[str, Any]:
    """One adult as a row. Splink compares one name, one date and one place: the first of each that is whole."""
    known = adult.known
    name = names_of(known)[0]
    last, comma, first = name.partition(",")
    parts = parts_of(f"{first} {last}" if comma else name)
    days = [born for born in known.born if len(born) == len("2000-01-01")]
    return {
        "place_in": place,
        "first": parts[0],
        "last": parts[-1] if len(parts) > 1 else None,
        "born": days[0] if days else None,
        "place": (place_words(known.places[0]) or None) if known.places else None,
    }


@contextlib.contextmanager
def _silenced() -> Iterator[None]:
    """It prints what it does; nothing of that is for a log here."""
    logger = logging.getLogger("splink")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            yield
    finally:
        logger.setLevel(level)
