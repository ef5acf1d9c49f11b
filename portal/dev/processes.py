"""Processes of this machine, found by what they work on rather than by a number that may mean another one by now."""

import ctypes
import os
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

PROC = Path("/proc")
PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
_system = ctypes.CDLL(None)


def alive(pid: int) -> bool:
    """Whether the process runs; one that ended and was never collected does not."""
    try:
        # The name in brackets may hold spaces; the state follows it.
        return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] not in {"Z", "X"}
    except OSError:
        return False


def working_in(folder: Path) -> list[int]:
    """Live processes whose working folder this is, or was before it was removed."""
    names = {str(folder), f"{folder} (deleted)"}

    def here(entry: Path) -> bool:
        return os.readlink(entry / "cwd") in names

    return list(_matching(here))


def marked(mark: str) -> list[int]:
    """Live processes that were started with `mark` (NAME=value) in their environment, and their children; not this one."""
    wanted = mark.encode()

    def carries(entry: Path) -> bool:
        return wanted in (entry / "environ").read_bytes().split(b"\0")

    return [pid for pid in _matching(carries) if pid != os.getpid()]


def _matching(condition: Callable[[Path], bool]) -> Iterator[int]:
    for entry in PROC.glob("[0-9]*"):
        with suppress(OSError):
            if condition(entry) and alive(int(entry.name)):
                yield int(entry.name)


def end(pids: Iterable[int], number: signal.Signals, patience: float) -> list[int]:
    """Send a signal and wait; the ones that are still there after `patience` seconds."""
    left = list(pids)
    for pid in left:
        with suppress(ProcessLookupError, PermissionError):
            os.kill(pid, number)
    deadline = time.monotonic() + patience
    while left and time.monotonic() < deadline:
        left = [pid for pid in left if alive(pid)]
        time.sleep(0.02)
    return left


def kill(pids: Iterable[int]) -> None:
    """SIGKILL, and wait until they are gone."""
    end(pids, signal.SIGKILL, 5)


def adopt_orphans() -> None:
    """Grandchildren whose parent died become ours, so that none is left when we stop."""
    _system.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def collect(group: int = 0) -> None:
    """Let ended children go: those of a process group, or all when nobody waits for any more."""
    with suppress(ChildProcessError):
        while os.waitpid(-group or -1, os.WNOHANG)[0]:
            pass


def die_with_parent(parent: int) -> None:
    """To be called in a new child: it gets SIGTERM when `parent` dies, however that happens."""
    _system.prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)
