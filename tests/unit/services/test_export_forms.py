import csv
import hashlib
import io
import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from html.parser import HTMLParser

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.services.export_chronology import FACT, ITEM, NOTICE, QUOTE, STRONG, TEXT, Line, Summary, Told
from ledger.services.export_csv import COLUMNS, csv_of, guarded
from ledger.services.export_entries import Shown
from ledger.services.export_html import html_of
from ledger.services.export_letters import FILES, FONTS, lines_of, visual
from ledger.services.export_pdf import write_pdf
from ledger.services.export_words import About, read_me_of_log, read_me_of_record
from ledger.services.word_text import visible, visible_json
from tests.pdf_text import pdf_text
from tests.sizes import examples

#: What somebody may have written: any text but what JSON cannot carry.
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
HOSTILE = "\"><script src=//x.example/s.js></script><img src=x onerror=alert(1)>'</style><style>@import url(//x)"
AT = datetime(2024, 5, 6, 7, 8, tzinfo=UTC)


def about(child: str = "Robin Example", recipient: str = "Jo of HV") -> About:
    counts = {shown.value: 1 for shown in Shown}
    return About(child, "k" * 26, 4, "As it stood", "ab" * 32, recipient, "o.example", "o+1+x", "r+1+x", 9, counts)


def told(number: int, lines: Sequence[Line], title: str = "Observation") -> Told:
    at = "2024-05-06T07:08:00.000000Z"
    return Told(number, at, "6 May 2024 at 8:08am", "5 May 2024", title, "HV", "whole", lines, "observation", "hv")


def every_form(words: str) -> list[Line]:
    return [Line(form, words, words) for form in (TEXT, QUOTE, ITEM, FACT, NOTICE, STRONG, ITEM, ITEM)]


def page(entries: Sequence[Told], child: str = "Robin Example") -> str:
    return b"".join(html_of(about(child), Summary(), entries)).decode()


def printed(entries: Sequence[Told], child: str = "Robin Example") -> bytes:
    parts: list[bytes] = []
    write_pdf(about(child), Summary(), entries, AT, parts.append)
    return b"".join(parts)


class _Tags(HTMLParser):
    """Which elements a page has, which attributes, and whether each that opens is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.names, self.attributes, self.open = set[str](), list[tuple[str, str | None]](), list[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes += attrs
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@given(WORDS)
@settings(max_examples=examples())
def test_no_cell_is_a_formula(words: str) -> None:
    """Whatever was written, no cell of the table begins as a formula does, and nothing that can be seen is lost."""
    rows = list(csv.reader(io.StringIO(b"".join(csv_of([told(1, every_form(words), words)])).decode("utf-8-sig"))))
    assert tuple(rows[0]) == COLUMNS
    for cell in rows[1]:
        assert cell.lstrip(" ")[:1] not in {"=", "+", "-", "@", "\t", "\r", "\n", "|", "%"}
    assert rows[1][4] in {visible(words), f"'{visible(words)}"}


def test_formulas_are_guarded_and_words_are_not() -> None:
    """An apostrophe goes before what a spreadsheet would run, also behind spaces, and before nothing else."""
    dangerous = ["=1+1", "+1", "-1", "@x", "\t=1", "  =HYPERLINK(1)", "\uff1d1"]
    assert [guarded(one) for one in dangerous] == [f"'{one}" for one in dangerous]
    assert [guarded(one) for one in ("", "He said = and -", "1-2")] == ["", "He said = and -", "1-2"]


def test_a_page_asks_nobody_for_anything() -> None:
    """Whatever stands in an entry, the page has no script, no picture and no address but of its own entries."""
    text = page([told(1, every_form(HOSTILE), HOSTILE), told(2, every_form("entry 1 says so"))], child=HOSTILE)
    tags = _Tags()
    tags.feed(text)
    assert tags.open == []
    assert tags.names <= {
        "html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "h3", "p", "dl", "div", "dt", "dd", "ul",
        "ol", "li", "span", "time", "b", "blockquote", "a",
    }  # fmt: skip
    assert all(value is not None and value.startswith("#entry-") for name, value in tags.attributes if name == "href")
    assert not [name for name, _ in tags.attributes if name.startswith("on") or name in {"src", "style", "action"}]
    assert any(value is not None and value.startswith("default-src 'none'") for _, value in tags.attributes)
    assert not re.search(r"url\(|@import|https?:", text[text.index("<style>") : text.index("</style>")])


@given(WORDS)
@settings(max_examples=examples() // 4)
def test_the_same_words_stand_on_the_page(words: str) -> None:
    """What was written is read back from the page as it was, and what steers as its number."""

    class Words(HTMLParser):
        said = ""

        def handle_data(self, data: str) -> None:
            self.said += data

    reader = Words()
    reader.feed(page([told(1, [Line(TEXT, f"[{words}]")])]))
    # As every browser does: a page has no carriage returns.
    assert visible(f"[{words}]").replace("\r\n", "\n") in reader.said.replace("\r\n", "\n")


def test_nothing_that_was_written_steers_what_shows_it() -> None:
    """Escapes and overrides of direction are written as their numbers in table, page, print and read-me; line ends,
    tabs and letters that run leftwards stand as they are.
    """
    words = "a\x1b[31m \u202eb\u2066c\x9b d\re\U000e0041"
    shown = "a[U+001B][31m [U+202E]b[U+2066]c[U+009B] d[U+000D]e[U+E0041]"
    entries = [told(1, every_form(words), words)]
    table = b"".join(csv_of(entries)).decode("utf-8-sig")
    for text in (table, page(entries, child=words), read_me_of_record(about(recipient=words))):
        assert shown in text
        assert not set("\x1b\u202e\u2066\x9b\U000e0041") & set(text)
    assert "[U+001B][31m [U+202E]b[U+2066]c[U+009B]" in pdf_text(printed(entries, child=words)).replace("\n", " ")
    kept = "Żółć,\t\u05e9\u05dc\u05d5\u05dd\r\nmy\u200cname\n"
    assert visible(kept) == kept
    assert json.loads(visible_json(json.dumps(words, ensure_ascii=False))) == words
    assert visible_json(json.dumps(words, ensure_ascii=False)).isprintable()


def test_names_survive_the_print() -> None:
    """Letters of many scripts are printed; what the font lacks is written as its number, and said to be."""
    words = "Łukasz Żółć, Ελένη, Дмитро, Ñandú, O’Brien, Ørsted, Çelik, ‘quoted’ – dash"
    text = pdf_text(printed([told(1, [Line(TEXT, words), Line(TEXT, "李 and 🦕")])], child="Zoë"))
    joined = text.replace("\n", " ")
    assert words in joined
    assert "[U+674E] and [U+1F995]" in joined
    assert "written as its number in Unicode" in joined


def test_scripts_that_run_leftwards_are_joined_and_read_as_they_are_written() -> None:
    """Arabic letters have the forms in which they join; runs stand from right to left, and what is beside them not."""
    widths = dict.fromkeys(map(chr, range(0x10000)), 0.5)
    assert visual("محمد", widths) == "\ufeaa\ufee4\ufea4\ufee3"
    assert visual("سلام", widths) == "\ufee1\ufefc\ufeb3"
    assert visual("Ms שלום עולם (12) said", widths) == "Ms םלוע םולש (12) said"
    assert visual("Dr Who, 12 High Street", widths) == "Dr Who, 12 High Street"


@given(WORDS, st.floats(20, 200))
@settings(max_examples=examples() // 2)
def test_lines_are_no_wider_than_they_may_be_and_lose_nothing(words: str, width: float) -> None:
    """Letters that run rightwards stay in order whatever the width; a line is only wider where one letter is."""
    plain = "".join(one for one in words if one.isascii() and one.isprintable())
    lines = [*lines_of(plain, "", 10, width)]
    assert "".join(lines).replace(" ", "") == plain.replace(" ", "")
    assert all(line == plain or len(line) <= width / 0.5 for line in lines)


def test_long_words_and_pages_are_printed_whole() -> None:
    """A narrative over many pages, one word longer than a line, and no words at all: all of it stands there."""
    words = " ".join(f"word{number}" for number in range(3000))
    text = pdf_text(printed([told(1, [Line(QUOTE, words), Line(TEXT, "x" * 500), Line(ITEM, "")])]))
    assert re.findall(r"word\d+", text) == words.split(" ")
    assert text.count("x" * 50) >= 1


def test_the_same_entries_print_the_same_bytes() -> None:
    """Nothing in the print is of the moment in which it was made."""
    entries = [told(number, every_form("He said so.")) for number in range(1, 30)]
    assert printed(entries) == printed(entries)


def test_what_it_is_is_said_in_plain_words() -> None:
    """The file to be read first says for whom, as of when, and how to check it, by which key."""
    said = read_me_of_record(about())
    for words in ("Jo of HV", "As it stood", "ledger_verify.py", "--key 'o+1+x'", "Withheld: 1 entry", "--log FOLDER"):
        assert words in said


def test_the_command_that_is_given_checks_every_file() -> None:
    """Both keys stand in it, without which nobody would see that the chronology was changed; which is said."""
    for said in (read_me_of_record(about()), read_me_of_log("o", "entries", 5, ("o+1+x", "o+2+y"), "Jo")):
        assert f"--receipt-key '{'o+2+y' if 'log of entries' in said else about().receipts_key}'" in said
        assert "Checked with both keys, a single byte that is changed in any of these files shows." in said
        assert "Without\n--receipt-key only the " in said
        assert max(map(len, said.splitlines())) <= 120


def test_the_fonts_are_those_on_record() -> None:
    """Each has the sum that the README beside it gives, with its licence."""
    readme = (FONTS / "README.md").read_text()
    assert {path.name for path in FONTS.iterdir()} == {"README.md", *FILES.values()}
    for name in FILES.values():
        assert hashlib.sha256((FONTS / name).read_bytes()).hexdigest() in readme
    assert "Permission is hereby granted, free of charge" in readme
