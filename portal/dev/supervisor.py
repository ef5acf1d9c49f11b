"""Keeps the processes of `up` and `worker` running, and leaves none behind.

Every part runs in a session of its own, so that Ctrl-C reaches only the supervisor, which then stops them in order. A part
dies with the supervisor even when that is killed; what still escapes carries a mark and is ended at the next start.
"""

import json
import os
import re
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import IO

from portal.dev import processes, state, steps
from portal.dev.servers import Server

LONGEST_PAUSE = 30
"""Seconds between two attempts to start a part that keeps ending."""
STEADY = 30
"""A part that ran so many seconds before it ended is started again at once."""
PATIENCE = 20
"""Seconds a part may take to finish what it is doing."""
WATCH = 1.0
"""Seconds between two looks at the embedded servers."""
TELLING = 4
"""Lines of a part that reach the terminal within a breath; the rest is only in its log."""
BREATH = 10.0
ALARMING = re.compile(r"\b(\w*Error|\w+Exception|ERROR|CRITICAL|refused|raised|exited)\b")


@dataclass
class Part:
    """One process and what it may start itself."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    log: IO[bytes] | None = None
    started: float = 0.0
    start_at: float = 0.0
    failures: int = 0
    unfinished: bytes = field(default=b"", repr=False)
    told: list[float] = field(default_factory=list, repr=False)

    @property
    def path(self) -> str:
        """Where its log lies, for people."""
        return f".state/log/{self.name}.log"


class Supervisor:
    """`mark` names this kind of supervisor in the environment of its processes."""

    def __init__(self, mark: str, servers: Sequence[Server]) -> None:
        self.mark = f"MOT_CUA_PART={mark}:{state.ROOT}"
        self.servers = servers
        self.parts: list[Part] = []
        self.selector = selectors.DefaultSelector()
        self.looked = 0.0
        processes.adopt_orphans()
        processes.kill(processes.marked(self.mark))

    def add(self, name: str, *command: str) -> Part:
        """Start a part: a Python module and its arguments."""
        log = state.folder("log") / f"{name}.log"
        if log.exists():
            log.replace(log.with_suffix(".log.1"))
        part = Part(name, [sys.executable, "-m", *command], log=log.open("ab"))
        self.parts.append(part)
        self._start(part)
        return part

    def run(self, until: Callable[[], bool] = lambda: False, look: float = 0.1) -> None:
        """Watch until `until` holds; by itself that is never. `look`: seconds between two questions."""
        while not until():
            self._watch(look)

    def stop(self) -> None:
        """End every part, the last one first, and whatever it started."""
        for part in reversed(self.parts):
            if part.process and part.process.poll() is None:
                part.process.terminate()
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and any(part.process and part.process.poll() is None for part in self.parts):
            self._read(0.05)
        for part in self.parts:
            self._end(part)
        processes.kill(processes.marked(self.mark))
        for part in self.parts:
            if part.log:
                part.log.close()

    def _start(self, part: Part) -> None:
        name, _, value = self.mark.partition("=")
        part.process = subprocess.Popen(
            part.command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=state.ROOT,
            env={**os.environ, "PYTHONUNBUFFERED": "1", name: value},
            start_new_session=True,
            preexec_fn=partial(processes.die_with_parent, os.getpid()),
        )
        assert part.process.stdout is not None
        os.set_blocking(part.process.stdout.fileno(), False)
        self.selector.register(part.process.stdout, selectors.EVENT_READ, part)
        part.started = time.monotonic()

    def _end(self, part: Part) -> None:
        """Take note of an ended part, and kill what is left of its session."""
        process = part.process
        if process is None:
            return
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        processes.collect(group=process.pid)
        self._drain(part)
        assert process.stdout is not None
        self.selector.unregister(process.stdout)
        process.stdout.close()
        part.process = None

    def _watch(self, seconds: float) -> None:
        self._read(seconds)
        now = time.monotonic()
        for part in self.parts:
            if part.process and part.process.poll() is not None:
                code = part.process.returncode
                self._end(part)
                part.failures = 0 if now - part.started > STEADY else part.failures + 1
                pause = 0 if part.failures == 0 else min(2 ** (part.failures - 1), LONGEST_PAUSE)
                part.start_at = now + pause
                why = f"was ended by signal {-code}" if code < 0 else f"ended with code {code}"
                steps.say(f"  {part.name} {why}; it is started again{f' in {pause} s' if pause else ''} ({part.path})")
            if part.process is None and now >= part.start_at:
                self._start(part)
        if now - self.looked > WATCH:
            self.looked = now
            for server in self.servers:
                if not server.alive():
                    steps.say(f"  {server.name} has gone; it is started again")
                    server.start()

    def _read(self, seconds: float) -> None:
        for key, _ in self.selector.select(seconds):
            self._drain(key.data)

    def _drain(self, part: Part) -> None:
        """Everything into the part's log; what a person should know, to the terminal."""
        assert part.process is not None
        assert part.process.stdout is not None
        try:
            content = part.process.stdout.read() or b""
        except OSError:
            return
        if not content:
            # At its end a pipe is reported as readable for ever.
            time.sleep(0.02)
            return
        if part.log:
            part.log.write(content)
            part.log.flush()
        *lines, part.unfinished = (part.unfinished + content).split(b"\n")
        for line in lines:
            if words := telling(line.decode(errors="replace")):
                self._tell(part, words)

    def _tell(self, part: Part, words: str) -> None:
        """To the terminal, unless this part has just said a lot."""
        now = time.monotonic()
        part.told = [moment for moment in part.told if now - moment < BREATH] + [now]
        if len(part.told) <= TELLING:
            steps.say(f"  {part.name}: {words}")
        elif len(part.told) == TELLING + 1:
            steps.say(f"  {part.name} says more in {part.path}")


def telling(line: str) -> str:
    """The line as a person at the terminal wants it, empty when it says nothing that matters."""
    try:
        entry = json.loads(line)
    except ValueError:
        return line.strip()[:300] if ALARMING.search(line) else ""
    if not isinstance(entry, dict) or entry.get("level") not in {"warning", "error", "critical"}:
        return ""
    rest = " ".join(
        f"{name}={value}" for name, value in entry.items() if name not in {"level", "event", "timestamp", "exception"}
    )
    last = str(entry.get("exception", "")).strip().rpartition("\n")[2]
    return f"{entry['level']}: {entry.get('event', '')} {rest} {last}".strip()[:300]
