"""No view of a child's record goes past `ledger.services.see`, and none is left out of the canary tests."""

import ast
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

from ledger.api.rights import PUBLIC, ROUTES
from ledger.api.schemas.kinds import OF_A_CHILD
from tests.marked_views import NOT_OF_A_CHILD, READ, SENT

#: Modules that open stored content, and what for. Whoever shows anything to anybody is not among them but for `see`.
OPENING: Final[Mapping[str, str]] = {
    "ledger/services/see.py": "the one that opens it for somebody to read",
    "ledger/services/judge_record.py": "judges by the whole record; what is told rests on what the reader sees",
    "ledger/services/name_entry.py": "hands it to see",
    "ledger/services/export_entries.py": "gives content whole where see shows its reader every byte of it",
    "ledger/services/people_here.py": "hands it to see",
    "ledger/services/read_corroboration.py": "which claim a request names, told where its reader sees both",
    "ledger/services/who_holds.py": "whether others said as much as a sender, of what that sender may see",
    "ledger/store/parts.py": "loads claims that the party may see, and opens none",
    "ledger/services/read_own.py": "an agency's own entries, back to that agency",
    "ledger/services/mark.py": "how many claims an agency's own entry has",
    "ledger/services/announce_log.py": "the ledger's own announcements, which are of keys",
    "ledger/services/assess.py": "whom an assessment asks, and who wrote it",
    "ledger/store/assessments.py": "loads bytes, and opens none",
    "ledger/services/lead_handover.py": "whether an offer of the lead was answered",
    "ledger/services/answer_work.py": "of whom something was asked, and whether anything was",
    "ledger/services/conclude.py": "who of an agency has signed its own outcomes",
    "ledger/services/break_glass.py": "a person's own breakings, so that none is counted twice",
    "ledger/store/telling.py": "whom an entry is told to, by references that are put into feeds",
    "ledger/store/detection.py": "detection reads everything and writes references",
    "ledger/store/histories.py": "replays for maintainers, on the command line",
    "ledger/store/sharing.py": "which entries a family was given already, by number",
    "ledger/store/markings.py": "what detection said that findings rest on, by number",
    "ledger/services/rebuild_record.py": "makes projections again, and names what differs by number",
    "ledger/services/audit_entries.py": "holds each content to its commitment, and says where it does not hold",
    "ledger/services/self_audit.py": "the ledger's own announcements, which are of keys",
    "ledger/store/auditing.py": "loads bytes for the self-audit, and opens none",
    "ledger/store/timeline.py": "loads bytes, and opens none",
    "ledger/store/glass.py": "loads bytes, and opens none",
}
_SQL: Final = re.compile(r"\bc\.content\b|\bcontent\b[^;]*\bFROM ledger\.contents\b", re.DOTALL)


def opens(path: Path) -> bool:
    """Whether a module touches what is stored of an entry: its bytes, its column, or a body made of them."""
    tree = ast.parse(path.read_text())
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(attr="sealed" | "content", value=ast.Name(id="entry" | "row" | "stored" | "seen")):
                return True
            case ast.Attribute(attr="content", value=ast.Attribute(attr="c")):
                return True
            case ast.Subscript(value=ast.Call(func=ast.Attribute(attr="loads")), slice=ast.Constant(value="body")):
                return True
            case ast.ImportFrom(module="ledger.services.see", names=names) if any(n.name == "opened" for n in names):
                return True
            case ast.Call(func=ast.Name(id="StoredEntry")):
                return True
            case ast.Constant(value=str(text)) if _SQL.search(text):
                return True
    return False


def test_nobody_else_opens_what_is_stored(root: Path) -> None:
    """Whatever opens stored content is named here with its reason: a view that is not must take what `see` gives."""
    found = {
        path.relative_to(root).as_posix()
        for path in (root / "ledger").rglob("*.py")
        if opens(path) and "/bench/" not in path.as_posix() and "/tables/" not in path.as_posix()
    }
    assert found - OPENING.keys() == set()
    assert OPENING.keys() - found == set()


@pytest.mark.parametrize("layer", ["api", "web"])
def test_what_answers_asks_services_alone(root: Path, layer: str) -> None:
    """No route reads entries from the store: they all come by a service that looks through `see`."""
    reading = {
        path.name
        for path in (root / "ledger" / layer).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom)
        and node.module in {"ledger.store.timeline", "ledger.store.detection"}
        and {name.name for name in node.names} - {"heads_of"}
    }
    assert reading == set()


def test_every_route_is_reached_by_the_canaries() -> None:
    """Each route is asked by the canary tests, sends what they ask of, or says nothing of any child: none is new."""
    posts = {f"children.post_{collection}" for collection in OF_A_CHILD}
    known = READ.keys() | SENT | NOT_OF_A_CHILD | posts
    assert ROUTES.keys() | PUBLIC == (ROUTES.keys() | PUBLIC) & known
    assert known - posts - ROUTES.keys() - PUBLIC == set()
    assert READ.keys().isdisjoint(SENT | NOT_OF_A_CHILD)
