"""Kernels that fork from one process, which has loaded what every notebook loads; Linux alone does it safely.

To start Python and load pandas and Altair takes a kernel longer than most notebooks' own code takes to run.
"""

import os
import sys
import time
from multiprocessing import get_context, parent_process
from threading import Thread
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from nbclient import NotebookClient

_FORKING = get_context("forkserver")
# Not what draws: it starts threads when it is loaded, and a fork has none of them.
_FORKING.set_forkserver_preload([__name__, "altair", "pandas", "ipykernel.kernelapp"])


def fork(client: NotebookClient) -> None:
    """Let a client's kernel start by a fork."""
    manager = client.create_kernel_manager()
    manager.provisioner = _Provisioner(kernel_spec=manager.kernel_spec, parent=manager)


class _Process(_FORKING.Process):  # type: ignore[name-defined]
    """A process of `multiprocessing` by the names that `subprocess.Popen` has for the same."""

    stdin = stdout = stderr = None

    def poll(self) -> int | None:
        return self.exitcode

    def wait(self) -> int | None:
        self.join()
        return self.exitcode

    def send_signal(self, number: int) -> None:
        os.kill(self.pid, number)


class _Provisioner(LocalProvisioner):
    """What Jupyter has for a kernel on the same machine, but for how it starts."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        arguments = cmd[cmd.index("ipykernel_launcher") + 1 :]
        process = _Process(target=_kernel, args=(arguments, kwargs["cwd"], kwargs["env"]), daemon=True)
        try:
            process.start()
        except (EOFError, OSError) as error:  # the process to fork from did not start, or is gone
            raise RuntimeError("expected a kernel to start, found none") from error
        self.process = process
        self.pid = self.pgid = process.pid
        return self.connection_info


def _kernel(arguments: list[str], folder: str, variables: dict[str, str]) -> None:
    import pandas
    from ipykernel.kernelapp import launch_new_instance

    pandas.options.display.max_columns = 20  # its choice if it is loaded in a kernel
    for name in [name for name in sys.modules if name.partition(".")[0] == "helpers"]:
        del sys.modules[name]  # a run is asked at its end which of them it has imported
    os.setsid()  # an interrupt of the run is none of a cell
    os.environ.update(variables)
    time.tzset()
    os.chdir(folder)
    Thread(target=_end_with_the_run, daemon=True).start()
    launch_new_instance(
        argv=[*arguments, f"--IPKernelApp.parent_handle={os.getppid()}"]
    )  # else it takes a terminal for its parent


def _end_with_the_run() -> None:
    run = parent_process()
    assert run is not None, "a kernel is started by a run"
    run.join()
    os._exit(1)
