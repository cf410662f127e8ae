"""One root under which everything is stored by key: a folder, or a bucket (object_storage.py) with the same keys.

A key is a relative path with forward slashes. A file appears whole or not at all: it is written beside its place, synced,
and then renamed or linked. `create_if_absent` and `link` have exactly one winner, which is what makes a manifest a commit.
"""

import os
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import IO

from learning_warehouse.file_system import sync
from learning_warehouse.settings import settings

DIRECTORY_MODE = 0o700
FILE_MODE = 0o600
_DRAFT = re.compile(r"(^|/)\.[^/]*\.draft$")


def safe_name(text: str) -> str:
    """`text` as one harmless file name: other characters than letters, digits, `.`, `-` and `_` become `_`."""
    return re.sub(r"[^A-Za-z0-9._-]", "_", text).lstrip(".")[:150] or "_"


class Storage:
    """Files by key below the folder `root`. New folders get mode 0700, files 0600."""

    def __init__(self, root: str | Path) -> None:
        self.root = Path(root).absolute()

    def path(self, key: str) -> str:
        """The absolute path of a key (or of a glob of keys), as DuckDB reads it."""
        if key.startswith("/") or ".." in key.split("/"):
            raise ValueError(f"{key!r} is not a key")
        return str(self.root / key)

    def local(self, key: str) -> str:
        """A path on this machine under which other programs (DuckDB) read the file of a key."""
        return self.path(key)

    def bring(self, prefix: str) -> None:
        """Makes the folder `prefix` below `root` hold exactly the files stored below `prefix`. Here it always does."""

    def exists(self, key: str) -> bool:
        return os.path.exists(self.path(key))

    def read_bytes(self, key: str) -> bytes:
        with open(self.path(key), "rb") as file:
            return file.read()

    def list(self, prefix: str) -> list[str]:
        """All keys below the folder `prefix`, sorted; unfinished drafts are left out."""
        base = self.path(prefix)
        found = []
        for folder, _, names in os.walk(base):
            relative = os.path.relpath(folder, self.root).replace(os.sep, "/")
            found += [f"{relative}/{name}" if relative != "." else name for name in names]
        return sorted(key for key in found if not _DRAFT.search(key))

    def write_bytes(self, key: str, data: bytes) -> None:
        """Writes or replaces a whole file."""
        with self.open_write(key) as file:
            file.write(data)

    @contextmanager
    def open_write(self, key: str) -> Iterator[IO[bytes]]:
        """A file to write into; it takes its place, synced, when the block ends without an error."""
        target, draft = self.path(key), self.draft(key)
        try:
            with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE), "wb") as file:
                yield file
                _sync(file)
            os.replace(draft, target)
        finally:
            with suppress(FileNotFoundError):
                os.unlink(draft)
        sync(os.path.dirname(target))

    def create_if_absent(self, key: str, data: bytes) -> bool:
        """Creates a file that nobody created before. False, and nothing changed, when it was there already."""
        draft = self.draft(key)
        try:
            with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE), "wb") as file:
                file.write(data)
                _sync(file)
            return self._link(draft, key)
        finally:
            with suppress(FileNotFoundError):
                os.unlink(draft)

    def link(self, source_key: str, target_key: str) -> bool:
        """Shows a file under a second key, without copying. False when that key was there already."""
        self.draft(target_key)
        return self._link(self.path(source_key), target_key)

    def adopt(self, draft: str, key: str) -> bool:
        """Syncs a finished draft that another program wrote and gives it its key. False when the key was there already."""
        try:
            os.chmod(draft, FILE_MODE)
            with open(draft, "rb+") as file:
                _sync(file)
            return self._link(draft, key)
        finally:
            with suppress(FileNotFoundError):
                os.unlink(draft)

    def draft(self, key: str) -> str:
        """A fresh path beside `key` to write into; its folder exists. No list and no glob of Parquet files shows it."""
        target = Path(self.path(key))
        _make_folders(target.parent, self.root)
        return str(target.with_name(f".{target.name[:100]}.{uuid.uuid4().hex}.draft"))

    def remove(self, key: str) -> None:
        """Removes a file if it is there."""
        with suppress(FileNotFoundError):
            os.unlink(self.path(key))

    def _link(self, existing: str, key: str) -> bool:
        target = self.path(key)
        try:
            os.link(existing, target)
        except FileExistsError:
            return False
        sync(os.path.dirname(target))
        return True


def storage() -> Storage:
    """The storage of this installation: the folder settings().home, or the bucket settings().storage.

    Raises ConfigurationError when the bucket cannot be used or has no conditional writes.
    """
    known = settings()
    return Storage(known.home) if known.storage is None else _bucket(known.storage, known.home, os.getpid())


@lru_cache(maxsize=1)
def _bucket(address: str, home: Path, process: int) -> Storage:
    from learning_warehouse.object_storage import ObjectStorage

    return ObjectStorage(address, home).checked()


def _make_folders(folder: Path, root: Path) -> None:
    missing = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    for path in reversed(missing):
        with suppress(FileExistsError):
            path.mkdir(mode=DIRECTORY_MODE if root in path.parents else 0o755)


def _sync(file: IO[bytes]) -> None:
    file.flush()
    os.fsync(file.fileno())
