"""What set-up tells the person at the terminal: one line per step, its seconds counted while it runs. Standard library only."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

ADDRESS = re.compile(r"\b\w+://\S+")
TAIL = 15
"""Lines of a log shown when its step failed."""


class Failed(Exception):
    """Set-up cannot go on; the message is for the person at the terminal and says what to do."""


def say(text: str = "", end: str = "\n") -> None:
    """Print; a terminal that is gone is no reason to stop half-way."""
    with suppress(OSError, ValueError):
        sys.stdout.write(text + end)
        sys.stdout.flush()


def stop_on_signals() -> None:
    """SIGTERM and SIGHUP unwind like Ctrl-C, so that what was started is stopped."""

    def unwind(number: int, _frame: object) -> None:
        raise KeyboardInterrupt(number)

    signal.signal(signal.SIGTERM, unwind)
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # nohup
        signal.signal(signal.SIGHUP, unwind)
    # A shell that starts a job in the background sets SIGINT aside; `kill -INT` shall stop it all the same.
    signal.signal(signal.SIGINT, unwind)


def ignore_signals() -> None:
    """From here on nothing interrupts: everything is being stopped."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


@contextmanager
def step(title: str) -> Iterator[None]:
    """Print `title`, and how long it took; on a terminal the seconds count up."""
    start = time.monotonic()
    done = threading.Event()
    live = sys.stdout.isatty()

    def count() -> None:
        while not done.wait(1):
            say(f"\r  {title}… {time.monotonic() - start:.0f} s", end="")

    say(f"  {title}…", end="")
    counter = threading.Thread(target=count, daemon=True)
    if live:
        counter.start()
    try:
        yield
    except Failed:
        done.set()
        say(" failed")
        raise
    except BaseException:
        done.set()
        say(" stopped")
        raise
    finally:
        done.set()
        if live:
            counter.join()
    took = f"{time.monotonic() - start:.1f} s"
    say(f"\r  {title}… {took}" if live else f" {took}")


def run(
    title: str, command: Sequence[str | Path], log: Path, *, env: Mapping[str, str] | None = None, cwd: Path | None = None
) -> None:
    """Run a command as a step."""
    with step(title):
        call(command, log, env=env, cwd=cwd)


def call(command: Sequence[str | Path], log: Path, *, env: Mapping[str, str] | None = None, cwd: Path | None = None) -> None:
    """Run a command, its output into `log`; Failed with the log's end when it does not succeed."""
    log.parent.mkdir(parents=True, exist_ok=True)
    arguments = [str(part) for part in command]
    with log.open("wb") as output:
        # A session of its own: Ctrl-C reaches only us, and we stop it with all its children.
        process = subprocess.Popen(
            arguments, stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=env, cwd=cwd, start_new_session=True
        )
        try:
            code = process.wait()
        except BaseException:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            raise
    if code:
        name = " ".join([Path(arguments[0]).name, *arguments[1:4]])
        raise Failed(f"`{name} …` did not succeed. Its last lines ({log}):\n{tail(log)}")


def tail(log: Path, lines: int = TAIL) -> str:
    """The last lines of a log, without the addresses of package registries that may hold credentials."""
    text = log.read_text(errors="replace") if log.exists() else ""
    return "\n".join("    " + ADDRESS.sub("(address)", line)[:300] for line in text.splitlines()[-lines:])
