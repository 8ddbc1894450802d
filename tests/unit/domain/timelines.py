"""Timelines, and what a careful safeguarding lead would make of each.

``certain`` or ``possible``: they cannot all be so, for every reading of the dates or for some. ``change``: it may be a
change since. ``acknowledged``: a change of which the newer word tells itself, so that only the holder of the old one
need hear of it. ``none``: nothing at all.
"""

GONE = "csc 2022-03-10 told:mother absent 2022-03-10/.."

TIMELINES: dict[str, tuple[str, list[str]]] = {
    # ── asserted against asserted ──
    "asserted stretches that overlap conflict, however far apart they began": (
        "certain",
        ["csc 2022-10-10 told:mother absent 2019/..", "hv 2022-10-12 seen lives_here 2022-10-01/.."],
    ),
    "two closed spells that overlap, told much later": (
        "certain",
        ["csc 2022-09-01 own_record absent 2022-01-01/2022-03-31", "police 2022-09-01 document lives_here 2022-02"],
    ),
    "at some time in the month in which the other began": (
        "none",
        ["csc 2022-09-01 own_record absent 2022-02-10/2022-03-31", "police 2022-09-01 document lives_here 2022-02"],
    ),
    "at some time in a month, and on a day of it": (
        "possible",
        ["csc 2022-09-01 own_record absent 2022-02-10", "police 2022-09-01 document lives_here 2022-02"],
    ),
    "about a day either way": (
        "possible",
        ["csc 2022-09-01 own_record absent 2022-03-10~", "police 2022-09-01 seen lives_here 2022-03-11"],
    ),
    "two sightings of one day that cannot both be so": (
        "certain",
        ["hv 2022-03-10 seen present", "midwifery 2022-03-10 seen absent"],
    ),
    # ── carried ──
    "gone, and three weeks later living there": ("certain", [GONE, "police 2022-04-02 seen lives_here"]),
    "gone, and on the sixtieth day living there": ("certain", [GONE, "police 2022-05-09 seen lives_here"]),
    "gone, and on the sixty-first day living there": ("change", [GONE, "police 2022-05-10 seen lives_here"]),
    "gone, said again by the same person for one day, and then living there": (
        "certain",
        [GONE, "csc 2022-06-01 told:mother absent", "police 2022-07-20 seen lives_here"],
    ),
    "gone, said again by somebody else: the first word is no younger for it": (
        "change",
        [GONE, "hv 2022-06-01 told:aunt absent", "police 2022-07-20 seen lives_here"],
    ),
    "long stale is still held": ("change", [GONE, "police 2025-03-10 seen lives_here"]),
    "from a day on, end not known: not carried": (
        "none",
        ["hv 2022-04-01 seen lives_here 2022-03-10/", "csc 2022-04-10 told:mother absent 2022-04-05/.."],
    ),
    "from a day on, end not known: asserted to the day it was said": (
        "certain",
        ["hv 2022-04-01 seen lives_here 2022-03-10/", "csc 2022-04-10 told:mother absent 2022-03-20/.."],
    ),
    "said to last beyond the day it was said: nobody observes the future": (
        "none",
        ["csc 2022-03-10 told:mother absent 2022-03-01/2022-12-31", "hv 2022-08-01 seen lives_here"],
    ),
    "to begin after the day it was said": (
        "none",
        ["csc 2022-03-10 told:mother absent 2022-04-01/..", "hv 2022-04-10 seen lives_here"],
    ),
    "an earlier word with a stated end, and what came after": (
        "none",
        ["csc 2022-06-01 own_record absent 2022-03-10/2022-05-20", "hv 2022-06-10 seen lives_here 2022-05-21/.."],
    ),
    # ── who ends what ──
    "the same person to the same agency later": (
        "none",
        [GONE, "csc 2022-04-02 told:mother lives_here 2022-04-01/..", "police 2022-04-10 seen lives_here"],
    ),
    "another person to the same agency later ends nothing": (
        "certain",
        [GONE, "csc 2022-04-02 told:father lives_here 2022-04-01/.."],
    ),
    "the same person to another agency ends nothing": (
        "certain",
        [GONE, "hv 2022-04-02 told:mother lives_here 2022-04-01/.."],
    ),
    "own sight ends what the agency was told": ("none", [GONE, "csc 2022-04-02 seen lives_here 2022-04-01/.."]),
    "own sight does not end what another agency was told": ("certain", [GONE, "hv 2022-04-02 seen lives_here"]),
    "told otherwise after seeing": (
        "certain",
        ["hv 2022-04-02 seen lives_here 2022-04-01/..", "hv 2022-04-20 told:mother absent 2022-04-03/.."],
    ),
    "a judgement does not end what was seen by another office": (
        "certain",
        ["hv 2022-04-02 seen@nurse lives_here 2022-04-01/..", "hv 2022-04-20 judgement@manager absent 2022-04-03/.."],
    ),
    "a judgement ends what the agency was told": (
        "none",
        ["hv 2022-04-02 told:mother lives_here 2022-04-01/..", "hv 2022-04-20 judgement@manager absent 2022-04-03/.."],
    ),
    "two versions of one past day by one person, to one agency": (
        "certain",
        ["hv 2022-04-02 told:mother absent 2022-03-01", "hv 2022-05-02 told:mother present 2022-03-01"],
    ),
    "what the agency saw of a past day does not end what it was told of that day": (
        "certain",
        ["hv 2022-04-02 told:mother absent 2022-03-01", "hv 2022-05-02 own_record present 2022-03-01"],
    ),
    # ── spells ──
    "there at one visit, away at the next": ("none", ["hv 2022-03-10 seen present", "hv 2022-03-11 seen absent"]),
    "there at one agency's visit, away at the other's": (
        "none",
        ["hv 2022-03-10 seen present", "midwifery 2022-03-17 seen absent"],
    ),
    "moved out and back, both spells told by one agency": (
        "none",
        [
            "hv 2022-07-10 own_record lives_here 2022-01-01/2022-03-01",
            "hv 2022-07-10 own_record lives_here 2022-06-01/..",
            "csc 2022-07-20 own_record absent 2022-03-01/2022-06-01",
        ],
    ),
    "two spells are not one: away between them": (
        "none",
        [
            "hv 2022-07-10 own_record lives_here 2022-01-01/2022-03-01",
            "hv 2022-07-10 own_record lives_here 2022-06-01/2022-06-20",
            "csc 2022-07-20 own_record absent 2022-03-15/2022-05-15",
        ],
    ),
    "away between two spells, and beyond": (
        "certain",
        [
            "hv 2022-07-10 own_record lives_here 2022-01-01/2022-03-01",
            "hv 2022-07-10 own_record lives_here 2022-06-01/2022-06-20",
            "csc 2022-07-20 own_record absent 2022-03-15/2022-06-15",
        ],
    ),
    "gone is still carried, and another tells of two spells around it": (
        "acknowledged",
        [
            GONE,
            "hv 2022-05-03 own_record lives_here 2022-01-01/2022-03-01",
            "hv 2022-05-03 own_record lives_here 2022-04-20/..",
        ],
    ),
    "gone is still carried, and another tells that he was away and is back": (
        "acknowledged",
        [
            GONE,
            "hv 2022-05-03 told:mother absent 2022-03/2022-04",
            "hv 2022-05-03 told:mother lives_here 2022-05-01/..",
        ],
    ),
    "he was away and is back, and the visitor sees him too": (
        "acknowledged",
        [GONE, "hv 2022-05-03 own_record absent 2022-03/2022-04", "hv 2022-05-03 seen@nurse present"],
    ),
    "what the mother tells does not explain away what the visitor sees": (
        "certain",
        [GONE, "hv 2022-05-03 told:mother absent 2022-03/2022-04", "hv 2022-05-03 seen@nurse present"],
    ),
    "away, but back before the other was last told that he is gone": (
        "certain",
        [
            "csc 2022-04-10 told:mother absent 2022-03-01/..",
            "hv 2022-05-03 own_record absent 2022-03-01/2022-03-20",
            "hv 2022-05-03 own_record lives_here 2022-03-21/..",
        ],
    ),
    "moved out after the other was told that he is gone": (
        "certain",
        [
            GONE,
            "hv 2022-05-03 own_record lives_here 2022-01-01/2022-03-20",
            "hv 2022-05-03 own_record lives_here 2022-04-20/..",
        ],
    ),
    "away only after the other was told that he is gone": (
        "certain",
        [
            GONE,
            "hv 2022-05-03 own_record absent 2022-03-20/2022-04-15",
            "hv 2022-05-03 own_record lives_here 2022-04-16/..",
        ],
    ),
    "away, and the other told after that again that he is gone": (
        "certain",
        [
            GONE,
            "csc 2022-04-10 told:mother absent",
            "hv 2022-05-03 own_record absent 2022-03-01/2022-03-31",
            "hv 2022-05-03 own_record lives_here 2022-04-20/..",
        ],
    ),
    "an earlier spell that is no other than the new one": (
        "certain",
        [
            GONE,
            "hv 2022-05-03 own_record not_resident 2022-03/2022-04",
            "hv 2022-05-03 own_record visits 2022-05-01/..",
        ],
    ),
    "lived there before, and visits since": (
        "certain",
        [
            GONE,
            "hv 2022-05-03 own_record lives_here 2022-01-01/2022-03-01",
            "hv 2022-05-03 own_record visits 2022-04-20/..",
        ],
    ),
    "back as of the day on which he was found": (
        "certain",
        [
            GONE,
            "hv 2022-03-05 own_record lives_here 2022-01-01/2022-03-01",
            "hv 2022-04-02 seen lives_here 2022-04-02/..",
        ],
    ),
    "gone from today, said today, and seen there today": ("certain", [GONE, "hv 2022-03-10 seen present"]),
    "gone since that day, said later, and seen there on that day": (
        "none",
        ["csc 2022-03-20 told:mother absent 2022-03-10/..", "hv 2022-03-10 seen present"],
    ),
    "until some time in the month in which it was said, and seen in that month": (
        "none",
        ["csc 2022-04-20 own_record absent 2022-03-01/2022-04", "police 2022-04-20 seen lives_here 2022-04-10"],
    ),
    "until about the month after it was said, and seen in the month before": (
        "possible",
        ["csc 2022-04-20 own_record absent 2022-01/2022-05~", "police 2022-04-20 seen lives_here 2022-04-10"],
    ),
    "found there again by an agency that knew him to have left": (
        "certain",
        [GONE, "hv 2022-03-05 own_record lives_here 2022-01-01/2022-03-01", "hv 2022-04-02 seen lives_here"],
    ),
    "believed gone, as the other was told, until seen": (
        "certain",
        [GONE, "hv 2022-03-10 told:mother absent 2022-03-01/..", "hv 2022-04-02 seen lives_here 2022-04-01/.."],
    ),
    # ── change-over days and vague dates ──
    "the change-over day": (
        "none",
        ["hv 2022-05-20 own_record lives_here 2022-03-01/2022-05-20", "csc 2022-06-01 seen absent 2022-05-20/.."],
    ),
    "the change-over month": (
        "none",
        ["hv 2022-08-20 own_record lives_here 2022-01/2022-05", "csc 2022-09-01 own_record absent 2022-05-10/2022-08"],
    ),
    "an overlap of two days": (
        "certain",
        ["hv 2022-05-22 own_record lives_here 2022-03-01/2022-05-21", "csc 2022-06-01 seen absent 2022-05-20/.."],
    ),
    "left about the day that the other came": (
        "possible",
        ["hv 2022-06-20 own_record lives_here 2022-03-01/2022-05-21~", "csc 2022-06-20 seen absent 2022-05-20/.."],
    ),
    "vague and precise": (
        "none",
        ["csc 2022-03-10 told:mother in_contact 2022-03/..", "hv 2022-03-20 seen stays_overnight"],
    ),
    # ── clocks ──
    "a night at home by one clock, the day before by another": (
        "none",
        ["hv 2022-06-30 seen present 2022-06-30", "police 2022-07-01 seen absent 2022-06-30T23:30Z"],
    ),
    "a night over the change of clocks, and what was seen in it": (
        "certain",
        [
            "hv 2022-10-31 own_record absent 2022-10-29T22:00+01:00/2022-10-30T02:00Z",
            "police 2022-10-31 seen present 2022-10-30T01:30Z",
        ],
    ),
    "the night over, the next seen": (
        "none",
        [
            "hv 2022-10-31 own_record absent 2022-10-29T22:00+01:00/2022-10-30T01:00+01:00",
            "police 2022-10-31 seen present 2022-10-30T01:00Z",
        ],
    ),
}
