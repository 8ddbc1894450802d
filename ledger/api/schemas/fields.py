"""The kinds of field that bodies are made of: each says whether a value may stand, and documents itself.

Invariants: a field checks and never changes: what is loaded is what was sent, since the body is stored as sent. Every
refusal says what would be taken and never repeats the value. `refusal` is the one test behind both ways of checking, so
it must answer for any JSON value whatever.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, cast

from marshmallow import Schema, ValidationError, fields

from ledger.api import limits
from ledger.api.pointers import Refusal

Check = Callable[[object], Refusal | None]

REQUIRED = Refusal("This field is required.", "required")
NULL = Refusal("This field may not be null: leave it out instead.", "null")
TYPE = Refusal("This must be a JSON object.", "wrong_type")
_REPEATED = Refusal("The list holds the same thing twice: give each once.", "repeated")

_MESSAGES: dict[str, str | list[Any] | dict[Any, Any]] = {
    "required": REQUIRED,
    "null": NULL,
    "type": TYPE,
    "invalid": TYPE,
}


class CheckedField(fields.Field[Any], ABC):
    """A field whose value either may stand as sent or is refused."""

    #: What OpenAPI says of every field of this kind.
    documentation: ClassVar[Mapping[str, Any]] = {}

    def __init__(
        self, description: str = "", *, required: bool = False, documentation: Mapping[str, Any] | None = None
    ) -> None:
        metadata = {**self.documentation, **(documentation or {})}
        if description:
            metadata["description"] = description
        super().__init__(required=required, allow_none=False, metadata=metadata, error_messages=_MESSAGES)

    @abstractmethod
    def refusal(self, value: object) -> Refusal | None:
        """Why the value is refused, or None when it may stand."""

    def _deserialize(self, value: object, *_where: object, **_options: object) -> object:
        refusal = self.refusal(value)
        if refusal is not None:
            raise ValidationError(refusal)
        return value


class Text(CheckedField):
    """Words of a person: not empty, not only spaces, at most so long."""

    def __init__(self, description: str = "", *, most: int = limits.TEXT_CHARS_MAX, required: bool = False) -> None:
        shape = {"type": "string", "minLength": 1, "maxLength": most}
        super().__init__(description, required=required, documentation=shape)
        self._most = most
        self._refusal = Refusal(f"This must be text of 1 to {most} characters, not only spaces.", "text")

    def refusal(self, value: object) -> Refusal | None:
        if type(value) is str and 0 < len(value) <= self._most and not value.isspace():
            return None
        return self._refusal


class Pattern(CheckedField):
    """Text of one fixed shape."""

    def __init__(self, pattern: str, refusal: Refusal, description: str = "", *, required: bool = False) -> None:
        shape = {"type": "string", "pattern": f"^(?:{pattern})$"}
        super().__init__(description, required=required, documentation=shape)
        self._fullmatch = re.compile(pattern).fullmatch
        self._refusal = refusal

    def refusal(self, value: object) -> Refusal | None:
        if type(value) is str and self._fullmatch(value):
            return None
        return self._refusal


class OneOf(CheckedField):
    """One word out of a closed list."""

    def __init__(self, words: Sequence[str], description: str = "", *, required: bool = False) -> None:
        super().__init__(description, required=required, documentation={"type": "string", "enum": list(words)})
        self._words = frozenset(words)
        self._refusal = Refusal(f"This must be one of: {', '.join(words)}.", "not_in_list")

    def refusal(self, value: object) -> Refusal | None:
        if type(value) is str and value in self._words:
            return None
        return self._refusal


class YesNo(CheckedField):
    """Yes or no, as JSON says it or in a word."""

    documentation: ClassVar[Mapping[str, Any]] = {
        "oneOf": [{"type": "boolean"}, {"type": "string", "enum": ["yes", "no"]}]
    }

    def refusal(self, value: object) -> Refusal | None:
        if type(value) is bool or (type(value) is str and value in {"yes", "no"}):
            return None
        return Refusal("This must be true or false, or yes or no.", "yes_or_no")


class AnyValue(CheckedField):
    """Any JSON value but null: what a claim's value may be is for the rule pack to say."""

    documentation: ClassVar[Mapping[str, Any]] = {
        "anyOf": [{"type": "string"}, {"type": "number"}, {"type": "boolean"}, {"type": "object"}, {"type": "array"}]
    }

    def refusal(self, value: object) -> Refusal | None:
        if value is None:
            return NULL
        if type(value) is str and len(value) > limits.TEXT_CHARS_MAX:
            return Refusal(
                f"A value holds at most {limits.TEXT_CHARS_MAX} characters: longer words belong in the narrative.",
                "text",
            )
        return None


class EitherOf(CheckedField):
    """A value that any one of several kinds of field would take."""

    def __init__(
        self, kinds: Sequence[CheckedField], refusal: Refusal, description: str = "", *, required: bool = False
    ) -> None:
        shapes = [documented(kind) for kind in kinds]
        super().__init__(description, required=required, documentation={"anyOf": shapes})
        self._kinds = tuple(kind.refusal for kind in kinds)
        self._refusal = refusal

    def refusal(self, value: object) -> Refusal | None:
        for kind in self._kinds:
            if kind(value) is None:
                return None
        return self._refusal


class Fields(CheckedField):
    """A small object that is refused as a whole, for a place where other shapes are taken too."""

    def __init__(self, members: Mapping[str, CheckedField], description: str = "", *, required: bool = False) -> None:
        needed = sorted(name for name, member in members.items() if member.required)
        shape = {
            "type": "object",
            "properties": {name: documented(member) for name, member in members.items()},
            "additionalProperties": False,
            "minProperties": 1,
            "required": needed,
        }
        super().__init__(description, required=required, documentation=shape)
        self._members = {name: member.refusal for name, member in members.items()}
        self._needed = frozenset(needed)

    def refusal(self, value: object) -> Refusal | None:
        if type(value) is not dict or not value or not value.keys() >= self._needed:
            return TYPE
        for name, below in value.items():
            check = self._members.get(name)
            if check is None or check(below) is not None:
                return TYPE
        return None


class Items(fields.List[Any]):
    """A list of one kind of field, of a stated length, nothing twice."""

    inner: "CheckedField | Object"

    def __init__(
        self,
        item: "CheckedField | Object",
        description: str = "",
        *,
        most: int,
        least: int = 0,
        required: bool = False,
        unique: bool = False,
    ) -> None:
        metadata: dict[str, Any] = {"minItems": least, "maxItems": most}
        if unique:
            metadata["uniqueItems"] = True
        if description:
            metadata["description"] = description
        length = f"{least} to {most}" if least else f"at most {most}"
        self._refusal = Refusal(f"This must be a list of {length} items.", "list")
        super().__init__(
            item,
            required=required,
            allow_none=False,
            metadata=metadata,
            error_messages={**_MESSAGES, "invalid": self._refusal},
        )
        self._least, self._most, self._unique = least, most, unique

    def whole_refusal(self, value: object) -> Refusal | None:
        """Why the list is refused as a list, whatever its items are."""
        if type(value) is not list or not self._least <= len(value) <= self._most:
            return self._refusal
        if self._unique and any(value[place] in value[:place] for place in range(1, len(value))):
            return _REPEATED
        return None

    def _deserialize(self, value: object, *where: Any, **options: Any) -> Any:
        refusal = self.whole_refusal(value)
        if refusal is not None:
            raise ValidationError(refusal)
        super()._deserialize(value, *where, **options)
        return value


class Object(fields.Nested):
    """An object with a schema of its own, which is handed the rule pack of the body around it."""

    def __init__(self, schema: type[Schema], description: str = "", *, required: bool = False) -> None:
        metadata = {"description": description} if description else {}
        super().__init__(schema, required=required, allow_none=False, metadata=metadata, error_messages=_MESSAGES)

    def _bind_to_schema(self, field_name: str, parent: Schema | fields.Field[Any]) -> None:
        super()._bind_to_schema(field_name, parent)
        self._schema = None  # a copied field must not share the schema, and with it the pack, of the one it came from

    @property
    def schema(self) -> Schema:
        if self._schema is None:
            self._schema = cast("type[Schema]", self.nested)(**self._options())
        return self._schema

    def _options(self) -> dict[str, Any]:
        return {"pack": getattr(self.root, "pack", None)}


def documented(field: CheckedField) -> dict[str, Any]:
    """What OpenAPI says of a field that stands inside another."""
    return dict(field.metadata)
