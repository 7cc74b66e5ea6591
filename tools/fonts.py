"""Makes the fonts of the pages again: ``make fonts``, when a text has a letter that they lack.

The Latin ones hold whole blocks, for any book. That of the second language holds its signs and syllables,
and of its thousands of other letters those that stand in this book's texts and tables. What all of them lack,
such as the words of a search in a third language, is in a last one, for paper and e-book: on a site the
reader's own fonts have it. All are cut, with the same bytes each time, from the packages of Fontsource, which
``npm`` fetches; cutting needs ``fonttools`` and ``brotli``.
"""

import re
import subprocess
import tarfile
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from fontTools import merge, subset
from fontTools.ttLib import TTFont

ROOT = Path(__file__).parents[1]
#: Where the machine's fonts lie, and those of the book.
MACHINE, BOOK = ROOT / "src" / "helpers" / "pages" / "assets" / "fonts", ROOT / "book" / "_assets" / "fonts"
#: The letters of the files, as the style sheets promise them by `unicode-range`.
LATIN = "0-FF,131,152-153,2000-206F,20AC,2122,2191,2193,2212"
EXTENDED = "100-130,132-151,154-2AF,1E00-1EFF"
#: By package and version the files that are cut from it, with their letters.
LATIN_FONTS = {
    "@fontsource/source-sans-3@5.3.1": {
        "source-sans-3-latin-400-normal.woff2": LATIN,
        "source-sans-3-latin-600-normal.woff2": LATIN,
        "source-sans-3-latin-ext-400-normal.woff2": EXTENDED,
    },
    "@fontsource/source-serif-4@5.3.1": {
        "source-serif-4-latin-400-italic.woff2": LATIN,
        "source-serif-4-latin-400-normal.woff2": LATIN,
        "source-serif-4-latin-600-normal.woff2": LATIN,
        "source-serif-4-latin-ext-400-normal.woff2": EXTENDED,
    },
}
#: Of the second language: package, file, and the letters that the font always has, signs and kana.
SECOND, SECOND_FILE, ALWAYS = (
    "@fontsource/noto-sans-jp@5.3.0",
    "noto-sans-jp-japanese-400-normal.woff2",
    "3000-30FF",
)
#: Further scripts, in the order in which they are asked for a letter, and the file that has what is used.
FURTHER_FONTS = {
    "@fontsource/noto-sans-sc@5.3.0": "noto-sans-sc-chinese-simplified-400-normal.woff2",
    "@fontsource/noto-sans-kr@5.3.0": "noto-sans-kr-korean-400-normal.woff2",
    "@fontsource/source-sans-3@5.3.1": "source-sans-3-cyrillic-400-normal.woff2",
}
FURTHER_FILE = BOOK / "further-scripts-400-normal.woff2"
#: What of the fonts' rules the pages need: joined and set letters, and the distances between them.
FEATURES = ["ccmp", "liga", "kern", "mark", "palt"]


def span(ranges: str) -> set[int]:
    """Return the code points that hexadecimal ranges mean, such as ``"20-7E,131"``."""
    pairs = (part.partition("-") for part in ranges.split(","))
    return {code for first, _, last in pairs for code in range(int(first, 16), int(last or first, 16) + 1)}


def second_language() -> dict[str, str]:
    """Return its settings, read without the book's library, which needs more than fontTools."""
    book = tomllib.loads((ROOT / "book.toml").read_text(encoding="utf-8"))["book"]
    language: dict[str, str] = book.get("second_language", {})
    return language


def texts() -> Iterator[str]:
    """Yield every text of the book."""
    for pattern in ("data/*.csv", "data/*.json", "book/**/*.md", "book/**/*.ipynb"):
        for path in sorted(ROOT.glob(pattern)):
            yield path.read_text(encoding="utf-8")


def cut(source: Path, letters: Iterable[int], to: Path) -> None:
    """Write a font with some letters of another, as WOFF2 and without hints for old screens."""
    options = subset.Options(flavor="woff2", hinting=False, layout_features=FEATURES)
    font = subset.load_font(str(source), options)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=letters)
    cutter.subset(font)
    subset.save_font(font, str(to), options)
    print(f"{to.relative_to(ROOT)}: {len(font.getBestCmap())} letters, {to.stat().st_size:,} bytes")


def unpacked(package: str, work: Path) -> Path:
    """Fetch a package with npm and return its folder of fonts."""
    name = subprocess.run(
        ["npm", "pack", "--silent", package],  # noqa: S607 - the npm on the path
        cwd=work,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()[-1]
    with tarfile.open(work / name) as archive:
        archive.extractall(work / package, filter="data")
    return work / package / "package" / "files"


def further(letters: set[int], work: Path) -> None:
    """Write the font of the letters that no other font has, with its licences; without any, there is none."""
    parts, licences = list[str](), list[str]()
    options = subset.Options(hinting=False, layout_features=[])
    options.drop_tables += ["BASE", "GDEF", "GPOS", "GSUB", "STAT", "VORG", "vhea", "vmtx"]
    for package, name in FURTHER_FONTS.items():
        files = unpacked(package, work)
        font = subset.load_font(str(files / name), options)
        if found := letters & font.getBestCmap().keys():
            letters -= found
            cutter = subset.Subsetter(options)
            cutter.populate(unicodes=found)
            cutter.subset(font)
            font["OS/2"].version = 4  # the highest that all have
            font.flavor, part = None, str(work / f"{len(parts)}.ttf")
            font.save(part)
            parts.append(part)
            licences.append((files.parent / "LICENSE").read_text(encoding="utf-8"))
    if parts:
        merged = merge.Merger().merge(parts)
        merged.flavor, merged.recalcTimestamp = "woff2", False
        merged["head"].created = merged["head"].modified = TTFont(parts[0])["head"].created
        merged.save(FURTHER_FILE)
        FURTHER_FILE.with_name("LICENSE-further-scripts.txt").write_text(
            "\n".join(licences), encoding="utf-8"
        )
        print(f"{FURTHER_FILE.relative_to(ROOT)}: {len(merged.getBestCmap())} letters")


def main() -> None:
    """Make all fonts."""
    language = second_language()
    with TemporaryDirectory() as folder:
        work = Path(folder)
        for package, files in LATIN_FONTS.items():
            fonts = unpacked(package, work)
            for name, ranges in files.items():
                cut(fonts / name, span(ranges), MACHINE / name)
        if "font" in language:
            source, pattern = unpacked(SECOND, work) / SECOND_FILE, f"[{language['letters']}]"
            used = {ord(letter) for text in texts() for letter in re.findall(pattern, text)}
            cut(source, span(ALWAYS) | used, BOOK / language["font"])
            drawn = {
                letter
                for folder in (MACHINE, BOOK)
                for path in folder.glob("*.woff2")
                if path != FURTHER_FILE
                for letter in TTFont(path).getBestCmap()
            }
            further({ord(letter) for text in texts() for letter in text if letter.isalpha()} - drawn, work)


if __name__ == "__main__":
    main()
