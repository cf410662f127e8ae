"""What a stream keeps of a job that it handed in, so that a later try of the same load goes on with it.

One object per stream, raw/<source>/<stream>/_jobs/open.json: the job's id and the SHA-256 of its query. The query names the
window, so the job of another night is never taken for ours. Nothing is lost without the note: the query is handed in anew.
"""

import hashlib

import msgspec

from learning_warehouse.streams import Reading


class _Note(msgspec.Struct):
    job: str
    query: str


def noted(reading: Reading, query: str) -> str | None:
    """The id of the job that an earlier try handed in for the same query, if there was one."""
    if reading.storage is None or not reading.storage.exists(_key(reading)):
        return None
    try:
        note = msgspec.json.decode(reading.storage.read_bytes(_key(reading)), type=_Note)
    except msgspec.MsgspecError:
        return None
    return note.job if note.query == _digest(query) and note.job.isalnum() else None


def note(reading: Reading, query: str, job: str) -> None:
    """Keeps the id of a job, instead of the one before."""
    if reading.storage is not None:
        reading.storage.write_bytes(_key(reading), msgspec.json.encode(_Note(job, _digest(query))))


def forget(reading: Reading) -> None:
    """Drops the note: the result was read or is gone, or the job failed."""
    if reading.storage is not None:
        reading.storage.remove(_key(reading))


def _key(reading: Reading) -> str:
    return f"raw/{reading.stream.source}/{reading.stream.name}/_jobs/open.json"


def _digest(query: str) -> str:
    return hashlib.sha256(query.encode()).hexdigest()
