#!/usr/bin/env python3
"""Join the verifier's modules into one file that imports nothing of this project: `docs/verify/ledger_verify.py`.

Run with the checkout's Python: `.venv/bin/python docs/maintaining/join_verifier.py`. A test fails while the file is not
what this would write. The modules use each other's names only by `from … import`, and no two have a name in common, so
that one namespace holds them all; where that does not hold, this stops.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
JOINED = CHECKOUT / "docs" / "verify" / "ledger_verify.py"
_PACKAGES = ("ledger.domain.log", "ledger.domain.verify")
_START = "ledger.domain.verify.command"
_HEADER = '''#!/usr/bin/env python3
"""Check an export of the ledger, offline and without trusting whoever made it: `python3 ledger_verify.py --help`.

One file, Python 3.11 or newer, nothing to install: it uses the `cryptography` library for signatures where that is
there, and its own arithmetic, which is slower, where it is not. It opens no connection and writes no file.

Joined out of the modules named below by docs/maintaining/join_verifier.py; change those and join again. MIT licence.
"""
'''
_FOOTER = """

if __name__ == "__main__":
    main()
"""


def joined() -> str:
    """The single file's text. ValueError where two modules have a name in common."""
    modules = list(dict.fromkeys(_in_order(_START)))
    standard: dict[str, set[str]] = {}
    names: dict[str, str] = {}
    bodies = []
    for module in modules:
        text = _path(module).read_text()
        tree = ast.parse(text)
        for name in _names(tree):
            if name in names:
                raise ValueError(f"{module} and {names[name]} both define {name}")
            names[name] = module
        bodies.append(f"\n\n# {'─' * 3} {module} {'─' * (100 - len(module))}\n\n\n{_body(text, tree, standard)}")
    return _HEADER + "\n" + "".join(_imports(standard)) + "".join(bodies) + _FOOTER


def _path(module: str) -> Path:
    return CHECKOUT / (module.replace(".", "/") + ".py")


def _in_order(module: str) -> Iterator[str]:
    """The modules that a module needs, and it after them; each may come more than once."""
    for node in ast.parse(_path(module).read_text()).body:
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith(_PACKAGES):
            yield from _in_order(str(node.module))
    yield module


def _names(tree: ast.Module) -> Iterator[str]:
    """Everything that a module defines at its top."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from (name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name))


def _body(text: str, tree: ast.Module, standard: dict[str, set[str]]) -> str:
    """A module without its docstring, which becomes a comment, and without imports, which are noted."""
    lines = text.splitlines()
    docstring, *rest = tree.body
    assert isinstance(docstring, ast.Expr), "every module says what it is for"
    comment = [f"# {line}".rstrip() for line in str(ast.get_docstring(tree)).splitlines()]
    last = docstring.end_lineno or 1
    for node in rest:
        if isinstance(node, ast.Import):
            for name in node.names:
                standard.setdefault(name.name, set())
        elif isinstance(node, ast.ImportFrom):
            if not str(node.module).startswith("ledger."):
                standard.setdefault(str(node.module), set()).update(name.name for name in node.names)
        else:
            break
        last = node.end_lineno or last
    return "\n".join([*comment, "", "", *"\n".join(lines[last:]).strip("\n").split("\n")])


def _imports(standard: dict[str, set[str]]) -> Iterator[str]:
    whole = sorted(module for module, names in standard.items() if not names)
    yield from (f"import {module}\n" for module in whole)
    yield from (
        f"from {module} import {', '.join(sorted(names))}\n" for module, names in sorted(standard.items()) if names
    )


if __name__ == "__main__":
    JOINED.write_text(joined())
    sys.stdout.write(f"{JOINED.relative_to(CHECKOUT)} written\n")
