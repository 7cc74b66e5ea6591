"""Starting the Chromium of this machine, wherever its operating system keeps it."""

import os
import shutil
from typing import TYPE_CHECKING

from helpers.files import BookError

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

#: Its commands on the path, as Linux has them, and Playwright's names of what Windows and macOS install.
_COMMANDS = ("chromium", "chromium-browser", "google-chrome")
_CHANNELS = ("chrome", "msedge")
#: Pages need nothing from the network.
_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def command() -> str | None:
    """Return the Chromium that the environment variable CHROMIUM names, or else the first on the path."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _COMMANDS)), None)


def launch(playwright: "Playwright", names: str = "MAP * ~NOTFOUND") -> "Browser":
    """Start the Chromium of `command`, or else one that Playwright finds where systems install it.

    Parameters
    ----------
    playwright
        The running Playwright, which starts the browser.
    names
        Chromium's rules for resolving host names; by default no name resolves.

    Raises
    ------
    BookError
        If there is none, or it does not start.
    """
    from playwright.sync_api import Error

    flags = [*_FLAGS, f"--host-resolver-rules={names}"]
    if path := command():
        return playwright.chromium.launch(executable_path=path, args=flags)
    for channel in _CHANNELS:
        try:
            return playwright.chromium.launch(channel=channel, args=flags)
        except Error:  # not installed
            continue
    raise BookError("no Chromium on this machine: install Chromium or Chrome, or set CHROMIUM to its path")
