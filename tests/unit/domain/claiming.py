"""Claims and attributes of every type, for tests of what values allow: short builders with visible defaults."""

from datetime import UTC, datetime, timedelta
from typing import Any

from ledger.domain.claim import Claim, claims_of
from ledger.domain.vocabulary import Attribute, AttributeType

AT = datetime(2022, 6, 1, tzinfo=UTC)


def attribute(type_: AttributeType, **more: Any) -> Attribute:
    """A compared attribute of this type, called ``matter``."""
    settings: dict[str, Any] = {"is_compared": True, "compare_within": timedelta(days=60), **more}
    return Attribute(name="matter", about="anyone", type=type_, meaning="What is so.", **settings)


def claims(*values: Any, agency: str = "hv", **more: Any) -> list[Claim]:
    """One claim for each value, each in an entry of its own; ``more`` is in every one of them."""
    made: list[Claim] = []
    for number, value in enumerate(values, 1):
        sent = {"about": "child", "attribute": "matter", "value": value, "basis": "seen", **more}
        body = {"observed": sent.pop("observed", "2022-05-01"), "statement": "fact", "claims": [sent]}
        made += claims_of(body, agency=agency, number=number, recorded_at=AT)
    return made
