"""The metric registry: dbt_project/metrics/<layer>/<mart>.yml says once what each published figure means.

Descriptions in the marts, bounds of the checks before publishing, semantic models, the metric catalog and the pages are
made from these entries. What a figure is, a mart says by its columns: x with x_state beside it, or estimate with state.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from learning_warehouse.errors import LearningWarehouseError
from learning_warehouse.settings import settings

LAYERS = ("activity", "application", "impact", "governance")
Layer = Literal["activity", "application", "impact", "governance"]


class Metric(BaseModel):
    """One figure: what it says, how it is counted, how far it may be trusted, and which decision it is for."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z][a-z0-9_]+$")
    mart: str
    column: str
    label: str
    sentence: str
    layer: Layer
    kirkpatrick: int = Field(ge=1, le=4)
    iso_type: Literal["efficiency", "effectiveness", "reach", "other"]
    kind: Literal["share", "rate_ratio", "mean", "count", "duration", "money", "index"]
    unit: str
    numerator: str
    denominator: str
    direction: Literal["up", "down", "none"]
    bounds: tuple[float | None, float | None]
    min_n: int = Field(ge=0)
    cohort_floor: int = Field(ge=0)
    min_horizon_days: int = Field(ge=0)
    audience: tuple[str, ...]
    owner: str
    decision: str
    known_bias: str
    is_headline: bool
    asks: tuple[int, ...]
    state_column: str | None = None
    plan_source: str | None = None
    total_row: str | None = None  # SQL condition of the rows that speak for the whole company
    period_column: str | None = None  # the newest value of this column is the company's latest figure

    @model_validator(mode="after")
    def _bounds_are_ordered(self) -> "Metric":
        low, high = self.bounds
        if low is not None and high is not None and low >= high:
            raise ValueError("bounds must be [low, high] with low below high")
        if self.kind == "share" and not (low is not None and low >= -1 and high is not None and high <= 1):
            raise ValueError("a share has bounds inside [-1, 1]")
        return self

    @property
    def state(self) -> str:
        """The column that says whether the figure reads."""
        return self.state_column or ("state" if self.column == "estimate" else f"{self.column}_state")

    @property
    def description(self) -> str:
        """What readers of the mart see at the column."""
        text = f"{self.sentence} Unit: {self.unit}. Counted: {self.numerator}. Out of: {self.denominator}."
        return " ".join(text.replace("..", ".").split())


@dataclass(frozen=True, slots=True)
class Mart:
    """One published table as its dbt description declares it; `columns` are name -> data type, in order."""

    name: str
    layer: str
    grain: tuple[str, ...]
    columns: dict[str, str]
    path: Path

    @property
    def figures(self) -> tuple[str, ...]:
        """The columns that need an entry in the registry."""
        named = [name for name in self.columns if f"{name}_state" in self.columns]
        return (*named, *(["estimate"] if {"estimate", "state"} <= set(self.columns) else []))


def project() -> Path:
    """The dbt project."""
    return settings().repository / "dbt_project"


def metrics(folder: Path | None = None) -> tuple[Metric, ...]:
    """Every entry, by file and place in it. Raises LearningWarehouseError naming file, entry and what is wrong."""
    return _metrics(folder or project() / "metrics")


def marts(folder: Path | None = None) -> dict[str, Mart]:
    """Every mart by name, read from its yml beside the model."""
    return _marts(folder or project() / "models" / "marts")


def asks() -> dict[int, dict[str, Any]]:
    """What people ask of a learning warehouse: number -> ask, layer, also (marts), note."""
    return dict(_yaml(project() / "metrics" / "asks.yml")["asks"])


def metrics_of(mart: str) -> tuple[Metric, ...]:
    """The entries of one mart."""
    return tuple(metric for metric in metrics() if metric.mart == mart)


def problems(entries: Iterable[Metric], tables: dict[str, Mart]) -> list[str]:
    """Where registry and marts disagree, one sentence each; empty when they agree."""
    entries = list(entries)
    found = [f"{metric.id}: named twice" for metric in entries if sum(other.id == metric.id for other in entries) > 1]
    for metric in entries:
        mart = tables.get(metric.mart)
        if mart is None:
            found.append(f"{metric.id}: there is no mart {metric.mart}")
            continue
        found += [
            f"{metric.id}: {metric.mart} has no column {column}"
            for column in (metric.column, metric.state, metric.period_column)
            if column and column not in mart.columns
        ]
        if metric.layer != mart.layer:
            found.append(f"{metric.id}: says layer {metric.layer}, the mart lies in {mart.layer}")
        found += [f"{metric.id}: there is no ask {number}" for number in metric.asks if number not in asks()]
    known = {(metric.mart, metric.column) for metric in entries}
    found += [
        f"{mart.name}.{figure}: a figure without an entry in dbt_project/metrics/{mart.layer}/{mart.name}.yml"
        for mart in tables.values()
        for figure in mart.figures
        if (mart.name, figure) not in known
    ]
    return sorted(set(found))


@lru_cache(maxsize=4)
def _metrics(folder: Path) -> tuple[Metric, ...]:
    found = []
    for path in sorted(folder.glob("*/*.yml")):
        for place, entry in enumerate((_yaml(path) or {}).get("metrics") or [], start=1):
            try:
                found.append(Metric.model_validate(entry))
            except ValidationError as error:
                first = error.errors()[0]
                where = ".".join(str(part) for part in first["loc"]) or "entry"
                raise LearningWarehouseError(
                    f"{path.parent.name}/{path.name}, entry {place} ({entry.get('id', 'no id')}): {where}: {first['msg']}",
                    what_to_do="correct the entry; docs/metrics.md says what each key means",
                ) from error
    return tuple(found)


@lru_cache(maxsize=4)
def _marts(folder: Path) -> dict[str, Mart]:
    found = {}
    for path in sorted(folder.glob("*/*.yml")):
        for model in (_yaml(path) or {}).get("models") or []:
            name = str(model["name"])
            if name.startswith(LAYERS):
                columns = {column["name"]: str(column.get("data_type", "")) for column in model.get("columns") or []}
                found[name] = Mart(name, path.parent.name, _grain(model), columns, path)
    return found


def _grain(model: dict[str, Any]) -> tuple[str, ...]:
    for test in model.get("data_tests") or []:
        if isinstance(test, dict) and "unique_grain" in test:
            return tuple(test["unique_grain"]["arguments"]["columns"])
    return ()


def _yaml(path: Path) -> dict[str, Any]:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise LearningWarehouseError(f"{path} is not YAML: {error}", what_to_do="correct the file") from error
    return content if isinstance(content, dict) else {}
