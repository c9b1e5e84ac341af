"""Which words of a contribution carry a line, for a reader who checks it."""

from __future__ import annotations

from bot.splitting import split
from bot.summarise.lexical import content

LONGEST = 90
"""Words shown of one contribution; the link beside them leads to the rest."""
_GAIN = 2
"""Words of the line that one sentence more must carry to be shown as well."""


def carrying(line: str, text: str) -> str:
    """The sentences of `text` that share most with the line, in their order, literally, at most `LONGEST` words.

    What is left out between them is marked with an ellipsis. Empty where they share no word that carries meaning."""
    sentences = [sentence for paragraph in text.split("\n\n") for sentence in split(paragraph)]
    stems = [set(content(sentence)) for sentence in sentences]
    owed = set(content(line))
    chosen: list[int] = []
    left = LONGEST
    while owed and len(chosen) < len(sentences):
        free = [index for index in range(len(sentences)) if index not in chosen]
        best = max(free, key=lambda index: (len(stems[index] & owed), -len(sentences[index])))
        if len(stems[best] & owed) < (_GAIN if chosen else 1):
            break
        words = sentences[best].split()
        if chosen and len(words) > left:
            break
        sentences[best] = " ".join(words[:left]) + (" …" if len(words) > left else "")
        left -= len(words)
        owed -= stems[best]
        chosen.append(best)
    chosen.sort()
    shown = ""
    for place, index in enumerate(chosen):
        gap = "" if not place else " " if index == chosen[place - 1] + 1 else " … "
        shown += gap + sentences[index]
    return shown
