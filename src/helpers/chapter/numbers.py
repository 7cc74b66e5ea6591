"""What counts as a number in a text: the one rule for facts, prose, titles, captions and alt texts.

A number is

- what is written in digits, with the minus sign before it;
- a number word from thirteen up; number words up to twelve are language;
- a word of scale (dozen, hundred, thousand, million, billion, trillion) or its plural, as one number with
  the number before it: "1.35 trillion", "eleven trillion", "a dozen", "hundreds".

Exempt are

- dates (10 April 2024) and ordinals (1st, twenty-first);
- years from 1850 to 2099 that their writing or the word before makes certain: decades (the 1970s), and after
  FY, a month, a season, "fiscal", "year", "early", "mid" or "late" (FY2025, mid-2025);
- other years of that span, several in a row ("2012–16", "2023 and 2024") or one that stands after a word of
  time (in, of, since, by, to, the and others) or opens a clause and goes on with a verb in the singular, a
  preposition or a mark ("2024 was", "2024: none", "Quad, 2021"). They are none before what they may count:
  a plural, a unit or "of them" ("in 2000 ships");
- names: letters glued to digits (H3), capitals also with a hyphen (F-15), digits and a capital (5G); those of
  the settings; after a naming word of the settings a number of at most two digits (Article 5, paragraphs 12
  and 13) or a year; and a word of scale between capitals (Thousand Oaks);
- thousand to trillion as a unit: at the head of a text, after a colon, a bracket, "in" or "how many" ("in
  million dollars"), and after a value that an f-string prints.
"""

import re
from collections.abc import Iterator

from helpers.settings import settings

SCALES = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
#: What stands in a text for a value that an f-string or a fact will print.
FIELD = "\0"

MONTH = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_YEAR = r"(?:18[5-9]|19\d|20\d)\d"
#: The words after which a number is a name; in a book that has none, nothing.
_NAME = rf"(?:{'|'.join(map(re.escape, settings().naming)) or '(?!)'})"
_EXEMPT = re.compile(
    "|".join(
        (
            rf"\b\d{{1,2}}(?:(?:[–-]| and | to )\d{{1,2}})? {MONTH}(?: {_YEAR})?\b",
            rf"\b{MONTH} \d{{1,2}}(?:, {_YEAR})?\b(?!\d)",
            rf"\b{_YEAR}-\d{{2}}(?:-\d{{2}})?\b",
            r"\b\d+(?:st|nd|rd|th)\b",
            rf"\b{_NAME}[ -]\d{{1,2}}[A-Z]?\b(?:\([a-z0-9]\))?(?![.,]?\d)",
            rf"\b{_NAME}s \d{{1,2}}(?:(?:, | and | to |–)\d{{1,2}})*\b(?![.,]?\d)",
            r"\b(?:(?!FY\d{4})[A-Za-z]+|[A-Z](?:[A-Za-z]*[A-Z])?-)\d[\w-]*",
            r"\b\d+(?![KMBT]\b)[A-Z]\b",
            *(rf"\b{re.escape(name)}\b" for name in settings().names),
            rf"(?:^|[:(] ?|\b[Ii]n |\b[Hh]ow many |{FIELD} )(?:{'|'.join(SCALES)})\b",
            r"Reading time: \d+ minutes",
        )
    )
)

# Years: what makes one certain, one with its range, several in a row, and what lets a bare one be a year.
# In a row the last one must be certain, lest "in April 2024, 2000 ships" hide a number.
_SURE = (
    rf"(?:{MONTH} |(?:[Ss]pring|[Ss]ummer|[Aa]utumn|[Ww]inter|[Ff]iscal|[Yy]ears?) |FY ?"
    r"|(?:[Ee]arly|[Mm]id|[Ll]ate)[ -]|(?:[Pp]re|[Pp]ost)-)"
)
_ONE = rf"(?:\b{_SURE})?(?<![\d.,¥$€£]){_YEAR}s?(?:[–/-](?:{_YEAR}|\d\d))?(?![\w%-]|[.,]\d)"
_ROW = re.compile(rf"{_ONE}(?:(?: \([^()\d]*\))?(?:,|,? and|,? or|,? to) (?:(?:the|around|about) )?{_ONE})*")
_CERTAIN = re.compile(rf"(?:\b{_SURE}{_YEAR}(?:[–/-]\d+)?|{_YEAR}s)$")
_SEVERAL = re.compile(rf"{_YEAR}\D+\d")
_TIME = re.compile(
    r"\b(?:in|of|since|from|until|to|by|before|after|during|between|for|into|through|the|(?:early|late) as"
    rf"|(?:begin|start|end)s? with|(?-i:{_NAME}))(?: about| around)? $",
    re.IGNORECASE,
)
_OPENS = re.compile(r"(?:^|[.:;,?!(“\"] ?)$")
# Words in -s that are no plural: verbs that a year, or what is dated by it, may have, and a few others.
_NO_PLURAL = (
    "adds|agrees|allows|always|asks|asserts|becomes|begins|brings|calls|comes|depends|dips|divides|does|ends"
    "|exists|gives|keeps|leaves|lets|lies|lifts|makes|moves|names|opposes|perhaps|promises|puts|raises|rests"
    "|rises|says|sees|shows|speaks|stands|starts|takes|tells|towards|wants|whereas"
)
_GOES_ON = re.compile(
    r"$|[).,:;]| \(| (?:as|from|on|to|is|was|has|had|can|could|will|would|may|did|came|brought|saw"
    rf"|{_NO_PLURAL})\b"
)
_WORD_OF_SCALE = "(?:dozen|hundred|thousand|million|billion|trillion)"
_COUNTS = re.compile(
    rf" (?!(?:{_NO_PLURAL})\b)(?:[a-z]{{2,}}[^\Wisu]s|people|men|women|children|aircraft|personnel|per cent"
    rf"|of (?:them|these|those|which|whom)|[km]?m|[km]?g|t|{_WORD_OF_SCALE})\b"
)

_DIGITS = "\N{MINUS SIGN}?" + r"\d+(?:,\d+)*(?:\.\d+)?"
_UNITS = "one|two|three|four|five|six|seven|eight|nine"
_SMALL = f"(?:{_UNITS}|ten|eleven|twelve)"
_BIG = (
    "(?:(?:thir|four|fif|six|seven|eigh|nine)teen"
    rf"|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:-(?:{_UNITS})\b)?"
    r"(?!-(?:first|second|third|\w+th)\b))(?:fold)?"
)
_SCALE = f"{_WORD_OF_SCALE}(?:s|fold)?"
_NAMED = r"(?-i:[A-Z][a-z]+(?<!s) [A-Z])"
#: A number, once what is exempt is gone from the text.
NUMBER = re.compile(
    rf"(?:(?:{_DIGITS}|\b(?:{_SMALL}|{_BIG}|an?))[ -]|\b(?!{_NAMED})){_SCALE}\b"
    rf"(?:[ -](?:(?:and )?(?:{_SMALL}|{_BIG})|(?:of )?{_SCALE})\b)*"
    rf"|{_DIGITS}|\b{_BIG}\b",
    re.IGNORECASE,
)


def find(text: str) -> Iterator[tuple[int, str]]:
    """Yield place and words of each number in a text that needs a fact; see the rule above."""
    plain = _EXEMPT.sub(_blank, re.sub(r"[\n\u00a0]", " ", text))
    plain = _ROW.sub(lambda row: _blank(row) if _is_year(row) else row[0], plain)
    yield from ((number.start(), number[0]) for number in NUMBER.finditer(plain))


def numbers(text: str) -> list[str]:
    """Return the numbers in a text that need a fact, as written, on one line; see the rule above.

    Examples
    --------
    >>> numbers("On 10 April 2024 they flew 704 times, an F-15 first, for 1.35 trillion yen.")
    ['704', '1.35 trillion']
    """
    return [number for _, number in find(text)]


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


def _is_year(row: re.Match[str]) -> bool:
    """Tell whether the words in and around a year, or several in a row, say that they are years."""
    before, after = row.string[: row.start()], row.string[row.end() :]
    if _CERTAIN.search(row[0]):
        return True
    if _COUNTS.match(after):
        return False
    opens = _OPENS.search(before) and _GOES_ON.match(after)
    return bool(_SEVERAL.search(row[0]) or _TIME.search(before) or opens)
