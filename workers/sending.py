"""What leaves by mail or webhook, in one worker process: its channels, the threads that send, and what is planned."""

import os
from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import Engine

from config.mail_settings import MailSettings
from config.settings import Settings
from ledger.services.address_mail import letters
from ledger.services.channel import Channel
from ledger.services.crew import Crew
from ledger.services.deliver import Tools, deliver_due
from ledger.services.mail_channel import mail_channel, mail_name
from ledger.services.plan_deliveries import Planner
from ledger.services.post_webhook import Egress
from ledger.services.seal import Sealer
from ledger.services.send_webhook import WebhookChannel
from ledger.store.database import connect_engine

#: Connections for the threads that send: each needs one for milliseconds, before and after the network.
_CONNECTIONS = 4


def planner(mail: MailSettings) -> Planner:
    """What is planned on these settings: without a mail server, nothing for mail."""
    return Planner(mail_name(mail))


def mail_channels(mail: MailSettings, engine: Engine, base_url: str) -> dict[str, Channel]:
    """The way by which mail leaves, by its name; none where none is set."""
    name, channel = mail_name(mail), mail_channel(mail, letters(engine, base_url), lambda: datetime.now(UTC))
    return {} if name is None or channel is None else {name: channel}


def webhook_channels(settings: Settings, engine: Engine) -> dict[str, Channel]:
    """The way by which agencies are told by webhook."""
    keys = settings.sign_in.secret_keys
    egress = Egress(settings.webhooks.proxy, settings.webhooks.loopback)
    sealer = Sealer(keys) if keys else None
    return {"webhook": WebhookChannel(engine, sealer, os.urandom, lambda: datetime.now(UTC), egress)}


class Sending:
    """Connects when something is sent, and no sooner. `wake` is called when a message has been sent."""

    def __init__(self, settings: Settings, wake: Callable[[], None] = lambda: None) -> None:
        self._engine = connect_engine(settings.worker_database_url, "ledger_worker", pool_size=_CONNECTIONS)
        channels = mail_channels(settings.mail, self._engine, settings.base_url)
        channels |= webhook_channels(settings, self._engine)
        crew = Crew({name: channel.at_once for name, channel in channels.items()}, done=wake)
        self._tools = Tools(self._engine, channels, crew, os.urandom)

    def go_round(self) -> int:
        """Begin to send what is due; how many messages. Raises what a database that is away raises."""
        return deliver_due(self._tools)

    def recover(self) -> None:
        """Let go of connections that may be dead."""
        self._engine.dispose()
