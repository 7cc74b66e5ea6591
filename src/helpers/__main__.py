"""``python -m helpers``: make the book, show it, prove it; ask where a number comes from and what is stale.

``python src/helpers COMMAND`` does the same with any Python: it first sets up, in ``.venv``, what is needed.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - what says so must be read by the Python that is too old
    sys.exit(f"expected Python 3.11 or newer, found {sys.version.split()[0]}")

import argparse
import subprocess
from argparse import Namespace
from collections.abc import Callable, Sequence
from contextlib import chdir
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

if not __package__:  # started by its folder, as `python src/helpers`
    sys.path[0] = str(Path(__file__).resolve().parents[1])

# Nothing but Python is needed so far.
from helpers import commands
from helpers.files import BookError
from helpers.run import environment, outside
from helpers.settings import root


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
        commands.begin_book,
        "a book of its own, in a new folder",
        arguments={"files": {**_FILE, "metavar": "FOLDER"}},
    ),
    "chapter": Command(
        commands.begin_chapter,
        "a notebook of this book, listed in its contents",
        arguments={"name": {"help": "such as 11-ports"}},
    ),
    "figure": Command(
        commands.begin_figure,
        "a section with a figure of a table, at the end of a notebook",
        arguments={
            "name": {"help": "such as fig-port-calls"},
            "table": {"help": "a table of the data package"},
            "files": {**_FILE, "metavar": "NOTEBOOK"},
        },
    ),
    "table": Command(
        commands.begin_table,
        "a table of the data package, from a CSV",
        arguments={"files": {**_FILE, "metavar": "FILE.csv"}},
    ),
}
_TEXT = {"title": {}, "files": {**_FILE, "metavar": "TEXT.md"}}
#: What the host of the repository can be handed.
_FORGE = {
    "release": Command(commands.hand_over, "a release, with what `release` has put together"),
    "issue": Command(commands.hand_over, "an issue, with a title and a text", arguments=_TEXT),
    "propose": Command(
        commands.hand_over,
        "the changes in book and data, on a branch of their own, for review",
        arguments=_TEXT,
    ),
}
#: What proves the whole needs all of it.
_ALL = ("run", "book", "pdf", "lab", "test")
COMMANDS = {
    "setup": Command(
        commands.set_up,
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
    "book": Command(
        commands.make_book, "the book, in _build/html: stale notebooks are run, then the site is built"
    ),
    "build": Command(commands.build_site, "the site from the stored outputs, whatever they are"),
    "page": Command(
        commands.build_pages,
        "pages as they will look, at once, in _build/preview",
        arguments={"pages": {"nargs": "+", "metavar": "page", "help": "such as chapters/08-spending"}},
    ),
    "serve": Command(
        commands.serve,
        "the same on this machine's own address, built and shown again whenever a source is saved",
        arguments={"--port": {"type": int, "default": 8000, "help": "8000 if none is given"}},
    ),
    "rerun": Command(
        commands.rerun,
        "run the notebooks whose outputs are stale",
        arguments={
            "--all": {"action": "store_true", "help": "run every notebook"},
            "files": {"nargs": "*", "type": Path, "help": "run these notebooks"},
        },
    ),
    "new": Command(None, "begin something, with what is left to write named", kinds=_NEW),
    "refresh": Command(
        commands.refresh_table,
        "a table from its publisher's new file, with the cells, figures, facts and sentences that move",
        (*environment.BOOK, "refresh"),
        {
            "table": {"help": "a table with a builder in data/builders"},
            "files": {**_FILE, "metavar": "FILE"},
        },
    ),
    "vintages": Command(
        commands.renew_vintages,
        "refresh whatever builders can fetch, and write _build/vintages.md for who reviews it",
        (*environment.BOOK, "refresh"),
    ),
    "package": Command(
        commands.write_package, "make data/datapackage.json from the descriptors beside the tables"
    ),
    "quick": Command(
        commands.prove_quickly, "prove what needs neither the site nor a browser", ("run", "book", "test")
    ),
    "test": Command(commands.prove, "prove everything", _ALL),
    "check": Command(
        commands.check,
        "every text that the data no longer bears out, with what the data says",
        arguments={"--fix": {"action": "store_true", "help": "rewrite the links to facts that have changed"}},
    ),
    "trace": Command(
        commands.trace,
        "what a figure, fact, claim, table or source rests on, and what rests on it",
        arguments={"name": {}},
    ),
    "diff": Command(
        commands.diff,
        "which facts, figures, verdicts and statuses have changed since a release or another revision",
        arguments={
            "revision": {"help": "a version of releases.csv, or any name that git has for a commit"},
            "--save": {
                "action": "store_true",
                "help": "write them to data/changes.csv, for the book",
            },
        },
    ),
    "offline": Command(commands.make_edition, "the site as one zip, for a room without a network"),
    "pdf": Command(commands.make_edition, "the book on paper", (*environment.BOOK, "pdf")),
    "epub": Command(commands.make_edition, "the book as an e-book"),
    "slides": Command(commands.make_slides, "slides for a room, from the site's pages"),
    "seminar": Command(
        commands.make_packs, "what a teacher prints, a file a session", (*environment.BOOK, "pdf")
    ),
    "sheet": Command(
        commands.make_sheet, "pictures of all figures, for a page and a phone, light and dark", _ALL
    ),
    "site": Command(
        commands.make_site,
        "what is published: the site with all editions beside it, in _build/site",
        (*environment.BOOK, "pdf"),
    ),
    "release": Command(
        commands.make_release,
        "what belongs to a release, in _build/release",
        (*environment.BOOK, "pdf"),
        {
            "--record": {
                "action": "store_true",
                "help": "instead, write the commit that is checked out into releases.csv",
            }
        },
    ),
    "forge": Command(None, "hand something to the repository's host, by its gh", (), kinds=_FORGE),
    "live": Command(
        commands.gather_live, "gather the Python that pages run: the next book puts it into the site"
    ),
    "wheel": Command(commands.make_wheel, "`import helpers` for other notebooks"),
    "lab": Command(commands.open_lab, "the notebooks in JupyterLab, with figures alive", ("run", "lab")),
    "bench": Command(commands.bench, "how fast, beside the stock ways", _ALL),
    "mutate": Command(
        commands.mutate,
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
    "links": Command(commands.follow_links, "follow every link of the site, also to its sources"),
    "lock": Command(lambda _: environment.lock(), "renew every pin", ()),
    "fonts": Command(
        lambda _: environment.fonts(), "make the pages' fonts again, with the letters of today", ()
    ),
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m helpers", description=(__doc__ or "").split("\n")[0])
    _add(parser, "command", COMMANDS)
    return parser


def _add(parser: argparse.ArgumentParser, dest: str, choices: dict[str, Command]) -> None:
    lines = parser.add_subparsers(dest=dest, required=True)
    for name, command in choices.items():
        line = lines.add_parser(name, help=command.help, description=command.help)
        for argument, options in command.arguments.items():
            line.add_argument(argument, **options)
        if command.kinds:
            _add(line, "kind", command.kinds)
        line.set_defaults(run=command.run)


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line asks; a fault is one line and the exit code 1."""
    asked = _parser().parse_args(arguments)
    command = COMMANDS[asked.command]
    try:
        if not __package__ and command.needs:
            python = environment.ready(command.needs)
            given = sys.argv[1:] if arguments is None else arguments
            return subprocess.run([python, "-X", "utf8", "-m", "helpers", *given], check=False).returncode
        asked.files = [commands.from_root(path) for path in getattr(asked, "files", [])]
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
