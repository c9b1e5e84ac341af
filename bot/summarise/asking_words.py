"""Words that ask, which say nothing of what is asked about."""

from __future__ import annotations

ASKING = frozenset(
    "what who whom whose which when where why how did do does done was were is are be been being has have had will "
    "would can could may might shall should must the a an of to in on at by for from with without about into over "
    "under between among during after before since until as than that this these those there here it its he she they "
    "them their his her him i me my we us our you your and or but nor not no if whether so such any all some each "
    "every other others another both more most much many very just only own same then too also summarize summarise "
    "summary talking talk talked regarding concerning related relation terms according towards toward situation asked "
    "asking answering question questions discussion discussions discussing discussed discuss debate debated debates "
    "conversation meeting group committee participants participant member members people think thought thinks say "
    "said says saying tell told mention mentioned respond responded response reply replied comment comments commented "
    "opinion opinions view views attitude idea ideas describe described explain explained explanation elaborate "
    "elaborated introduce introduced suggest suggested suggestion suggestions recommend recommended mean meant means "
    "give gave given get got make made take took taken come came use used thing things something anything part point "
    "points way ways main whole overall different specific important there’s one two three four five going out off "
    "put see feel go wish while because across house commons lords parliament record document text article please "
    "know known find found near".split()
)
LOOSE = frozenset(
    "issue issues problem problems solution solutions measure measures condition conditions situations challenge "
    "challenges advantage advantages disadvantage disadvantages weakness weaknesses strength strengths aim aims "
    "background impact impacts effect effects reason reasons lesson lessons extent conclusion conclusions decision "
    "decisions outcome outcomes corresponding relative possible potential certain evaluation evaluations evaluate "
    "evaluated consideration considerations considered consider concern concerns concerned assure ensure ensured "
    "relating respect manner approach importance necessity necessary method methods process progress current present "
    "currently further future need needed needs want wanted plan plans planned policy policies inquiry inquiries "
    "questioning controversy topic topics matter matters case cases aspect aspects factor factors cause causes caused "
    "result results purpose purposes role roles detail details example examples information clarification advice "
    "advise implementation implementations work working help helping helped improve improved face facing faced faces "
    "accusations levied expressed express thanks thank thanked shared share particular proper specifically especially "
    "including include included various several kind sort type nature state states stated claim claimed argue argued "
    "emphasize emphasized emphasise emphasised stress stressed".split()
)
"""Words that a question is framed in, looked for only where it has no others."""
