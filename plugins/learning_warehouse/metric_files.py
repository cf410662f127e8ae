"""The files that are written from the metric registry: column descriptions, semantic models, and the list dbt loops over.

`lw metrics write` writes them and they are committed; a test fails when they and the registry disagree. MetricFlow reads
the semantic models: one per mart with a date in its key. Rows of a total ('All departments') are rows like others there,
so group a metric by every word of its key, or filter to the total.
"""

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from learning_warehouse.registry import Mart, Metric, asks, marts, metrics, metrics_of, project

DOCS = Path("models/docs/_metrics.md")
MACRO = Path("macros/metric_list.sql")
SEMANTIC = Path("models/semantic/_semantic_models.yml")
ASKS = Path("../docs/asks.md")
HEADER = "Written by `lw metrics write` from dbt_project/metrics; change it there."


def contents() -> dict[Path, str]:
    """Path below the dbt project -> what must stand in it."""
    return {DOCS: _docs(metrics()), MACRO: _macro(metrics()), SEMANTIC: _semantic(marts().values()), ASKS: _asks()}


def outdated() -> list[Path]:
    """The files that do not say what the registry says."""
    return [
        path for path, text in contents().items() if not (project() / path).exists() or (project() / path).read_text() != text
    ]


def write() -> list[Path]:
    """Write what is outdated; returns those paths."""
    changed = outdated()
    for path in changed:
        target = project() / path
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_name(f".{target.name}.draft")
        draft.write_text(contents()[path], encoding="utf-8")
        os.replace(draft, target)
    return changed


def _docs(entries: Iterable[Metric]) -> str:
    blocks = [f"{{% docs metric_{metric.id} %}}\n{metric.description}\n{{% enddocs %}}\n" for metric in entries]
    return f"<!-- {HEADER} -->\n\n" + "\n".join(blocks)


def _macro(entries: Iterable[Metric]) -> str:
    names = ("id", "mart", "column", "state", "label", "layer", "kirkpatrick", "kind", "unit", "owner", "decision", "known_bias")
    rows = []
    for metric in entries:
        row = {name: getattr(metric, name) for name in names}
        row |= {
            "total_row": metric.total_row or "",
            "period_column": metric.period_column or "",
            "is_headline": metric.is_headline,
        }
        row |= {"sentence": metric.sentence, "asks": ", ".join(str(number) for number in metric.asks)}
        rows.append("    " + json.dumps(row, ensure_ascii=False).replace(": true", ": True").replace(": false", ": False"))
    return f"{{# {HEADER} #}}\n{{% macro metric_list() %}}{{{{ return([\n" + ",\n".join(rows) + "\n]) }}{% endmacro %}\n"


def _semantic(tables: Iterable[Mart]) -> str:
    models, figures = [], []
    for mart in tables:
        period = next((column for column in mart.grain if mart.columns.get(column) == "date"), None)
        ratios = [
            metric
            for metric in metrics_of(mart.name)
            if metric.kind == "share" and {f"{metric.column}_n", f"{metric.column}_denominator"} <= set(mart.columns)
        ]
        if period and ratios and not any(column.endswith("person_key") for column in mart.columns):
            models.append(_semantic_model(mart, period, ratios))
            figures += [_ratio(metric) for metric in ratios]
    text = yaml.safe_dump(
        {"version": 2, "semantic_models": models, "metrics": figures}, sort_keys=False, allow_unicode=True, width=160
    )
    return f"# {HEADER}\n{text}"


def _semantic_model(mart: Mart, period: str, ratios: list[Metric]) -> dict[str, Any]:
    words = [column for column in mart.grain if column not in (period, "company_id")]
    return {
        "name": mart.name,
        "description": f"The shares of {mart.name}, by its key.",
        "model": f"ref('{mart.name}')",
        "defaults": {"agg_time_dimension": period},
        "primary_entity": f"{mart.name}_row",
        "dimensions": [
            {"name": period, "type": "time", "type_params": {"time_granularity": "day"}},
            *({"name": column, "type": "categorical"} for column in ["company_id", *words]),
        ],
        "measures": [
            {"name": f"{metric.id}_{end}", "agg": "sum", "expr": f"{metric.column}_{end}", "create_metric": True}
            for metric in ratios
            for end in ("n", "denominator")
        ],
    }


def _ratio(metric: Metric) -> dict[str, Any]:
    return {
        "name": metric.id,
        "label": f"{metric.label} ({metric.mart})",
        "description": metric.sentence,
        "type": "ratio",
        "type_params": {"numerator": f"{metric.id}_n", "denominator": f"{metric.id}_denominator"},
    }


def _asks() -> str:
    """What people ask, row by row, with the figures and marts that answer and what stays open."""
    answers: dict[int, list[str]] = {}
    for metric in metrics():
        for number in metric.asks:
            answers.setdefault(number, []).append(f"`{metric.mart}.{metric.column}`")
    rows = []
    for number, entry in asks().items():
        found = [*answers.get(number, []), *(f"`{name}`" for name in entry.get("also", []))]
        told = ", ".join(found) or "no mart"
        rows.append(f"| {number} | {entry['ask']} | {entry['layer']} | {told} | {entry.get('note', '')} |")
    return (
        f"<!-- {HEADER} -->\n\n# What people ask, and which figure answers\n\n"
        "What no source holds says `no_data_reaches_us`, never zero. `lw metrics show ID` tells more.\n\n"
        "| # | Ask | Layer | Mart and figure | What stays open |\n|---|---|---|---|---|\n" + "\n".join(rows) + "\n"
    )
