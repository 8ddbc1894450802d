"""The chronology as a page that stands by itself: no script, no request to anywhere; it prints, and fits a phone."""

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from ledger.services.export_chronology import (
    FACT,
    ITEM,
    NOTICE,
    PROOF_WORDS,
    QUOTE,
    STRONG,
    Line,
    Summary,
    Told,
)
from ledger.services.export_entries import Shown
from ledger.services.export_words import HOW, About
from ledger.services.word_text import visible

_ENTRY: Final = re.compile("([Ee]ntry) ([0-9]+)")
#: Nothing may be fetched, run or sent, whatever stands in an entry.
_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_STYLE: Final = """
:root{color-scheme:light}
*{box-sizing:border-box}
body{margin:0;background:#fff;color:#0b0c0c;font:1rem/1.5 "Helvetica Neue",Arial,"Noto Sans",sans-serif}
main{max-width:46rem;margin:0 auto;padding:1.5rem 1rem 3rem;overflow-wrap:anywhere}
h1{font-size:1.75rem;line-height:1.2;margin:0 0 .25rem}
h2{font-size:1.3rem;line-height:1.25;margin:2.25rem 0 .75rem;padding-top:.75rem;border-top:3px solid #0b0c0c}
h3{font-size:1.05rem;line-height:1.35;margin:.1rem 0 .4rem}
ul.lines+h3{margin-top:1.1rem}
p{margin:.4rem 0}
.of{font-size:1.1rem;color:#484949;margin:0 0 1rem}
.warn{border-left:5px solid #0b0c0c;padding:.2rem 0 .2rem .9rem;font-weight:700}
dl{margin:.6rem 0}
dl div{display:flex;gap:.2rem 1rem;padding:.3rem 0;border-bottom:1px solid #d8dada}
dt{flex:0 0 11rem;font-weight:700}
dd{margin:0;flex:1 1 auto;min-width:0}
.hash{font-family:Consolas,Menlo,monospace;font-size:.85em}
ol.entries,ul{list-style:none;margin:0;padding:0}
ol.entries>li{padding:1rem 0 1.1rem;border-top:1px solid #b1b4b6}
.when{font-size:.9rem;color:#484949;display:flex;flex-wrap:wrap;gap:.1rem 1rem}
.when b{color:#0b0c0c}
.who{font-weight:400;color:#484949}
ul.lines li{padding:.15rem 0 .15rem 1rem;position:relative}
ul.lines li::before{content:"\\2013";position:absolute;left:0}
.beside{color:#484949;font-size:.9em}
blockquote{margin:.5rem 0;padding:.1rem 0 .1rem .9rem;border-left:4px solid #b1b4b6;white-space:pre-wrap}
.notice{font-size:.95rem;border-left:4px solid #1d5fa3;padding:.1rem 0 .1rem .7rem}
.strong{font-weight:700}
.facts div{border:0;padding:.1rem 0}
.facts dt{font-weight:400;color:#484949}
.proof{display:inline-block;font-size:.8rem;padding:.05rem .5rem;margin-top:.4rem;border:1px solid #505a5f}
.proof.whole{border-color:#005a30;color:#005a30}
.proof.part{border-style:dashed}
.proof.withheld,.proof.erased{background:#eef0f0}
.small{font-size:.9rem;color:#484949}
@media(max-width:30rem){dl div{display:block}h1{font-size:1.5rem}}
@page{size:A4;margin:18mm 16mm}
@media print{body{font-size:10pt}main{max-width:none;padding:0}h2,h3,.when{break-after:avoid}
ol.entries>li{break-inside:auto;orphans:3;widows:3}}
"""


def html_of(about: About, summary: Summary, entries: Iterable[Told]) -> Iterator[bytes]:
    """The page, a piece at a time."""
    yield "".join(_head(about, summary)).encode()
    for told in entries:
        yield "".join(_entry(told)).encode()
    yield b"</ol>\n</main>\n</body>\n</html>\n"


def _head(about: About, summary: Summary) -> Iterator[str]:
    title = escape(f"Chronology: {about.child}")
    yield (
        f'<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="referrer" content="no-referrer">\n<meta name="robots" content="noindex">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        f'<h1>Chronology</h1>\n<p class="of">{escape(about.child)}</p>\n'
        '<p class="warn">Confidential: information about a child and others.</p>\n'
    )
    yield "<dl>\n"
    for label, value in about.facts:
        is_hash = label in ("Hash of that entry", "Record")
        shown = f'<span class="hash">{escape(value)}</span>' if is_hash else escape(value)
        yield f"<div><dt>{escape(label)}</dt><dd>{shown}</dd></div>\n"
    yield "</dl>\n<ul class=lines>\n"
    yield from (f"<li>{escape(line)}</li>\n" for line in about.counted)
    yield "</ul>\n"
    yield from (f'<p class="small">{escape(line)}</p>\n' for line in HOW)
    yield "<h2>What was found, and what became of it</h2>\n"
    nothing = True
    for found, after in summary.findings():
        nothing = False
        yield f"<h3>{escape(found.words)} <span class=who>({_linked(found.beside)})</span></h3>\n"
        yield f"<ul class=lines>{''.join(f'<li>{_linked(line.words)}</li>' for line in after)}</ul>\n"
    if nothing:
        yield "<p>Nothing that may be shown here.</p>\n"
    yield "<h2>Decisions</h2>\n<ul class=lines>\n"
    for line in summary.decisions:
        yield f"<li>{_linked(line.words)} {escape(line.beside)}</li>\n"
    yield "</ul>\n" if summary.decisions else "</ul>\n<p>None that may be shown here.</p>\n"
    yield "<h2>Entries</h2>\n<ol class=entries>\n"


def _entry(told: Told) -> Iterator[str]:
    yield f'<li id="entry-{told.number}">\n<div class=when><b>{told.number}</b>'
    yield f'<span>Recorded <time datetime="{told.recorded_at}">{escape(told.recorded)}</time></span>'
    if told.observed:
        yield f"<span>Seen or said {escape(told.observed)}</span>"
    yield "</div>\n"
    if told.title:
        yield f"<h3>{escape(told.title)} <span class=who>{escape(told.who)}</span></h3>\n"
    yield from _lines(told.lines)
    yield f'<p class="proof {told.shown}">{escape(PROOF_WORDS[Shown(told.shown)])}</p>\n</li>\n'


def _lines(lines: Sequence[Line]) -> Iterator[str]:
    """Lines of one form that follow each other are one list."""
    within = ""
    for line in lines:
        if within and line.form != within:
            yield _ENDS[within]
        if line.form != within:
            yield _BEGINS.get(line.form, "")
        within = line.form if line.form in _BEGINS else ""
        words, beside = escape(line.words), escape(line.beside)
        match line.form:
            case "item":
                yield f"<li>{words}" + (f" <span class=beside>{beside}</span>" if beside else "") + "</li>\n"
            case "fact":
                yield f"<div><dt>{beside}</dt><dd>{words}</dd></div>\n"
            case "quote":
                yield f"<blockquote>{words}</blockquote>\n"
            case form:
                yield f"<p class={form if form in (NOTICE, STRONG) else 'text'}>{words}</p>\n"
    if within:
        yield _ENDS[within]


_BEGINS: Final = {ITEM: "<ul class=lines>\n", FACT: "<dl class=facts>\n"}
_ENDS: Final = {ITEM: "</ul>\n", FACT: "</dl>\n"}
assert QUOTE == "quote"


def escape(words: str) -> str:
    """Words as they stand in a page, with nothing in them that steers it."""
    return html.escape(visible(words))


def _linked(words: str) -> str:
    """Words in which each “entry 12” leads to that entry of this page."""
    parts = escape(words).split("entry ")
    linked = [parts[0]]
    for part in parts[1:]:
        digits = part[: len(part) - len(part.lstrip("0123456789"))]
        linked.append(
            f'<a href="#entry-{digits}">entry {digits}</a>{part[len(digits) :]}' if digits else f"entry {part}"
        )
    return "".join(linked)
