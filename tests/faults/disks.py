"""Small disks of our own, in memory, that can be full (F14)."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path

CLONE_NEWNS = 0x00020000
MEBIBYTE = 2**20
TRIES = 50  # while others take and free room


class Disk:
    """A folder on a file system of its own, where we may mount one."""

    def __init__(self, folder: Path, mebibytes: int) -> None:
        self.folder = folder
        self._size = mebibytes * MEBIBYTE
        self.folder.mkdir(parents=True)
        self.is_own = _may_mount() and self._mount()

    def fill(self) -> None:
        """Leave no room at all, without writing anything."""
        for _ in range(TRIES):
            with suppress(subprocess.CalledProcessError):  # more is used by now
                self._resize(shutil.disk_usage(self.folder).used)
            if not self.has_room:
                return

    @property
    def has_room(self) -> bool:
        """Whether anything can be written."""
        return shutil.disk_usage(self.folder).free > 0

    def clear(self) -> None:
        """Give the room back."""
        self._resize(self._size)

    def _mount(self) -> bool:
        command = ["mount", "-t", "tmpfs", "-o", f"size={self._size}"]
        done = subprocess.run([*command, "faults", self.folder], check=False)
        return done.returncode == 0

    def _resize(self, size: int) -> None:
        command = ["mount", "-o", f"remount,size={size}", self.folder]
        subprocess.run(command, check=True, capture_output=True)


def hide_mounts() -> None:
    """Go into a mount namespace of our own, so that no mount outlives this process."""
    if os.geteuid() == 0 and ctypes.CDLL(None).unshare(CLONE_NEWNS) == 0:
        subprocess.run(["mount", "--make-rprivate", "/"], check=True)
        os.environ["FAULTS_MAY_MOUNT"] = "1"


def _may_mount() -> bool:
    return os.environ.get("FAULTS_MAY_MOUNT") == "1"
