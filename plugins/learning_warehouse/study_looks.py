"""The registered studies: what a row of seeds/impact_studies.csv means, when it may be read, and which version it is.

Reading a moving number every night finds something by chance in a third of all years. So a study is read on its registered
dates; between two of them the last reading stands, and before the first it is not due.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

AT_HORIZON = "at_horizon"
GRACE = timedelta(days=3)
ESTIMATOR_VERSION = 2


@dataclass(frozen=True, slots=True)
class Study:
    """One row of the registry, names as in the seed. `look_dates` is ISO dates joined with `;`, or at_horizon."""

    study_id: str
    question: str
    unit: str
    cluster_unit: str
    t0_event: str
    exposure_definition: str
    exposure_deadline_days: int
    horizon_days: int
    outcome: str
    outcome_direction: str
    strata_cols: str | None
    negative_control_outcome: str | None
    design: str
    is_primary: bool
    alpha: float
    min_effect_that_matters: float
    min_n_rules: str
    look_dates: str
    registered_at: date
    owner: str
    value_conversion_id: str | None

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Study":
        """The study of one row of the seed; unknown columns are ignored."""
        return cls(**{name: row[name] for name in cls.__dataclass_fields__})

    @property
    def dates(self) -> list[date]:
        """The registered look dates in order; empty when each row is read when its horizon has passed."""
        if self.look_dates == AT_HORIZON:
            return []
        return sorted(date.fromisoformat(text.strip()) for text in self.look_dates.split(";"))


@dataclass(frozen=True, slots=True)
class Look:
    """The look that holds on a day. `taken` is None before the first one; `next` is None after the last one."""

    taken: date | None
    next: date | None
    is_late: bool
    planned: int


def look_on(study: Study, day: date, due: date | None = None) -> Look:
    """The last look date at or before `day`, and whether data of `day` come too late for a fixed interval.

    A study read at its horizon takes `due` once that whole day has passed: every row of the day is frozen in one file, and a
    row due at a later hour would stay without numbers in it. Its window has closed by then: a later reading sees the same facts.
    """
    dates = study.dates
    if not dates:
        is_due = due is not None and due < day
        return Look(due if is_due else None, None if is_due else due, False, 1)
    past = [each for each in dates if each <= day]
    coming = [each for each in dates if each > day]
    return Look(
        past[-1] if past else None,
        coming[0] if coming else None,
        bool(past) and day - past[-1] > GRACE,
        len(dates),
    )


def definition_hash(study: Study, company_id: str, definition_version: int) -> str:
    """16 hex digits over everything registered, company.yml's version and ours: another definition is another history."""
    told = {**asdict(study), "company_id": company_id, "definition_version": definition_version, "code": ESTIMATOR_VERSION}
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()[:16]
