"""How the texts speak: without guilt, pressure or guesses about the ex, in one spelling, in our own words."""

import re
from collections.abc import Iterator

from server.library.rules.passages import Passage, words
from server.library.source import Finding

#: A quotation of more words than this is somebody's text rather than something said in passing.
LONGEST_QUOTE = 25

_GUILT = re.compile(
    r"\b(should(?:n['’]t|['’]ve)?|must(?:n['’]t)?|ought|you(?:['’]ve| have)? (?:missed|failed|forgot(?:ten)?)"
    r"|don['’]t forget|you let \w+ down|no excuses?)\b",
    re.IGNORECASE,
)
_PRESSURE = re.compile(
    r"!|\b(hurry up|last chance|act now|don['’]t wait|before it['’]s too late)\b",
    re.IGNORECASE,
)
_GENDERED = re.compile(
    r"\b(s?he|s?he['’](?:s|d|ll)|him|her|hers|his|himself|herself"
    r"|(?:ex-?)?(?:girlfriend|boyfriend|husband|wife))\b",
    re.IGNORECASE,
)
_AMERICAN = re.compile(
    r"\b(\w*(?:color|favor|behavior|neighbor|honor|humor|rumor)\w*|centers?|gray|moms?|pajamas|math|programs?"
    r"|(?:real|recogn|apolog|organ|critic|minim|priorit|memor|emphas)iz\w+"
    r"|(?:travel|cancel|label)(?:ed|ing)|practicing)\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"“([^”]+)”|\"([^\"]+)\"|‘([^‘]+?)’(?!\w)")


def guilt_words(passage: Passage) -> Iterator[Finding]:
    """Words that put somebody in the wrong: should, must, you missed."""
    for match in _GUILT.finditer(passage.text):
        yield passage.finding("guilt-word", f"'{match[0]}' puts the reader in the wrong; say what they can do instead")


def pressure(passage: Passage) -> Iterator[Finding]:
    """Exclamation marks and hurry."""
    for match in _PRESSURE.finditer(passage.text):
        yield passage.finding("pressure", f"'{match[0]}' presses; nothing here is urgent")


def gendered_words(passage: Passage) -> Iterator[Finding]:
    """Words that guess who the ex is."""
    for match in _GENDERED.finditer(passage.text):
        yield passage.finding("gendered-word", f"'{match[0]}' guesses who somebody is; use they, them or your ex")


def american_spelling(passage: Passage) -> Iterator[Finding]:
    """Spellings that are not British; the texts keep to one."""
    for match in _AMERICAN.finditer(passage.text):
        yield passage.finding("spelling", f"'{match[0]}' is not the British spelling")


def long_quotes(passage: Passage) -> Iterator[Finding]:
    """Quotation marks around so many words that they look like somebody else's text."""
    for match in _QUOTED.finditer(passage.text):
        count = len(words(next(part for part in match.groups() if part)))
        if count > LONGEST_QUOTE:
            yield passage.finding("quotation", f"{count} words in quotation marks; say it in our own words")
