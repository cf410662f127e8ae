"""The same keys in a bucket, s3://bucket/prefix, through s3fs. Uploads are invisible until they are complete.

A commit is a conditional write (If-None-Match: *), so the service must support those: `checked` tries it at every start.
Credentials and endpoint come the usual ways of AWS (AWS_PROFILE, AWS_ACCESS_KEY_ID, AWS_ENDPOINT_URL, a role, ...).
"""

import os
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from learning_warehouse.errors import ConfigurationError
from learning_warehouse.storage import FILE_MODE, Storage

CONNECT_SECONDS = 10
READ_SECONDS = 60
CONFLICT_TRIES = 5
FIRST_WAIT_SECONDS = 0.1
EXISTS = ("PreconditionFailed", "412")
CONFLICT = ("ConditionalRequestConflict", "409")
HOW_TO_STORE = "See Storage in docs/connect-your-own.md."


class ObjectStorage(Storage):
    """Objects by key below an address. `root` is the local folder into which objects are brought that programs read."""

    def __init__(self, address: str, root: Path) -> None:
        import s3fs

        super().__init__(root)
        self.address = address.rstrip("/")
        self._name, _, prefix = self.address.removeprefix("s3://").partition("/")
        self._prefix = f"{prefix}/" if prefix else ""
        self._local = Storage(root)
        self._bucket = s3fs.S3FileSystem(
            use_listings_cache=False,
            default_cache_type="none",
            config_kwargs={"connect_timeout": CONNECT_SECONDS, "read_timeout": READ_SECONDS},
        )

    def checked(self) -> "ObjectStorage":
        """Itself, after two writers of one object were tried. Raises ConfigurationError unless exactly the first won."""
        key = f"probes/{uuid.uuid4().hex}"
        try:
            wins = [self.create_if_absent(key, b"first"), self.create_if_absent(key, b"second")]
            kept = self.read_bytes(key)
            self.remove(key)
        except Exception as error:
            raise ConfigurationError(
                f"The storage {self.address} cannot be used: {_said(error)}.", what_to_do=HOW_TO_STORE
            ) from error
        if wins != [True, False] or kept != b"first":
            raise ConfigurationError(
                f"The storage {self.address} ignores conditional writes (If-None-Match), so two runs could both commit a load.",
                what_to_do=HOW_TO_STORE,
            )
        return self

    def path(self, key: str) -> str:
        """The full address of a key."""
        self._local.path(key)
        return f"{self.address}/{key}"

    def local(self, key: str) -> str:
        """Downloads the object of a key to its place below `root`. Raises FileNotFoundError when there is none."""
        self._download({key: self._head(key)})
        return self._local.path(key)

    def bring(self, prefix: str) -> None:
        """Downloads what is new or differs below `prefix` and removes local files that are not stored (any more)."""
        stored = self._below(prefix)
        self._download(stored)
        for path in Path(self._local.path(prefix)).rglob("*"):
            if path.is_file() and path.relative_to(self.root).as_posix() not in stored:
                path.unlink()

    def exists(self, key: str) -> bool:
        try:
            return bool(self._head(key))
        except FileNotFoundError:
            return False

    def read_bytes(self, key: str) -> bytes:
        return bytes(self._bucket.cat_file(self._at(key)))

    def list(self, prefix: str) -> list[str]:
        """All keys below `prefix`, sorted."""
        return sorted(self._below(prefix))

    def write_bytes(self, key: str, data: bytes) -> None:
        """Writes or replaces a whole object."""
        self._bucket.pipe_file(self._at(key), data)
        self._local.remove(key)

    @contextmanager
    def open_write(self, key: str) -> Iterator[IO[bytes]]:
        """A local file to write into; it is uploaded when the block ends without an error."""
        draft = self.draft(key)
        try:
            with open(draft, "wb") as file:
                yield file
            self._bucket.put_file(draft, self._at(key))
            self._local.remove(key)
        finally:
            _forget(draft)

    def create_if_absent(self, key: str, data: bytes) -> bool:
        """Creates an object that nobody created before. False, and nothing changed, when it was there already."""
        return self._create(key, lambda at, options: self._bucket.pipe_file(at, data, mode="create", **options))

    def link(self, source_key: str, target_key: str) -> bool:
        """Copies an object to a second key unless that key was there already."""
        draft = self.draft(target_key)
        self._bucket.get_file(self._at(source_key), draft)
        return self.adopt(draft, target_key)

    def draft(self, key: str) -> str:
        """A fresh local path to write into."""
        self._at(key)
        return self._local.draft(f"working/drafts/{Path(key).name}")

    def adopt(self, draft: str, key: str) -> bool:
        """Uploads a finished draft unless the key was there already."""
        try:
            return self._create(key, lambda at, options: self._bucket.put_file(draft, at, mode="create", **options))
        finally:
            _forget(draft)

    def remove(self, key: str) -> None:
        """Removes an object, and what was brought of it, if it is there."""
        with suppress(FileNotFoundError):
            self._bucket.rm_file(self._at(key))
        self._local.remove(key)

    def _at(self, key: str) -> str:
        return self.path(key).partition("://")[2]

    def _below(self, prefix: str) -> dict[str, dict[str, Any]]:
        """What is stored below `prefix`: key -> its line of the listing (Size, LastModified), in one request per 1,000."""
        folder = "/".join(part for part in (self._prefix + prefix).split("/") if part)
        asked = {"Bucket": self._name, "Prefix": f"{folder}/" if folder else ""}
        found: dict[str, dict[str, Any]] = {}
        while True:
            page = self._bucket.call_s3("list_objects_v2", **asked)
            found |= {entry["Key"].removeprefix(self._prefix): entry for entry in page.get("Contents", ())}
            if not page.get("IsTruncated"):
                return {key: entry for key, entry in found.items() if not key.endswith("/")}
            asked["ContinuationToken"] = page["NextContinuationToken"]

    def _head(self, key: str) -> dict[str, Any]:
        self.path(key)
        answer: dict[str, Any] = self._bucket.call_s3("head_object", Bucket=self._name, Key=self._prefix + key)
        return answer

    def _create(self, key: str, put: Any) -> bool:
        """One conditional write. A refusal after a lost answer of our own is told from another writer by its token."""
        at, token = self._at(key), uuid.uuid4().hex
        for attempt in range(CONFLICT_TRIES):
            try:
                put(at, {"Metadata": {"writer": token}})
                return True
            except OSError as error:
                code = _code(error)
                if code in EXISTS:
                    return bool(self._head(key)["Metadata"].get("writer") == token)
                if code not in CONFLICT:
                    raise
                time.sleep(FIRST_WAIT_SECONDS * 2**attempt)
        return False if self.exists(key) else self._gave_up(key)

    def _gave_up(self, key: str) -> bool:
        raise OSError(f"{self.path(key)} was refused {CONFLICT_TRIES} times because of another writer")

    def _download(self, objects: dict[str, dict[str, Any]]) -> None:
        wanted = {key: _stamp(info) for key, info in objects.items() if not self._is_here(key, info)}
        drafts = {key: self._local.draft(key) for key in wanted}
        try:
            if wanted:
                self._bucket.get([self._at(key) for key in wanted], [drafts[key] for key in wanted])
            for key, stamp in wanted.items():
                os.chmod(drafts[key], FILE_MODE)
                os.utime(drafts[key], (stamp, stamp))
                os.replace(drafts[key], self._local.path(key))
        finally:
            for draft in drafts.values():
                _forget(draft)

    def _is_here(self, key: str, info: dict[str, Any]) -> bool:
        try:
            found = os.stat(self._local.path(key))
        except FileNotFoundError:
            return False
        return found.st_size == (info["Size"] if "Size" in info else info["ContentLength"]) and int(found.st_mtime) == int(
            _stamp(info)
        )


def _forget(draft: str) -> None:
    with suppress(FileNotFoundError):
        os.unlink(draft)


def _stamp(info: dict[str, Any]) -> float:
    changed: datetime = info["LastModified"]
    return changed.timestamp()


def _code(error: OSError) -> str:
    """The S3 error code behind an error of s3fs, "" when there is none."""
    if isinstance(error, FileExistsError):
        return EXISTS[0]
    answer = getattr(error.__cause__, "response", None) or {}
    return str(answer.get("Error", {}).get("Code", ""))


def _said(error: Exception) -> str:
    if isinstance(error, OSError) and _code(error) in ("NotImplemented", "501"):
        return "it refuses conditional writes (If-None-Match)"
    return f"{type(error).__name__}: {error}".rstrip(". ")
