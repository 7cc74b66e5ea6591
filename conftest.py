"""How nbval compares: everything but the pictures, which are drawn from the specification that it does compare."""

from typing import Any


def pytest_collectstart(collector: Any) -> None:
    """Leave SVG pictures out of the comparison; letters may be a hair wider on another machine."""
    if hasattr(collector, "skip_compare"):
        collector.skip_compare += ("image/svg+xml",)
