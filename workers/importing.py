"""Posting in one worker process the rows of files that people brought and confirmed.

In a thread of its own a file of thousands of rows holds up no detection. What is posted is posted as the person who
brought it, so this part has two engines: as a worker it finds which files wait, and as the web it posts them.
"""

import os
from datetime import UTC, datetime

from sqlalchemy import Engine

from config.settings import Settings
from ledger.services.context import Bell, Context
from ledger.services.import_post import forget, post_waiting
from ledger.services.load_pack import load_pack
from ledger.services.seal import Sealer
from ledger.store.database import connect_engine
from workers.poll import Pace, Part


class Importing(Part):
    """Looks by itself: whoever confirms a file waits a second for its first row."""

    pace = Pace(1.0, "files to be posted", least=0.5)

    def __init__(self, settings: Settings, bell: Bell) -> None:
        """`bell` is rung after observations were stored: they are to be detected in."""
        super().__init__(settings)
        self._bell = bell
        self._serving: Engine | None = None
        self._context: Context | None = None

    def look(self) -> None:
        """Post what waits. Without keys in the settings nobody can have brought anything."""
        keys = self._settings.sign_in.secret_keys
        if not keys:
            return
        context = self._made_context()
        post_waiting(context, self.engine, Sealer(keys), stop=self.is_ending)
        forget(self.engine, context)

    def recover(self) -> None:
        super().recover()
        if self._serving is not None:
            self._serving.dispose()

    def _made_context(self) -> Context:
        if self._context is None:
            self._serving = connect_engine(self._settings.web_database_url, "ledger_web", pool_size=1)
            pack = load_pack(self._settings.pack_folder).without_examples()
            self._context = Context(self._serving, pack, os.urandom, lambda: datetime.now(UTC), self._bell)
        return self._context
