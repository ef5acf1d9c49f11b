"""The C libraries that draw PDF documents: Pango and what it stands on. Python packages do not bring them.

As root on Debian they are installed; otherwise Debian's packages are unpacked under .state/debian and loaded from there.
"""

import ctypes
import os
import shutil
import subprocess
from pathlib import Path

from portal.dev import state, steps

LIBRARIES = [
    "libgobject-2.0.so.0",
    "libfontconfig.so.1",
    "libharfbuzz.so.0",
    "libharfbuzz-subset.so.0",
    "libpango-1.0.so.0",
    "libpangoft2-1.0.so.0",
]
PACKAGES = ["libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"]
PRIVATE = state.STATE / "debian"


def preload() -> None:
    """Load the privately unpacked libraries, if there are any: whoever asks for them by name later finds them loaded."""
    waiting = [path for path in PRIVATE.glob("**/*.so.*") if not path.is_symlink()]
    while waiting:
        # A library loads once those it needs are loaded; the order is found by trying.
        left = [path for path in waiting if not _loads(path)]
        if len(left) == len(waiting):
            return
        waiting = left


def _loads(library: Path | str) -> bool:
    try:
        ctypes.CDLL(str(library), mode=ctypes.RTLD_GLOBAL)
    except OSError:
        return False
    return True


def missing() -> list[str]:
    """The libraries that cannot be loaded."""
    return [name for name in LIBRARIES if not _loads(name)]


def ensure() -> None:
    """Afterwards every library loads; Failed with one sentence where this machine offers no way."""
    preload()
    if not missing():
        return
    if shutil.which("apt-get") and os.geteuid() == 0:
        _install()
    elif shutil.which("apt-get") and shutil.which("dpkg"):
        _unpack()
        preload()
    if still := missing():
        raise steps.Failed(
            f"This machine lacks Pango, which draws the PDF documents ({', '.join(still)}). Install it "
            f"(Debian, Ubuntu: apt-get install {' '.join(PACKAGES)}; Fedora: dnf install pango; macOS: brew install pango) and run the command again."
        )


def _install() -> None:
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    log = state.LOGS / "apt.log"
    steps.run("Reading Debian's package lists", ["apt-get", "update"], log, env=quiet)
    steps.run("Installing Pango", ["apt-get", "install", "-y", "--no-install-recommends", *PACKAGES], log, env=quiet)


def _unpack() -> None:
    """An ordinary user may download packages into folders of their own, and take them apart."""
    scratch = state.folder("apt")
    log = state.LOGS / "apt.log"
    for name in ("state/lists/partial", "cache/archives/partial"):
        (scratch / name).mkdir(parents=True, exist_ok=True)
    own = [f"Dir::State={scratch}/state", f"Dir::Cache={scratch}/cache", "Debug::NoLocking=1", "APT::Sandbox::User="]
    apt = ["apt-get", *(part for option in own for part in ("-o", option))]
    try:
        steps.run("Reading Debian's package lists", [*apt, "update"], log)
        steps.run("Downloading Pango", [*apt, "install", "-y", "--no-install-recommends", "--download-only", *PACKAGES], log)
        packages = sorted((scratch / "cache" / "archives").glob("*.deb"))
        unpacked = state.folder("debian.new")
        with steps.step("Unpacking Pango"):
            for package in packages:
                subprocess.run(["dpkg", "-x", package, unpacked], check=True)
        shutil.rmtree(PRIVATE, ignore_errors=True)
        unpacked.rename(PRIVATE)
    finally:
        # Lists of packages are ten times larger than the packages.
        shutil.rmtree(scratch, ignore_errors=True)
