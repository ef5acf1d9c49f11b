"""The promise: whatever is sent is known, and somebody listens to it."""

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from celery import current_app
from django.conf import settings

from portal.dev.parts import QUEUES, worker

ROOT = Path(settings.BASE_DIR)


def sent() -> Iterator[tuple[str, str]]:
    """Where `after_commit` is called, and the name of the task."""
    for room in ("identity", "services"):
        for path in sorted((ROOT / room).rglob("*.py")):
            module = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "after_commit":
                    name = node.args[0]
                    place = f"{path.relative_to(ROOT)}:{node.lineno}"
                    if isinstance(name, ast.Constant):
                        yield place, str(name.value)
                    else:
                        assert isinstance(name, ast.Name), f"{place}: the task's name is neither a text nor a constant"
                        yield place, getattr(import_module(module), name.id)


SENT = dict(sent())


def own_tasks() -> list[str]:
    return sorted(name for name in current_app.tasks if not name.startswith("celery."))


def test_tasks_are_sent_somewhere() -> None:
    assert SENT


@pytest.mark.parametrize("place", sorted(SENT))
def test_a_task_that_is_sent_is_registered(place: str) -> None:
    assert SENT[place] in current_app.tasks


@pytest.mark.parametrize("entry", sorted(settings.CELERY_BEAT_SCHEDULE))
def test_a_round_is_a_registered_task(entry: str) -> None:
    assert settings.CELERY_BEAT_SCHEDULE[entry]["task"] in current_app.tasks


@pytest.mark.parametrize("task", own_tasks())
def test_a_worker_listens_to_the_queue_of_every_task(task: str) -> None:
    queue = current_app.amqp.router.route({}, task)["queue"].name
    assert queue in QUEUES
    assert queue in worker()[worker().index("-Q") + 1].split(",")


@pytest.mark.parametrize("task", own_tasks())
def test_a_task_survives_the_death_of_its_worker(task: str) -> None:
    assert current_app.tasks[task].acks_late
    assert current_app.tasks[task].reject_on_worker_lost
