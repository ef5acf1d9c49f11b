"""The portal's settings for a test run: its own database of the broker, files that vanish, quick passwords."""

import os
import re
import tempfile
from pathlib import Path

# Each parallel run empties and reads its own database of the broker; the last one is for a run that is not parallel.
_worker = os.environ.get("PYTEST_XDIST_WORKER", "")
_number = 1 + int(_worker.removeprefix("gw")) % 14 if _worker else 15
os.environ["REDIS_URL"] = re.sub(r"(?<=\d)/\d*$", "", os.environ["REDIS_URL"]) + f"/{_number}"

# Parallel runs and the workers they start share the folder through their environment; whoever made it removes it.
if "TESTS_FOLDER" not in os.environ:
    os.environ["TESTS_FOLDER"] = tempfile.mkdtemp(prefix="mot-cua-tests-")
    os.environ["MEDIA_ROOT"] = str(Path(os.environ["TESTS_FOLDER"]) / "media")
# Keys take a second to make and hold no secret here.
os.environ["SIGNING_STORE"] = str(Path(tempfile.gettempdir()) / f"mot-cua-test-keys-{os.getuid()}")
# A bare machine may not know the name localhost.
os.environ.setdefault("DJANGO_LIVE_TEST_SERVER_ADDRESS", "127.0.0.1")

from portal.settings import *  # noqa: E402

STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
STATIC_ROOT = Path(os.environ["TESTS_FOLDER"]) / "static"
STATIC_ROOT.mkdir(exist_ok=True)
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# A test database is never recovered: it need not wait for the disk.
DATABASES["default"]["OPTIONS"]["options"] += " -c synchronous_commit=off"
