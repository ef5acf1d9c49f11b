"""Serve the portal with its worker, on a machine where nothing is prepared."""

import io
import os
import socket
import time
import urllib.error
import urllib.request
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor

from portal.dev import bootstrap, demo, environment, parts, state, steps
from portal.dev.supervisor import Part, Supervisor

PATIENCE = 90
"""Seconds until the first page must have come."""


class Command(BaseCommand):
    help = "Set up whatever is missing, then serve the portal with worker and clock until Ctrl-C."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, help="serve on this port (else 8000, or a free one that is remembered)")
        parser.add_argument(
            "--host", default="127.0.0.1", help="listen there; 0.0.0.0 shows the portal to a phone in the same network"
        )
        parser.add_argument(
            "--without-worker", action="store_true", help="only the web server; `manage.py worker` starts the rest"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with state.lock("site", wait=False):
                self.serve(options["host"], options["port"], with_worker=not options["without_worker"])
        except state.Busy as busy:
            raise steps.Failed(already_running(str(busy))) from busy

    def serve(self, host: str, wanted: int | None, *, with_worker: bool) -> None:
        """Until Ctrl-C."""
        supervisor = Supervisor("site", environment.running)
        port = free_port(host, wanted)
        url = address(host, port)
        os.environ["SITE_URL"] = settings.SITE_URL = url
        environment.remember_site_url(url)
        if host != "127.0.0.1":
            os.environ.setdefault("ALLOWED_HOSTS", "*")
        prepare()
        connections.close_all()
        try:
            web = supervisor.add("web", *parts.web(host, port))
            if not with_worker:
                self.until_served(supervisor, web, port)
                announce(url, worker=False)
                supervisor.run()
            with state.lock("worker", wait=False):
                supervisor.add("worker", *parts.worker())
                self.until_served(supervisor, web, port)
                supervisor.add("beat", *parts.beat(str(state.folder("beat") / "schedule")))
                announce(url, worker=True)
                supervisor.run()
        finally:
            steps.ignore_signals()
            steps.say("\n  Stopping…")
            supervisor.stop()

    def until_served(self, supervisor: Supervisor, web: Part, port: int) -> None:
        """Returns when the first page has come."""
        deadline = time.monotonic() + PATIENCE

        def served() -> bool:
            if web.failures > 2 or time.monotonic() > deadline:
                raise steps.Failed(
                    f"The web server does not answer. Its last lines ({web.path}):\n{steps.tail(state.ROOT / web.path)}"
                )
            return answers(port)

        supervisor.run(until=served)


def prepare() -> None:
    """The database has its tables and the demonstration city, the static files are collected."""
    database = state.digest(os.environ["DATABASE_URL"], state.secret("cluster"))
    if pending_migrations():
        with steps.step("Making the tables"):
            call_command("migrate", verbosity=0, interactive=False)
    files = state.digest(Path(settings.STATICFILES_DIRS[0]), state.ROOT / "requirements.txt")
    if not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists() or not state.stamped("static files", files):
        with steps.step("Collecting the static files"):
            # The API answers in JSON only: the pages it could show to developers stay out.
            call_command("collectstatic", verbosity=0, interactive=False, clear=True, ignore_patterns=["rest_framework"])
        state.stamp("static files", files)
    city = state.digest(database, state.ROOT / "portal" / "dev" / "demo")
    if not state.stamped("demonstration", city):
        with steps.step("Building the demonstration city"):
            call_command("seed_demo", verbosity=0, stdout=io.StringIO())
        state.stamp("demonstration", city)


def pending_migrations() -> bool:
    """Whether the database is behind the code."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def free_port(host: str, wanted: int | None) -> int:
    """The port asked for; else the usual one, or, when another clone serves there, one of its own that is remembered."""
    listen = "" if host == "0.0.0.0" else host  # noqa: S104 - compared, not bound
    if wanted is not None:
        if not state.is_free(wanted, listen):
            raise steps.Failed(f"Port {wanted} is in use by another program. Choose another one with --port.")
        return wanted
    port = state.port("web", environment.WEB_PORT)
    if state.is_free(port, listen):
        return port
    port = state.new_port("web", range(environment.WEB_PORT + 1, environment.WEB_PORT + 100))
    steps.say(f"  Port {environment.WEB_PORT} is in use by another program; this clone uses {port} from now on.")
    return port


def address(host: str, port: int) -> str:
    """What to open in a browser."""
    if host in {"0.0.0.0", ""}:  # noqa: S104 - compared, not bound
        # Asks the system which of its addresses leads outside; nothing is sent.
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            try:
                probe.connect(("192.0.2.1", 9))
                host = probe.getsockname()[0]
            except OSError:
                host = "127.0.0.1"
    return f"http://{host}:{port}"


def answers(port: int) -> bool:
    """Whether the site serves its health page."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/trang-thai/", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def already_running(what: str) -> str:
    """One sentence for the second one who asks."""
    if what == "worker":
        return "A worker of this clone is already running: stop it, or use `up --without-worker`."
    return f"This clone is already being served on {environment.site_url()}: open that, or stop it with Ctrl-C where it runs."


def announce(url: str, *, worker: bool) -> None:
    """The address and whom to be."""
    took = time.time() - float(os.environ.pop(bootstrap.STARTED))
    steps.say(f"\n  Ready after {took:.1f} s:  {url}\n")
    for line in accounts():
        steps.say(f"  {line}")
    if settings.DEVELOPMENT_OUTBOX:
        steps.say(f"\n  E-mails and text messages that would be sent:  {url}/hop-thu-thu-nghiem/")
    if not worker:
        steps.say("  The worker is not running: `python3 manage.py worker` in another terminal starts it.")
    steps.say("  Logs are in .state/log. Ctrl-C stops everything.\n")


def accounts() -> list[str]:
    """The people of the demonstration city, one line each."""
    rows = [(row.title, row.login, row.password, row.what) for row in demo.accounts()]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(3)]
    return ["  ".join([*(f"{text:<{width}}" for text, width in zip(row, widths, strict=False)), row[3]]).rstrip() for row in rows]
