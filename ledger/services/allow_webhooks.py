"""Say which hosts an agency may have webhooks sent to: an entry in the partnership's record, in force from then on."""

from collections.abc import Sequence

from sqlalchemy import Engine

from ledger.domain.entry import Chance
from ledger.domain.webhook_url import BadUrlError, check_name
from ledger.services.find_party import partnership_of, record_of
from ledger.services.refusal import RefusedError
from ledger.services.write_own import write_own
from ledger.store.database import SYSTEM, transaction
from ledger.store.webhooks import hosts_of

HOSTS_MOST = 50


def allow_webhooks(engine: Engine, chance: Chance, *, agency: str, hosts: Sequence[str]) -> bool:
    """Put a list of hosts in force for an agency, none where it is empty; False when it is in force already.

    What is on its way to a host that is no longer on the list is not sent. Raises RefusedError.
    """
    partnership = partnership_of(engine, agency)
    if len(hosts) > HOSTS_MOST:
        raise RefusedError("bad_host", f"an agency's list has up to {HOSTS_MOST} hosts")
    for host in hosts:
        try:
            check_name(host)
        except BadUrlError as error:
            raise RefusedError("bad_host", str(error)) from None
    wanted = sorted(set(hosts))
    with transaction(engine, party=SYSTEM) as connection:
        if list(hosts_of(connection, agency)) == wanted:
            return False
    write_own(engine, record_of(engine, partnership), "webhook_hosts_set", {"agency": agency, "hosts": wanted}, chance)
    return True
