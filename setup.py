"""What pyproject.toml cannot say: the data package travels inside the wheel, as ``helpers/data``."""

import json
import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py


class BuildWithData(build_py):
    """Copy the data package beside the modules."""

    def run(self) -> None:
        """Build; an editable install reads the data where they are."""
        super().run()
        if not self.editable_mode:
            here, there = Path("data"), Path(self.build_lib) / "helpers" / "data"
            there.mkdir(parents=True, exist_ok=True)
            package = json.loads((here / "datapackage.json").read_text(encoding="utf-8"))
            for name in ("datapackage.json", *(resource["path"] for resource in package["resources"])):
                shutil.copy(here / name, there)


setup(cmdclass={"build_py": BuildWithData})
