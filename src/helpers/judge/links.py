"""What a link to a fact, a claim or a search must say, and what a claim's note must print of a fact."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from helpers.chapter import output
from helpers.chapter.numbers import NUMBER, numbers
from helpers.judge.places import Place, Problem, cells, pages


class Known(NamedTuple):
    """What a page may link to: facts, claims and their verdicts by name, and the subjects of searches."""

    facts: Mapping[str, str]
    claims: Mapping[str, str] = MappingProxyType({})
    verdicts: Mapping[str, str] = MappingProxyType({})
    searches: Collection[str] = ()


def facts(book: Path) -> list[tuple[str, str, Place]]:
    """Return name, text and place of each fact that the notebooks of a book folder have stored."""
    return [
        (fact["name"], fact["text"], cell.at(0))
        for path in pages(book)
        for cell in cells(path)
        for fact in cell.stored(output.FACT)
    ]


def form(words: str, text: str) -> str:
    """Return what a link with these words must print of a fact: its only number, if they are one, or all.

    Examples
    --------
    >>> form("850", "851 ships"), form("850 ships", "851 ships"), form("356", "357 of 365 days")
    ('851', '851 ships', '357 of 365 days')
    """
    found = numbers(text)
    return found[0] if len(found) == 1 and NUMBER.fullmatch(words) else text


def printed(text: str, note: str) -> str | None:
    """Return the form in which a note prints a fact, its text or its only number; ``None`` if in neither."""
    whole = re.search(rf"(?<![\d.,]){re.escape(text)}(?!\d|[.,]\d)", note)
    return text if whole else next((each for each in numbers(note) if each == form(each, text)), None)


def check(target: str, words: str, known: Known) -> Iterator[str]:
    """Yield what is wrong with a link by its target, as it is written, and its words."""
    if not target.startswith("#"):
        return
    facts, claims = known.facts, known.claims
    kind, _, name = target.removeprefix("#").partition("-")
    if kind == "search" and name not in known.searches:
        yield f"[{words}]({target}): searches.csv has no search on {name!r}; {near(name, known.searches)}"
    elif kind == "fact" and name not in facts:
        yield f"[{words}]({target}): no notebook records a fact {name!r}; {near(name, facts)}"
    elif kind == "fact" and words != form(words, facts[name]):
        yield f"[{words}]({target}): the data says {form(words, facts[name])!r}"
    elif kind == "claim" and name not in claims:
        yield f"[{words}]({target}): claims.csv has no claim {name!r}; {near(name, claims)}"
    elif kind == "claim":
        said = numbers(claims[name].lower())
        for number in numbers(words):
            if number.lower() not in said:
                yield f"[{words}]({target}): {number!r} is not in the claim {claims[name]!r}"


def notes(claims: Any, facts: dict[str, str]) -> Iterator[Problem]:
    """Hold the notes of claims and their matters against the facts that they name: one prints each fact."""
    for line, claim in claims[claims["facts"].notna()].iterrows():
        place = Place("data/claims.csv", line)
        notes = " ".join(claim[["verdict_note", "status_note"]].dropna())
        for name in claim["facts"].split():
            here = f"the note of {claim['claim_id']}"
            if name not in facts:
                yield Problem(place, f"{here}: no notebook records a fact {name!r}; {near(name, facts)}")
            elif printed(facts[name], notes) is None:
                digits = r"\d[\d,.]*"
                old = re.search(digits.join(map(re.escape, re.split(digits, facts[name]))), notes)
                said = old[0] if old else notes
                yield Problem(place, f"{here} says {said!r}: the data says {facts[name]!r}")


def verdicts(text: str, known: Known) -> Iterator[tuple[int, str]]:
    """Hold what a text says of a claim, "[the claim](#claim-c07) is imprecise", against its verdict."""
    words = "|".join(map(re.escape, {*known.verdicts.values()}))
    for found in re.finditer(rf"\]\(#claim-([\w-]+)\) is ({words})\b", text):
        claim, word = found.groups()
        if word and word != known.verdicts.get(claim, word):
            line = text.count("\n", 0, found.start())
            yield line, f"{claim} is called {word}: its verdict is {known.verdicts[claim]!r}"


def near(name: str, names: Iterable[str]) -> str:
    """Return words that tell which names are like one that is not among them."""
    alike = get_close_matches(name, list(names), n=5)
    return f"near it: {', '.join(alike)}" if alike else "no name is near it"
