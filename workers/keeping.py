"""Keeping alerts and rules in one worker process: clocks that ran out, and rules that are to be counted.

In a thread of its own a long list of alerts holds up no detection and nothing that is told.
"""

import os
from collections.abc import Callable

from config.settings import Settings
from ledger.services.detect_due import Setbacks
from ledger.services.keep_alerts import keep_alerts
from ledger.services.keep_rules import keep_rules
from workers.packs import packs_of
from workers.poll import Pace, Part


class Keeping(Part):
    """Woken by what was found or posted: either may move an alert."""

    pace = Pace(2.0, "alerts whose clock ran out", least=0.5)

    def __init__(self, settings: Settings, wrote: Callable[[], None] = lambda: None) -> None:
        """`wrote` is called after entries were written: they have to be told."""
        super().__init__(settings)
        self._wrote = wrote
        self._setbacks = Setbacks()

    def look(self) -> None:
        packs = packs_of(self._settings.pack_folder)
        kept = keep_alerts(self.engine, packs, os.urandom, setbacks=self._setbacks, stop=self.is_ending)
        kept += keep_rules(self.engine, packs, os.urandom)
        if kept:
            self._wrote()
