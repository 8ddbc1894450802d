"""A partnership's own pack over another: what it adds and which numbers it changes, and nothing of what words mean.

A layer may add attributes, topics, agencies and rules under names of their own. What the pack beneath has
already it names with ``over: yes``, and then:

* of an attribute it adds values (of states that are there), what is said of these, and examples; and changes
  ``holds_for``, ``compare_within``, ``tolerance`` and ``corroborate``;
* of a rule it adds examples, changes what is a number or a length of time, says anew which ``babies`` it is about
  (or what ``not_mobile`` means), or switches it ``off`` with a reason;
* of a sort of agency it adds other words for it;
* of ``disagreements`` it changes the clocks of a stage, or adds a stage;
* to the lists of ``views`` and of ``decisions`` it adds; to the latter also kinds and items.

An example that shows what one beneath shows, word for word, takes its place: a changed number may change what it finds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from ledger.domain.duration import refuse_duration
from ledger.domain.expectation import refuse_expectation_clock
from ledger.domain.owner import words_of
from ledger.domain.shape import Fault, Path

OVER: Final = "over"
#: At which step a baby counts as one that moves about by itself: partnerships draw this line differently.
_LINES: Final = frozenset({"babies", "not_mobile"})
_NUMBERS_OF_ATTRIBUTE: Final = frozenset({"holds_for", "compare_within", "tolerance"})
_NOT_CHANGED = "this stands in the pack beneath: a pack over it adds values and examples and changes numbers, no more"

_Extend = Callable[["_Merge", Path, dict[str, Any], str, Any], None]


@dataclass
class Layered:
    """Two layers as one pack.

    ``content`` is the pack as if it had been written in one; ``placed`` are the paths in it that the upper layer wrote,
    with their paths there; ``faults`` are the upper layer's, by its own paths.
    """

    content: dict[str, Any]
    placed: dict[Path, Path] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def place(self, path: Path) -> tuple[bool, Path]:
        """Whether the upper layer wrote what stands at this path, and the path in the layer that did."""
        for length in range(len(path), 0, -1):
            written = self.placed.get(path[:length])
            if written is not None:
                return True, written + path[length:]
        return False, path


def lay_over(beneath: Mapping[str, Any], above: Mapping[str, Any]) -> Layered:
    """The pack that ``above`` makes of the whole pack ``beneath``; both as written, with names for what names things.

    Only what the two say of each other is looked at: the forms of both are for whoever reads the content.
    """
    merge = _Merge(Layered(dict(beneath)))
    layered = merge.layered
    for key in ("pack", "version"):
        if key in above:
            merge.put((key,), above[key], (key,))
    if all(isinstance(layer.get(key), str) for layer in (beneath, above) for key in ("pack", "version")):
        layered.content["version"] = f"{above['version']} over {beneath['pack']} {beneath['version']}"
    for key, value in _mapping(above.get("severity")).items():
        merge.put(("severity", key), value, ("severity", key))
    for stage, clocks in _mapping(above.get("disagreements")).items():
        for name, clock in _mapping(clocks).items():
            merge.put(("disagreements", stage, name), clock, ("disagreements", stage, name))
    for key, value in _mapping(above.get("alerts")).items():
        merge.put(("alerts", key), value, ("alerts", key))
    merge.lengthen(("views",), above.get("views"))
    merge.lengthen(("decisions",), above.get("decisions"))
    for section, extend in _EXTEND.items():
        for name, written in _mapping(above.get(section)).items():
            merge.lay(section, name, written, extend)
    return layered


@dataclass(frozen=True, slots=True)
class _Merge:
    layered: Layered

    def put(self, path: Path, value: Any, written_at: Path) -> None:
        """Set what stands at ``path``; mappings on the way are copied, so that the layer beneath stays as it is."""
        within = self.layered.content
        for key in path[:-1]:
            within[str(key)] = dict(_mapping(within.get(str(key))))
            within = within[str(key)]
        within[str(path[-1])] = value
        self.layered.placed[path] = written_at

    def fault(self, path: Path, why: str) -> None:
        self.layered.faults.append((path, why))

    def lay(self, section: str, name: str, written: Any, extend: _Extend | None) -> None:
        """One attribute, topic, sort of agency or rule of the upper layer."""
        path = (section, name)
        known = _mapping(self.layered.content.get(section))
        says = _mapping(written).get(OVER)
        if says not in {None, "yes"}:
            self.fault(
                (*path, OVER), "say over: yes where the pack beneath has one of this name, and else leave it out"
            )
        elif says is None and name in known:
            fix = "say over: yes and only what is added or changed, or " if extend else ""
            self.fault(path, f"the pack beneath has one of this name: {fix}choose another name")
        elif says == "yes" and (name not in known or extend is None):
            self.fault((*path, OVER), "there is none of this name in the pack beneath to stand over: leave over out")
        elif says is None:
            self.put(path, written, path)
        elif extend is not None:
            beneath = dict(_mapping(known[name]))
            for key, value in written.items():
                if key != OVER:
                    extend(self, path, beneath, key, value)

    def add(self, path: Path, key: str, value: Any, beneath: Mapping[str, Any], *, only: Mapping[str, Any]) -> None:
        """Add to a mapping what it does not have; ``only``: what the attribute's values were beneath."""
        for word, said in _mapping(value).items():
            if word in beneath or word in only:
                self.fault(
                    (*path, key, word), "this value is there already and its meaning is not changed: add another"
                )
            else:
                self.put((*path, key, word), said, (*path, key, word))

    def change(self, path: Path, key: str, value: Any, was: Any) -> None:
        """Change a number, or those within a mapping of them."""
        if isinstance(value, Mapping) and isinstance(was, Mapping):
            for word, said in value.items():
                self.change((*path, key), word, said, was.get(word))
        elif isinstance(value, str) and is_number(value) and (was is None or (isinstance(was, str) and is_number(was))):
            self.put((*path, key), value, (*path, key))
        else:
            self.fault((*path, key), _NOT_CHANGED)

    def lengthen(self, path: Path, value: Any) -> None:
        """Add to the lists below a path; what is no list is for the form to say."""
        if isinstance(value, Mapping):
            for key, below in value.items():
                self.lengthen((*path, key), below)
        elif value is not None:
            there: Any = self.layered.content
            for key in path:
                there = _mapping(there).get(str(key))
            self.put(path, [*_list(there), *value] if isinstance(value, list) else value, path)
            for place in range(len(_list(value))):
                self.layered.placed[*path, len(_list(there)) + place] = (*path, place)

    def examples(self, path: Path, value: Any, beneath: Mapping[str, Any]) -> None:
        """Add examples; one that shows what one beneath shows takes its place."""
        merged = [*_list(beneath.get("examples"))]
        shown = [_mapping(example).get("shows") for example in merged]
        for place, example in enumerate(_list(value)):
            shows = _mapping(example).get("shows")
            at = shown.index(shows) if shows in shown else len(merged)
            merged[at : at + 1] = [example]
            self.layered.placed[*path, "examples", at] = (*path, "examples", place)
        origins = dict(self.layered.placed)
        self.put((*path, "examples"), merged, (*path, "examples"))
        self.layered.placed.clear()
        self.layered.placed.update(origins)


def _extend_attribute(merge: _Merge, path: Path, beneath: dict[str, Any], key: str, value: Any) -> None:
    values = _mapping(beneath.get("values"))
    if key == "examples":
        merge.examples(path, value, beneath)
    elif key == "values" and beneath.get("type") == "state":
        merge.add(path, key, value, values, only={})
    elif key in {"polarity", "leans"} and isinstance(value, Mapping):
        merge.add(path, key, value, _mapping(beneath.get(key)), only=values)
    elif key == "corroborate":
        was = beneath.get(key)
        if isinstance(value, Mapping):
            every = was if isinstance(was, Mapping) else dict.fromkeys(values, was) if isinstance(was, str) else {}
            merge.put((*path, key), {**every, **value}, (*path, key))
        else:
            merge.put((*path, key), value, (*path, key))
    elif key in _NUMBERS_OF_ATTRIBUTE:
        merge.put((*path, key), value, (*path, key))
    else:
        merge.fault((*path, key), _NOT_CHANGED)


def _extend_rule(merge: _Merge, path: Path, beneath: dict[str, Any], key: str, value: Any) -> None:
    if key == "examples":
        merge.examples(path, value, beneath)
    elif key == "off" or (key in _LINES and key in beneath):
        merge.put((*path, key), value, (*path, key))
    else:
        merge.change(path, key, value, beneath.get(key))


def _extend_agency(merge: _Merge, path: Path, beneath: dict[str, Any], key: str, value: Any) -> None:
    if key == "also" and isinstance(value, list):
        there = _list(beneath.get("also"))
        others = {
            words_of(str(word))
            for name, said in _mapping(merge.layered.content.get("agencies")).items()
            if name != path[-1]
            for word in (name, *_list(_mapping(said).get("also")))
        }
        for place, word in enumerate(value):
            if words_of(str(word)) in others:
                merge.fault((*path, key, place), "another sort goes by this already: a name means one sort")
        merge.put((*path, key), [*there, *value], (*path, key))
        for place in range(len(value)):
            merge.layered.placed[*path, key, len(there) + place] = (*path, key, place)
    else:
        merge.fault((*path, key), "of a sort of agency a pack over another adds other words for it, no more")


def is_number(text: str) -> bool:
    """Whether this is a count or a length of time: what a layer may change."""
    is_count = text.removeprefix("-").replace(".", "", 1).isdecimal()
    return is_count or refuse_duration(text) is None or refuse_expectation_clock(text) is None


_EXTEND: Final[Mapping[str, _Extend | None]] = {
    "attributes": _extend_attribute,
    "topics": None,
    "agencies": _extend_agency,
    "rules": _extend_rule,
}


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
