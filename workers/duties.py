"""What a worker does, hints or none: each duty has a thread of its own, begun and ended with the worker."""

from typing import Final

from workers.app import bell, settings
from workers.auditing import Auditing
from workers.detecting import Detecting
from workers.importing import Importing
from workers.keeping import Keeping
from workers.telling import Telling

telling = Telling(settings)
keeping = Keeping(settings, wrote=telling.wake)


def _found() -> None:
    """What was found has to be told, and may be of a record whose alerts go elsewhere now."""
    telling.wake()
    keeping.wake()


detecting = Detecting(settings, found=_found)
#: In the order in which they begin.
DUTIES: Final = (detecting, telling, keeping, Importing(settings, bell), Auditing(settings))
