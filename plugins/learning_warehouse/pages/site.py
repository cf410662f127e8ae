"""Writes site/ of a generation: front page, trust pages, marts page, and the documentation of GX and dbt.

Pages read the marts of their own generation and the objects of the loads, so pages and figures never disagree. A mart that
is missing costs its sentences, never the page.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from markupsafe import Markup

from learning_warehouse.errors import LearningWarehouseError
from learning_warehouse.facts import Marts
from learning_warehouse.findings import findings
from learning_warehouse.pages import figures
from learning_warehouse.pages.data_docs import copy_data_docs
from learning_warehouse.pages.front import front
from learning_warehouse.pages.loads import LoadState
from learning_warehouse.pages.marts import mart_list
from learning_warehouse.pages.metrics import metric_list
from learning_warehouse.pages.render import TEMPLATES, day, write_page
from learning_warehouse.pages.trust import asked_sentence, problems, served_sentence, summary
from learning_warehouse.settings import company

log = logging.getLogger(__name__)
RETURNS = "impact_program_returns"
LINKS = (
    ("index.html", "Front page"),
    ("trust/index.html", "Can we trust it?"),
    ("marts/index.html", "Marts"),
    ("metrics/index.html", "What figures mean"),
    ("data-docs/index.html", "Every check"),
    ("dbt-docs/index.html", "How tables are made"),
)


@dataclass(frozen=True)
class Site:
    """What every page of a generation shows at its top and its foot."""

    company_name: str
    generation: int
    night: str
    definition_version: int
    is_simulated: bool
    simulated_sentence: str
    marts_from: int
    marts_are_new: bool
    links: list[tuple[str, str]]
    css: Markup

    @property
    def has_data_docs(self) -> bool:
        """True when the audit left pages of its checks."""
        return any(href.startswith("data-docs") for href, _ in self.links)


def render_site(folder: Path, manifest: Mapping[str, Any], *, docs: bool = True) -> None:
    """Write folder/site from folder/warehouse.duckdb, folder/restricted.duckdb and the manifest of the generation."""
    target = folder / "site"
    loads = [LoadState(**state) for state in manifest["loads"]]
    left_out = copy_data_docs(target / "data-docs")
    if left_out:
        log.warning("%d Data Docs pages are not hardened and were left out: %s", len(left_out), ", ".join(left_out[:5]))
    if docs:
        _dbt_docs(target / "dbt-docs" / "index.html")
    site = _site(manifest, [(href, text) for href, text in LINKS if _will_exist(target, href)])
    found = findings(folder / "warehouse.duckdb", folder / "restricted.duckdb")
    with Marts(folder / "warehouse.duckdb", folder / "restricted.duckdb") as marts:
        charts = figures.charts(marts)
        coverage = figures.coverage(marts)
        is_priced = marts.has(RETURNS) and bool(marts.rows(RETURNS, "return_on_investment_state = 'reads'", tail="limit 1"))
    page = front(manifest, loads, found, charts, is_priced=is_priced)
    write_page(target / "index.html", "front.html", site=site, root="", current="Front page", front=page)
    _trust_pages(target / "trust", site, manifest, loads, coverage)
    write_page(
        target / "marts" / "index.html", "marts.html", site=site, root="../", current="Marts", marts=mart_list(folder, manifest)
    )
    write_page(
        target / "metrics" / "index.html", "metrics.html", site=site, root="../", current="What figures mean",
        metrics=metric_list(folder, {str(mart["name"]) for mart in manifest["marts"]}),
    )  # fmt: skip


def _trust_pages(
    target: Path, site: Site, manifest: Mapping[str, Any], loads: list[LoadState], coverage: Mapping[str, Any] | None
) -> None:
    in_trouble = {problem.load.name: problem for problem in problems(loads)}
    groups: dict[str, list[LoadState]] = {}
    for load in loads:
        groups.setdefault(f"{load.system[0].upper()}{load.system[1:]} ({load.source})", []).append(load)
    gate = manifest["gate"]
    marts = (
        f"{gate['checks_passed']} of {gate['checks_total']} checks passed."
        if gate["checks_total"]
        else "Every test of the build passed."
    )
    if not gate["passed"]:
        marts = (
            f"They did not pass, so the marts of {day(manifest['marts_night'])} are shown again."
            if manifest["marts_night"]
            else "They did not pass."
        )
    trust = {
        "summary": summary(loads), "problems": list(in_trouble.values()), "groups": list(groups.items()),
        "marts": marts, "gate_reasons": gate["reasons"], "coverage": coverage,
    }  # fmt: skip
    write_page(target / "index.html", "trust.html", site=site, root="../", current="Can we trust it?", trust=trust)
    for load in loads:
        write_page(
            target / f"{load.name}.html", "load.html", site=site, root="../", current="", load=load,
            problem=in_trouble.get(load.name), asked=asked_sentence(load), served=served_sentence(load),
        )  # fmt: skip


def _site(manifest: Mapping[str, Any], links: list[tuple[str, str]]) -> Site:
    words = company()
    simulated = sorted(vendor for vendor, state in words.sources.items() if state == "simulated")
    everything = len(simulated) == len([state for state in words.sources.values() if state != "absent"])
    origin = "all sources come" if everything else f"{', '.join(simulated)} come"
    sentence = f"No figure here is about real people or customers: {origin} from the bundled sandbox."
    return Site(
        company_name=words.company.name,
        generation=int(manifest["generation"]),
        night=day(datetime.fromisoformat(str(manifest["now"]))),
        definition_version=words.definition_version,
        is_simulated=bool(manifest["is_simulated"]),
        simulated_sentence=sentence,
        marts_from=int(manifest["marts_from"]),
        marts_are_new=int(manifest["marts_from"]) == int(manifest["generation"]),
        links=links,
        css=Markup((TEMPLATES / "style.css").read_text(encoding="utf-8")),  # noqa: S704 - our own file
    )


def _will_exist(target: Path, href: str) -> bool:
    return not href.startswith(("data-docs", "dbt-docs")) or (target / href).is_file()


def _dbt_docs(target: Path) -> None:
    """dbt's own pages are a convenience: a night is not lost when dbt cannot write them."""
    from learning_warehouse.pages.dbt_docs import write_dbt_docs

    try:
        write_dbt_docs(target)
    except LearningWarehouseError as error:
        log.warning("dbt docs were left out: %s", error)
