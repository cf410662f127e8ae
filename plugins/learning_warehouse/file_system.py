"""What a home needs of its file system, tried at the start of each run: links with one winner, renames over files, syncs, locks.

Network folders and memory sticks often lack one of them, and then a commit could be lost or made twice without a word.
"""

import fcntl
import os
from pathlib import Path

from learning_warehouse.errors import ConfigurationError

FIRST, SECOND = ".trial-1", ".trial-2"


def require(folder: Path) -> None:
    """Tries everything in `folder`, which exists and belongs to one run. Raises ConfigurationError naming what is missing."""
    trying = "files can be written and synced"
    try:
        _forget(folder)
        _write(folder / FIRST)
        trying = "a link is made once and refused the second time"
        os.link(folder / FIRST, folder / SECOND)
        if _is_linked_again(folder):
            raise OSError("a second link was made over the first")
        trying = "a file is renamed over another one"
        os.replace(folder / FIRST, folder / SECOND)
        trying = "a lock excludes a second one"
        if _is_locked_twice(folder / SECOND):
            raise OSError("two had the same lock")
        trying = "a folder can be synced"
        sync(folder)
    except OSError as error:
        raise ConfigurationError(
            f"{folder.parent} lies where not everything works that a commit needs ({trying}): {error.strerror or error}.",
            what_to_do="Put LW_HOME on a local disk.",
        ) from None
    finally:
        _forget(folder)


def sync(path: str | Path) -> None:
    """Flush one file to disk, or the names in one folder."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write(path: Path) -> None:
    with open(path, "wb") as file:
        file.write(b"trial")
        file.flush()
        os.fsync(file.fileno())


def _is_linked_again(folder: Path) -> bool:
    try:
        os.link(folder / FIRST, folder / SECOND)
    except FileExistsError:
        return False
    return True


def _is_locked_twice(path: Path) -> bool:
    with open(path, "rb+") as first, open(path, "rb+") as second:
        fcntl.flock(first, fcntl.LOCK_EX | fcntl.LOCK_NB)
        try:
            fcntl.flock(second, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def _forget(folder: Path) -> None:
    for name in (FIRST, SECOND):
        (folder / name).unlink(missing_ok=True)
