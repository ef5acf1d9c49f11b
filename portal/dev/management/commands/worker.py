"""Run the worker and its clock beside a site that was started without them."""

from typing import Any

from django.core.management.base import BaseCommand

from portal.dev import environment, parts, state, steps
from portal.dev.supervisor import Supervisor


class Command(BaseCommand):
    help = "Run the worker and its clock until Ctrl-C, beside `up --without-worker`."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with state.lock("worker", wait=False):
                self.work()
        except state.Busy as busy:
            raise steps.Failed("A worker of this clone is already running, in another terminal or as part of `up`.") from busy

    def work(self) -> None:
        """Until Ctrl-C."""
        supervisor = Supervisor("worker", environment.running)
        try:
            supervisor.add("worker", *parts.worker())
            supervisor.add("beat", *parts.beat(str(state.folder("beat") / "schedule")))
            steps.say("  The worker is running. Its log is in .state/log/worker.log. Ctrl-C stops it.")
            supervisor.run()
        finally:
            steps.ignore_signals()
            supervisor.stop()
