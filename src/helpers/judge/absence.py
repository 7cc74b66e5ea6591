"""The check that what a page says was not found has a record of searches.

"Not found" is a finding: it needs a day, words and places. A sentence of prose that says an absence needs a
link to the record, ``[searched](#search-name)`` or any other words, or to the page of all searches, in the
same paragraph or item of a list. A sentence says an absence if it says

- that something was or is not found, seen, known, reported or reached, or could not be;
- that no such thing was found, that none or nothing was, or that a search found none;
- that something is unknown, is without news, trace, report or record, or that no page says it;
- that somebody or something is silent, unless it links to the source that is.

What a sentence sets as a condition, a rule or a possibility ("if none is found", "no news means …"), what it
says that others said, and the answers to choose from in a quiz say no absence. Headings, code, tables and the
texts of figures are not read.

A list under the heading "What is not known" says an absence with every item. An item needs the link, or words
that say why no search could answer it: it is secret, nobody can know it, or it asks what would have been.
"""

import re
from collections.abc import Iterator

_BE = r"(?:is|are|was|were|been|could be|remains?|remained)"
_SEEN = r"(?:found|seen|known|reported|reached)"
_TRACE = r"(?:news|traces?|reports?|records?)"
_PAGE = r"(?:pages?|sources?|papers?|accounts?|announcements?|statements?|polls?)"
_ABSENCE = re.compile(
    rf"(?<!what )\b{_BE} (?:not|never|nowhere) (?:\w+ )?{_SEEN}\b"
    rf"|\b(?:could|did|has|have|had)(?: not|n[’']t) (?:\w+ )?(?:be |been )?(?:find|found|seen|reported)\b"
    rf"|\b(?:no|none|nothing|nobody|neither)\b[^.;:?!]{{0,70}}?\b{_BE} (?:\w+ )?{_SEEN}\b"
    rf"|\bfound (?:no|none|nothing)\b"
    rf"|\b(?:there {_BE}|has|have|had|left|leaves?) no (?:\w+ )?{_TRACE}\b"
    rf"|\bwithout (?:(?:a|any|later|recent) )*{_TRACE}\b"
    rf"|\bno (?:\w+ ){{0,2}}(?:{_PAGE}|{_TRACE}) (?:says?|carr(?:y|ies)|names?|records?|confirms?|shows?)\b"
    rf"|(?<!what )\b{_BE} unknown\b"
    rf"|\b(?:{_BE}|fell|stayed) silent\b",
    re.IGNORECASE,
)
# In the clause of an absence: a condition, a rule, a possibility, or somebody else's word.
_SUPPOSED = re.compile(
    r"(?:^where|\b(?:if|unless|means?|should|would|may|might|until|you|(?:says?|said|reported) that))\b"
    r"[^.;,]*$",
    re.IGNORECASE,
)
#: An answer to choose from, of a question that the page asks.
_CHOICE = ("[ ] ", "[x] ")
_RECORD = re.compile(r"\]\((?:#search-[\w-]+|[^)\s]*searches\.md)\)")
_SOURCE = re.compile(r"\]\(#source-[\w-]+\)")
#: Words that say why no search could answer.
_CLOSED = re.compile(
    r"\b(?:secret|classified|not public|unpublished|would have|cannot be (?:known|counted|measured)"
    r"|nobody can|no (?:\w+ )?(?:search|source|page|paper|count|test) (?:can|could))\b",
    re.IGNORECASE,
)
#: Markdown within a paragraph; of a link, its words are the first group.
MARKUP = re.compile(r"\[([^\[\]]*)\]\([^)\s]*\)|\{[\w-]+\}`[^`]*`|`[^`]*`|[*_]{1,2}(?=\S)|(?<=\S)[*_]{1,2}")
#: What separates a sentence from the next.
SENTENCE = re.compile(r"(?<=[.?!])(?:[\"”’)\]*]*)\s+(?=\S)")


def check(block: str, line: int, *, unknown: bool = False) -> Iterator[tuple[int, str]]:
    """Yield line and message of each sentence of a paragraph or a list's item that says an absence unproved.

    Parameters
    ----------
    block
        The Markdown of one paragraph or item.
    line
        The line on which it begins.
    unknown
        Whether it is an item of a list of what is not known.
    """
    if _RECORD.search(block) or block.startswith(_CHOICE):
        return
    if unknown:
        if not _CLOSED.search(_plain(block)):
            yield (
                line,
                f"{_short(block)!r} is said not to be known: link its searches, or say why none could answer",
            )
        return
    at = 0
    for sentence in SENTENCE.split(block):
        at = block.index(sentence, at)
        if found := said(sentence):
            yield (
                line + block.count("\n", 0, at),
                f"{found!r} in {_short(sentence)!r} needs a record: [searched](#search-…)",
            )


def said(sentence: str) -> str | None:
    """Return the words with which a sentence says that something was not found, or None.

    Examples
    --------
    >>> said("No later meeting was found.")
    'No later meeting was found'
    >>> said("No news means that none was found.") is None
    True
    """
    plain = _plain(sentence)
    for match in _ABSENCE.finditer(plain):
        if match[0].endswith("silent") and _SOURCE.search(sentence):
            continue
        if not _SUPPOSED.search(plain[: match.end()]):
            return match[0]
    return None


def _plain(text: str) -> str:
    return " ".join(MARKUP.sub(lambda match: match[1] or "", text).split())


def _short(text: str) -> str:
    words = _plain(text)
    return words if len(words) <= 80 else f"{words[:79]}…"
