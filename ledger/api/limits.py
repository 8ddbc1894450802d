"""Every stated limit on what the interface takes in, in one place: schemas, documentation and tests read them here.

Invariants: a limit is on what was sent, before anything is stored; exceeding one is a 4xx that names it.
"""

# ── the body as bytes ──
#: One observation, decision or other single body.
BODY_BYTES_MAX = 128 * 1024
#: A whole batch, JSON array or NDJSON.
BATCH_BYTES_MAX = 1536 * 1024
#: The file of an attachment, unless LEDGER_ATTACHMENT_BYTES says otherwise, and the most that it may say.
ATTACHMENT_BYTES_MAX = 10 * 1024 * 1024
ATTACHMENT_BYTES_CEILING = 64 * 1024 * 1024
#: What stands around an attachment's two parts: boundaries and their headers.
MULTIPART_BYTES_MAX = 16 * 1024
#: How much of a body that is too large is read and thrown away, so that the sender gets to see the answer.
DISCARD_BYTES_MAX = 8 * 1024 * 1024
#: The form by which a token is asked for.
FORM_BYTES_MAX = 8 * 1024
FORM_FIELDS_MAX = 20
BATCH_ITEMS_MAX = 1_000

# ── JSON ──
#: Arrays and objects within one another; in a batch the enclosing array is not counted.
DEPTH_MAX = 16
#: The largest whole number that every reader of JSON keeps exactly.
INTEGER_MAX = 2**53 - 1

# ── the answer ──
#: Failing fields named in one answer; how many more there were is said.
ERRORS_MAX = 100
#: Seconds after which to try again when the ledger is for the moment unable.
RETRY_AFTER_S = 2

# ── words and lists ──
NARRATIVE_CHARS_MAX = 20_000
TEXT_CHARS_MAX = 2_000
REASON_CHARS_MAX = 2_000
NAME_CHARS_MAX = 200
ROLE_CHARS_MAX = 100
REFERENCE_CHARS_MAX = 64
EVENT_ID_CHARS_MAX = 64
TIME_CHARS_MAX = 80

CLAIMS_MAX = 50
PEOPLE_MAX = 30
ALSO_MAX = 20
AGENCIES_MAX = 50
RELIES_ON_MAX = 50
LINKED_MAX = 20
#: Entries that one order erases, short of the whole record.
ERASED_MAX = 200

# ── patterns (anchored when used) ──
EVENT_ID_PATTERN = rf"[A-Za-z0-9._:-]{{1,{EVENT_ID_CHARS_MAX}}}"
AGENCY_PATTERN = r"[a-z0-9][a-z0-9_-]{0,31}"
#: A person or thing by its agency's own reference; the slash is kept for naming another agency's.
REFERENCE_PATTERN = rf"[A-Za-z0-9][A-Za-z0-9._:-]{{0,{REFERENCE_CHARS_MAX - 1}}}"
#: Fifteen digits: a number that JSON holds exactly.
ENTRY_ID_PATTERN = r"[a-z2-7]{26}\.[1-9][0-9]{0,14}"
#: A word of the vocabulary: an attribute, a kind of decision, a topic.
WORD_PATTERN = r"[a-z][a-z0-9_]{0,63}"
SHA256_PATTERN = r"[0-9a-f]{64}"

GESTATION_WEEKS_MIN = 16
GESTATION_WEEKS_MAX = 45
