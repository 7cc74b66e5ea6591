"""Firefox and WebKit, as Debian packages them, driven by Selenium; and what each of them cannot do here."""

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from selenium.common.exceptions import WebDriverException
from selenium.webdriver import FirefoxOptions, WebKitGTKOptions
from selenium.webdriver.remote.client_config import ClientConfig
from selenium.webdriver.remote.command import Command
from selenium.webdriver.remote.remote_connection import RemoteConnection
from selenium.webdriver.remote.webdriver import WebDriver

#: Debian's name of Firefox, or the one that other systems have.
_FIREFOX = next(filter(shutil.which, ["firefox-esr", "firefox"]), "firefox-esr")
#: What starts each engine: the browser or its driver, and the screen of one that opens a window.
NEEDS = {"firefox": [_FIREFOX], "webkit": ["WebKitWebDriver", "Xvfb"]}
#: What an engine cannot do under its driver, so that no test here asks for it.
CANNOT = {
    "webkit": {
        "touch": "its driver hands a finger on as a mouse",
        "print": "its driver has no such command",
    },
}
#: Selenium's names of commands and Firefox's own.
_COMMANDS = {
    Command.NEW_SESSION: "NewSession",
    Command.QUIT: "DeleteSession",
    Command.GET: "Navigate",
    Command.GET_CURRENT_URL: "GetCurrentURL",
    Command.W3C_EXECUTE_SCRIPT: "ExecuteScript",
    Command.W3C_EXECUTE_SCRIPT_ASYNC: "ExecuteAsyncScript",
    Command.FIND_ELEMENT: "FindElement",
    Command.SWITCH_TO_FRAME: "SwitchToFrame",
    Command.W3C_ACTIONS: "PerformActions",
    Command.SET_WINDOW_RECT: "SetWindowRect",
    Command.SET_TIMEOUTS: "SetTimeouts",
    Command.PRINT_PAGE: "Print",
}


class Marionette:
    """Firefox's own end of WebDriver, which Debian has without the server that others speak to.

    A message is its length, a colon and JSON: ``[0, number, command, parameters]`` there,
    ``[1, number, error, result]`` back.
    """

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._answers = self._socket.makefile("rb")
        self._read()  # it introduces itself

    def _read(self) -> Any:
        length = b""
        while (byte := self._answers.read(1)) != b":":
            length += byte
        return json.loads(self._answers.read(int(length)))

    def execute(self, command: str, params: dict[str, Any]) -> dict[str, Any]:
        """Send what Selenium says and return what it expects."""
        # There is one session on the line, and it is as it comes.
        given = {} if command == Command.NEW_SESSION else {**params}
        given.pop("sessionId", None)
        message = json.dumps([0, 0, f"WebDriver:{_COMMANDS[command]}", given]).encode()
        self._socket.sendall(b"%d:%b" % (len(message), message))
        _, _, error, result = self._read()
        if error:
            raise WebDriverException(f"{error['error']}: {error['message']}")
        return {"value": result} if command == Command.NEW_SESSION else result

    def close(self) -> None:
        """Hang up."""
        self._answers.close()
        self._socket.close()


def lacking(engine: str) -> list[str]:
    """Return which commands this machine lacks for an engine."""
    return [command for command in NEEDS[engine] if not shutil.which(command)]


@contextmanager
def started(engine: str, folder: Path) -> Iterator[WebDriver]:
    """Start an engine with an empty folder for its profile; it ends with the block."""
    with ExitStack() as stack:
        driver = {"firefox": _firefox, "webkit": _webkit}[engine](stack, folder)
        stack.callback(driver.quit)
        driver.set_script_timeout(20)
        yield driver


def _run(stack: ExitStack, *command: str | Path, **more: Any) -> None:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **more)
    stack.callback(process.wait)
    stack.callback(process.terminate)


def _firefox(stack: ExitStack, folder: Path) -> WebDriver:
    wishes = {
        "marionette.port": 0,
        "dom.w3c_touch_events.enabled": 1,
        "ui.prefersReducedMotion": 1,
        "network.proxy.type": 1,  # a proxy that is not there cuts the network
        "network.proxy.http": "127.0.0.1",
        "network.proxy.http_port": 9,
        "network.proxy.ssl": "127.0.0.1",
        "network.proxy.ssl_port": 9,
    }
    lines = (f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in wishes.items())
    (folder / "user.js").write_text("".join(lines), encoding="utf-8")
    _run(stack, _FIREFOX, "--marionette", "--headless", "--no-remote", "--profile", folder)
    port = folder / "MarionetteActivePort"
    wait_for(lambda: port.exists() and port.read_text(encoding="utf-8"), "Firefox's port")
    driver = WebDriver(Marionette(int(port.read_text(encoding="utf-8"))), options=FirefoxOptions())  # type: ignore[arg-type]
    driver.set_window_size(1280, 900)
    return driver


def _webkit(stack: ExitStack, folder: Path) -> WebDriver:
    told, tells = os.pipe()
    screen = ("-screen", "0", "1280x1000x24", "-nolisten", "tcp")
    _run(stack, "Xvfb", "-displayfd", str(tells), *screen, pass_fds=[tells])
    os.close(tells)
    with os.fdopen(told) as display:
        ours = {"DISPLAY": f":{display.readline().strip()}", "HOME": str(folder)}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    _run(stack, "WebKitWebDriver", f"--port={port}", env=os.environ | ours)

    def listens() -> bool:
        with socket.socket() as call:
            return call.connect_ex(("127.0.0.1", port)) == 0

    wait_for(listens, "WebKit's driver")
    options = WebKitGTKOptions()
    options.add_argument("--automation")
    options.binary_location = next(
        str(path) for path in sorted(Path("/usr").glob("lib*/**/webkit2gtk-*/MiniBrowser"))
    )
    server = RemoteConnection(client_config=ClientConfig(remote_server_addr=f"http://127.0.0.1:{port}"))
    driver = WebDriver(server, options=options)
    driver.set_window_size(1280, 900)
    return driver


def wait_for(holds: Callable[[], Any], what: str, seconds: float = 20) -> Any:
    """Return what a function returns as soon as it is true."""
    end = time.monotonic() + seconds
    while not (value := holds()):
        assert time.monotonic() < end, f"waited {seconds} s for {what}"
        time.sleep(0.05)
    return value
