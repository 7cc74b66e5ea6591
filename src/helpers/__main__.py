"""``python -m helpers``: ask the book where a number comes from, what is stale and what has changed."""

import argparse
import sys
from collections.abc import Iterator, Sequence

from helpers import changes, checks, data, lineage, notebooks, prose


def _check(fix: bool) -> Iterator[str]:
    """Yield what the data makes stale, after mending what can be mended."""
    for path in notebooks.find():
        if notebooks.is_stale(path):
            yield f"{path}: its data or code has changed since it ran; `make book` re-runs it"
    if fix:
        print(f"rewrote {prose.fix(notebooks.BOOK)} links")
    yield from map(str, prose.check_book(notebooks.BOOK))
    yield from (f"data: {check.name}, but not so: {fault}" for check in checks.CHECKS for fault in checks.run(check).faults)


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line asks; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m helpers", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    trace = commands.add_parser("trace", help="what a figure, fact, claim, table or source rests on, and what rests on it")
    trace.add_argument("name")
    diff = commands.add_parser("diff", help="which facts, figures, verdicts and statuses have changed since a revision")
    diff.add_argument("revision")
    diff.add_argument("--save", action="store_true", help="write them to data/changes.csv, which the book shows")
    check = commands.add_parser("check", help="every text that the data no longer bears out, with what the data says")
    check.add_argument("--fix", action="store_true", help="rewrite the links to facts that have changed")
    asked = parser.parse_args(arguments)
    try:
        if asked.command == "check":
            stale = list(_check(asked.fix))
            print("\n".join(stale) or "nothing is stale")
            return 1 if stale else 0
        if asked.command == "trace":
            print(*lineage.trace(notebooks.BOOK, asked.name), sep="\n")
        else:
            found = changes.since(asked.revision, notebooks.BOOK)
            print("\n".join(map(str, found)) or f"nothing has changed since {asked.revision}")
            if asked.save:
                changes.save(asked.revision, found)
    except (lineage.UnknownNameError, changes.RevisionError, notebooks.RunError, data.DataError) as error:
        print(f"{asked.command}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
