"""What the sealer does besides sealing where a policy names witnesses: has them cosign what it signed."""

import atexit
from collections.abc import Callable

import click
from sqlalchemy import Connection

from config.settings import Settings
from ledger.domain.log.note import Verifier
from ledger.domain.log.policy import Policy
from ledger.services.ask_witnesses import PolicyUnfitError, WitnessAskers, asked_witnesses
from ledger.services.read_policy import PolicyFileError, read_policy
from ledger.services.sign_log import LogSigner, origin_of_log
from ledger.store.database import connect_engine
from ledger.store.log import LOGS
from ledger.store.sealing import origin_of


def witness_asking(settings: Settings, signer: LogSigner) -> Callable[[Connection], None]:
    """What is to be done each round of the sealer; ends this command where the policy cannot be used."""
    try:
        policy = read_policy(settings.log.policy)
        witnesses = asked_witnesses(policy)
    except (PolicyFileError, PolicyUnfitError) as error:
        raise click.ClickException(str(error)) from error
    if policy is None or not witnesses:
        return lambda _connection: None
    return _Asking(settings, signer, policy, len(witnesses))


class _Asking:
    """Starts to ask once the ledger has a name, and says at each round that the sealer is at work."""

    def __init__(self, settings: Settings, signer: LogSigner, policy: Policy, witnesses: int) -> None:
        self._engine = connect_engine(settings.sealer_database_url, "ledger_sealer", pool_size=witnesses)
        self._signer, self._policy = signer, policy
        self._askers: WitnessAskers | None = None

    def __call__(self, connection: Connection) -> None:
        with connection.begin():
            if self._askers is None:
                origin = origin_of(connection)
                if origin is None:
                    return
                keys = {log: self._keys(origin_of_log(origin, log)) for log in LOGS}
                self._askers = WitnessAskers(self._engine, self._policy, keys)
                self._askers.start(connection)
                atexit.register(self._askers.stop)
            self._askers.look(connection)

    def _keys(self, name: str) -> list[Verifier]:
        """The key that signs now, and those that the policy knows this log by: it may have changed its key."""
        own = self._signer.verifier(name)
        return [own, *(key for key, _ in self._policy.logs if key.name == name and key != own)]
