"""Refresh the vendored GOV.UK Frontend from its npm package: code only, none of the crown's branding.

For maintainers; users never need npm. The font, crest, crown and logo of GOV.UK may only be used on GOV.UK, so every
rule that would load one is taken out, and the script stops if any trace is left.

    npm pack govuk-frontend@6.6.0
    python docs/maintaining/refresh_govuk_frontend.py govuk-frontend-6.6.0.tgz

It prints the lines for ledger/web/static/vendor/README.md.
"""

# ruff: noqa: INP001 - a script of its own, in no package

import hashlib
import re
import sys
import tarfile
from pathlib import Path

VENDOR = Path(__file__).resolve().parents[2] / "ledger" / "web" / "static" / "vendor"
FOLDER = "package/dist/govuk/"
CSS, JS = "govuk-frontend.min.css", "govuk-frontend.min.js"


def without_branding(css: str) -> str:
    """The style sheet without fonts, crest and source map."""
    css = re.sub(r"@font-face\{[^}]*\}", "", css)
    css = re.sub(r"\"?GDS Transport\"?,", "", css)
    css = re.sub(r"(?:-webkit-)?mask-image:url\([^)]*\);?", "", css)
    css = re.sub(r"background-image:url\([^)]*\);?", "", css)
    css = re.sub(r"\.govuk-footer__crown\{[^}]*\}", "", css)
    css = re.sub(r"/\*# sourceMappingURL=.*?\*/", "", css)
    left = [trace for trace in ("url(", "GDS Transport", "@font-face", "crest", "crown") if trace in css]
    if left:
        raise SystemExit(f"still in the style sheet: {', '.join(left)}")
    return css.rstrip() + "\n"


def main(package: Path) -> None:
    """Write the two files and say their sums."""
    with tarfile.open(package) as archive:
        read = {name: archive.extractfile(FOLDER + name) for name in (CSS, JS)}
        texts = {name: member.read().decode() for name, member in read.items() if member is not None}
    texts[CSS] = without_branding(texts[CSS])
    texts[JS] = re.sub(r"//# sourceMappingURL=.*", "", texts[JS]).rstrip() + "\n"
    sys.stdout.write(f"package  {hashlib.sha256(package.read_bytes()).hexdigest()}\n")
    for name, text in texts.items():
        (VENDOR / name).write_text(text, encoding="utf-8")
        sys.stdout.write(f"{name}  {hashlib.sha256(text.encode()).hexdigest()}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
