"""What beat sends, and how often: hints only, each to a task that looks up what is due for itself.

Nothing is lost when beat never runs, and nothing is doubled when two run.
"""

from ledger.services.ring import QUEUE, TASK

#: How often beat reminds the workers that something may have fallen due.
HINT_SECONDS = 5.0

SCHEDULE = {
    "what-is-due": {
        "task": TASK,
        "schedule": HINT_SECONDS,
        "options": {"queue": QUEUE},
    },
}
