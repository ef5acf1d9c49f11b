"""The processes of a running portal, as `up` starts them; docs/deploy.md names the same for production."""

import os

QUEUES = ("priority", "cases", "documents", "notices")


def web(host: str, port: int) -> list[str]:
    """Two processes for two processors; threads wait for the database meanwhile."""
    return [
        "granian", "--interface", "wsgi", "--host", host, "--port", str(port), "--workers", "2", "--blocking-threads", "4",
        "--no-ws", "--respawn-failed-workers", "--workers-kill-timeout", "10", "--log-level", "warning", "portal.wsgi:application",
    ]  # fmt: skip


def worker() -> list[str]:
    """Two processes: a document in the making does not hold up routing. Threads where the machine has no shared memory."""
    pool = "prefork" if os.access("/dev/shm", os.W_OK) else "threads"  # noqa: S108 - asked about, not written to
    return [
        "celery", "-A", "portal", "worker", "-Q", ",".join(QUEUES), "-P", pool, "-c", "2",
        "--without-gossip", "--without-mingle", "-l", "INFO",
    ]  # fmt: skip


def beat(schedule: str) -> list[str]:
    """One process that reminds the workers of their rounds."""
    return ["celery", "-A", "portal", "beat", "-s", schedule, "-l", "WARNING"]
