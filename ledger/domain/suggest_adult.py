"""Phrases about the grown-ups: who is in the child's life, in what part, and what is known against them."""

from collections.abc import Sequence
from typing import Final

from ledger.domain.suggest_phrase import Phrase, phrase

_HOME: Final = (
    r"(?:here|there|in the (?:home|house|flat|property|household)|at (?:home|"
    r"the (?:home|house|flat|property|address))|"
    r"at (?:this|that|the same|mum'?s|her) (?:address|house|flat|home)|with (?:them|us|her|mum|mother|the "
    r"(?:family|mother|children)|(?-i:[A-Z]\w+) and \w+)|together with)"
)
_ELSEWHERE: Final = (
    r"(?:with (?:his|her) (?:own )?(?:mum|mother|parents|dad|father|brother|sister|"
    r"nan|girlfriend|new partner|mate|friend)s?|"
    r"elsewhere|in another (?:town|area|city)|at (?:another|a different|his own|"
    r"her own) (?:address|place|house|flat)|away|abroad|"
    r"separately|on (?:his|her) own|round the corner|nearby|across town|in (?!the\b|"
    r"this\b|a\b|with\b|fear\b)(?-i:[A-Z]\w+))"
)
_NIGHT: Final = (
    r"(?:over|the night|overnight|at night|most nights|some nights|every night|"
    r"\w+ nights? (?:a|per|each) week|at weekends|the weekend)"
)
_HIM: Final = r"(?:him|her|dad|daddy|father|mum|mother|them|the (?:baby|child|children|father|kids)|(?:the )?baby|\w+)"

PHRASES: Final[Sequence[Phrase]] = (
    # ── where somebody is ──
    phrase("presence", "absent", rf"(?:moved|moving|move|walked|gone|went|kicked|thrown|chucked|threw|kick\w*) "
        rf"(?:{_HIM} )?out(?! of (?:work|hospital|school))", when="still", whole=False),
    phrase("presence", "absent", r"(?:has|had|have|'s|he|she|dad|father|daddy|partner|boyfriend|mum) (?:now |"
        r"since |just |already )?left(?= (?:the (?:home|house|family|property|area|flat)|home|her|him|them|us|"
        r"for good|in|last|after|when|about|a |two|three|six|\d)|[.,;]|\Z)", when="still"),
    phrase("presence", "absent", r"(?:is|has|'s|been|are|was) (?:now |long |completely )?(?:gone(?! to| out| into|"
        r" back)|out of (?:the picture|their lives|her life|his life|the home)|off the scene|not around|"
        r"nowhere to be seen|not on the scene|not involved)", when="still", whole=True),
    phrase("presence", "absent", r"(?:is|are|was|has)(?: not|n't) (?:been )?(?:around|on the scene|in the picture|"
        r"involved)(?: any ?more| any longer)?", when="still", whole=True),
    phrase("presence", "not_resident", rf"(?:no longer|not|n't|never|doesn't|does not|did not) (?:been "
        rf")?(?:liv(?:es?|ing|ed)|resid(?:es?|ing)|stay(?:s|ing)?) (?:{_HOME}|together|any ?more)",
        when="still", whole=True),
    phrase("presence", "lives_here", rf"(?:liv(?:es?|ing|ed)|resid(?:es?|ing|ed)|(?:is |are )?cohabiting) (?:now |"
        rf"back |permanently |full ?time )?{_HOME}", when="still", denied="not_resident"),
    phrase("presence", "lives_here", r"mov(?:ed|es|ing|e) (?:back )?in(?= with| to (?:the|her|their)|to (?:the|"
        r"her|their)|[.,;]|\Z| (?:last|in|about|a |after|since|next|soon|again|this|permanently|properly|"
        r"straight))", when="still"),
    phrase("presence", "lives_here", r"(?:is |are )?(?:back )?living back|(?:is|'s|are) (?:now )?back (?:at|in) "
        r"(?:the )?(?:home|house|family home|flat)", when="still", denied="not_resident"),
    phrase("presence", "lives_elsewhere", rf"(?:liv(?:es?|ing)|resid(?:es?|ing)|stay(?:s|ing)|based) {_ELSEWHERE}",
        when="still"),
    phrase("presence", "stays_overnight", rf"(?:stay(?:s|ed|ing)?|sleep(?:s|ing)?|slept|spen(?:ds?|t)) (?:here |"
        rf"there |round |around |at (?:the (?:house|flat|home|property|address)|mum's|hers|her house|the "
        rf"family home) |with (?:her|them|mum) )?{_NIGHT}", when="still"),
    phrase("presence", "stays_overnight", r"sleep(?:s|ing) (?:here|there|on the sofa|at the (?:house|flat|home|"
        r"property|address)|in (?:mum|mother|her|the main)(?:'s)? (?:bed|room|bedroom))", when="still"),
    phrase("presence", "visits", r"(?:visits|visiting|comes (?:round|over|to (?:the house|visit|see))|pops (?:in|"
        r"round)|calls (?:in|round)|drops in|is (?:often|always) (?:at|round) the (?:house|home|flat))",
        when="still"),
    phrase("presence", "present", r"(?:(?:was|were|is) (?:also |both |all |again )?(?:present(?! at school)|at "
        r"home|in the (?:home|house|property|living room|kitchen|bedroom|garden|flat)|there(?! is| are| was| "
        r"were| a| no))|(?:answered|opened|came to) the door|let (?:me|us) in|(?:asleep|sitting|lying) (?:on "
        r"the sofa|upstairs|in the (?:living room|bedroom|kitchen))|seen (?:in|at|leaving|entering|coming out "
        r"of) the (?:home|house|property|flat|address))", is_seen=True),
    phrase("presence", "present", r"(?:saw|found|met|noticed) (?:\w+ ){1,3}(?:in|at|leaving|entering|coming out of) "
        r"(?:the )?(?:home|house|property|flat|kitchen|living room|bedroom|garden|address)", is_seen=True),
    phrase("presence", "no_contact", r"(?:no|not had (?:any )?|n't had (?:any )?|without any) (?:further |more "
        r")?(?:contact|communication) (?:at all )?(?:with|from|between)", when="still", whole=True),
    phrase("presence", "no_contact", r"(?:has|have|had)(?: not|n't) (?:seen|heard from|spoken to|had contact "
        r"with)(?= (?:him|her|dad|father|mum|mother|[A-Z]))", when="still", whole=True),
    phrase("presence", "no_contact", r"never (?:sees|visits|comes|had contact)|does(?:n't| not) see (?=him|dad|"
        r"father|her|the (?:baby|child|children))", when="still", whole=True),
    # ── couples, and who is whose ──
    phrase("relationship", "separated", r"(?:separat(?:ed|ing)|split(?:ting)?(?: up)?|broke(?:n)? up|(?:have |has "
        r")?parted|(?:are |is )?divorced|(?:relationship|marriage) (?:has |is |had )?(?:ended|over|broken "
        r"down)|ended (?:the|their|her|his) relationship|finished with (?:him|her))", when="still"),
    phrase("relationship", "separated", r"(?:no longer|not|n't|aren't) (?:a couple|together|in a relationship)",
        when="still", whole=True),
    phrase("relationship", "together", r"(?:are|is|'re|were|they're) (?:still |now |back )?(?:together(?! with)|a "
        r"couple|in a relationship|engaged|married|seeing each other)|got (?:back together|married|engaged)|"
        r"(?:have |has )?reconciled|resumed (?:the|their) relationship|(?:has|got) a new (?:partner|boyfriend|"
        r"girlfriend)|is (?:dating|seeing) (?:a|somebody|someone)", when="still", denied="not_a_couple"),
    phrase("father", "?is_father", r"(?:is|was|named as) (?:the )?(?:biological |birth |real |natural )?father of|"
        r"(?:is|'s) (?:the )?(?:baby's|child's|her|his) (?:biological |birth |real )?(?:dad|father)",
        "adult", whole=True),
    # ── contact and care ──
    phrase("contact_with_child", "supervised", r"(?:supervised contact|contact (?:is |was |being )?supervised|"
        r"sees? (?:him|her|the (?:baby|child|children)) under supervision|contact (?:at|in) (?:a |the "
        r")?contact centre)", when="still", denied="unsupervised"),
    phrase("contact_with_child", "unsupervised", r"unsupervised(?: contact)?", when="still"),
    phrase("contact_with_child", "alone_with_child", r"(?:left |was |is |been |were )?(?:alone|on (?:his|her) "
        r"own) with (?:the )?(?:baby|child|children|him|her|kids|infant)|look(?:s|ed|ing)? after (?:the "
        r")?(?:baby|child|children|him|her|kids) (?:alone|on (?:his|her) own|by (?:himself|herself))", when="on"),
    phrase("contact_with_child", "overnight", r"(?:has|have|had|takes?) (?:the )?(?:baby|child|children|him|her|"
        r"kids) (?:to stay )?(?:overnight|at weekends|every (?:other )?weekend|for the (?:night|weekend)|on "
        r"\w+ nights?)", when="still"),
    phrase("care_arrangement", "helps", r"(?:helps (?:out )?with|babysits|looks after|minds|cares for|picks? up) "
        r"(?:the )?(?:baby|child|children|him|her|kids|school run)", when="still", denied="none"),
    phrase("care_arrangement", "sole", r"(?:sole carer|caring (?:for \w+ )?(?:alone|on (?:his|her) own)|a (?:lone|"
        r"single) (?:parent|mum|mother|dad|father))", when="still"),
    phrase("contact_condition", "no_contact", r"(?:no[- ]contact order|(?:bail|licence) conditions? (?:not to|"
        r"say\w* (?:he|she) (?:must|should|can) not|prevent\w* (?:him|her) from) (?:contact|see|go)\w*|non[- "
        r"]molestation order|not allowed (?:to (?:see|contact|be near|go near)|any contact|contact|near|in the "
        r"(?:house|home))|restraining order)", when="still", whole=True),
    # ── what is known against somebody ──
    phrase("substance_use", "using", r"(?:drink(?:s|ing)(?! (?:plenty|water|milk|well|her|his|from|tea|coffee|"
        r"juice|squash))(?: (?:heavily|daily|every (?:day|night)|a lot|too much|alcohol|again|most (?:days|"
        r"nights)|vodka|wine|cider|beer))*|(?:was|is|were|appeared|seemed|been|looked|got) (?:very |quite |"
        r"visibly )?(?:drunk|intoxicated|inebriated|under the influence(?! of (?:drugs|cannabis))|hungover)|"
        r"smel(?:l|t|ls|led|ling) (?:strongly )?of (?:alcohol|drink|beer|booze)|alcohol (?:use|misuse|abuse|"
        r"problem|dependen\w+)|problem with (?:alcohol|drink)|empty (?:cans|bottles) of (?:lager|beer|cider|"
        r"wine|vodka))", item="alcohol", when="still", denied="not_using"),
    phrase("substance_use", "using", r"(?:(?:us(?:es|ing)|tak(?:es|ing)|smok(?:es|ing)|on) (?:drugs|cannabis|weed|"
        r"cocaine|coke|crack|heroin|speed|ketamine|spice|pills|substances|skunk)|smel(?:t|ls|led|ling)? "
        r"(?:strongly )?of (?:cannabis|weed|marijuana|skunk)|smell of (?:cannabis|weed)|drug (?:use|misuse|"
        r"abuse|taking|problem)|substance (?:use|misuse|abuse)|under the influence of (?:drugs|cannabis)|drug "
        r"paraphernalia|stoned)", item="drugs", when="still", denied="not_using"),
    phrase("domestic_abuse", "alleged", r"(?:domestic (?:abuse|violence)(?! (?:service|team|worker|helpline|"
        r"leaflet|course))|(?:hits?|hitting|punch(?:es|ed)|slapp?(?:s|ed)|kick(?:s|ed)|push(?:es|ed)|"
        r"strangl(?:es|ed)|grabb?(?:s|ed)|assault(?:s|ed)|beat(?:s|en)?|throttled|choked|threw (?:things|a "
        r"\w+) at) (?:mum|her(?= |[.,;]|\Z)(?! (?:arm|leg|head|face|foot))|mother|his (?:partner|girlfriend|"
        r"wife))|(?:is|was|been|being|becomes?|gets?) (?:verbally |physically |emotionally )?(?:violent|"
        r"abusive|controlling|aggressive) (?:to|towards|with) (?:her|mum|mother)|controls (?:her|what she|who "
        r"she|the money)|coercive(?: and)? control\w*|scared of (?:him|dad|her partner)|frightened of (?:him|"
        r"her partner))", denied="none"),
    phrase("mental_health", "low_mood", r"(?:low (?:in )?mood|feel(?:s|ing) (?:very |really |quite )?(?:low|down|"
        r"depressed)|(?:is|was|feeling|been) (?:very )?(?:depressed|tearful|anxious|overwhelmed)|tearful|"
        r"post[- ]?natal depression|PND|struggling to cope|anxiety)", when="still", denied="well"),
    phrase("mental_health", "low_mood", r"(?:not|n't) coping(?: well)?", when="still", whole=True),
    phrase("mental_health", "suicidal", r"(?:suicidal|thoughts of (?:suicide|ending (?:her|his) life|killing "
        r"(?:herself|himself))|want(?:s|ed) to (?:die|end it|kill (?:herself|himself))|overdose)", denied="well"),
    phrase("mental_health", "self_harm", r"(?:self[- ]?harm(?:s|ed|ing)?|cut(?:s|ting) (?:herself|himself))"),
    phrase("criminal_history", "arrested", r"(?:was|been|were|got) arrested", item=None),
    phrase("custody", "in_custody", r"(?:is |was |went (?:back )?)?(?:in|to|into|inside) (?:prison|custody|jail)|"
        r"on remand|serving (?:a|an|time)|(?:was |been )?(?:recalled|sent) to prison", when="still"),
    phrase("custody", "released", r"(?:released|out|came out|got out|home) (?:from|of) (?:prison|custody|jail)",
        when="still", whole=True),
    phrase("pregnancy", "pregnant", r"(?:is |was |are )?(?:\w+ weeks )?pregnant(?! with (?:him|her) )|expecting "
        r"(?:a|another|her|their|twins)", when="still", denied="not_pregnant"),
    phrase("money_worries", "some", r"(?:in debt|debts|rent arrears|behind with (?:the )?rent|no money (?:for|"
        r"left)|money (?:worries|problems)|struggling (?:financially|with money|to (?:pay|afford|buy))|using "
        r"(?:a|the) food ?bank|(?:no|run out of) (?:gas|electric(?:ity)?|credit on the meter)|cannot afford|"
        r"can't afford)", when="still", whole=True),
)  # fmt: skip
