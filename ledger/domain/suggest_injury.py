"""Phrases about an injury: what it is, where it is, and how it is said to have come about."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from ledger.domain.suggest_phrase import Phrase, phrase

#: All that one narrative says of an injury is about one thing, unless its author says otherwise.
INJURY: Final = "injury"
_WORDS: Final[Mapping[str, str]] = {
    "bruise": r"bruis(?:e|es|ing|ed)|black eye|fingertip marks|finger ?marks",
    "scratch": r"scratch(?:es|ed)?",
    "graze": r"graz(?:e|es|ed)|carpet burn",
    "cut": r"(?:a |small |deep |little )cuts?(?= (?:on|to|above|below|over|under|across)|"
    r"[.,;]|\Z)|lacerations?|gash",
    "bite": r"bite ?marks?|bitten|human bite",
    "burn": r"burn(?:s|t|ed)?(?! out)|cigarette burns?|blister(?:s|ed|ing)?",
    "scald": r"scald(?:s|ed|ing)?",
    "fracture": r"fractur(?:e|es|ed)|broken (?:arm|leg|bone|rib|ribs|collarbone|wrist|skull|femur|"
    r"tooth)|broke (?:his|her) (?:arm|leg|wrist|collarbone)",
    "head_injury": r"head injur(?:y|ies)|banged (?:his|her|its) head|bump (?:on|to) (?:the|his|"
    r"her) (?:head|forehead)|concussion",
    "bleeding": r"nose ?bleed|bleeding from (?:the|his|her) (?:nose|mouth|ears?)|"
    r"bleed(?:ing)? (?:in|to) the eye|subconjunctival",
    "mouth_injury": r"torn fr(?:a)?enulum|split lip|cut lip|swollen lip",
    "swelling": r"swelling|swollen(?! (?:lip|glands))|a lump on",
    "mark": r"(?:a |some |several |small |red |round |faint |unexplained |"
    r"new )marks?(?= (?:on|to|across|around|over|behind|under|above)|[.,;]|\Z)|"
    r"marks on|(?:red|linear|slap) marks?|hand ?print|welts?",
}
_SITES: Final[Mapping[str, str]] = {
    "cheek": "cheeks?",
    "forehead": "forehead|brow",
    "face": "face",
    "ear": "ears?|ear ?lobe",
    "eye": "eyes?|eyelid",
    "head": "head|temple",
    "scalp": "scalp",
    "nose": "nose",
    "mouth": "mouth|lips?|gums?",
    "chin": "chin",
    "jaw": "jaw",
    "neck": "neck|throat",
    "shoulder": "shoulders?",
    "chest": "chest",
    "ribs": "ribs?",
    "abdomen": "abdomen|stomach|tummy|belly",
    "back": "(?:lower )?back|spine",
    "buttock": "buttocks?|bottom|bum",
    "genitals": "genitals|penis|vagina|groin|private parts",
    "upper_arm": "upper arms?",
    "forearm": "forearms?",
    "elbow": "elbows?",
    "wrist": "wrists?",
    "hand": "hands?|fingers?|thumb|palm",
    "arm": "arms?",
    "hip": "hips?",
    "thigh": "thighs?",
    "knee": "knees?",
    "shin": "shins?",
    "ankle": "ankles?",
    "foot": "foot|feet|toes?|heel",
    "lower_leg": "lower legs?|calf",
    "leg": "legs?",
}
_ON: Final = r"(?:on|to|across|above|below|behind|under|over|around|of|near|in)"
_ITS: Final = (
    r"(?:(?:the|his|her|its|their|both|one|baby's|the child's|the baby's|(?-i:[A-Z]\w+)'s|top of|inside|side of|"
    r"back of|front of|left|right|inner|outer|upper|lower|,|and|the) ?)*"
)
_ACCOUNTS: Final[Mapping[str, str]] = {
    "low_fall": r"(?:fell|rolled|fallen|tumbled|falling|came|slipped) (?:off|out of|from|"
        r"down off) (?:the |a |his |her |of |their )?(?:bed|sofa|settee|couch|chair|cot|"
        r"changing (?:table|mat)|high ?chair|pram|buggy|bouncer|swing|bunk)",
    "stairs": r"(?:fell|fallen|tumbled|slipped|rolled) down (?:the |some |a few )?(?:stairs|steps)",
    "fall": r"(?:fell(?! asleep| out with| off| down| from| pregnant| behind|"
        r" over backwards)(?: over| backwards| while| when| and| at| on)?|tripped|"
        r"fallen over|had a fall|took a tumble)(?! asleep)",
    "dropped": r"(?:dropped|dropping) (?:him|her|the baby|baby|the child)|(?:was|been) dropped",
    "object_by_other_child": r"(?:(?:brother|sister|sibling|cousin|toddler|twin) (?:\w+ ){0,2}?(?:hit|threw|"
        r"dropped|hitting|throwing|caught|whacked|bashed) (?:him|her|a|the|his|it|toy|"
        r"toys|baby)|(?:hit|caught|struck) by (?:a |the )?toy(?: thrown)?(?: by)?|"
        r"(?:threw|dropped|throwing) a toy)",
    "other_child": r"(?:bitten|pushed|scratched|kicked|hit|hurt|knocked over) by (?:his|her|the|a|"
        r"another) (?:older |younger |little |big )?(?:brother|sister|sibling|cousin|"
        r"child|boy|girl|twin)",
    "self": r"(?:scratched|hit|bit|hurt|poked|banged|hitting|scratching) (?:himself|herself|"
        r"itself|his own|her own)|did it (?:himself|herself)",
    "knock": r"(?:bumped|banged|knocked|caught|hit) (?:his|her|its) (?:head|arm|leg|face|cheek|"
        r"forehead|eye|hand|knee|chin)?\s?(?:on|against|into)",
    "handling": r"(?:held|holding|gripped|grabbed|picked up|lifted) (?:him|her|the baby|"
        r"baby)? ?(?:too (?:tight(?:ly)?|hard|roughly)|roughly|by the (?:arm|leg|wrist|"
        r"ankle)s?)",
    "rough_play": r"rough (?:play|and tumble)|play ?fight\w*|playing (?:too )?rough\w*",
    "hot_liquid": r"(?:spilt|spilled|knocked|pulled|tipped) (?:a |the |his |her |hot |"
        r"cup of )*(?:tea|coffee|water|kettle|drink|soup|mug|cup|pan)(?: (?:of|over|onto|"
        r"on|down)\b)?|hot (?:tea|water|bath|drink)",
    "hot_surface": r"touched (?:the|a) (?:hot )?(?:radiator|oven|hob|iron|straighteners|fire|heater|"
        r"grill)|(?:lean(?:ed|t|ing)|burnt?) (?:on|against) (?:the|a) (?:radiator|oven|"
        r"hob|iron|heater|fire|straighteners)",
    "animal": r"(?:bitten|scratched|knocked (?:over|down)) by (?:the|a|their|his|her) (?:dog|"
        r"cat|puppy)|the (?:dog|cat) (?:bit|scratched|knocked)",
    "inflicted": r"(?:hit|slapped|smacked|punched|kicked|shook|shaken|shakes|bit|burned|pinched|"
        r"hurts?|hurting|hits|smacks|slaps|whacked|belted) (?:him|her|me|the (?:baby|"
        r"child|children|kids)|baby)(?! (?:with|on) (?:a|the) toy)|(?:was|been|is|"
        r"got) (?:hit|slapped|smacked|punched|kicked|shaken) (?:by|on|with)",
    "none_given": r"(?:no|could(?:n't| not)|cannot|can't|unable to|not able to|n't) (?:give |given |"
        r"offer |offered |provide |provided )?(?:any |an )?(?:explanation|"
        r"account(?= (?:of|for))|explain|say)(?: (?:for|of|how|what|it|was|given))?|"
        r"(?:did not|didn't|does(?: not|n't)|do(?: not|n't)) know how (?:it|he|she|this|"
        r"that|they)|unexplained (?:bruis\w+|injur\w+|marks?)",
    "found_so": r"(?:woke up|woken|found|noticed it|just appeared|was there when) (?:with (?:it|"
        r"the)|(?:him|her) like (?:that|this)|this morning|when (?:he|she|they) (?:woke|"
        r"got up))",
    "birth": r"(?:birth ?mark|from (?:the )?(?:birth|delivery|forceps|ventouse)|"
        r"mongolian (?:blue )?spot|blue spot)",
}  # fmt: skip

PHRASES: Final[Sequence[Phrase]] = (
    *(
        phrase("injury", value, words, "anyone", denied="none", is_seen=True, thing=INJURY)
        for value, words in _WORDS.items()
    ),
    *(
        phrase("account", value, words, "child", thing=INJURY, whole=value == "none_given")
        for value, words in _ACCOUNTS.items()
    ),
)
#: Where an injury can be, by the words behind it.
SITES: Final[Sequence[tuple[str, re.Pattern[str]]]] = tuple(
    (site, re.compile(rf"\b{_ON} {_ITS}(?:{words})\b", re.IGNORECASE)) for site, words in _SITES.items()
)
