"""``python -m helpers``: make the book, show it, prove it; ask where a number comes from and what is stale.

``python src/helpers COMMAND`` does the same with any Python: it first sets up, in ``.venv``, what is needed.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - what says so must be read by the Python that is too old
    sys.exit(f"expected Python 3.11 or newer, found {sys.version.split()[0]}")

import argparse
import os
import subprocess
from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from contextlib import chdir
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

if not __package__:  # started by its folder, as `python src/helpers`
    sys.path[0] = str(Path(__file__).resolve().parents[1])

# Nothing but Python is needed so far: each command imports what it works with.
from helpers.files import BookError, write_whole
from helpers.run import environment, outside, proof
from helpers.settings import root, settings

DATA = Path("data")


def _package(_: object = None) -> None:
    """Make the data package from its descriptors and the log of corrections; say what is not written yet."""
    from helpers.chapter import data, package
    from helpers.judge import corrections

    print(package.make(DATA), *package.unfinished(DATA), sep="\n")
    if data.has("corrections"):
        write_whole(Path("CORRECTIONS.md"), corrections.log().encode())


def _rerun(asked: Namespace) -> None:
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
        sources.make("notebooks", lambda: _rerun(Namespace(files=[], all=False)))


def _fresh_site() -> Path:
    """Build the site from the stored outputs, unless it is what they give."""
    from helpers.make import sources

    site = Path("_build/html/index.html")
    if not (site.is_file() and sources.is_current("html")):
        _build()
    return site


def _build(_: object = None) -> None:
    from helpers.chapter import package
    from helpers.make import build, sources

    package.make(DATA)
    sources.make("html", build.build)


def _book(_: object = None) -> None:
    _fresh_notebooks()
    print(f"The book is in {_fresh_site()}")


def _edition(asked: Namespace) -> None:
    """Make an edition: of the site, or from the notebooks, unless it is what they give."""
    from helpers.make import editions, epub, offline, pdf, sources

    name = asked.command
    how, ending = {
        "offline": (offline.offline, "zip"),
        "pdf": (pdf.pdf, "pdf"),
        "epub": (epub.epub, "epub"),
    }[name]
    _fresh_notebooks()
    if name == "offline":
        _fresh_site()
    made = Path("_build") / name / f"{settings().book.slug}.{ending}"
    if not (made.is_file() and sources.is_current(name)):
        sources.make(name, lambda: editions.make(how, ending))
    print(made)


def _slides(_: object) -> None:
    from helpers.make import slides

    _book()
    print(slides.make())


def _seminar(_: object) -> None:
    """Make the print packs from the notebooks, unless they are what these give."""
    from helpers.make import packs, sources

    made = Path("_build") / "seminar"
    _fresh_notebooks()
    if not (made.is_dir() and sources.is_current("seminar")):
        sources.make("seminar", packs.make)
    print(made)


def _sheet(_: object) -> None:
    from helpers.make import sheet

    _fresh_site()
    print(*sheet.make(), sep="\n")


def _site(_: object) -> None:
    """Make the site with all editions beside it, as it is published."""
    from helpers.live import packages
    from helpers.make import site, slides

    editions = {}
    for name, ending in (("offline", "zip"), ("pdf", "pdf"), ("epub", "epub")):
        _edition(Namespace(command=name))
        editions[ending] = Path("_build") / name / f"{settings().book.slug}.{ending}"
    editions["wheel"] = packages.wheel(Path("_build/wheel"))
    _seminar(None)
    print(site.make(editions, slides.make().parent, Path("_build/seminar")))


def _release(_: object) -> None:
    """Put a release together, if its version and day are those of the newest line of the record."""
    from helpers.judge import releases
    from helpers.make import release

    book, newest = settings().book, next(iter(releases.known()), None)
    if newest is None or (newest.version, newest.date) != (book.version, book.date):
        raise BookError(
            f"{releases.NAME}: expected {book.version} of {book.date} first, found "
            f"{f'{newest.version} of {newest.date}' if newest else 'nothing'}"
        )
    _site(None)
    print(release.make(outside.materials))


def _forge(asked: Namespace) -> None:
    from helpers.make import forge

    if asked.kind == "release":
        forge.release()
    elif asked.kind == "issue":
        forge.issue(asked.title, asked.files[0])
    else:
        forge.propose(asked.title, asked.files[0])


def _links(_: object) -> None:
    outside.links(_fresh_site().parent, Path("_build/links.md"))


def _page(asked: Namespace) -> None:
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


def _serve(asked: Namespace) -> None:
    from helpers.make import preview
    from helpers.run import notebooks

    def run(changed: set[Path]) -> None:
        """Run the notebooks that have changed or, after a table or a helper has, all that use it."""
        paths = {_from_root(path) for path in changed}
        in_book = all(path.is_relative_to(notebooks.BOOK) for path in paths)
        _run_stale([path for path in notebooks.find() if path in paths or not in_book])

    preview.serve(asked.port, run)


def _check(asked: Namespace) -> None:
    """Print what the data makes stale, after mending what can be mended."""
    stale = list(_stale(asked.fix))
    print("\n".join(stale) or "nothing is stale")
    if stale:
        sys.exit(1)


def _stale(fix: bool) -> Iterator[str]:
    from helpers.chapter import package
    from helpers.judge import changes, habits, prose, tables
    from helpers.run import notebooks

    package.make(DATA)
    yield from package.unfinished(DATA)
    if broken := list(prose.broken(notebooks.BOOK)):
        yield from map(str, broken)
        return
    for path in notebooks.find():
        if notebooks.is_stale(path):
            yield f"{path}: its data or code has changed since it ran; `make book` re-runs it"
    if fix:
        print(f"rewrote {prose.fix(notebooks.BOOK)} links")
    yield from map(str, prose.check_book(notebooks.BOOK))
    yield from map(str, habits.check(notebooks.BOOK))
    try:
        moved = changes.since("HEAD", notebooks.BOOK)
    except BookError as error:
        print(f"what has moved since the last commit is not listed: {error}", file=sys.stderr)
    else:
        yield from changes.to_read(moved, notebooks.BOOK)
    yield from (
        f"data: {check.name}, but not so: {fault}"
        for check in tables.checks()
        for fault in tables.run(check).faults
    )


def _quick(_: object) -> None:
    """Prove what needs neither the site nor a browser."""
    proof.lint()
    proof.test("-m", "not whole")
    proof.python("helpers", "check")


def _test(_: object) -> None:
    """Prove everything."""
    proof.lint()
    proof.rerun()
    _fresh_site()
    proof.test("--doctest-modules", *(["src/helpers"] if Path("src").is_dir() else []), "tests")


def _trace(asked: Namespace) -> None:
    from helpers.judge import lineage
    from helpers.run import notebooks

    print(*lineage.trace(notebooks.BOOK, asked.name), sep="\n")


def _diff(asked: Namespace) -> None:
    from helpers.judge import changes, releases
    from helpers.run import notebooks

    found = changes.since(releases.revision(asked.revision), notebooks.BOOK)
    print("\n".join(map(str, found)) or f"nothing has changed since {asked.revision}")
    if asked.save:
        changes.save(asked.revision, found)


def _live(_: object) -> None:
    from helpers.live import gather

    print(gather.gather())


def _wheel(_: object) -> None:
    from helpers.live import packages

    print(packages.wheel(Path("_build/wheel")))


def _lab(_: object) -> None:
    """Open the notebooks; figures are alive there, and a notebook is saved without what makes them so."""
    from helpers.live import lab

    start = {"PYTHONSTARTUP": str(environment.CLONE / "binder" / "startup.py")}
    command = [sys.executable, "-m", "jupyterlab", lab.SAVE, "book"]
    subprocess.run(command, env=os.environ | start, check=False)


def _new_book(asked: Namespace) -> None:
    from helpers.new import skeletons

    print(*skeletons.book(asked.files[0]), sep="\n")


def _new_chapter(asked: Namespace) -> None:
    from helpers.new import skeletons

    print(*skeletons.chapter(asked.name), sep="\n")


def _new_figure(asked: Namespace) -> None:
    from helpers.new import skeletons

    print(*skeletons.figure(asked.name, asked.table, asked.files[0]), sep="\n")


def _new_table(asked: Namespace) -> None:
    from helpers.new import table

    print(*table.begin(asked.files[0], DATA), sep="\n")


def _refresh(asked: Namespace) -> None:
    """Make a table from a publisher's file, run what reads it, and say what has moved, in cells and texts."""
    from helpers.judge import changes, lineage
    from helpers.new import refresh
    from helpers.run import notebooks

    before = lineage.read(notebooks.BOOK).items
    moved = refresh.refresh(asked.table, asked.files[0], DATA)
    print("\n".join(moved) or "no cell has moved")
    if not moved:
        return
    try:
        _run_stale(notebooks.find())
    finally:  # also where a notebook refuses the new data
        found = changes.compare(before, lineage.read(notebooks.BOOK).items)
        print("\n".join(changes.to_read(found, notebooks.BOOK)) or "no figure, fact or claim has moved")


def _vintages(_: object) -> None:
    """Refresh what can be fetched, and write down what has moved and what is to be read again, for review."""
    from helpers.judge import changes, lineage
    from helpers.new import vintages
    from helpers.run import notebooks

    before, report = lineage.read(notebooks.BOOK).items, Path("_build/vintages.md")
    moved = dict(vintages.renew(DATA, Path("_build/fetched")))
    again: list[str] = []
    try:
        _run_stale(notebooks.find())
    except BookError as error:  # a notebook that refuses the new data is for the reviewer too
        again += str(error).splitlines()
    found = changes.compare(before, lineage.read(notebooks.BOOK).items)
    again += changes.to_read(found, notebooks.BOOK)
    report.parent.mkdir(exist_ok=True)
    report.write_text(vintages.report(moved, again), encoding="utf-8")
    print(report.read_text(encoding="utf-8"), end="")


def _bench(_: object) -> None:
    _book()
    proof.tool("bench")
    proof.tool("bench_builds")
    proof.tool("bench_loop")


def _mutate(asked: Namespace) -> None:
    _book()
    proof.tool("mutate_rerun" if asked.rerun else "mutate")


def _setup(asked: Namespace) -> None:
    print(f"{environment.ready(asked.needs or environment.BOOK)} is ready")


@dataclass(frozen=True)
class Command:
    """A command: what it does, what has to be set up for it, and what can be said after its name."""

    run: Callable[[Namespace], Any] | None
    help: str
    needs: Sequence[str] = environment.BOOK
    arguments: dict[str, dict[str, Any]] = field(default_factory=dict)
    #: The kinds of it, of which one has to be named.
    kinds: dict[str, "Command"] = field(default_factory=dict)


_FILE = {"nargs": 1, "type": Path}
#: What can be begun.
_NEW = {
    "book": Command(
        _new_book,
        "a book of its own, in a new folder",
        arguments={"files": {**_FILE, "metavar": "FOLDER"}},
    ),
    "chapter": Command(
        _new_chapter,
        "a notebook of this book, listed in its contents",
        arguments={"name": {"help": "such as 11-ports"}},
    ),
    "figure": Command(
        _new_figure,
        "a section with a figure of a table, at the end of a notebook",
        arguments={
            "name": {"help": "such as fig-port-calls"},
            "table": {"help": "a table of the data package"},
            "files": {**_FILE, "metavar": "NOTEBOOK"},
        },
    ),
    "table": Command(
        _new_table,
        "a table of the data package, from a CSV",
        arguments={"files": {**_FILE, "metavar": "FILE.csv"}},
    ),
}
_TEXT = {"title": {}, "files": {**_FILE, "metavar": "TEXT.md"}}
#: What the host of the repository can be handed.
_FORGE = {
    "release": Command(_forge, "a release, with what `release` has put together"),
    "issue": Command(_forge, "an issue, with a title and a text", arguments=_TEXT),
    "propose": Command(
        _forge,
        "the changes in book and data, on a branch of their own, for review",
        arguments=_TEXT,
    ),
}
#: What proves the whole needs all of it.
_ALL = ("run", "book", "pdf", "lab", "test")
COMMANDS = {
    "setup": Command(
        _setup,
        "make .venv and install what the book needs, or what else is asked for",
        (),
        {
            "needs": {
                "nargs": "*",
                "metavar": "need",
                "help": "run, book, pdf, refresh, lab or test",
            }
        },
    ),
    "book": Command(_book, "the book, in _build/html: stale notebooks are run, then the site is built"),
    "build": Command(_build, "the site from the stored outputs, whatever they are"),
    "page": Command(
        _page,
        "pages as they will look, at once, in _build/preview",
        arguments={"pages": {"nargs": "+", "metavar": "page", "help": "such as chapters/08-spending"}},
    ),
    "serve": Command(
        _serve,
        "the same on this machine's own address, built and shown again whenever a source is saved",
        arguments={"--port": {"type": int, "default": 8000, "help": "8000 if none is given"}},
    ),
    "rerun": Command(
        _rerun,
        "run the notebooks whose outputs are stale",
        arguments={
            "--all": {"action": "store_true", "help": "run every notebook"},
            "files": {"nargs": "*", "type": Path, "help": "run these notebooks"},
        },
    ),
    "new": Command(None, "begin something, with what is left to write named", kinds=_NEW),
    "refresh": Command(
        _refresh,
        "a table from its publisher's new file, with the cells, figures, facts and sentences that move",
        (*environment.BOOK, "refresh"),
        {
            "table": {"help": "a table with a builder in data/builders"},
            "files": {**_FILE, "metavar": "FILE"},
        },
    ),
    "vintages": Command(
        _vintages,
        "refresh whatever builders can fetch, and write _build/vintages.md for who reviews it",
        (*environment.BOOK, "refresh"),
    ),
    "package": Command(_package, "make data/datapackage.json from the descriptors beside the tables"),
    "quick": Command(_quick, "prove what needs neither the site nor a browser", ("run", "book", "test")),
    "test": Command(_test, "prove everything", _ALL),
    "check": Command(
        _check,
        "every text that the data no longer bears out, with what the data says",
        arguments={"--fix": {"action": "store_true", "help": "rewrite the links to facts that have changed"}},
    ),
    "trace": Command(
        _trace,
        "what a figure, fact, claim, table or source rests on, and what rests on it",
        arguments={"name": {}},
    ),
    "diff": Command(
        _diff,
        "which facts, figures, verdicts and statuses have changed since a release or another revision",
        arguments={
            "revision": {"help": "a version of releases.csv, or any name that git has for a commit"},
            "--save": {
                "action": "store_true",
                "help": "write them to data/changes.csv, for the book",
            },
        },
    ),
    "offline": Command(_edition, "the site as one zip, for a room without a network"),
    "pdf": Command(_edition, "the book on paper", (*environment.BOOK, "pdf")),
    "epub": Command(_edition, "the book as an e-book"),
    "slides": Command(_slides, "slides for a room, from the site's pages"),
    "seminar": Command(_seminar, "what a teacher prints, a file a session", (*environment.BOOK, "pdf")),
    "sheet": Command(_sheet, "pictures of all figures, for a page and a phone, light and dark", _ALL),
    "site": Command(
        _site,
        "what is published: the site with all editions beside it, in _build/site",
        (*environment.BOOK, "pdf"),
    ),
    "release": Command(
        _release,
        "what belongs to a release, in _build/release",
        (*environment.BOOK, "pdf"),
    ),
    "forge": Command(None, "hand something to the repository's host, by its gh", (), kinds=_FORGE),
    "live": Command(_live, "gather the Python that pages run: the next book puts it into the site"),
    "wheel": Command(_wheel, "`import helpers` for other notebooks"),
    "lab": Command(_lab, "the notebooks in JupyterLab, with figures alive", ("run", "lab")),
    "bench": Command(_bench, "how fast, beside the stock ways", _ALL),
    "mutate": Command(
        _mutate,
        "change one thing at a time on a copy, and count what the tests notice",
        _ALL,
        {
            "--rerun": {
                "action": "store_true",
                "help": "re-run first, as an author does, and ask what is left",
            }
        },
    ),
    "audit": Command(lambda _: outside.audit(), "ask an advisory service about every pin", ()),
    "links": Command(_links, "follow every link of the site, also to its sources"),
    "lock": Command(lambda _: environment.lock(), "renew every pin", ()),
    "fonts": Command(
        lambda _: environment.fonts(), "make the pages' fonts again, with the letters of today", ()
    ),
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m helpers", description=(__doc__ or "").split("\n")[0])
    _add(parser, "command", COMMANDS)
    return parser


def _add(parser: argparse.ArgumentParser, dest: str, commands: dict[str, Command]) -> None:
    lines = parser.add_subparsers(dest=dest, required=True)
    for name, command in commands.items():
        line = lines.add_parser(name, help=command.help, description=command.help)
        for argument, options in command.arguments.items():
            line.add_argument(argument, **options)
        if command.kinds:
            _add(line, "kind", command.kinds)
        line.set_defaults(run=command.run)


def _from_root(path: Path) -> Path:
    """Return a path as it reads from the book's folder, whatever the present one is."""
    whole = path.resolve()
    return whole.relative_to(root()) if whole.is_relative_to(root()) else whole


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line asks; a fault is one line and the exit code 1."""
    asked = _parser().parse_args(arguments)
    command = COMMANDS[asked.command]
    try:
        if not __package__ and command.needs:
            python = environment.ready(command.needs)
            given = sys.argv[1:] if arguments is None else arguments
            return subprocess.run([python, "-X", "utf8", "-m", "helpers", *given], check=False).returncode
        asked.files = [_from_root(path) for path in getattr(asked, "files", [])]
        with chdir(root()):  # every path below is one of the book
            asked.run(asked)
    except BookError as error:
        print(error, file=sys.stderr)
        return 1
    except ModuleNotFoundError as error:
        if (error.name or "helpers").partition(".")[0] == "helpers":
            raise
        needs = " ".join(command.needs)
        print(f"{asked.command}: {error.name} is not installed: `setup {needs}` installs it", file=sys.stderr)
        return 1
    except OSError as error:  # whatever a command makes takes its place when it is whole
        print(
            f"{error.filename or asked.command}: {error.strerror}; what was there before is untouched",
            file=sys.stderr,
        )
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
