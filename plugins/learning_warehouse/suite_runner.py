"""Runs one suite on one DataFrame with Great Expectations and keeps counts and booleans only.

The context is programmatic and lives in memory, so parallel audits share nothing. What leaves this module is scrubbed:
no value of a record, no error text, no path. Great Expectations is imported on first use (seconds) and never when a DAG
file is parsed.
"""

import logging
import warnings
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from expectations.shared import columns_read

if TYPE_CHECKING:
    import pandas as pd
    from great_expectations.data_context import AbstractDataContext
    from great_expectations.expectations import Expectation

COUNTS = (
    "element_count",
    "unexpected_count",
    "unexpected_percent",
    "missing_count",
    "missing_percent",
    "unexpected_percent_total",
    "unexpected_percent_nonmissing",
)
NOT_COMPUTED = "This check could not be computed: a column is missing or of another type."
RESULT_FORMAT = {"result_format": "BASIC", "exclude_unexpected_values": True, "partial_unexpected_count": 0}


@dataclass(frozen=True, slots=True)
class Check:
    """One evaluated expectation: its short name, severity (critical when it could not be computed), outcome and words."""

    name: str
    severity: str
    passed: bool
    sentence: str
    touches: str


@dataclass(frozen=True, slots=True)
class SuiteResult:
    """All checks of one run, worst first, and the scrubbed document that Data Docs are built from."""

    checks: list[Check]
    document: dict[str, Any]


def quiet() -> None:
    """Silences the import noise of Great Expectations; call before its first import."""
    for name in ("great_expectations", "great_expectations._docs_decorators", "posthog"):
        logging.getLogger(name).setLevel(logging.ERROR)
    warnings.filterwarnings("ignore", module=r"great_expectations(\..*)?")


def memory_context() -> "AbstractDataContext":
    """A context without any file: stores in memory, analytics off."""
    quiet()
    import great_expectations as gx
    from great_expectations.data_context.types.base import DataContextConfig

    config = DataContextConfig(
        config_version=4,
        analytics_enabled=False,
        plugins_directory=None,
        progress_bars={"globally": False},
        expectations_store_name="suites",
        validation_results_store_name="validations",
        checkpoint_store_name="checkpoints",
        stores={
            "suites": {"class_name": "ExpectationsStore"},
            "validations": {"class_name": "ValidationResultsStore"},
            "checkpoints": {"class_name": "CheckpointStore"},
            "validation_definition_store": {"class_name": "ValidationDefinitionStore"},
        },
        data_docs_sites={},
    )
    return gx.get_context(project_config=config, mode="ephemeral")


def needed_columns(expectations: Sequence[Any]) -> list[str]:
    """The columns a suite looks at, and no others: what a suite does not ask for is never loaded into memory."""
    columns: set[str] = set()
    for expectation in expectations:
        columns |= columns_read(expectation) | set(getattr(expectation, "column_set", None) or [])
    return sorted(columns)


def run_suite(
    context: "AbstractDataContext",
    name: str,
    expectations: "Sequence[Expectation]",
    frame: "pd.DataFrame",
    *,
    parameters: Mapping[str, Any],
    run_name: str,
    run_time: datetime,
) -> SuiteResult:
    """Evaluates every expectation on the whole frame. A check that cannot be computed (column gone) is red and critical."""
    from great_expectations import ExpectationSuite

    asset = context.data_sources.add_or_update_pandas(f"{name} {run_name}").add_dataframe_asset(name)
    batch = asset.add_batch_definition_whole_dataframe(run_name).get_batch({"dataframe": frame})
    suite = ExpectationSuite(name=name, expectations=[copy(expectation) for expectation in expectations])
    result = batch.validate(suite, result_format=RESULT_FORMAT, expectation_parameters=dict(parameters))
    document = scrub(result.to_json_dict(), name, run_name, run_time)
    checks = sorted((_check(entry) for entry in document["results"]), key=_rank)
    return SuiteResult(checks, document)


def scrub(document: Mapping[str, Any], name: str, run_name: str, run_time: datetime) -> dict[str, Any]:
    """The same result with counts and booleans only; everything else is the text of our own suite."""
    results = [_scrub_entry(entry) for entry in document["results"]]
    passed = sum(entry["success"] for entry in results)
    return {
        "success": passed == len(results),
        "suite_name": name,
        "suite_parameters": {},
        "results": results,
        "statistics": {
            "evaluated_expectations": len(results),
            "successful_expectations": passed,
            "unsuccessful_expectations": len(results) - passed,
            "success_percent": 100.0 * passed / len(results) if results else None,
        },
        "meta": {
            "great_expectations_version": document["meta"].get("great_expectations_version", ""),
            "run_id": {"run_name": run_name, "run_time": run_time.isoformat()},
        },
    }


def _scrub_entry(entry: Mapping[str, Any]) -> dict[str, Any]:
    raised = _raised(entry.get("exception_info"))
    result = {key: value for key, value in (entry.get("result") or {}).items() if key in COUNTS and _is_number(value)}
    observed = (entry.get("result") or {}).get("observed_value")
    if _is_number(observed):
        result["observed_value"] = observed
    config = {key: value for key, value in entry["expectation_config"].items() if key != "id"}
    config["kwargs"] = {key: value for key, value in config["kwargs"].items() if key != "batch_id"}
    return {
        "success": bool(entry["success"]) and not raised,
        "expectation_config": config,
        "result": result,
        "meta": {},
        "exception_info": {
            "raised_exception": raised,
            "exception_message": NOT_COMPUTED if raised else None,
            "exception_traceback": "" if raised else None,
        },
    }


def _raised(info: Any) -> bool:
    if not isinstance(info, Mapping):
        return False
    return bool(info.get("raised_exception")) or any(_raised(value) for value in info.values())


def _is_number(value: Any) -> bool:
    return isinstance(value, bool | int | float)


def _check(entry: Mapping[str, Any]) -> Check:
    config = entry["expectation_config"]
    meta = config.get("meta") or {}
    name, severity = meta.get("check", config["type"]), config.get("severity", "critical")
    if entry["exception_info"]["raised_exception"]:
        return Check(
            name,
            "critical",
            False,
            f"{name} could not be computed: a column is missing or of another type",
            meta.get("touches", ""),
        )
    sentence = meta.get("red", name).replace("{share}", percent(entry["result"].get("unexpected_percent")))
    return Check(name, severity, entry["success"], sentence, meta.get("touches", ""))


def percent(value: float | None) -> str:
    """`12 %`, `0.4 %`, `under 0.1 %`: how a share (0..100) is said in a sentence."""
    if value is None:
        return "some"
    if 0 < value < 0.1:
        return "under 0.1 %"
    return f"{value:.1f} %" if value < 10 else f"{value:.0f} %"


def _rank(check: Check) -> tuple[bool, bool, str]:
    return (check.passed, check.severity != "critical", check.name)
