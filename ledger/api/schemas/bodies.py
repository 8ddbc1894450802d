"""The base of every body: one schema checked in two ways that must agree, and rules between fields.

Invariants: the marshmallow fields are the one source. A body is first put to the fields' own tests one by one,
which say only yes or no at a fraction of a load's cost; whatever they do not accept, marshmallow loads, to name every
failing field. A property test holds that both ways accept the same bodies. What is loaded is the body as sent.
"""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import Any, Protocol, cast

from marshmallow import RAISE, Schema, ValidationError, validates_schema
from marshmallow.fields import Field
from marshmallow.types import StrSequenceOrSet, UnknownOption

from ledger.api.pointers import Path, Refusal, nested
from ledger.api.schemas.fields import TYPE, Check, CheckedField, Items, Object

#: A refusal of how fields stand together, at a path inside the object.
RuleRefusal = tuple[Path, Refusal]

_EMPTY = Refusal("This object is empty: say something in it, or leave it out.", "empty")


class ClaimChecker(Protocol):
    """The part of a rule pack that knows which claims can be made."""

    def check_claim(self, claim: Mapping[str, Any]) -> list[tuple[tuple[str | int, ...], str]]: ...


class BodySchema(Schema):
    """A body, or an object inside one. Without a pack, words of the vocabulary are not checked."""

    class Meta:
        unknown = RAISE

    def __init__(self, *, pack: ClaimChecker | None = None) -> None:
        super().__init__()
        self.pack = pack
        known = ", ".join(sorted(self.fields))
        self.error_messages = {
            **self.error_messages,
            "type": TYPE,
            "unknown": Refusal(f"There is no such field here. The fields are: {known}.", "unknown_field"),
        }
        self._required = frozenset(name for name, field in self.fields.items() if field.required)
        self._checks: dict[str, Check] = {}

    def rules(self, body: Mapping[str, Any], sent: AbstractSet[str]) -> Iterable[RuleRefusal]:  # noqa: ARG002 - most have none
        """What is wrong between fields: `body` has those that are each right, `sent` the names of all that came."""
        return ()

    def load(
        self,
        data: Any,
        *,
        many: bool | None = None,
        partial: bool | StrSequenceOrSet | None = None,
        unknown: UnknownOption | None = None,
    ) -> object:
        """The body as sent, if all of it may stand; otherwise ValidationError with every failing field."""
        if self.refusal(data) is not None:
            super().load(data, many=many, partial=partial, unknown=unknown)
        return data

    def refusal(self, data: object) -> Refusal | None:
        """None for what `load` would take; otherwise that it is refused, without saying where or why."""
        checks = self.checks()
        if type(data) is not dict or not data or not data.keys() >= self._required:
            return TYPE
        for name, value in data.items():
            check = checks.get(name)
            if check is None or check(value) is not None:
                return TYPE
        for _ in self.rules(data, data.keys()):
            return TYPE
        return None

    def checks(self) -> Mapping[str, Check]:
        """Each field's own test, by its name."""
        if not self._checks:
            self._checks = {name: _check_of(field) for name, field in self.fields.items()}
        return self._checks

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def _check_rules(self, _loaded: object, original: object, **_options: object) -> None:
        if type(original) is not dict:
            return
        if not original and not self._required:
            raise ValidationError(_EMPTY)
        checks = self.checks()
        sound = {name: value for name, value in original.items() if name in checks and checks[name](value) is None}
        broken = list(self.rules(sound, original.keys()))
        if broken:
            raise ValidationError(nested(broken))


def _check_of(field: Field[Any]) -> Check:
    if isinstance(field, CheckedField):
        return field.refusal
    if isinstance(field, Object):
        schema = field.schema
        if isinstance(schema, BodySchema):
            return schema.refusal
    if isinstance(field, Items):
        return _check_of_items(field)
    raise TypeError("a body is made of checked fields, lists of them and objects")


def _check_of_items(field: Items) -> Check:
    check_item, check_whole = _check_of(field.inner), field.whole_refusal

    def check(value: object) -> Refusal | None:
        refusal = check_whole(value)
        if refusal is not None:
            return refusal
        for item in cast("list[object]", value):
            if check_item(item) is not None:
                return TYPE
        return None

    return check
