"""The verifier's words: closed classes, opposites, near-synonyms, and what an act of speech must stand on.

Everything here is a lemma in lower case. The lists are of English as it is spoken in Parliament; they are finite on
purpose: a word that none of them knows is judged by the encoder, and an opposite that they miss is a fault to be mended
here.
"""

from __future__ import annotations


def groups(text: str) -> tuple[frozenset[str], ...]:
    """One group of words a line."""
    return tuple(frozenset(line.split()) for line in text.strip().splitlines())


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


WILL, MAY, CAN, MUST, INTENT, PLAIN = "will", "may", "can", "must", "intent", ""
MODALS = {
    "will": WILL, "shall": WILL, "'ll": WILL, "would": WILL, "'d": WILL, "wo": WILL, "ll": WILL, "sha": WILL,
    "may": MAY, "might": MAY, "can": CAN, "could": CAN, "ca": CAN,
    "must": MUST, "should": MUST, "ought": MUST, "need": MUST,
}  # fmt: skip
"""Back-shifted and plain forms are one strength: reported speech turns 'will' to 'would' and 'may' to 'might'."""

INTENTS = _set(
    "want hope wish intend plan aim try seek attempt consider expect like love prepare mean propose ask urge press "
    "call request invite encourage tempt threaten claim appear seem tend need long aspire offer agree promise pledge "
    "undertake commit vow resolve decide determined ready willing keen likely possible set due suppose wait "
    "hesitate fear afraid scared dare"
)
"""Heads whose infinitive says that a thing is wished, asked or expected, not that it is done."""

UNDERTAKINGS = _set("promise pledge undertake commit vow resolve decide agree intend plan set due")
"""Heads that say of a future act what 'will' says of it."""

DENIERS = _set(
    "fail refuse decline cease neglect omit avoid deny doubt forget unable unlikely impossible reluctant unwilling"
)
"""Heads that turn what hangs on them into its contrary: 'failed to publish' is 'did not publish'."""

NEGATIVES = _set("not n't never no none nobody nothing neither nor nowhere without hardly scarcely barely cannot")

SAYING = _set(
    "say tell state add note explain remark observe comment mention report declare announce confirm stress emphasise "
    "reply answer respond argue believe think consider maintain insist suggest assert point recall feel describe "
    "outline clarify reiterate repeat set make continue conclude emphasize inform assure reassure highlight indicate "
    "hear update underline contend acknowledge accept admit concede recognise agree warn claim allege promise pledge "
    "undertake commit vow hope predict estimate propose quote speak talk discuss reveal"
)
"""Verbs by which a claim gives words to a speaker; those in ACTS need more than the words themselves."""

ASKING = _set(
    "ask question enquire inquire wonder query press challenge urge demand request invite call seek appeal beg raise"
)

NON_FACTIVE = _set(
    "say claim suggest argue allege believe think pretend assert imply assume imagine suppose fear hope propose urge "
    "tell contend maintain insist"
)
"""Verbs whose clause is the word of whoever is their subject and not, without more, the speaker's."""

CAUSES = _set(
    "because since therefore thus hence consequently owing due result lead cause thanks thereby so reason "
    "trigger contribute blame prompt"
)
"""Markers of cause; `so`, `since`, `due` and `thanks` count only as the connective (see `connectives`)."""

UNIVERSALS = _set(
    "all every each always everyone everybody everything entire whole entirely unanimously both invariably"
)
ONLYS = _set("alone only solely exclusively")
MAJORITIES = _set("most majority mostly mainly predominantly largely")
MANYS = _set("many numerous lot lots much widespread")
SOMES = _set("some several seldom rarely few certain sometimes occasionally partly partially handful minority rarely")

LIGHT = _set(
    "be have do get make take go come thing way issue matter it this that there here also very really just so "
    "such now then "
    "well quite rather however indeed whether further already still too even yet part kind sort lot other "
    "another own same "
    "able point fact regard relation respect order use number hon gentleman lady friend learn gallant right "
    "people person "
    "mr mrs ms sir dame dr lord baroness one something anything today currently previously again want"
)
"""Words that carry too little for their absence from the evidence to matter."""

TITLES = _set(
    "mr mrs ms miss dr sir dame lord lady baroness viscount earl hon right honourable rt am mp ms ac msp prof "
    "professor the"
)

ADDRESSEES = _set(
    "house commons mps members lords peers parliament committee chamber colleagues us them him her lawmakers ministers"
)
