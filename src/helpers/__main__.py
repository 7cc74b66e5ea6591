"""``python -m helpers``: make the book and its editions; ask where a number comes from and what is stale."""

import argparse
import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import chdir
from pathlib import Path

from helpers.chapter import package
from helpers.files import BookError
from helpers.judge import changes, lineage, prose, tables
from helpers.live import gather, packages
from helpers.make import build, editions, epub, offline, pdf, slides
from helpers.new import skeletons, table
from helpers.run import notebooks, students
from helpers.settings import root

DATA = Path("data")


def _package(_: Namespace) -> None:
    """Make the data package from its descriptors, and say what these do not say yet."""
    print(package.make(DATA), *package.unfinished(DATA), sep="\n")


def _build(_: Namespace) -> None:
    package.make(DATA)
    build.build()


def _rerun(asked: Namespace) -> None:
    """Run notebooks, and unless they were named make the students' from the teacher's."""
    package.make(DATA)
    faults = notebooks.run_all(
        asked.files or [path for path in notebooks.find() if asked.all or notebooks.is_stale(path)]
    )
    if not faults and not asked.files:
        faults = notebooks.run_all(students.make())
    if faults:
        raise BookError("\n".join(faults))


def _check(asked: Namespace) -> None:
    """Print what the data makes stale, after mending what can be mended."""
    stale = list(_stale(asked.fix))
    print("\n".join(stale) or "nothing is stale")
    if stale:
        sys.exit(1)


def _stale(fix: bool) -> Iterator[str]:
    package.make(DATA)
    yield from package.unfinished(DATA)
    for path in notebooks.find():
        if notebooks.is_stale(path):
            yield f"{path}: its data or code has changed since it ran; `make book` re-runs it"
    if fix:
        print(f"rewrote {prose.fix(notebooks.BOOK)} links")
    yield from map(str, prose.check_book(notebooks.BOOK))
    if Path(".git").exists():
        yield from changes.to_read(changes.since("HEAD", notebooks.BOOK), notebooks.BOOK)
    yield from (
        f"data: {check.name}, but not so: {fault}"
        for check in tables.checks()
        for fault in tables.run(check).faults
    )


def _diff(asked: Namespace) -> None:
    found = changes.since(asked.revision, notebooks.BOOK)
    print("\n".join(map(str, found)) or f"nothing has changed since {asked.revision}")
    if asked.save:
        changes.save(asked.revision, found)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m helpers", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    rerun = commands.add_parser("rerun", help="run the notebooks whose outputs are stale")
    rerun.add_argument("--all", action="store_true", help="run every notebook")
    rerun.add_argument("files", nargs="*", type=Path, help="run these notebooks")
    rerun.set_defaults(run=_rerun)
    commands.add_parser("build", help="build the site from the stored outputs").set_defaults(run=_build)
    commands.add_parser(
        "package", help="make data/datapackage.json from the descriptors beside the tables"
    ).set_defaults(run=_package)
    for edition, ending in ((offline.offline, "zip"), (pdf.pdf, "pdf"), (epub.epub, "epub")):
        made = commands.add_parser(edition.__name__, help=f"make the edition in _build/{edition.__name__}")
        made.set_defaults(run=lambda _, edition=edition, ending=ending: print(editions.make(edition, ending)))
    commands.add_parser("slides", help="make the slides from the site").set_defaults(
        run=lambda _: print(slides.make())
    )
    commands.add_parser("live", help="gather the Python that pages run").set_defaults(
        run=lambda _: print(gather.gather())
    )
    wheel = commands.add_parser("wheel", help="make `import helpers` for other notebooks")
    wheel.set_defaults(run=lambda _: print(packages.wheel(Path("_build/wheel"))))
    begin = commands.add_parser("new", help="begin something, with what is left to write named")
    begun = begin.add_subparsers(dest="kind", required=True)
    a_book = begun.add_parser("book", help="a book of its own, in a new folder")
    a_book.add_argument("files", nargs=1, type=Path, metavar="FOLDER")
    a_book.set_defaults(run=lambda asked: print(*skeletons.book(asked.files[0]), sep="\n"))
    chapter = begun.add_parser("chapter", help="a notebook of this book, listed in its contents")
    chapter.add_argument("name", help="such as 11-ports")
    chapter.set_defaults(run=lambda asked: print(*skeletons.chapter(asked.name), sep="\n"))
    figure = begun.add_parser("figure", help="a section with a figure of a table, at the end of a notebook")
    figure.add_argument("name", help="such as fig-port-calls")
    figure.add_argument("table", help="a table of the data package")
    figure.add_argument("files", nargs=1, type=Path, metavar="NOTEBOOK")
    figure.set_defaults(
        run=lambda asked: print(*skeletons.figure(asked.name, asked.table, asked.files[0]), sep="\n")
    )
    a_table = begun.add_parser("table", help="a table of the data package, from a CSV")
    a_table.add_argument("files", nargs=1, type=Path, metavar="FILE.csv")
    a_table.set_defaults(run=lambda asked: print(*table.begin(asked.files[0], DATA), sep="\n"))
    trace = commands.add_parser(
        "trace", help="what a figure, fact, claim, table or source rests on, and what rests on it"
    )
    trace.add_argument("name")
    trace.set_defaults(run=lambda asked: print(*lineage.trace(notebooks.BOOK, asked.name), sep="\n"))
    diff = commands.add_parser(
        "diff", help="which facts, figures, verdicts and statuses have changed since a revision"
    )
    diff.add_argument("revision")
    diff.add_argument(
        "--save", action="store_true", help="write them to data/changes.csv, which the book shows"
    )
    diff.set_defaults(run=_diff)
    check = commands.add_parser(
        "check", help="every text that the data no longer bears out, with what the data says"
    )
    check.add_argument("--fix", action="store_true", help="rewrite the links to facts that have changed")
    check.set_defaults(run=_check)
    return parser


def _from_root(path: Path) -> Path:
    """Return a path as it reads from the book's folder, whatever the present one is."""
    whole = path.resolve()
    return whole.relative_to(root()) if whole.is_relative_to(root()) else whole


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line asks; a fault is one line and the exit code 1."""
    asked = _parser().parse_args(arguments)
    try:
        asked.files = [_from_root(path) for path in getattr(asked, "files", [])]
        with chdir(root()):  # every path below is one of the book
            asked.run(asked)
    except BookError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:  # whatever a command makes takes its place when it is whole
        print(
            f"{error.filename or asked.command}: {error.strerror}; what was there before is untouched",
            file=sys.stderr,
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
