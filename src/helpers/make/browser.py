"""The Chromium of this machine, wherever its kind of machine keeps it."""

import os
import shutil
from typing import TYPE_CHECKING

from helpers.files import BookError

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

#: On the path of a Linux; and by these names Playwright looks where Windows and macOS keep theirs.
_COMMANDS = ("chromium", "chromium-browser", "google-chrome")
_CHANNELS = ("chrome", "msedge")
#: A page needs nothing from anywhere else.
_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def launch(playwright: "Playwright", names: str = "MAP * ~NOTFOUND") -> "Browser":
    """Start the Chromium that the variable CHROMIUM names, or else one that is found.

    Parameters
    ----------
    playwright
        What starts browsers.
    names
        Chromium's rules by which it finds hosts; there are none by default.

    Raises
    ------
    BookError
        If there is none, or it does not start.
    """
    from playwright.sync_api import Error

    flags = [*_FLAGS, f"--host-resolver-rules={names}"]
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _COMMANDS)), None)
    if path:
        return playwright.chromium.launch(executable_path=path, args=flags)
    for channel in _CHANNELS:
        try:
            return playwright.chromium.launch(channel=channel, args=flags)
        except Error:  # there is none of this name
            continue
    raise BookError("no Chromium on this machine: install Chromium or Chrome, or set CHROMIUM to its path")
