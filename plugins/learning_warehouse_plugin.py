"""The pages of the served generation inside Airflow: front page, data trust, Data Docs, dbt docs.

Airflow does not authenticate what a plugin mounts, so every request is checked here first: whoever may log in may read.
The pages hold aggregates only (small cells suppressed, GX results scrubbed); person rows are never below this folder.
"""

from pathlib import Path
from typing import ClassVar

from airflow.api_fastapi.core_api.security import resolve_user_from_token
from airflow.plugins_manager import AirflowPlugin
from fastapi import FastAPI, HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.staticfiles import StaticFiles
from starlette.types import Message, Receive, Scope, Send

from learning_warehouse.settings import settings

PREFIX = "/learning_warehouse"


def site() -> Path:
    """The folder of the generation served now; resolved for each request, so a page and its images are never mixed."""
    return (settings().home / "served" / "site").resolve()


class GenerationPages(StaticFiles):
    """Static pages for logged-in users only; 401 for everyone else, 404 before the first night."""

    def __init__(self) -> None:
        super().__init__(directory=settings().home, check_dir=False, html=True)

    def lookup_path(self, path: str):  # type: ignore[no-untyped-def]
        return StaticFiles(directory=site(), check_dir=False, html=True).lookup_path(path)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        header = request.headers.get("authorization", "")
        token = header[7:] if header.lower().startswith("bearer ") else request.cookies.get("_token")
        try:
            await resolve_user_from_token(token)
        except HTTPException as error:
            raise HTTPException(error.status_code, "Log in to Airflow first.") from None

        async def hardened(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [
                    *message["headers"],
                    (b"x-content-type-options", b"nosniff"),
                    (b"cache-control", b"no-store"),
                ]
            await send(message)

        await super().__call__(scope, receive, hardened)


app = FastAPI(title="Learning warehouse", docs_url=None, redoc_url=None, openapi_url=None)


@app.get("/", include_in_schema=False)
def front_page() -> RedirectResponse:
    """The bare address leads to the front page (which asks for the login)."""
    return RedirectResponse(f"{PREFIX}/site/index.html")


app.mount("/site", GenerationPages())


def _view(name: str, page: str, route: str, **more: object) -> dict[str, object]:
    return {"name": name, "href": f"{PREFIX}/site/{page}", "url_route": route, "destination": "nav", **more}


class LearningWarehousePlugin(AirflowPlugin):
    """Entry "Findings" in the left bar; the other pages below Docs."""

    name = "learning_warehouse"
    fastapi_apps: ClassVar = [{"app": app, "url_prefix": PREFIX, "name": "Learning warehouse"}]
    external_views: ClassVar = [
        _view("Findings", "index.html", "learning-warehouse", nav_top_level=True),
        _view("Data trust", "trust/index.html", "learning-warehouse-trust", category="docs"),
        _view("Data Docs", "data-docs/index.html", "learning-warehouse-data-docs", category="docs"),
        _view("dbt docs", "dbt-docs/index.html", "learning-warehouse-dbt-docs", category="docs"),
    ]
