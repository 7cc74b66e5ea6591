"""What counts as a number in a text: the one rule for facts, prose, titles, captions and alt texts.

A number is what is written in digits, and a number word from thirteen up. Exempt are

- dates and years (10 April 2024, FY2025, 2012–2016, the 1970s): a bare four-digit number from 1850
  to 2099 is a year, since thousands are written with a comma;
- ordinals (1st) and names: digits glued or hyphenated to a letter (F-15, 5G), those of the settings ("2+2"),
  and a number after a naming word of the settings (Article 5, paragraph 13).

Number words up to twelve are language.
"""

import re

from helpers.settings import settings

MONTH = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_YEAR = r"(?:18[5-9]|19\d|20\d)\d"
_NAMING = "|".join(settings().naming) or r"\B\b"  # nothing, where a book names nothing
_EXEMPT = re.compile(
    "|".join(
        (
            rf"\b\d{{1,2}}(?:(?:[–-]| and | to )\d{{1,2}})? {MONTH}(?: {_YEAR})?\b",
            rf"\b{MONTH} \d{{1,2}}(?:, {_YEAR})?\b(?!\d)",
            rf"\b{_YEAR}-\d{{2}}(?:-\d{{2}})?\b",
            rf"(?<![\d.,¥$€£])\b(?:FY ?)?{_YEAR}s?(?:[–/-](?:{_YEAR}|\d{{2}}))?\b(?![.,]\d|%)",
            r"\b\d+(?:st|nd|rd|th)\b",
            rf"\b(?:{_NAMING})[ \u00a0](?:\d+[A-Z]?(?:\([a-z0-9]\))?)(?:(?:, | and | to |[–-])\d+[A-Z]?)*\b",
            r"\b[A-Za-z][A-Za-z]*[-/]?\d[\w-]*(?:[./]\d+)*",
            r"\b\d+[A-Z][\w-]*\b",
            *(rf"\b(?:{name})\b" for name in settings().names),
            r"Reading time: \d+ minutes",
        )
    )
)
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_NUMBER = re.compile(
    r"(?<![\w.])\d[\d,]*(?:\.\d+)?(?!\w)|\d[\d,]*(?:\.\d+)?"
    rf"|\b(?:thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|(?:{_TENS})(?:-\w+)?)\b",
    re.IGNORECASE,
)
SCALES = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}


def numbers(text: str) -> list[str]:
    """Return the numbers in a text that need a fact, as written; see the rule above.

    Examples
    --------
    >>> numbers("On 10 April 2024 they flew 704 times, an F-15 first.")
    ['704']
    """
    return [match[0].rstrip(",") for match in _NUMBER.finditer(_EXEMPT.sub(lambda m: " " * len(m[0]), text))]


def quantities(text: str) -> list[tuple[str, float]]:
    """Return each number in digits that needs a fact, with the scale of the word after it (million: 1e6, else 1)."""
    plain = _EXEMPT.sub(lambda m: " " * len(m[0]), text)
    found = re.finditer(r"(\d[\d,]*(?:\.\d+)?)(?: (thousand|million|billion|trillion))?", plain)
    return [(match[1].rstrip(","), SCALES.get(match[2], 1.0)) for match in found]
