"""Vendors whose API is one address for many functions, with the token in the form and errors under status 200, as Moodle has it.

`get` of a FunctionClient takes the name of a function where others take a path, so that all readers work with it.
"""

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

import msgspec

from learning_warehouse.connections import Connection
from learning_warehouse.errors import BadAnswer, CredentialsRefused, StopStream
from learning_warehouse.http import Client
from learning_warehouse.paging import ContractBroken, Request, parse, parse_page, walk
from learning_warehouse.streams import Answer, Page, Reader, Reading

T = TypeVar("T")
SERVER = "/webservice/rest/server.php"
NO_RIGHTS = ("invalidtoken", "accessexception", "servicenotavailable", "nopermissions", "servicerequireslogin", "forbiddenwsuser")
MAY_PASS = ("sitemaintenance", "dmlreadexception", "dmlwriteexception", "dmlconnectionexception", "cannotgetlock")


class FunctionRefused(StopStream):
    """A function answered with an error; `code` is the vendor's own word for it."""

    def __init__(self, function: str, code: str, vendor: str) -> None:
        super().__init__(f"the vendor refused {function} ({code})", vendor)
        self.code = code


class _Nobody:
    """No header says who we are; the form does."""

    def headers(self, client: Client) -> dict[str, str]:
        return {}

    def renew(self, client: Client, refusals: int) -> bool:
        return False


class FunctionClient(Client):
    """A client whose `get` calls a function by POST. Raises FunctionRefused for an error that repeating cannot mend."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection, _Nobody())
        self._form = {"wstoken": connection.password, "moodlewsrestformat": "json"}

    def get(self, target: str, params: Mapping[str, str], decode: Any) -> Any:
        """The decoded answer of the function `target`."""
        form = {**self._form, "wsfunction": target, **params}

        def checked(answer: Answer) -> Any:
            self._refuse(target, answer.body)
            return decode(answer)

        return self.call("POST", SERVER, form=form, decode=checked)

    def _refuse(self, function: str, body: bytes) -> None:
        if not body.lstrip().startswith(b"{") or b'"exception"' not in body:
            return
        content = parse(body, dict[str, Any])
        if "exception" not in content:
            return
        said = content.get("errorcode")
        code = said if isinstance(said, str) and said.replace("_", "").isalnum() and len(said) < 60 else "unknown"
        if code in MAY_PASS:
            raise ContractBroken(f"the vendor answered with an error ({code})")
        if code in NO_RIGHTS:
            advice = "Check the token and the rights that docs/connect-your-own.md names."
            raise CredentialsRefused(f"the vendor refused {function} ({code})", self.vendor, what_to_do=advice)
        raise FunctionRefused(function, code, self.vendor)


class _Rows(msgspec.Struct):
    rows: list[msgspec.Raw]


class _Warning(msgspec.Struct):
    warningcode: str = "unknown"


def all_rows(answer: Answer) -> list[bytes]:
    """The records of a function that answers with a bare array."""
    return parse_page(b'{"rows":%s}' % answer.body, "rows", _Rows)[1]


def named_rows(collection: str, answer: Answer) -> list[bytes]:
    """The records of a function that answers {collection: [...], warnings: [...]}; warnings mean that some are missing.

    Raises ContractBroken when the vendor warns.
    """
    shape: Any = msgspec.defstruct(f"Page_{collection}", [(collection, list[msgspec.Raw]), ("warnings", list[_Warning], [])])
    page, records = parse_page(answer.body, collection, shape)
    if page.warnings:
        raise ContractBroken("the vendor warns that its answer is not whole")
    return records


def with_fields(record: bytes, fields: Mapping[str, Any]) -> bytes:
    """The record's own bytes with fields of the question in front, which the vendor leaves out of the answer."""
    inside = record.strip().removeprefix(b"{").lstrip()
    front = msgspec.json.encode(dict(fields))[:-1]
    return front + (b"" if inside == b"}" else b",") + inside


def numbered(reading: Reading, function: str, params: Mapping[str, str], page_size: int) -> Iterator[Page]:
    """The pages of a function with limitfrom and limitnumber among its options; a page that is not full is the last one.
    Raises BadAnswer when the vendor does not heed limitfrom.

    `params` holds the first options; the two of paging come behind them.
    """
    place = sum(name.endswith("[name]") for name in params)

    def request(start: int) -> Request:
        paging = options({"limitfrom": str(start), "limitnumber": str(page_size)}, place)
        return Request(function, {**params, **paging})

    start = 0
    before: list[bytes] = []

    def turn(answer: Answer) -> tuple[Page, Request | None]:
        records = all_rows(answer)
        return Page(records), request(start + page_size) if len(records) >= page_size else None

    for page in walk(reading, request(0), turn):
        if page.records and page.records == before:
            raise BadAnswer("the vendor sent a page that it had sent before", reading.stream.source, reading.stream.name)
        start += page_size
        before = page.records
        yield page


def options(values: Mapping[str, str], place: int = 0) -> dict[str, str]:
    """Options as PHP reads them from a form: options[0][name]=..., options[0][value]=..."""
    form: dict[str, str] = {}
    for number, (name, value) in enumerate(values.items(), start=place):
        form |= {f"options[{number}][name]": name, f"options[{number}][value]": value}
    return form


def read_all(client: Reader, function: str, params: Mapping[str, str] | None = None) -> list[bytes]:
    """All records of a function that answers with a bare array."""
    return client.get(function, params or {}, all_rows)
