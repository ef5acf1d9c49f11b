"""Officials' pages with a short and with a long history behind them: the same pages, the same queries, one ratio each.

    DATABASE_URL=… REDIS_URL=… DEVELOPMENT=1 SECRET_KEY=… python -m tests.benchmarks.history --small 10000 --large 1000000

Makes the two databases beside the one named in DATABASE_URL, once; the backlog is the same in both. Each page is asked for in
turns from both, so that whatever else the machine does falls on both alike; the short history is the floor.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from typing import IO, Any, cast
from urllib.parse import urlsplit, urlunsplit

CLERK, SPECIALIST = "tiepnhan.benthanh", "chuyenvien.kinhte.benthanh"
LIMIT = 1.3


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--small", type=int, default=10_000)
    parser.add_argument("--large", type=int, default=1_000_000)
    parser.add_argument("--open", type=int, default=5_000, help="Open cases, the same in both.")
    parser.add_argument("--rounds", type=int, default=25)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if asked.serve:
        serve()
        return 0
    small, large = (Portal(prepared(count, asked.open)) for count in (asked.small, asked.large))
    try:
        return compare(small, large, asked.rounds, asked.small, asked.large)
    finally:
        small.stop()
        large.stop()


def compare(small: "Portal", large: "Portal", rounds: int, fewer: int, more: int) -> int:
    """Print a line per page; how many are slower than they may be, or ask more of the database."""
    failed = 0
    print(f"{'page':44} {'queries':>9} {f'{fewer:,} ms':>14} {f'{more:,} ms':>14} {'ratio':>7}")
    for name in small.pages:
        times: dict[Portal, list[float]] = {small: [], large: []}
        # Asked twice before it counts: the first time fills what is kept for a minute, such as the number of unread messages.
        counts = {portal: (portal.ask(name), portal.ask(name))[1]["queries"] for portal in times}
        for _round in range(rounds):
            for portal, found in times.items():
                found.append(portal.ask(name)["ms"])
        low, high = (statistics.median(found) for found in times.values())
        wrong = high > LIMIT * low or counts[small] != counts[large]
        failed += wrong
        queries = f"{counts[small]}/{counts[large]}"
        print(f"{name:44} {queries:>9} {low:14.1f} {high:14.1f} {high / low:7.2f}{'  !' if wrong else ''}")
    return failed


class Portal:
    """The portal in a process of its own, with one of the databases."""

    def __init__(self, url: str) -> None:
        command = [sys.executable, "-m", "tests.benchmarks.history", "--serve"]
        environment = os.environ | {"DATABASE_URL": url}
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)
        self.pages: list[str] = self._read()

    def _read(self) -> Any:
        line = cast(IO[str], self.process.stdout).readline()
        if not line:
            raise SystemExit("the portal did not start; what it said is above")
        return json.loads(line)

    def ask(self, name: str) -> dict[str, float]:
        """Milliseconds and queries of one page."""
        asked = cast(IO[str], self.process.stdin)
        asked.write(name + "\n")
        asked.flush()
        return cast(dict[str, float], self._read())

    def stop(self) -> None:
        """Let the process go."""
        self.process.kill()
        self.process.wait()


def prepared(count: int, open_cases: int) -> str:
    """The address of a database with that many cases, made where it does not exist."""
    import psycopg

    parts = urlsplit(os.environ["DATABASE_URL"])
    name = f"history_{count}"
    url = urlunsplit(parts._replace(path=f"/{name}"))
    with psycopg.connect(urlunsplit(parts._replace(path="/postgres")), autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return url
        connection.execute(f'CREATE DATABASE "{name}"')
    for command in (["migrate", "-v0"], ["seed_demo"], ["make_cases", str(count), "--open", str(open_cases)]):
        start = time.monotonic()
        subprocess.run([sys.executable, "manage.py", *command], env=os.environ | {"DATABASE_URL": url}, check=True)
        print(f"{' '.join(command)}: {time.monotonic() - start:.0f} s", file=sys.stderr)
    return url


def serve() -> None:
    """Say which pages there are, then answer each name on a line with what the page took."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse

    from identity.people.models import Person
    from services.cases.models import Case, WorkItem

    settings.ALLOWED_HOSTS = ["*"]
    settings.SECURE_SSL_REDIRECT = False
    clients = {}
    for username in (CLERK, SPECIALIST):
        clients[username] = Client()
        clients[username].force_login(Person.objects.get(username=username))
    desk = WorkItem.objects.filter(office__posts__person__username=CLERK, kind="receive")
    busy = desk.filter(state="open").select_related("case__version__procedure").order_by("-pk")[0].case
    over = Case.objects.filter(state=10, pk__in=desk.filter(state="done").order_by("pk").values("case")[:500]).order_by("pk")[0]
    queue, find = reverse("queue"), reverse("casework_find")
    surname, *rest = busy.subject_name.split()
    pages = {
        **{f"queue, tab {tab}": (CLERK, f"{queue}?xem={tab}") for tab in tabs()},
        "queue of a specialist": (SPECIALIST, queue),
        "queue, one procedure": (CLERK, f"{queue}?tt={busy.version.procedure.code}"),
        "queue, whole name": (CLERK, f"{queue}?q={busy.subject_name}"),
        "queue, most common surname": (CLERK, f"{queue}?q={surname}"),
        "queue, case number": (CLERK, f"{queue}?q={busy.number}"),
        "queue, nothing found": (CLERK, f"{queue}?q=Zzyzx {rest[-1]}"),
        "search, whole name": (CLERK, f"{find}?q={busy.subject_name}"),
        "search, case number": (CLERK, f"{find}?q={over.number}"),
        "search, end of a number": (CLERK, f"{find}?q={str(over.number)[-4:]}"),
        "case at my desk": (CLERK, reverse("casework", args=[busy.number])),
        "case of years ago": (CLERK, reverse("casework", args=[over.number])),
    }
    print(json.dumps(list(pages)), flush=True)
    for line in sys.stdin:
        username, path = pages[line.strip()]
        with CaptureQueriesContext(connection) as queries:
            start = time.perf_counter()
            answer = clients[username].get(path, follow=True)
            took = time.perf_counter() - start
        if answer.status_code != 200:
            raise SystemExit(f"{path} answered {answer.status_code}")
        print(json.dumps({"ms": took * 1000, "queries": len(queries)}), flush=True)


def tabs() -> list[str]:
    """The queue's tabs, as in its addresses."""
    from services.cases.officials.queue_views import VIEWS

    return list(VIEWS)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
