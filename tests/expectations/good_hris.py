"""Good batches of the streams of HR systems."""

import pandas as pd
from good_frames import KEYS, every, frame, ids, times


def bamboohr() -> dict[str, pd.DataFrame]:
    return {
        "bamboohr__employees": frame(
            employee_id=ids(""),
            identity_key=KEYS,
            work_email_key=KEYS,
            status=every("Active", "Inactive"),
            hire_date=times(-400),
            job_title_name=every("Engineer"),
            department_name=every("Support"),
            division_name=every("Operations"),
            location_name=every("Berlin"),
            employment_status_name=every("Full-Time"),
            reports_to_id=[None, *ids("")[1:]],
        ),
        "bamboohr__employee_changes": frame(id=ids(""), action=every("Inserted", "Updated", "Deleted"), last_changed=times()),
        "bamboohr__job_info": frame(
            employee_id=ids(""), last_changed=times(), rows=every('[{"date":"2026-01-01","jobTitle":"Engineer"}]')
        ),
        "bamboohr__employment_status": frame(employee_id=ids(""), last_changed=times(), rows=every('[{"date":"2026-01-01"}]')),
    }


def workday() -> dict[str, pd.DataFrame]:
    return {
        "workday__workers": frame(
            employee_id=ids(""),
            identity_key=KEYS,
            worker_wid=KEYS,
            work_email_key=KEYS,
            worker_status=every("Active", "Terminated", "On Leave"),
            worker_type=every("Employee", "Contingent Worker"),
            hire_date=times(-400),
            termination_date=[t if i % 3 == 1 else None for i, t in enumerate(times(-10))],
            job_profile=every("Engineer"),
            supervisory_organization=every("Support"),
            division=every("Operations"),
            location=every("Berlin"),
            fte=every(1.0, 0.5),
            manager_employee_id=[None, *ids("")[1:]],
            last_functionally_updated=times(),
        ),
        "workday__worker_history": frame(
            employee_id=ids(""),
            worker_wid=KEYS,
            last_functionally_updated=times(),
            job_history=every('[{"Effective_Date":"2026-01-01","Job_Profile":"Engineer"}]'),
            employment_history=every('[{"Effective_Date":"2026-01-01","Worker_Status":"Active"}]'),
        ),
    }


def hibob() -> dict[str, pd.DataFrame]:
    histories = ("work_history", "lifecycle_history", "employment_history")
    return {
        "hibob__employees": frame(
            id=ids(""),
            identity_key=KEYS,
            email_key=KEYS,
            status=every("Active", "Inactive"),
            lifecycle_status=every("Employed", "Terminated", "Parental leave"),
            termination_date=[t if i % 3 == 1 else None for i, t in enumerate(times(-10))],
            start_date=times(-400),
            title=every("Engineer"),
            department=every("Support"),
            site=every("Berlin"),
        ),
        **{f"hibob__{name}": frame(employee_id=ids(""), entries=every('[{"effectiveDate":"2026-01-01"}]')) for name in histories},
    }
