"""When a record on which detection failed is tried again, and when it is no longer tried by itself."""

from typing import Final

#: For how many seconds a record is left alone after its first failure in a row, its second, and so on.
RESTS_S: Final = (1.0, 2.0, 4.0, 8.0)
#: With this failure in a row it is parked: left alone until something has changed.
PARKED_AFTER: Final = len(RESTS_S) + 1
