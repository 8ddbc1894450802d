"""A rule pack of three attributes, for tests of what a changed pack changes, and of what no rule is to disturb."""

from pathlib import Path

from ledger.domain.pack import Pack
from ledger.services.load_pack import load_pack

_PRESENCE = """
  presence:
    about: person
    type: state
    meaning: What part this adult has in the home.
    states: [resident, overnight, away]
    values: {{lives_here: [resident], stays_overnight: [overnight, resident], absent: [away]}}
    {more}
    ask: Who lives in the home?
    source: constructed
    examples:
      - shows: two agencies are told otherwise on one day
        finds: contradiction
        claims:
          - {{agency: csc, observed: 2022-03-10, value: absent, basis: told, informant: mother}}
          - {{agency: police, observed: 2022-03-10, value: lives_here, basis: seen}}
      - shows: vague and precise
        finds: nothing
        claims:
          - {{agency: csc, observed: 2022-03-10, value: lives_here, basis: told, informant: mother}}
          - {{agency: hv, observed: 2022-03-10, value: stays_overnight, basis: seen}}
"""
_FRACTURE = """
  fracture:
    about: child
    type: state
    meaning: Whether a bone is broken.
    states: [broken, whole]
    values: {present: [broken], absent: [whole]}
    thing: optional
    compare_within: always
    past_matters: yes
    source: constructed
    examples:
      - shows: two opinions on one bone
        finds: contradiction
        claims:
          - {agency: hospital, observed: 2022-03-10, value: present, basis: judgement, thing: arm}
          - {agency: hospital, observed: 2022-03-10, value: absent, basis: judgement, thing: arm, author: {role: x}}
      - shows: one opinion
        finds: nothing
        claims:
          - {agency: hospital, observed: 2022-03-10, value: present, basis: judgement, thing: arm}
"""
CRITICAL = "critical: yes\n    holds_for: P90D"
NOT_CRITICAL = "critical: no\n    holds_for: P90D"
NOT_COMPARED = "compared: no"


def write_pack(folder: Path, more: str = CRITICAL, version: str = "1") -> Path:
    """A pack in a new folder, its one compared attribute with these further keys."""
    folder.mkdir(parents=True)
    presence = _PRESENCE.format(more=more)
    head = f"pack: small\nversion: {version}\nattributes:"
    note = "  note:\n    about: anyone\n    type: text\n    meaning: Anything else.\n"
    (folder / "pack.yaml").write_text(f"{head}{presence}{_FRACTURE}{note}", encoding="utf-8")
    return folder


def small_pack(folder: Path, more: str = CRITICAL, version: str = "1") -> Pack:
    """The same, loaded."""
    return load_pack(write_pack(folder, more, version))
