"""Where a vendor lives and with what credentials: Airflow Connections, the same JSON in the environment, or the sandbox.

Asked in this order: AIRFLOW_CONN_<VENDOR> in the environment (AIRFLOW_CONN_<VENDOR>_<TENANT> for a further tenant), the provider
that tasks.py sets (Airflow's secrets backends), and, for a vendor that company.yml calls simulated, the sandbox that is running.
Nothing here prints a secret.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from learning_warehouse.errors import ConfigurationError, LearningWarehouseError, register_secret
from learning_warehouse.settings import company, connection_json, connection_variable, settings

SANDBOX: dict[str, dict[str, Any]] = {
    "absorb": {
        "host": "http://rest.myabsorb.eu",
        "login": "warehouse",
        "password": "sandbox-absorb-password",
        "extra": {"private_key": "00000000-0000-4000-8000-00000000ab50"},
    },
    "learning360": {
        "host": "http://app.360learning.com",
        "login": "00000000000000000000000000000360",
        "password": "sandbox-learning360-secret",
    },
    "moodle": {"host": "http://learn.halden.example", "login": "", "password": "0123456789abcdef0123456789ab3d1e"},
    "bamboohr": {"host": "http://halden.bamboohr.com/api/v1", "login": "", "password": "sandbox-bamboohr-key"},
    "workday": {
        "host": "http://wd2-impl-services1.workday.com/ccx/service/customreport2/halden/lw_isu",
        "login": "lw_isu@halden",
        "password": "sandbox-workday-password",
    },
    "hibob": {"host": "http://api.hibob.com/v1", "login": "SERVICE-20260", "password": "sandbox-hibob-token"},
    "xapi": {
        "host": "http://lrs.halden.example/data/xAPI",
        "login": "sandbox-xapi-key",
        "password": "sandbox-xapi-secret",
    },
    "zendesk": {
        "host": "http://halden.zendesk.com/api/v2",
        "login": "warehouse@halden.example",
        "password": "sandbox-zendesk-token",
    },
    "hubspot": {"host": "http://api.hubapi.com", "login": "", "password": "pat-eu1-sandbox-hubspot-token"},
    "freshdesk": {"host": "http://halden.freshdesk.com/api/v2", "login": "", "password": "sandbox-freshdesk-key"},
    "salesforce": {
        "host": "http://halden.my.salesforce.com",
        "login": "sandbox-salesforce-id",
        "password": "sandbox-salesforce-secret",
    },
}


@dataclass(frozen=True, slots=True)
class Connection:
    """Where one vendor or tenant is and how it lets us in.

    `host` is a URL with scheme, and with the API's path if it differs from the usual.
    """

    vendor: str
    host: str
    login: str = ""
    password: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)
    simulated: bool = False

    def __post_init__(self) -> None:
        register_secret(self.password, *(str(value) for key, value in self.extra.items() if key not in ("proxy", "timeout")))

    def __repr__(self) -> str:
        return f"Connection({self.vendor}, {self.host}, login=***, password=***, extra={sorted(self.extra)})"

    __str__ = __repr__

    def required(self, key: str) -> Any:
        """One value of `extra`. Raises ConfigurationError when it is missing."""
        if not self.extra.get(key):
            raise ConfigurationError(f"The connection {self.vendor} lacks extra.{key}.", what_to_do=HOW_TO_CONNECT)
        return self.extra[key]


HOW_TO_CONNECT = "See docs/connect-your-own.md."
Provider = Callable[[str], Mapping[str, Any] | None]
_provider: list[Provider] = []


def use(provider: Provider | None) -> None:
    """Sets who is asked for a vendor's connection; it returns the keys of AIRFLOW_CONN JSON (host, login, ...) or None."""
    _provider[:] = [provider] if provider else []


def connection(vendor: str) -> Connection:
    """The connection of a vendor. Raises ConfigurationError, naming what is missing, when there is none."""
    state = company().sources.get(vendor, "absent")
    if state == "absent":
        raise ConfigurationError(f"company.yml says that {vendor} is absent.", what_to_do=HOW_TO_CONNECT)
    values = _from_environment(vendor) or (_provider[0](vendor) if _provider else None)
    if values:
        return _build(vendor, values)
    if state == "simulated":
        return sandbox_connection(vendor)
    raise ConfigurationError(
        f"{vendor} is connected, but neither {connection_variable(vendor)} nor an Airflow connection exists.",
        what_to_do=HOW_TO_CONNECT,
    )


def sandbox_connection(vendor: str) -> Connection:
    """The connection to the sandbox that is running. Raises ConfigurationError when none is."""
    if vendor not in SANDBOX:
        raise ConfigurationError(f"The sandbox does not know {vendor}; it has {', '.join(SANDBOX)}.")
    try:
        port = int(json.loads((settings().home / "run" / "sandbox.json").read_text())["port"])
    except (OSError, ValueError, KeyError):
        raise ConfigurationError(
            f"{vendor} is simulated, but no sandbox is running.", what_to_do="Start one with: lw sandbox"
        ) from None
    values = SANDBOX[vendor]
    extra = {**values.get("extra", {}), "proxy": f"http://127.0.0.1:{port}"}
    return Connection(vendor, values["host"], values["login"], values["password"], extra, simulated=True)


def _from_environment(vendor: str) -> Mapping[str, Any] | None:
    text = connection_json(vendor)
    if text is None:
        return None
    try:
        values = json.loads(text)
        if not isinstance(values, dict):
            raise ValueError
        return values
    except ValueError:
        message = f'{connection_variable(vendor)} is not a JSON object such as {{"host": "https://..."}}.'
        raise ConfigurationError(message, what_to_do=HOW_TO_CONNECT) from None


def _build(vendor: str, values: Mapping[str, Any]) -> Connection:
    extra = values.get("extra") or {}
    try:
        extra = json.loads(extra) if isinstance(extra, str) else dict(extra)
    except ValueError:
        raise ConfigurationError(f"extra of the connection {vendor} is not a JSON object.", what_to_do=HOW_TO_CONNECT) from None
    host = str(values.get("host") or "").strip().rstrip("/")
    if "://" not in host:
        host = f"{values.get('schema') or 'https'}://{host}"
    parts = urlsplit(host)
    if not parts.hostname or parts.scheme not in ("http", "https") or parts.username or parts.query or parts.fragment:
        raise ConfigurationError(
            f"host of the connection {vendor} is not an address such as https://example.com.", what_to_do=HOW_TO_CONNECT
        )
    if values.get("port") and parts.port is None:
        host = f"{parts.scheme}://{parts.hostname}:{values['port']}{parts.path}"
    return Connection(vendor, host, str(values.get("login") or ""), str(values.get("password") or ""), extra)


def check(vendor: str) -> str:
    """Makes one cheap authenticated call and says in one sentence that it worked; raises the error that says why not."""
    from learning_warehouse.exports.checking import check_exports
    from learning_warehouse.sources import find_source, is_exported

    source = find_source(vendor)
    if source.open_client is None:
        return f"{source.title}: {settings().drop_folder} needs no connection."
    if is_exported(vendor):
        return check_exports(source)
    target = connection(vendor)
    try:
        with source.open_client(target) as client:
            client.get(source.check_path, source.check_params, len_of_body)
    except LearningWarehouseError as error:
        error.source = error.source or vendor
        raise
    place = "the sandbox" if target.simulated else target.host
    return f"{source.title}: {place} accepted the credentials and answered."


def len_of_body(answer: Any) -> int:
    """How many bytes came."""
    return len(answer.body)
