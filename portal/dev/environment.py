"""Everything a command of this clone needs before Django is loaded: settings' environment, built front end, running servers."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from portal.dev import frontend, native, servers, state, steps, translations
from portal.dev.postgres import Postgres
from portal.dev.valkey import Valkey

WHOLE = {"up", "test", "worker"}
"""Commands that need more than a database: front end, translations, libraries for PDF."""
BARE = {"", "help", "version", "--help", "-h", "--version", "translations"}
"""Commands that need no server."""
WEB_PORT = 8000
EMBEDDED: dict[str, Callable[[], servers.Server]] = {"DATABASE_URL": Postgres, "REDIS_URL": Valkey}

running: list[servers.Server] = []
"""The embedded servers in use by this process."""


@contextmanager
def ready(command: str) -> Iterator[None]:
    """Set up whatever `command` needs; what was started for it is stopped afterwards."""
    os.chdir(state.ROOT)
    state.folder("log")
    os.environ["PATH"] = os.pathsep.join([os.path.dirname(sys.executable), os.environ.get("PATH", os.defpath)])
    os.environ.setdefault("DEVELOPMENT", "1")
    os.environ.setdefault("SECRET_KEY", state.secret("django"))
    os.environ.setdefault("SITE_URL", site_url())
    if command in WHOLE:
        with state.lock("set-up"):
            native.ensure()
            frontend.build()
            translations.compile_all()
    with ExitStack() as stack:
        # Whatever the reason to leave, stopping is not interrupted by a second Ctrl-C.
        stack.callback(running.clear)
        for variable, embedded in EMBEDDED.items():
            if variable in os.environ:
                continue
            if command in BARE:
                os.environ[variable] = "postgres://127.0.0.1/none" if variable == "DATABASE_URL" else "redis://127.0.0.1/0"
                continue
            server = stack.enter_context(servers.in_use(embedded()))
            running.append(server)
            os.environ[variable] = server.url
        try:
            yield
        finally:
            steps.ignore_signals()


def site_url() -> str:
    """The address under which this clone was last served."""
    remembered = state.STATE / "site-url"
    return remembered.read_text() if remembered.exists() else f"http://127.0.0.1:{state.port('web', WEB_PORT)}"


def remember_site_url(url: str) -> None:
    """`worker` and other commands print this address into documents."""
    (state.STATE / "site-url").write_text(url)
