"""Bearer tokens: fixed ones, and one login shared by all workers for vendors where a new login ends the older one.

The shared token is kept in home/run (mode 0600) and guarded by a lock on that file, which the system releases when a worker dies.
"""

import fcntl
import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from learning_warehouse.connections import Connection
from learning_warehouse.errors import register_secret
from learning_warehouse.settings import settings

if TYPE_CHECKING:
    from learning_warehouse.http import Client


class FixedToken:
    """Bearer authorization by a token that does not expire; a refusal of it is final."""

    def __init__(self, token: str) -> None:
        self._token = token

    def headers(self, client: "Client") -> dict[str, str]:
        """The Authorization header."""
        return {"Authorization": f"Bearer {self._token}"}

    def renew(self, client: "Client", refusals: int) -> bool:
        """Nothing can be renewed."""
        return False


class SharedToken:
    """Bearer authorization by a token that `login` fetches.

    After a refusal another worker's newer token is used if there is one; else the same token is tried again
    `same_token_tries` times; else one new login is made. A refusal of that one is final.
    """

    def __init__(self, name: str, connection: Connection, login: Callable[["Client"], str], same_token_tries: int = 0) -> None:
        account = f"{connection.host}\n{connection.login}\n{connection.extra.get('proxy', '')}"
        file_name = f"token-{name}-{hashlib.sha256(account.encode()).hexdigest()[:16]}"
        self._file = Path(settings().home) / "run" / file_name
        self._login = login
        self._same_token_tries = same_token_tries
        self._token: str | None = None

    def headers(self, client: "Client") -> dict[str, str]:
        """The Authorization header, after a login if nobody made one yet."""
        if self._token is None:
            with self._locked() as file:
                self._token = _stored(file) or self._renewed(file, client)
        return {"Authorization": f"Bearer {self._token}"}

    def renew(self, client: "Client", refusals: int) -> bool:
        """After the `refusals`-th refusal of one request: whether repeating it makes sense now."""
        with self._locked() as file:
            stored = _stored(file)
            if stored is not None and stored != self._token:
                self._token = stored
            elif refusals > self._same_token_tries + 1:
                return False
            elif refusals == self._same_token_tries + 1:
                self._token = self._renewed(file, client)
        return refusals <= self._same_token_tries + 2

    def _renewed(self, file: int, client: "Client") -> str:
        token = self._login(client)
        register_secret(token)
        os.ftruncate(file, 0)
        os.pwrite(file, token.encode(), 0)
        return token

    @contextmanager
    def _locked(self) -> Iterator[int]:
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = os.open(self._file, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield file
        finally:
            os.close(file)


def _stored(file: int) -> str | None:
    token = os.pread(file, 65536, 0).decode(errors="replace").strip()
    register_secret(token)
    return token or None
