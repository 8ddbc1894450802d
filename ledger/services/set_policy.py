"""Say which photograph policy an agency follows: an entry in the partnership's record, in force from then on."""

from uuid import UUID

from sqlalchemy import Engine, select

from ledger.domain.entry import Chance
from ledger.services.find_party import partnership_of, record_of
from ledger.services.refusal import RefusedError
from ledger.services.write_own import write_own
from ledger.store.database import SYSTEM, transaction
from ledger.store.tables import photograph_policies

_CHARS_MAX = 200
_PLACES = ("https://", "http://")


def set_photograph_policy(
    engine: Engine, chance: Chance, *, agency: str, reference: str, title: str | None = None, url: str | None = None
) -> bool:
    """Put a policy in force for an agency; False when it is the one in force. Raises RefusedError."""
    partnership = partnership_of(engine, agency)
    said = {"reference": reference.strip(), "title": (title or "").strip(), "url": (url or "").strip()}
    if not said["reference"] or any(len(text) > _CHARS_MAX or not text.isprintable() for text in said.values()):
        raise RefusedError(
            "bad_policy", f"reference, title and url are one line each, of up to {_CHARS_MAX} characters"
        )
    if not said["title"] and not said["url"]:
        raise RefusedError("bad_policy", "say where the policy is to be found: --title, --url or both")
    if said["url"] and not said["url"].startswith(_PLACES):
        raise RefusedError("bad_policy", "--url begins with https://")
    told = {name: text for name, text in said.items() if text}
    if _in_force(engine, agency) == (told["reference"], told.get("title"), told.get("url")):
        return False
    record_id: UUID = record_of(engine, partnership)
    write_own(engine, record_id, "photograph_policy_set", {"agency": agency, **told}, chance)
    return True


def _in_force(engine: Engine, agency: str) -> tuple[str, str | None, str | None] | None:
    table = photograph_policies
    query = select(table.c.reference, table.c.title, table.c.url).where(table.c.agency_id == agency)
    with transaction(engine, party=SYSTEM) as connection:
        row = connection.execute(query.order_by(table.c.number.desc()).limit(1)).one_or_none()
    return None if row is None else (row.reference, row.title, row.url)
