"""Records of stories run through detection: how much that was planted is found, and how much found was planted."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from ledger.domain.entry import entry_id
from ledger.domain.event import EntryStep
from ledger.domain.finding import Finding
from ledger.domain.fold import run
from ledger.domain.outcome import Joined, Raised
from ledger.domain.pack import Pack
from ledger.domain.record_state import RecordState, Surroundings
from tests.generator.story import Story, Teller

#: What follows from nobody having asked or done something, and from what several entries show together.
FOLLOWING = ("gap", "expectation", "pattern")
#: The kinds that compare statements, and those that follow from what was said alone.
KINDS = (
    "contradiction", "same_informant", "overtaken", "identity", "explanation", "concern", "passing_on",
    "uncorroborated",
)  # fmt: skip
#: What speaks against the basis of decisions.
DECIDED = ("decision_basis",)
#: How long after its last entry a record is looked at.
_AFTER = timedelta(days=60)
_PSEUDONYM = "a" * 26
_NAMES = {"correction": "corrects", "void": "voids", "done": "of", "reply": "of"}
_WITHDRAWS = frozenset({"correction", "void"})
#: What sort of agency each is that writes in the stories.
AROUND = Surroundings(
    agency_kinds={
        "hv": "health visiting", "gp": "gp practice", "csc": "childrens social care", "police": "police",
        "school": "primary school", "midwifery": "midwifery", "hospital": "hospital", "housing": "housing",
    }
)  # fmt: skip


@dataclass
class Tally:
    """What was planted, found and wrongly raised, by kind; and in which stories it went wrong, for a person."""

    kinds: Sequence[str] = KINDS
    planted: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    misnamed: Counter[str] = field(default_factory=Counter)
    false: Counter[str] = field(default_factory=Counter)
    missed_in: Counter[tuple[str, str]] = field(default_factory=Counter)
    false_in: Counter[tuple[str, str]] = field(default_factory=Counter)

    def recall(self, kind: str | None = None) -> float:
        """The part of what was planted that was found, under this name or another."""
        planted = self.planted.total() if kind is None else self.planted[kind]
        found = self.found.total() + self.misnamed.total() if kind is None else self.found[kind] + self.misnamed[kind]
        return found / planted if planted else 1.0

    def precision(self, kind: str | None = None) -> float:
        """The part of what was raised that was planted."""
        found = self.found.total() if kind is None else self.found[kind]
        false = self.false.total() if kind is None else self.false[kind]
        return found / (found + false) if found + false else 1.0

    def lines(self) -> Iterator[str]:
        """The tally as a person reads it."""
        yield f"{'kind':<16}{'planted':>8}{'found':>7}{'misnamed':>9}{'false':>6}{'recall':>8}{'precision':>10}"
        for kind in self.kinds:
            counts = (self.planted[kind], self.found[kind], self.misnamed[kind], self.false[kind])
            yield (
                f"{kind:<16}{counts[0]:>8}{counts[1]:>7}{counts[2]:>9}{counts[3]:>6}"
                f"{self.recall(kind):>8.3f}{self.precision(kind):>10.3f}"
            )
        yield f"{'all':<40}{self.false.total():>6}{self.recall():>8.3f}{self.precision():>10.3f}"
        yield from (f"missed  {count:>4} {story}: {kind}" for (story, kind), count in self.missed_in.most_common(20))
        yield from (f"false   {count:>4} {story}: {kind}" for (story, kind), count in self.false_in.most_common(20))


def tell(makers: Sequence[Callable[[Teller], Story]], pack: Pack, seed: int, most: int = 6) -> list[Story]:
    """The stories of one record, in one child's time: of what can be said of the child but once, one story at most.

    What tells how the child moves is a record of its own: it bears on every injury there is.
    """
    random = Random(seed)
    teller = Teller(random, pack, date(2019 + seed % 5, 1 + seed % 12, 3))
    taken, told = set(), []
    chosen = random.sample(makers, min(most, len(makers)))
    alone = [maker for maker in chosen if getattr(maker, "is_alone", False)]
    for maker in alone[:1] or chosen:
        slot = getattr(maker, "slot", maker.__name__)
        if slot not in taken:
            taken.add(slot)
            told.append(maker(teller))
    return told


def judge(stories: Sequence[Story], pack: Pack, tally: Tally) -> None:
    """Run one record of these stories, and count."""
    steps, owner = record_of(stories)
    found: dict[str, list[Finding]] = {}
    left = set[str]()
    around = Surroundings() if tally.kinds is KINDS else AROUND
    for _, state, outcomes in run(RecordState("r", around=around), steps, pack, until=steps[-1].at + _AFTER):
        left = {finding.id for finding in state.findings.values()}
        for outcome in outcomes:
            if isinstance(outcome, Raised | Joined) and outcome.finding.kind in tally.kinds:
                found.setdefault(outcome.finding.id, []).append(outcome.finding)
    silent = frozenset[tuple[str, str]]().union(*(story.silent for story in stories))
    met = set()
    for story in stories:
        if story.kind is not None:
            met |= _count_planted(story, found, owner, tally)
    for name, states in found.items():
        if name not in met and not _is_right_to_ask(states[-1], name in left, silent):
            _count_other(states[-1], {owner[n][0].name for n in _numbers(states[-1])}, owner, tally)


def record_of(
    stories: Sequence[Story], moments: Mapping[tuple[int, int], datetime] | None = None
) -> tuple[list[EntryStep], dict[int, tuple[Story, int]]]:
    """The entries of all stories in the order in which they are taken in, and whose each is, by its number.

    ``moments`` take them in at others, by story and place in it.
    """
    placed = sorted(
        (moments[which, place] if moments else entry.at, which, place)
        for which, story in enumerate(stories)
        for place, entry in enumerate(story.entries)
    )
    number_of = {(which, place): number for number, (_, which, place) in enumerate(placed, 1)}
    steps, owner = [], {}
    for number, (at, which, place) in enumerate(placed, 1):
        entry = stories[which].entries[place]
        target = None if entry.target is None else number_of[which, entry.target]
        named = {_NAMES[entry.kind]: entry_id(_PSEUDONYM, target)} if target is not None else {}
        withdrawn = target if entry.kind in _WITHDRAWS else None
        steps.append(EntryStep(number, at, entry.kind, entry.agency, entry.body | named, withdrawn))
        owner[number] = (stories[which], place)
    return steps, owner


def _count_planted(
    story: Story, found: dict[str, list[Finding]], owner: dict[int, tuple[Story, int]], tally: Tally
) -> set[str]:
    assert story.kind is not None
    tally.planted[story.kind] += 1
    resting = {
        name: {
            state.kind
            for state in states
            if set(story.core) <= _places(state, story, owner) and story.topic in {None, state.topic}
        }
        for name, states in found.items()
    }
    named = {name for name, kinds in resting.items() if story.kind in kinds}
    if named:
        tally.found[story.kind] += 1
        return named
    if any(kinds - story.also for kinds in resting.values()):
        tally.misnamed[story.kind] += 1
        return {name for name, kinds in resting.items() if kinds - story.also}
    tally.missed_in[story.name, story.kind] += 1
    return set()


def _is_right_to_ask(finding: Finding, is_open: bool, silent: frozenset[tuple[str, str]]) -> bool:
    """Whether somebody is asked for what nothing in the record answers, or was before it was answered."""
    asked = (finding.question.attribute, finding.question.about)
    return finding.kind == "gap" and not (is_open and asked in silent)


def _count_other(finding: Finding, names: set[str], owner: dict[int, tuple[Story, int]], tally: Tally) -> None:
    stories = {id(owner[number][0]): owner[number][0] for number in _numbers(finding)}
    if len(stories) == 1 and finding.kind in next(iter(stories.values())).also:
        return
    tally.false[finding.kind] += 1
    tally.false_in[" + ".join(sorted(names)), finding.kind] += 1


def _places(finding: Finding, story: Story, owner: dict[int, tuple[Story, int]]) -> set[int]:
    return {owner[number][1] for number in _numbers(finding) if owner[number][0] is story}


def _numbers(finding: Finding) -> Iterable[int]:
    return {ref.number for side in finding.sides for ref in side}
