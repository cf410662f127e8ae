"""The recorded vendors as fixtures: fetched once a session from the small sandbox, landed in a home of each test."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from replayed_vendors import NOW, READERS, Clean, VendorProxy, Vendors, everything_simulated, serve_proxy

from learning_warehouse import connections
from learning_warehouse.settings import reset_settings


@pytest.fixture(scope="session")
def recorded(small_sandbox: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vendors]:
    """The proxy with an answer for every request that the readers make on the first night."""
    folder = tmp_path_factory.mktemp("recorded")
    proxy = VendorProxy(small_sandbox.port)
    httpd = serve_proxy(proxy)
    vendors = Vendors(proxy, folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LW_HOME", str(folder / "home"))
        patch.setenv("LW_COMPANY_FILE", str(everything_simulated(folder)))
        reset_settings()
        small_sandbox.set_faults([])
        small_sandbox.move(NOW)
        for stream in READERS:
            manifest = vendors.land(stream)
            vendors.clean[stream.full_name] = Clean(manifest, vendors.lines(stream, manifest), list(proxy.seen))
    connections.use(None)
    reset_settings()
    yield vendors
    httpd.shutdown()
    httpd.server_close()


@pytest.fixture
def vendors(recorded: Vendors, home: Path, monkeypatch: pytest.MonkeyPatch) -> Vendors:
    """The recorded vendors, read into an empty home."""
    monkeypatch.setenv("LW_COMPANY_FILE", str(recorded.folder / "company.yml"))
    reset_settings()
    return recorded


@pytest.fixture(autouse=True)
def nobody_at_home() -> Iterator[None]:
    """Connections to an address where nobody answers, for tests that bring the pages of a stream themselves."""
    connections.use(lambda vendor: {"host": "http://127.0.0.1:9", "login": "nobody", "password": "no-password-42"})
    yield
    connections.use(None)
