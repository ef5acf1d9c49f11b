"""The embedded servers, shared by every command of this clone: the first to need one starts it, the last one out stops it."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from portal.dev import state


class Server(Protocol):
    """A server of this clone."""

    name: str

    @property
    def url(self) -> str:
        """Where it answers, password included."""

    def alive(self) -> bool:
        """Whether its process runs; cheap."""

    def start(self) -> None:
        """Returns when it answers."""

    def stop(self) -> None:
        """Returns when no process is left."""


@contextmanager
def in_use(server: Server) -> Iterator[Server]:
    """The server runs meanwhile. A killed command gives up its share by itself; the server is then found by the next."""
    users = state.open_lock(f"{server.name}-users")
    with users:
        with state.lock(f"{server.name}-start"):
            fcntl.flock(users, fcntl.LOCK_SH)
            server.start()
        try:
            yield server
        finally:
            with state.lock(f"{server.name}-start"):
                try:
                    fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    pass
                else:
                    server.stop()
