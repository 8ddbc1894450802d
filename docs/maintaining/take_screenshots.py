#!/usr/bin/env python3
"""Takes the pictures of docs/images anew: every page of the tests' table, over the tests' scene, in this machine's
Chromium.

Run by `make screenshots`, with ARGS="inbox finding" for some of them. The scene's clocks stand still, so a picture
changes where a page does. Needs no network; the servers are the tests' own and are gone afterwards.
Fields of dates are Chromium's own, and look as in Britain where Debian's chromium-l10n is installed as well.
"""

import base64
import logging
import os
import struct
import sys
import zlib
from pathlib import Path
from typing import Final

from playwright.sync_api import Error, Page

ROOT: Final = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.e2e.browser import DESK, NO_BROWSER, PHONE, Chromium, find_chromium  # noqa: E402 - found by the path above
from tests.e2e.pages import PAGES, Row  # noqa: E402
from tests.e2e.serving import served  # noqa: E402
from tests.e2e.visiting import visit  # noqa: E402
from tests.engines import SharedEngines  # noqa: E402
from tests.scene import Scene, scene_copy  # noqa: E402
from tests.templates import Templates, migrate_template  # noqa: E402

FOLDER: Final = ROOT / "docs" / "images"
#: A longer page is cut off here: a picture in a guide shows what a page is like, and not all of it.
_HEIGHT_MAX: Final = 2000


def main(names: list[str]) -> None:
    """Take those of these names, all of them where none is named."""
    program = find_chromium()
    if program is None:
        sys.exit(NO_BROWSER)
    unknown = set(names) - {row.name for row in PAGES}
    if unknown:
        sys.exit(f"no page is called {', '.join(sorted(unknown))}; they stand in tests/e2e/pages.py")
    logging.getLogger("werkzeug").setLevel(logging.WARNING)  # else a line for each request
    rows = [row for row in PAGES if row.pictured and (not names or row.name in names)]
    shared = SharedEngines(f"screenshots-{os.getpid()}")
    templates = Templates(shared.engines, None)
    chromium = Chromium(program)
    try:
        migrate_template(templates)
        with scene_copy(templates) as scene, served(scene.app) as site, chromium.lent():
            drawing = chromium.profile([]).new_page()
            wrong = [said for row in rows for said in _take(chromium, drawing, site, scene, row)]
    finally:
        chromium.close()
        templates.close()
        shared.release()
    if wrong:
        sys.exit("\n".join(wrong))


def _take(chromium: Chromium, drawing: Page, site: str, scene: Scene, row: Row) -> list[str]:
    """Take the pictures of a page; what is wrong with it."""
    complaints: list[str] = []
    context = chromium.profile(complaints)
    page = context.new_page()
    try:
        visit(page, site, scene, row)
    except (AssertionError, Error) as error:
        context.close()
        return [f"{row.name}: no picture was taken: {error}"]
    for size, name in [(DESK, row.name), *([(PHONE, f"{row.name}-phone")] if row.phone else [])]:
        page.set_viewport_size({"width": size[0], "height": size[1]})
        _shoot(page, drawing, FOLDER / f"{name}.png")
    context.close()
    return [f"{row.name}: {complaint}" for complaint in complaints]


def _shoot(page: Page, drawing: Page, file: Path) -> None:
    width = page.evaluate("window.innerWidth")
    height = min(page.evaluate("document.documentElement.scrollHeight"), _HEIGHT_MAX)
    taken = page.screenshot(
        full_page=True, animations="disabled", clip={"x": 0, "y": 0, "width": width, "height": height}
    )
    file.write_bytes(_with_palette(drawing, taken))
    sys.stdout.write(f"{file.relative_to(ROOT)}\n")


#: The picture's colours, the 256 that are there most often, and of each point which of them is nearest to its own.
_INDEXED: Final = """async (data) => {
  const picture = new Image();
  picture.src = "data:image/png;base64," + data;
  await picture.decode();
  const canvas = Object.assign(document.createElement("canvas"), {width: picture.width, height: picture.height});
  const context = canvas.getContext("2d", {willReadFrequently: true});
  context.drawImage(picture, 0, 0);
  const points = new Uint32Array(context.getImageData(0, 0, picture.width, picture.height).data.buffer);
  const counts = new Map();
  for (const point of points) counts.set(point, (counts.get(point) || 0) + 1);
  const colours = [...counts].sort((one, other) => other[1] - one[1] || one[0] - other[0]).slice(0, 256);
  const parts = (point) => [point & 255, (point >> 8) & 255, (point >> 16) & 255];
  const palette = colours.map(([point]) => parts(point));
  const nearest = new Map(colours.map(([point], place) => [point, place]));
  for (const point of counts.keys()) {
    if (nearest.has(point)) continue;
    const own = parts(point);
    let best = 0, least = Infinity;
    palette.forEach((colour, place) => {
      const apart = colour.reduce((sum, part, n) => sum + (part - own[n]) ** 2, 0);
      if (apart < least) [best, least] = [place, apart];
    });
    nearest.set(point, best);
  }
  const indexes = Uint8Array.from(points, (point) => nearest.get(point));
  let text = "";
  for (let at = 0; at < indexes.length; at += 32768) text += String.fromCharCode(...indexes.subarray(at, at + 32768));
  return {width: picture.width, height: picture.height, palette: palette.flat(), indexes: btoa(text)};
}"""


def _with_palette(drawing: Page, png: bytes) -> bytes:
    """The same picture at a third of its size: nobody sees a difference, and whoever clones the project waits less."""
    found = drawing.evaluate(_INDEXED, base64.b64encode(png).decode())
    width, height, indexes = found["width"], found["height"], base64.b64decode(found["indexes"])
    rows = b"".join(b"\0" + indexes[at : at + width] for at in range(0, len(indexes), width))
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    chunks = (
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in (
            (b"IHDR", head),
            (b"PLTE", bytes(found["palette"])),
            (b"IDAT", zlib.compress(rows, 9)),
            (b"IEND", b""),
        )
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


if __name__ == "__main__":
    main(sys.argv[1:])
