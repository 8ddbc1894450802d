"""Telling in one worker process: alerts' clocks, feeds, the day's digests, and what leaves by other channels.

In a thread of its own a mail server that is slow holds up no detection. It looks by itself again and again, and at once
when detection has found something in this process.
"""

from config.settings import Settings
from ledger.services.fan_out import fan_out
from ledger.services.make_digests import make_digests
from workers.packs import packs_of
from workers.poll import Pace, Part
from workers.sending import Sending, planner


class Telling(Part):
    """Woken by whatever was written that is to be told, and when a message has been sent."""

    pace = Pace(1.0, "what is to be told", least=0.1, connections=2)

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._plan = planner(settings.mail)
        self._sending: Sending | None = None

    def look(self) -> None:
        """Tell all that waits, and begin to send what is due. Raises what a database that is away raises."""
        if self._sending is None:
            self._sending = Sending(self._settings, self.wake)
        packs = packs_of(self._settings.pack_folder)
        fan_out(self.engine, self._plan, packs=packs, stop=self.is_ending)
        self._sending.go_round()
        make_digests(self.engine, packs, self._plan)

    def recover(self) -> None:
        super().recover()
        if self._sending is not None:
            self._sending.recover()
