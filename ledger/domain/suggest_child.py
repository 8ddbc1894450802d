"""Phrases about the child: how it is, what it can do, where it sleeps, whether it was seen; and about the home."""

from collections.abc import Sequence
from typing import Final

from ledger.domain.suggest_phrase import Phrase, phrase

_C: Final = "child"

PHRASES: Final[Sequence[Phrase]] = (
    # ── seen or not ──
    phrase("seen_alone", "happened", r"(?:seen|spoken to|spoke to|met|saw) (?:him |her |the child |(?-i:[A-Z]\w+) "
        r")?(?:alone|on (?:his|her) own|by (?:himself|herself)|away from (?:mum|dad|parents|the parents))|"
        r"one[- ]to[- ]one (?:with|time)", _C, denied="did_not_happen", is_seen=True),
    phrase("seen", "happened", r"(?:(?:baby|child|infant|toddler|he|she|both children|children|(?-i:(?!Mum|Mam|"
        r"Mom|Dad|Father|Mother|Nan|Gran|He|She)[A-Z]\w+)) (?:was |were )?(?:seen|observed|examined|"
        r"weighed)(?! (?:alone|on)| (?:to|by|at (?:the )?(?:hospital|A&E)))|(?:I|we) (?:saw|observed|met|held) "
        r"(?:the )?(?:baby|child|him|her(?! mum| mother)|infant|toddler))",
        _C, denied="did_not_happen", is_seen=True),
    phrase("seen", "did_not_happen", r"(?:(?:was |were )?(?:not|n't) (?:been )?(?:seen|see|present|brought "
        r"out)(?! (?:any|alone|him|dad|her))|(?:unable|not able) to see (?:the )?(?:baby|child|him|her)|"
        r"(?:baby|child|he|she) (?:was |were )?(?:asleep|upstairs|out|at (?:nan|gran|grandma)'?s?) (?:and|so) "
        r"(?:was |I |we )?(?:not|could(?: not|n't)|did(?: not|n't)))", _C, whole=True, is_seen=True),
    phrase("left_alone", "happened", r"(?:left|leaves|leaving|been left|was left|home) (?:him |her |them |the "
        r"(?:baby|child|children) |\w+ )?(?:home )?(?:alone(?! with)|unattended|on (?:his|her|their) own(?! "
        r"with)|unsupervised(?! contact))(?! with)", _C, denied="did_not_happen"),
    # ── how the child is ──
    phrase("presentation", "clean_and_cared_for", r"(?:clean(?! house| home| and tidy)(?:,| and)? ?(?:and "
        r")?(?:well[- ]?(?:dressed|presented|cared)|appropriately dressed|dressed|fed|tidy|cared for)|well[- "
        r"]presented|well[- ]kempt|well[- ]cared for|appropriately dressed|dressed appropriately)",
        _C, is_seen=True, denied="unkempt"),
    phrase("presentation", "happy", r"(?:happy|smil(?:ing|ey|ed)|content(?:ed)?(?= |[.,;]|\Z)|laughing|cheerful|"
        r"playing (?:happily|well))", _C, is_seen=True, denied="concerning"),
    phrase("presentation", "settled", r"(?:settled|calm and|relaxed)", _C, is_seen=True, denied="distressed"),
    phrase("presentation", "well", r"(?:looked|appeared|seemed|is|was|looks|appears|generally) (?:very |quite |to "
        r"be )?(?:well(?!-| (?:presented|cared|dressed|kempt|behaved))|alert(?: and)?|thriving|healthy)",
        _C, is_seen=True, denied="concerning"),
    phrase("presentation", "dirty", r"(?:dirty(?! (?:house|home|kitchen|nappies|dishes|floor|carpet|bedding|"
        r"mattress))|filthy(?! (?:house|home|kitchen|floor))|grubby|unwashed|smel(?:t|ly|led|ling)(?= of "
        r"(?:urine|wee|faeces|smoke)|[.,;]|\Z)|soiled (?:clothes|nappy)|(?:a )?(?:full|dirty|sodden|soaking) "
        r"nappy|in dirty clothes|head ?lice|nits)", _C, is_seen=True, denied="clean_and_cared_for"),
    phrase("presentation", "unkempt", r"(?:unkempt|dishevelled|scruffy|matted hair|(?:clothes|uniform|shoes|coat) "
        r"(?:were |was |is |are )?(?:too small|ripped|torn|ill[- ]fitting)|no coat|poorly dressed|"
        r"inappropriately dressed)", _C, is_seen=True, whole=True),
    phrase("presentation", "hungry", r"(?:hungry|starving|stealing food|(?:had|having|has) (?:had )?(?:no|nothing "
        r"to eat|not (?:eaten|had)(?: any)?) ?(?:breakfast|tea|dinner|food)?|asking for food|ravenous|not been "
        r"fed)", _C, whole=True, is_seen=True),
    phrase("presentation", "tired", r"(?:(?:very |so |really |looked |extremely )?tired|exhausted|fell asleep in "
        r"(?:class|lesson)|falling asleep (?:in|at))", _C, is_seen=True),
    phrase("presentation", "withdrawn", r"(?:withdrawn|subdued|very quiet|would(?:n't| not) (?:speak|talk|make "
        r"eye contact)|not (?:himself|herself)|flat in mood)", _C, is_seen=True, whole=True),
    phrase("presentation", "frightened", r"(?:frightened|scared|fearful|terrified|flinch(?:es|ed|ing)?|cower(?:s|"
        r"ed|ing)?|afraid|jumpy)(?! of (?:him|her partner|dogs|the dark))", _C, is_seen=True),
    phrase("presentation", "distressed", r"(?:distressed|inconsolable|crying(?: (?:a lot|hard|uncontrollably))?|"
        r"in tears|upset(?! (?:stomach|tummy))|sobbing|screaming)", _C, is_seen=True),
    phrase("presentation", "ill", r"(?:unwell|(?:is|was|been|looked|very) (?:ill|poorly|pale)|high temperature|"
        r"feverish|vomiting|being sick)", _C, is_seen=True),
    phrase("presentation", "floppy", r"(?:floppy|limp|lethargic|unresponsive|drowsy)", _C, is_seen=True),
    phrase("presentation", "thin", r"(?:(?:very |looked |too |so )thin|skinny|emaciated|gaunt|bony)",
        _C, is_seen=True),
    phrase("presentation", "no_concerns", r"no (?:\w+ )?concerns?(?: (?:were |was )?(?:noted|seen|raised|"
        r"identified|about (?:him|her|the (?:baby|child))|today|at (?:this|today's) (?:visit|contact)))?",
        _C, is_seen=True, whole=True),
    phrase("behaviour", "aggressive", r"(?:aggressive|violent|hitting out|lash(?:es|ed|ing) out|kicking and|"
        r"fighting)(?! (?:to|towards) (?:her|mum|mother)(?:[ .,]))", _C),
    phrase("behaviour", "afraid_to_go_home", r"(?:(?:does|did|do)(?: not|n't) want to go home|afraid to go home|"
        r"scared to go home|refus(?:es|ed|ing) to go home|frightened (?:of going|to go) home)", _C, whole=True),
    phrase("behaviour", "sexualised", r"sexuali[sz]ed (?:behaviour|language|play)", _C),
    # ── growing ──
    phrase("weight", "?number", r"(?:weigh(?:s|ed|t)(?: (?:is|was|today|at|of|in at|now|:))*|:) "
        r"?(?P<value>\d{1,2}(?:\.\d{1,3})?) ?(?:kg|kgs|kilos|kilograms)", _C, is_seen=True, whole=True),
    phrase("feeding", "good", r"(?:feed(?:s|ing)(?: (?:is|are|was))? (?:very )?well|(?:eating|eats|bottle[- "
        r"]feeding|breast ?feeding) well|taking (?:full|all (?:his|her)) feeds|good (?:appetite|feeds))",
        _C, when="still", denied="poor"),
    phrase("feeding", "poor", r"(?:feed(?:s|ing)(?: (?:is|are))? (?:poorly|badly)|poor feed(?:ing|er)|not "
        r"(?:feeding|eating|taking (?:his|her)? ?(?:bottle|feeds))(?: well| much| properly)?|struggl(?:es|ing) "
        r"(?:to feed|with feed(?:ing|s)))", _C, whole=True, when="still"),
    phrase("growth", "losing", r"(?:lost weight|losing weight|weight (?:loss|has dropped|is dropping)|dropped "
        r"(?:a|two|\d) centiles?)", _C, whole=True),
    phrase("growth", "gaining", r"(?:gain(?:ing|ed|s) weight|(?:good|steady) weight gain|putting on weight|"
        r"following (?:his|her|the|its) centile|back to birth weight)", _C, denied="static"),
    phrase("growth", "faltering", r"(?:falter(?:ing|ed) growth|poor weight gain|failure to thrive|not (?:gained|"
        r"gaining|put on|putting on) (?:any )?weight|static weight|below the (?:0\.4th|2nd|second) centile|"
        r"underweight)", _C, whole=True),
    # ── what it can do ──
    phrase("mobility", "not_rolling", r"(?:not|n't|cannot|can't|unable to|yet to) (?:yet )?(?:be )?(?:roll(?:ing|"
        r"ed|s)?(?: over)?)(?: yet)?", _C, whole=True, is_seen=True),
    phrase("mobility", "not_mobile", r"(?:not (?:yet )?(?:independently )?mobile|non[- ]mobile|immobile|not "
        r"(?:yet )?(?:moving|crawling|walking|on the move)|n't (?:crawl|walk|move))", _C, whole=True, is_seen=True),
    phrase("mobility", "rolls", r"(?:(?:is |has |just |now |can |started |able to |learn(?:t|ed|ing) to |begun |"
        r"beginning to |starting to )+roll(?:s|ing|ed)?(?! (?:off|out|down))(?: over)?|rolls (?:over|both))",
        _C, when="still", is_seen=True, denied="not_rolling"),
    phrase("mobility", "sits", r"(?:sits|sitting|sit) (?:up )?(?:unaided|unsupported|independently|without "
        r"support|alone(?! with)|by (?:himself|herself))", _C, when="still", is_seen=True, denied="not_sitting"),
    phrase("mobility", "crawls", r"(?:crawl(?:s|ing)|bottom[- ]shuffl(?:es|ing)|commando crawl\w*)",
        _C, when="still", is_seen=True, denied="not_crawling"),
    phrase("mobility", "pulls_to_stand", r"(?:pull(?:s|ing) (?:up |himself |herself |up )*to (?:stand|standing)|"
        r"cruis(?:es|ing)(?: (?:round|around|along))?(?: the)?(?: furniture)?)", _C, when="still", is_seen=True),
    phrase("mobility", "walks", r"(?:(?:is|now|started|has started|can|able to|been) walk(?:s|ing)?(?! (?:out|to "
        r"school|home|the dog))|walks (?:unaided|independently|alone|well)|took (?:his|her) first steps|"
        r"toddling)", _C, when="still", is_seen=True, denied="not_walking"),
    # ── where it sleeps ──
    phrase("sleep_arrangement", "own_cot", r"(?:sleep(?:s|ing)?|slept|asleep|put down|lying|put to bed) (?:\w+ "
        r")?(?:in|on)? ?(?:(?:his|her|its|a|the|own) )*(?:cot|moses basket|crib|next[- ]to[- ]me|bedside crib)",
        _C, when="still"),
    phrase("sleep_arrangement", "shares_bed", r"(?:co[- ]?sleep(?:s|ing)?|bed[- ]?shar(?:es?|ing)|(?:sleep(?:s|"
        r"ing)?|slept) (?:in|with) (?:(?:mum|mother|dad|their|her|his|the|my)(?:'s)? )?(?:mum|mother|dad|"
        r"parents|parental|same|adult|double|bed)(?:'s?|s')? ?(?:bed)?(?! room|'s room)|brings? (?:him|her|the "
        r"baby|baby) into (?:her|the|their) bed)", _C, when="still", denied="own_space"),
    phrase("sleep_arrangement", "shares_sofa", r"(?:(?:sleep(?:s|ing)?|slept|fell asleep|falls asleep|fallen "
        r"asleep|asleep) (?:\w+ )?(?:with (?:the baby|baby|him|her|\w+) )?on (?:the|a|her|his) (?:sofa|settee|"
        r"couch|armchair))(?= with|.{0,20}\b(?:baby|together)\b|[.,;]|\Z)", _C, when="on"),
    # ── school, doctor ──
    phrase("school_attendance", "poor", r"(?:(?:poor|low|bad) attendance|attendance (?:is|was|has been) (?:very "
        r")?(?:poor|low|bad|below \d+)|attendance below \d+|(?:often|frequently|regularly) (?:absent|off "
        r"school|misses school)|missed (?:\w+ ){1,3}(?:days|weeks) of school)", _C, when="still", denied="good"),
    phrase("school_attendance", "late_often", r"(?:(?:often|always|frequently|regularly|persistently) (?:late|"
        r"arrives late|brought late|collected late))", _C, when="still"),
    phrase("school_attendance", "not_attending", r"(?:(?:has|have|is|was)(?: not|n't) (?:been )?(?:(?:in|at|"
        r"attend(?:ed|ing)|to) (?:school|nursery)|attending)|not been (?:in|to|at) (?:school|nursery)|absent "
        r"from (?:school|nursery)|off school|kept off (?:school|nursery)|not attend(?:ed|ing))",
        _C, whole=True, when="still"),
    phrase("school_attendance", "good", r"(?:(?:good|excellent|full|100%|improved) attendance|attendance (?:is|"
        r"was|has been|remains) (?:very )?(?:good|excellent|above \d+)|attend(?:s|ing) (?:school|nursery)? "
        r"?(?:well|regularly|every day|daily))", _C, when="still", denied="poor"),
    phrase("gp_registration", "registered", r"registered (?:with|at) (?:a |the |our |any |\w+ )?(?:GP|doctor|"
        r"surgery|practice|medical)", _C, when="still", denied="not_registered"),
    # ── the home, and the visit ──
    phrase("home_conditions", "clean", r"(?:(?:home|house|flat|property|bedrooms?|kitchen|living room) (?:was |is "
        r"|were |are |appeared |looked |not )*(?:very |quite |generally |all )?(?:clean|tidy|warm|well[- "
        r"](?:kept|furnished|maintained))|clean and tidy|(?:clean|tidy|warm) (?:and \w+ )?(?:home|house|flat))",
        "anyone", is_seen=True, denied="dirty"),
    phrase("home_conditions", "dirty", r"(?:(?:home|house|flat|property|bedrooms?|kitchen|living room|floor|"
        r"bathroom|mattress|bedding|carpet) (?:was |is |were |are |in (?:a )?|not |very |really |extremely |so "
        r")*(?:dirty|filthy|squalid|unhygienic|poor state|covered in (?:\w+ )?(?:faeces|rubbish|mess|urine)|"
        r"smel(?:t|ly|led))|(?:dirty|filthy|squalid|unhygienic) (?:home|house|flat|kitchen|bedding|mattress|"
        r"conditions|bathroom|floor|carpet)|(?:dog|animal|cat) (?:faeces|mess|poo)|rotting food)",
        "anyone", is_seen=True, denied="clean"),
    phrase("home_conditions", "cluttered", r"(?:cluttered|hoarding|piles of (?:clothes|rubbish|washing|boxes)|"
        r"rubbish (?:everywhere|piled|bags))", "anyone", is_seen=True),
    phrase("home_conditions", "unsafe", r"(?:(?:home|house|flat|property) (?:was |is )?(?:unsafe|dangerous|"
        r"hazardous)|no (?:stair ?gate|smoke alarm|heating|hot water|electric(?:ity)?)|exposed wir(?:es|ing)|"
        r"broken glass|medication (?:within|in) reach|knives (?:within|in) reach|damp and mould|mould(?:y)? "
        r"(?:on|in|around))", "anyone", is_seen=True, whole=True),
    phrase("home_conditions", "overcrowded", r"(?:overcrowd(?:ed|ing)|(?:\w+ (?:people|children|adults|of them) "
        r")(?:living |sleeping |sharing )+(?:in )?(?:a|one) (?:one[- ]bed\w*|bedroom|room|two[- ]bed\w*))",
        "anyone", is_seen=True),
    phrase("housing", "at_risk", r"(?:eviction (?:notice|letter|order)|being evicted|faces? eviction|facing "
        r"eviction|notice to (?:quit|leave)|section 21|risk of homelessness)", "anyone", when="still"),
    phrase("housing", "homeless", r"(?:(?:is|are|were|been|now|made) homeless|sofa[- ]surfing|nowhere to live|"
        r"living in (?:a car|their car|a tent))", "anyone", when="still"),
    phrase("housing", "temporary", r"(?:temporary accommodation|in a (?:refuge|hostel|B&B|hotel)|bed and "
        r"breakfast)", "anyone", when="still"),
    phrase("visit_outcome", "no_access", r"(?:no (?:access|reply|answer)(?: (?:at|to|when|despite))?|nobody (?:in|"
        r"home|answered|at home)|no[- ]one (?:in|home|answered|at home)|could not gain access|did(?: not|n't) "
        r"(?:answer|open) the door|refused (?:entry|access)|not let (?:in|me in)|would(?:n't| not) let (?:me|"
        r"us) in)", "anyone", whole=True, is_seen=True, thing="visit"),
    phrase("visit_outcome", "not_brought", r"(?:(?:was|were)(?: not|n't) brought(?! (?:up|out))|not brought to|"
        r"WNB|did(?: not|n't) (?:attend|bring|turn up|show)|DNA(?:'?d)?|missed (?:his|her|the|their|an|two|"
        r"three|\w+) (?:appointments?|clinic|review|check|immunisations?|hearing test|scan))",
        "anyone", whole=True, thing="visit"),
    phrase("visit_outcome", "cancelled_by_family", r"(?:(?:mum|mother|dad|father|she|he|parents?|family|they|has|"
        r"have) (?:\w+ )?(?:cancelled|rearranged|rebooked|postponed)|cancelled by (?:mum|dad|the family|"
        r"parents?))", "anyone", whole=True, thing="visit"),
)  # fmt: skip
