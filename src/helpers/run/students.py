"""The students' notebooks and ``answers.json``, made from the teacher's notebooks.

A student's notebook is the teacher's without the cells tagged ``solution``; where one of these records an
answer, a cell asks for it instead.
"""

import base64
import copy
import json
import re
from pathlib import Path
from typing import Any

import nbformat
from nbformat import v4

from helpers.chapter import output
from helpers.chapter.exercises import ANSWERS
from helpers.files import BookError, write_whole
from helpers.run import notebooks
from helpers.settings import settings

SEMINAR = Path("book") / settings().folders.seminar


def release(solutions: Any) -> tuple[Any, dict[str, str]]:
    """Return the student's notebook of a teacher's, and the answers, each with the reason why it is right.

    Raises
    ------
    BookError
        If two exercises have one name.
    """
    answers: dict[str, dict[str, Any]] = {}
    cells, name, labels = [], "", settings().labels
    for cell in solutions.cells:
        if "solution" not in cell.metadata.get("tags", []):
            cells.append(copy.deepcopy(cell))  # with what is attached to it, and whatever its kind
            if cell.cell_type == "code":
                cells[-1].update(outputs=[], execution_count=None)
        elif cell.cell_type == "markdown" and name:
            lines = [line for line in cell.source.splitlines() if line and not line.startswith(":")]
            answers[name]["why"] = re.sub(r"\[([^]]+)\]\([^)]+\)", r"\1", "\n".join(lines))
        for out in cell.get("outputs", []):
            if record := out.get("data", {}).get(output.ANSWER):
                name = record["name"]
                if name in answers:
                    raise BookError(
                        f"cell {cell.id}: expected a name used once, found the exercise {name} again"
                    )
                answers[name] = {**record, "why": ""}
                cells.append(v4.new_code_cell(f'check("{name}", ...)', id=cell.id))
    for cell in cells[:1]:
        cell.source = cell.source.replace(labels.solutions, labels.exercises, 1)
    return v4.new_notebook(cells=cells), {
        name: base64.b64encode(json.dumps(expected).encode()).decode() for name, expected in answers.items()
    }


def written(notebook: Any) -> list[dict[str, Any]]:
    """Return the cells of a notebook without what a run makes."""
    made = ("outputs", "execution_count")
    return [{key: part for key, part in cell.items() if key not in made} for cell in notebook.cells]


def make() -> list[Path]:
    """Write the answers, and the students' notebooks that the solutions have changed; return these.

    Raises
    ------
    BookError
        If two exercises have one name, or a file is no notebook.
    """
    answers: dict[str, str] = {}
    changed = []
    for path in notebooks.find(SEMINAR / "solutions"):
        try:
            notebook, recorded = release(notebooks.read(path))
            if twice := sorted(answers.keys() & recorded.keys()):
                raise BookError(f"expected a name used once, found the exercise {twice[0]} again")
        except BookError as error:
            raise BookError(f"{path}: {error}") from None
        answers.update(recorded)
        student = SEMINAR / "exercises" / path.name
        if not student.is_file() or written(notebooks.read(student)) != written(notebook):
            write_whole(student, f"{nbformat.writes(notebook)}\n".encode())
            changed.append(student)
    if answers:
        write_whole(ANSWERS, f"{json.dumps(answers, indent=1)}\n".encode())
    return changed
