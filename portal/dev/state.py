"""What this clone remembers between starts, all under .state/: secrets, ports, stamps, locks. Standard library only."""

import fcntl
import hashlib
import json
import os
import random
import secrets
import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).resolve().parents[2]
STATE = ROOT / ".state"
LOGS = STATE / "log"
PORTS = range(20000, 32000)
"""Below the ports that the system lends to outgoing connections."""


def folder(*names: str) -> Path:
    """A folder under .state/, made when missing; only this user looks inside."""
    STATE.mkdir(mode=0o700, exist_ok=True)
    path = STATE.joinpath(*names)
    path.mkdir(parents=True, exist_ok=True)
    return path


def _read(name: str) -> dict[str, Any]:
    try:
        content = json.loads((STATE / name).read_text())
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _write(name: str, content: dict[str, Any]) -> None:
    """Whole or not at all, readable by this user only."""
    folder()
    draft = STATE / f"{name}.{os.getpid()}"
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(content, file, indent=1, sort_keys=True)
    draft.replace(STATE / name)


def secret(name: str) -> str:
    """A random word that stays the same for this clone."""
    with lock("remember"):
        known = _read("secrets.json")
        if name not in known:
            known[name] = secrets.token_urlsafe(32)
            _write("secrets.json", known)
        return str(known[name])


def port(name: str, preferred: int | None = None) -> int:
    """The port remembered for `name`; else `preferred`, else any that is free now."""
    known = _read("ports.json").get(name)
    if isinstance(known, int):
        return known
    return preferred or new_port(name)


def new_port(name: str, candidates: Iterable[int] | None = None) -> int:
    """A free port out of `candidates`, remembered for `name`."""
    taken = set(_read("ports.json").values())
    for number in candidates or random.sample(PORTS, 200):
        if number not in taken and is_free(number):
            with lock("remember"):
                _write("ports.json", {**_read("ports.json"), name: number})
            return number
    raise OSError("no free port found")


def is_free(number: int, host: str = "127.0.0.1") -> bool:
    """Whether somebody may listen there now."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, number))
        except OSError:
            return False
    return True


def stamped(name: str, value: str) -> bool:
    """Whether `name` was last done for `value`."""
    return bool(_read("stamps.json").get(name) == value)


def stamp(name: str, value: str) -> None:
    """`name` has been done for `value`."""
    with lock("remember"):
        _write("stamps.json", {**_read("stamps.json"), name: value})


def digest(*sources: Path | str) -> str:
    """A hash of texts, files and whole folders: their names and contents."""
    total = hashlib.sha256()
    for source in sources:
        if isinstance(source, str):
            total.update(f"text {source}\0".encode())
            continue
        files = sorted(path for path in source.rglob("*") if path.is_file()) if source.is_dir() else [source]
        for path in files:
            if "__pycache__" in path.parts:
                continue
            total.update(f"file {path.relative_to(ROOT)}\0".encode())
            total.update(path.read_bytes() if path.exists() else b"")
    return total.hexdigest()


class Busy(Exception):
    """Another process holds the lock."""


@contextmanager
def lock(name: str, *, wait: bool = True) -> Iterator[None]:
    """Held by one process at a time, and given back by the system when it dies."""
    file = open_lock(name)
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Busy(name) from error
        yield


def open_lock(name: str) -> IO[str]:
    """The lock's file; whoever keeps it open and locked holds it."""
    return (folder("lock") / name).open("w")
