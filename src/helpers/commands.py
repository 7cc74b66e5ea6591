"""What each command of ``python -m helpers`` does; which there are, and their words, stands in ``__main__``.

A command is called in the book's folder with what was asked, and raises `BookError` with words for a person.
Each imports what it works with: the command line starts at once, and where nothing but Python is installed.
"""

import os
import subprocess
import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from helpers.files import BookError, write_whole
from helpers.run import environment, outside, proof
from helpers.settings import root, settings

if TYPE_CHECKING:
    from helpers.judge.lineage import Lineage

DATA = Path("data")
#: The editions that are one file, and its ending.
EDITIONS = {"offline": "zip", "pdf": "pdf", "epub": "epub"}


def write_package(_: object = None) -> None:
    """Make the data package from its descriptors and the log of corrections; say what is not written yet."""
    from helpers.chapter import data, package
    from helpers.judge import corrections

    print(package.make(DATA), *package.unfinished(DATA), sep="\n")
    if data.has("corrections"):
        write_whole(Path("CORRECTIONS.md"), corrections.log().encode())


def rerun(asked: Namespace) -> None:
    """Run notebooks, and unless they were named make the students' from the teacher's."""
    from helpers.chapter import package
    from helpers.run import notebooks, students

    package.make(DATA)
    faults = notebooks.run_all(
        asked.files or [path for path in notebooks.find() if asked.all or notebooks.is_stale(path)]
    )
    if not faults and not asked.files:
        faults = notebooks.run_all(students.make())
    if faults:
        raise BookError("\n".join(faults))


def _fresh_notebooks() -> None:
    """Run the notebooks that are stale."""
    from helpers.make import sources

    while not sources.is_current("notebooks"):  # a second time if that has changed some
        sources.make("notebooks", lambda: rerun(Namespace(files=[], all=False)))


def _fresh_site() -> Path:
    """Build the site from the stored outputs, unless it is what they give."""
    from helpers.make import sources

    site = Path("_build/html/index.html")
    if not (site.is_file() and sources.is_current("html")):
        build_site()
    return site


def build_site(_: object = None) -> None:
    """Build the site from the stored outputs, whatever they are."""
    from helpers.chapter import package
    from helpers.make import build, sources

    package.make(DATA)
    sources.make("html", build.build)


def make_book(_: object = None) -> None:
    """Run the notebooks that are stale, and build the site unless it is what they give."""
    _fresh_notebooks()
    print(f"The book is in {_fresh_site()}")


def make_edition(asked: Namespace) -> None:
    """Make an edition: of the site, or from the notebooks, unless it is what they give."""
    from helpers.make import editions, epub, offline, pdf, sources

    name, final = asked.command, _edition(asked.command)
    build = {"offline": offline.offline, "pdf": pdf.pdf, "epub": epub.epub}[name]

    def make() -> None:
        with editions.anew(final) as made:
            build(made, made.parent)

    _fresh_notebooks()
    if name == "offline":
        _fresh_site()
    print(sources.fresh(name, final, make))


def _edition(name: str) -> Path:
    return Path("_build") / name / f"{settings().book.slug}.{EDITIONS[name]}"


def make_slides(_: object) -> None:
    """Make the book and, from its pages, slides."""
    from helpers.make import slides

    make_book()
    print(slides.make())


def make_packs(_: object = None) -> None:
    """Make the print packs from the notebooks, unless they are what these give."""
    from helpers.make import packs, sources

    _fresh_notebooks()
    print(sources.fresh("seminar", Path("_build") / "seminar", packs.make))


def make_sheet(_: object) -> None:
    """Draw the pictures of all figures of the site on one sheet."""
    from helpers.make import sheet

    _fresh_site()
    print(*sheet.make(), sep="\n")


def make_site(_: object = None) -> None:
    """Make the site with all editions beside it, as it is published."""
    from helpers.live import packages
    from helpers.make import site, slides

    for name in EDITIONS:
        make_edition(Namespace(command=name))
    editions = {ending: _edition(name) for name, ending in EDITIONS.items()}
    editions["wheel"] = packages.wheel(Path("_build/wheel"))
    make_packs()
    print(site.make(editions, slides.make().parent, Path("_build/seminar")))


def make_release(asked: Namespace) -> None:
    """Put the release together that is due; or write down which commit it is."""
    from helpers.judge import releases
    from helpers.make import release

    if asked.record:
        made = releases.record()
        print(f"{releases.NAME}: {made.version} is {made.commit}")
        return
    notes = releases.due()
    make_site()
    print(release.make(notes.text, outside.materials))


def hand_over(asked: Namespace) -> None:
    """Hand a release, an issue or a change to the repository's host."""
    from helpers.make import forge

    if asked.kind == "release":
        forge.release()
    elif asked.kind == "issue":
        forge.issue(asked.title, asked.files[0])
    else:
        forge.propose(asked.title, asked.files[0])


def follow_links(_: object) -> None:
    """Follow every link of the site, and write what came of them into _build/links.md."""
    outside.links(_fresh_site().parent, Path("_build/links.md"))


def build_pages(asked: Namespace) -> None:
    """Build pages for who writes them, after running those whose code has changed."""
    from helpers.make import preview

    pages = [preview.page(name) for name in asked.pages]
    _run_stale(pages)
    preview.build()
    for source in pages:
        print(f"{preview.address(source)} (what it says of other pages may be old)")


def _run_stale(pages: Sequence[Path]) -> None:
    from helpers.chapter import package
    from helpers.run import notebooks

    package.make(DATA)
    stale = [path for path in pages if path.suffix == ".ipynb" and notebooks.is_stale(path)]
    if faults := notebooks.run_all(stale):
        raise BookError("\n".join(faults))


def serve(asked: Namespace) -> None:
    """Serve pages on this machine's own address, and make again what a save has changed, until stopped."""
    from helpers.make import preview
    from helpers.run import notebooks

    def run(changed: set[Path]) -> None:
        """Run the notebooks that have changed or, after a table or a helper has, all that use it."""
        paths = {from_root(path) for path in changed}
        in_book = all(path.is_relative_to(notebooks.BOOK) for path in paths)
        _run_stale([path for path in notebooks.find() if path in paths or not in_book])

    preview.serve(asked.port, run)


def check(asked: Namespace) -> None:
    """Print what the data makes stale, after mending what can be mended."""
    stale = list(_stale(asked.fix))
    print("\n".join(stale) or "nothing is stale")
    if stale:
        sys.exit(1)


def _stale(fix: bool) -> Iterator[str]:
    from helpers.chapter import package
    from helpers.judge import changes, places, prose, rules, tables, truths
    from helpers.pages import options
    from helpers.run import notebooks

    package.make(DATA)
    yield from package.unfinished(DATA)
    yield from options.check()
    if broken := list(places.broken(notebooks.BOOK)):
        yield from map(str, broken)
        return
    for path in notebooks.find():
        if notebooks.is_stale(path):
            yield f"{path}: its data or code has changed since it ran; `make book` re-runs it"
    if fix:
        print(f"rewrote {prose.fix(notebooks.BOOK)} links")
    yield from map(str, rules.check(notebooks.BOOK))
    try:
        moved = changes.since("HEAD", notebooks.BOOK)
    except BookError as error:
        print(f"what has moved since the last commit is not listed: {error}", file=sys.stderr)
    else:
        yield from changes.to_read(moved, notebooks.BOOK)
    yield from (
        f"data: {check.name}, but not so: {fault}"
        for check in tables.checks()
        for fault in truths.run(check).faults
    )


def prove_quickly(_: object) -> None:
    """Prove what needs neither the site nor a browser."""
    proof.lint()
    proof.test("-m", "not whole")
    proof.python("helpers", "check")


def prove(_: object) -> None:
    """Prove everything."""
    # Neither of building and running needs the other, or keeps all cores busy by itself.
    with ThreadPoolExecutor() as beside:
        site = beside.submit(_fresh_site)
        proof.lint()
        proof.rerun()
        site.result()
    proof.test("--doctest-modules", *(["src/helpers"] if Path("src").is_dir() else []), "tests")


def trace(asked: Namespace) -> None:
    """Print what something rests on, and what rests on it."""
    from helpers.judge import tracing
    from helpers.run import notebooks

    print(*tracing.trace(notebooks.BOOK, asked.name), sep="\n")


def diff(asked: Namespace) -> None:
    """Print what has changed since a release or another revision, and save it if asked to."""
    from helpers.judge import changes, releases
    from helpers.run import notebooks

    found = changes.since(releases.revision(asked.revision), notebooks.BOOK)
    print("\n".join(map(str, found)) or f"nothing has changed since {asked.revision}")
    if asked.save:
        changes.save(asked.revision, found)


def gather_live(_: object) -> None:
    """Gather the Python that pages run."""
    from helpers.live import gather

    print(gather.gather())


def make_wheel(_: object) -> None:
    """Make the wheel of this package."""
    from helpers.live import packages

    print(packages.wheel(Path("_build/wheel")))


def open_lab(_: object) -> None:
    """Open the notebooks; figures are alive there, and a notebook is saved without what makes them so."""
    from helpers.live import lab

    start = {"PYTHONSTARTUP": str(environment.CLONE / "binder" / "startup.py")}
    command = [sys.executable, "-m", "jupyterlab", lab.SAVE, "book"]
    subprocess.run(command, env=os.environ | start, check=False)


def begin_book(asked: Namespace) -> None:
    """Begin a book of its own, in a new folder."""
    from helpers.new import skeletons

    print(*skeletons.book(asked.files[0]), sep="\n")


def begin_chapter(asked: Namespace) -> None:
    """Begin a notebook of this book."""
    from helpers.new import skeletons

    print(*skeletons.chapter(asked.name), sep="\n")


def begin_figure(asked: Namespace) -> None:
    """Begin a section with a figure, at the end of a notebook."""
    from helpers.new import skeletons

    print(*skeletons.figure(asked.name, asked.table, asked.files[0]), sep="\n")


def begin_table(asked: Namespace) -> None:
    """Let a CSV in as a table, and begin its descriptor."""
    from helpers.chapter import package
    from helpers.new import table

    package.make(DATA)  # a book that has just begun has none yet
    print(*table.begin(asked.files[0], DATA), sep="\n")


def refresh_table(asked: Namespace) -> None:
    """Make a table from a publisher's file, run what reads it, and say what has moved, in cells and texts."""
    from helpers.judge import lineage
    from helpers.new import refresh
    from helpers.run import notebooks

    before = lineage.read(notebooks.BOOK)
    moved = refresh.refresh(asked.table, asked.files[0], DATA)
    print("\n".join(moved) or "no cell has moved")
    if not moved:
        return
    try:
        _run_stale(notebooks.find())
    finally:  # also where a notebook refuses the new data
        print("\n".join(_read_again(before)) or "no figure, fact or claim has moved")


def renew_vintages(_: object) -> None:
    """Refresh what can be fetched, and write down what has moved and what is to be read again, for review."""
    from helpers.judge import lineage
    from helpers.new import vintages
    from helpers.run import notebooks

    before, report = lineage.read(notebooks.BOOK), Path("_build/vintages.md")
    moved = dict(vintages.renew(DATA, Path("_build/fetched")))
    again: list[str] = []
    try:
        _run_stale(notebooks.find())
    except BookError as error:  # a notebook that refuses the new data is for the reviewer too
        again += str(error).splitlines()
    again += _read_again(before)
    report.parent.mkdir(exist_ok=True)
    report.write_text(vintages.report(moved, again), encoding="utf-8")
    print(report.read_text(encoding="utf-8"), end="")


def _read_again(before: "Lineage") -> Iterator[str]:
    """Yield what is to be read again, for what the book now says otherwise."""
    from helpers.judge import changes, lineage
    from helpers.run import notebooks

    found = changes.compare(before.items, lineage.read(notebooks.BOOK).items)
    yield from changes.to_read(found, notebooks.BOOK)


def bench(_: object) -> None:
    """Measure how fast the book is made."""
    make_book()
    for part in ("bench", "bench_builds", "bench_loop", "bench_growth", "bench_pages"):
        proof.tool(part)


def mutate(asked: Namespace) -> None:
    """Change one thing at a time on a copy, and count what the tests notice."""
    make_book()
    proof.tool("mutate_rerun" if asked.rerun else "mutate")


def set_up(asked: Namespace) -> None:
    """Make .venv with what was asked for, or with what the book needs."""
    print(f"{environment.ready(asked.needs or environment.BOOK)} is ready")


def from_root(path: Path) -> Path:
    """Return a path as it reads from the book's folder, whatever the present one is."""
    whole = path.resolve()
    return whole.relative_to(root()) if whole.is_relative_to(root()) else whole
