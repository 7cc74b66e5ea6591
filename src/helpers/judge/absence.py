"""The check that what a page says was not found has a record of searches.

"Not found" is a finding: it needs a day, words and places. A sentence of prose that says an absence needs a
link to the record, ``[searched](#search-name)`` or any other words, or to the page of all searches, in the
same paragraph or item of a list. A sentence says an absence if it says

- that something was or is not found, seen, known, reported, published or reached, or could not be;
- that no page, report, trace or the like was found or exists, or that nothing or none was found;
- that something is unknown, or has left no news or trace;
- that somebody or something is silent, unless it links to the source that is.

What a sentence sets as a condition, a rule or a possibility ("if none is found", "no news means …") says no
absence. Headings, code, tables and the texts of figures are not read.

A list under the heading "What is not known" says an absence with every item. An item needs the link, or words
that say why no search could answer it: it is secret, nobody can know it, or it asks what would have been.
"""

import re
from collections.abc import Iterator

_SEEN = r"(?:found|seen|known|reported|published|reached|traced|heard)"
_BE = r"(?:is|are|was|were|be|been|remains?)"
_THING = (
    r"(?:pages?|reports?|sources?|traces?|records?|news|figures?|accounts?|announcements?|statements?|polls?)"
)
_ABSENCE = re.compile(
    rf"\b{_BE} (?:\w+ )?(?:not|never|nowhere) (?:\w+ )?{_SEEN}\b"
    rf"|\b(?:has|have|had|could|can|did)(?: not|n[’']t) (?:\w+ )?(?:been )?(?:found|find|seen|see|reported|followed)\b"
    rf"|\b(?:no|none|nothing|nobody|neither)\b[^.;:?!]{{0,70}}?\b{_BE} (?:\w+ )?{_SEEN}\b"
    rf"|\b(?:found|saw|know|knows) (?:no|none|nothing|neither)\b"
    rf"|\b(?:there {_BE}|has|have|had|left?|leaves|without) (?:(?:a|any|no|later|recent) )+{_THING}\b"
    rf"|\bwithout (?:\w+ )?(?:news|traces?)\b"
    rf"|\bno (?:\w+ ){{0,2}}{_THING} (?:says?|carr(?:y|ies)|names?|records?|confirms?|has|have|shows?)\b"
    rf"|\b{_BE} (?:not known|unknown)\b"
    rf"|\bnot known\b"
    r"|\bsilent\b",
    re.IGNORECASE,
)
# Before an absence in its clause: a condition, a rule or a possibility.
_SUPPOSED = re.compile(
    r"\b(?:if|unless|means?|meant|should|would|may|might|until|as long as|whatever)\b[^.;]*$", re.I
)
_RECORD = re.compile(r"\]\((?:#search-[\w-]+|[^)\s]*searches\.md)\)")
_SOURCE = re.compile(r"\]\(#source-[\w-]+\)")
#: Words that say why no search could answer.
_CLOSED = re.compile(
    r"\b(?:secret|classified|not public|unpublished|would have|would have been|cannot be (?:known|counted|measured)"
    r"|nobody can|no (?:\w+ )?(?:search|source|page|paper|count|test) (?:can|could))\b",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"\[([^\[\]]*)\]\([^)\s]*\)|\{[\w-]+\}`[^`]*`|`[^`]*`|[*_]{1,2}(?=\S)|(?<=\S)[*_]{1,2}")
_SENTENCE = re.compile(r"(?<=[.?!])(?:[\"”’)\]*]*)\s+(?=\S)")


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
    if _RECORD.search(block):
        return
    if unknown:
        if not _CLOSED.search(_plain(block)):
            yield line, f"{_short(block)!r} is said not to be known: link its searches, or say why none could answer"
        return
    at = 0
    for sentence in _SENTENCE.split(block):
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
        if match[0].lower() == "silent" and _SOURCE.search(sentence):
            continue
        if not _SUPPOSED.search(plain[: match.start()]) and not re.match(r"[^.;]{0,8}\bmeans\b", plain[match.end() :]):
            return match[0]
    return None


def _plain(text: str) -> str:
    return " ".join(_MARKUP.sub(lambda match: match[1] or "", text).split())


def _short(text: str) -> str:
    words = _plain(text)
    return words if len(words) <= 80 else f"{words[:79]}…"
