"""The one thing that pyproject.toml cannot say: the data package travels inside the wheel, as ``helpers/data``."""

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
            shutil.copytree("data", Path(self.build_lib) / "helpers" / "data", dirs_exist_ok=True)


setup(cmdclass={"build_py": BuildWithData})
