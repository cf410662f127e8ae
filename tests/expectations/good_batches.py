"""A good batch of twenty records for every stream suite, shaped like the typed columns that the suite reads."""

from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd
from good_signals import signal_streams

ROWS = 20
START = datetime(2026, 3, 2, 8)
KEYS = [f"{number:032x}" for number in range(1, ROWS + 1)]


def frame(**columns: list[Any]) -> pd.DataFrame:
    """One frame; whole numbers with gaps become Int64, dates and times datetime64, all else stays as it is."""
    made = pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in columns.items()})
    for name in made.columns:
        present = [value for value in columns[name] if value is not None]
        if present and all(isinstance(value, date) for value in present):
            made[name] = pd.to_datetime(made[name])
        elif present and all(type(value) is int for value in present):
            made[name] = made[name].astype("Int64")
        elif present and all(isinstance(value, float) for value in present):
            made[name] = made[name].astype("float64")
    return made


def ids(prefix: str) -> list[str]:
    return [f"{prefix}{number}" for number in range(ROWS)]


def times(days: float = 0) -> list[datetime]:
    return [START + timedelta(days=number + days) for number in range(ROWS)]


def every(*values: Any) -> list[Any]:
    return [values[number % len(values)] for number in range(ROWS)]


def _absorb() -> dict[str, pd.DataFrame]:
    return {
        "absorb__users": frame(
            id=ids("u"),
            identity_key=KEYS,
            email_address_key=KEYS,
            email_address_domain=every("a.example"),
            external_id=every("7", None),
            employee_number=every("7", None),
            audience=every("employee", "customer", None),
            department_id=ids("d"),
            job_title=every("Engineer"),
            active_status=every(0, 1),
            is_learner=every(True),
            date_added=times(),
            date_edited=times(3),
            last_login_date=times(2),
            date_hired=times(-90),
            date_terminated=times(40),
        ),
        "absorb__departments": frame(
            id=ids("d"), name=ids("Department "), parent_id=every(None, "d0"), date_added=times(), date_edited=times(1)
        ),
        "absorb__courses": frame(
            id=ids("c"),
            name=ids("Course "),
            external_id=ids("CUST-"),
            course_type=every("OnlineCourse", "Curriculum"),
            active_status=every(0),
            learner_time=every(1.5, None, 2.0),
            certificate_url=every(None, "/c"),
            date_added=times(),
            date_edited=times(1),
        ),
        "absorb__enrollments": frame(
            id=ids("e"),
            course_id=ids("c"),
            user_id=ids("u"),
            status=every(3, 1, 0, 3),
            score=every(91.0, None, None, 70.0),
            progress=every(100.0, 40.0, 0.0, 100.0),
            date_added=times(),
            date_started=[None if i % 4 == 2 else t for i, t in enumerate(times(1))],
            date_completed=[t if i % 4 in (0, 3) else None for i, t in enumerate(times(2))],
            date_edited=times(5),
            date_due=times(60),
            time_spent_ticks=every(36_000_000_000, None),
            certificate_id=every(None, "z"),
            is_active=every(True),
        ),
        "absorb__certificates": frame(id=ids("z"), enrollment_id=ids("e"), acquired_date=times(), expiry_date=times(365)),
    }


def _learning360() -> dict[str, pd.DataFrame]:
    hexes = [f"{number:024x}" for number in range(ROWS)]
    return {
        "learning360__users": frame(
            id=hexes,
            identity_key=KEYS,
            mail_key=KEYS,
            mail_domain=every("a.example"),
            status=every("active", "invited", "deleted"),
            job=every("Engineer"),
            custom=every("employee", "customer", None),
            primary_group_id=hexes,
            last_login_date=times(2),
            deleted_at=every(None, None, '["2026-03-01T00:00:00.000Z"]'),
            to_be_deactivated_at=every(None),
        ),
        "learning360__groups": frame(id=hexes, name=ids("Group "), parent_id=[None, *hexes[1:]]),
        "learning360__external_ids": frame(
            id=hexes, platform=every("hris", "crm"), target_id=hexes, target_type=every("user", "course"), value=ids("x")
        ),
        "learning360__courses": frame(
            id=hexes,
            name=ids("Course "),
            duration=every(30.0, None),
            status=every("published", "archived"),
            type=every("native", "external"),
            created_at=times(),
            modified_at=times(1),
            current_version_number=every(1, 2),
        ),
        "learning360__paths": frame(
            id=hexes,
            name=ids("Path "),
            additional_information=ids("CUST-"),
            status=every("published", "archived"),
            certificate_id=every(None, "z"),
            estimated_duration=every(30.0, 2.0),
            estimated_duration_unit=every("minute", "hour"),
            steps=every("[]"),
            created_at=times(),
            modified_at=times(1),
        ),
        "learning360__path_enrollments": frame(
            id=hexes,
            path_id=hexes,
            session_id=hexes,
            user_id=hexes,
            status_type=every("successful", "onTime", "notYetStarted", "unsuccessful"),
            progress=every(100.0, 40.0, 0.0, 100.0),
            score=every(91.0, None, None, 30.0),
            time_spent=every(60_000.0, 0.0),
            self_enrolled=every(True, False),
            certificate_id=every(None),
            enrolled_at=times(),
            unenrolled_at=[t if i % 4 == 1 else None for i, t in enumerate(times(30))],
            started_at=[None if i % 4 == 2 else t for i, t in enumerate(times(1))],
            completed_at=[t if i % 4 in (0, 3) else None for i, t in enumerate(times(2))],
            due_date=times(60),
        ),
        "learning360__attempts": frame(
            id=hexes,
            course_id=hexes,
            user_id=hexes,
            version_number=every(1),
            progress=every(100.0, 50.0),
            score=every(91.0, None),
            time_spent=every(60_000.0),
            first_activity_at=times(),
            last_activity_at=times(1),
            completed_at=[t if i % 2 == 0 else None for i, t in enumerate(times(1))],
            path_id=hexes,
            path_session_id=hexes,
        ),
        "learning360__certificates": frame(
            id=hexes,
            type=every("path", "external"),
            path_id=[key if i % 2 == 0 else None for i, key in enumerate(hexes)],
            path_session_id=hexes,
            delivery_date=times(),
            expiration_date=times(365),
        ),
    }


def _moodle() -> dict[str, pd.DataFrame]:
    numbers, since = list(range(1, ROWS + 1)), [1_770_000_000 + number for number in range(ROWS)]
    return {
        "moodle__users": frame(
            id=numbers,
            identity_key=KEYS,
            email_key=KEYS,
            email_domain=every("a.example"),
            idnumber=every("7", None),
            department=every("Support"),
            first_access=every(1_760_000_000, 0),
            last_access=since,
            suspended=every("false", "true"),
            customfields=every("[]"),
        ),
        "moodle__courses": frame(
            id=numbers,
            shortname=ids("CUST-"),
            fullname=ids("Course "),
            idnumber=ids("CUST-"),
            visible=every("1", "0"),
            time_created=every(1_760_000_000),
            time_modified=since,
            enable_completion=every("1", "0"),
            customfields=every("[]"),
        ),
        "moodle__enrollments": frame(
            course_id=every(2, 3),
            user_id=numbers,
            state=every("active", "suspended"),
            last_course_access=every(1_770_000_000, 0),
            roles=every("[]"),
        ),
        "moodle__completions": frame(
            course_id=every(2, 3),
            user_id=numbers,
            last_course_access=since,
            completed=[None if i == 7 else "true" if i % 2 == 0 else "false" for i in range(ROWS)],
            aggregation=every(1),
            completions=every("[]"),
            refused=["usernotenroled" if i == 7 else None for i in range(ROWS)],
        ),
        "moodle__grade_items": frame(
            course_id=every(2, 3),
            user_id=numbers,
            item_id=every(5, 7),
            item_type=every("course", "mod"),
            item_module=every(None, "quiz"),
            grade_raw=every(90.0, None),
            grade_min=every(0.0),
            grade_max=every(100.0),
            submitted_at=every(1_770_000_000, None),
            graded_at=every(1_770_000_000, None),
        ),
    }


def _bamboohr() -> dict[str, pd.DataFrame]:
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


def _xapi() -> dict[str, pd.DataFrame]:
    return {
        "xapi__statements": frame(
            id=ids("s"),
            identity_key=KEYS,
            stored=times(4),
            happened_at=times(),
            verb_id=every("http://adlnet.gov/expapi/verbs/passed"),
            object_type=every("Activity"),
            object_id=ids("https://lms.example/courses/"),
            actor_mbox_key=KEYS,
            actor_mbox_sha1sum_key=KEYS,
            actor_openid_key=KEYS,
            actor_account_name=every("7", None),
            completion=every(True),
            success=every(True, False),
            score_scaled=every(0.9, None, 0.4),
            duration=every("PT40M", "P1DT2H", None),
            registration=ids("r"),
        ),
    }


def _workday() -> dict[str, pd.DataFrame]:
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


def _zendesk() -> dict[str, pd.DataFrame]:
    return {
        "zendesk__tickets": frame(
            id=ids("1"),
            created_at=times(),
            updated_at=times(4),
            generated_timestamp=every(1_770_000_000, 1_770_000_100),
            status=every("solved", "open"),
            requester_id=ids("2"),
            assignee_id=ids("3"),
            organization_id=ids("4"),
            tags=every('["kind_how_to"]'),
            metric_solved_at=[t if i % 2 == 0 else None for i, t in enumerate(times(1))],
            metric_reopens=every(0, None, 1),
            metric_first_reply_minutes=every(12, None, 30),
            metric_full_resolution_minutes=every(600, None),
        ),
        "zendesk__users": frame(
            id=ids("2"),
            identity_key=KEYS,
            email_key=KEYS,
            email_domain=every("b.example"),
            role=every("end-user", "agent", "admin"),
            organization_id=ids("4"),
            external_id=every(None, "x"),
            active=every(True),
            created_at=times(),
            updated_at=times(2),
        ),
        "zendesk__organizations": frame(
            id=ids("4"),
            name=ids("Org "),
            external_id=every(None, "a"),
            domain_names=every('["b.example"]'),
            created_at=times(),
            updated_at=times(1),
            deleted_at=[None] * 19 + [START + timedelta(days=90)],
        ),
        "zendesk__satisfaction_ratings": frame(
            id=ids("5"),
            ticket_id=ids("1"),
            score=["offered"] + ["good", "good", "bad"] * 6 + ["good"],
            created_at=times(),
            updated_at=times(1),
        ),
    }


def _freshdesk() -> dict[str, pd.DataFrame]:
    return {
        "freshdesk__tickets": frame(
            id=ids("1"),
            listed=every("current", "current", "deleted"),
            created_at=times(),
            updated_at=times(4),
            status=every(4, 2),
            priority=every(1, 2, 3, 4),
            requester_id=ids("2"),
            responder_id=ids("3"),
            company_id=ids("4"),
            tags=every('["kind_how_to"]'),
            first_responded_at=times(0.5),
            reopened_at=every(None),
            resolved_at=[t if i % 2 == 0 else None for i, t in enumerate(times(1))],
            closed_at=every(None),
        ),
        "freshdesk__contacts": frame(
            id=ids("2"),
            identity_key=KEYS,
            listed=every("current"),
            email_key=KEYS,
            email_domain=every("b.example"),
            company_id=ids("4"),
            unique_external_id=every(None, "x"),
            active=every(True),
            created_at=times(),
            updated_at=times(2),
        ),
        "freshdesk__agents": frame(
            id=ids("3"),
            identity_key=KEYS,
            email_key=KEYS,
            email_domain=every("a.example"),
            type=every("support_agent"),
            active=every(True),
            created_at=times(),
            updated_at=times(2),
        ),
        "freshdesk__companies": frame(
            id=ids("4"),
            name=ids("Company "),
            external_id=every(None, "a"),
            domains=every('["b.example"]'),
            created_at=times(),
            updated_at=times(1),
        ),
        "freshdesk__satisfaction_ratings": frame(
            id=ids("5"), ticket_id=ids("1"), rating=every(103, 102, 101, -103), created_at=times(), updated_at=times(1)
        ),
    }


def _salesforce() -> dict[str, pd.DataFrame]:
    stamps = {"created_date": times(), "system_modstamp": times(9)}
    return {
        "salesforce__accounts": frame(
            id=ids("001"),
            is_deleted=[True] + [False] * 19,
            master_record_id=["0011"] + [None] * 19,
            name=ids("Customer "),
            owner_id=ids("005"),
            website=every("b.example"),
            segment=every("small", "medium", "large"),
            plan=every("monthly", "annual"),
            early_health_band=every("low", "mid", "high"),
            early_health_band_date=times(10),
            churned_date=every(None),
            number_of_employees=every(50, None),
            first_value_date=times(12),
            **stamps,
        ),
        "salesforce__account_history": frame(
            id=ids("017"),
            account_id=ids("001"),
            field=every("Owner"),
            old_value=every(None, "0051"),
            new_value=every("0052"),
            created_date=times(),
        ),
        "salesforce__contacts": frame(
            id=ids("003"),
            identity_key=KEYS,
            is_deleted=every(False),
            master_record_id=every(None),
            account_id=ids("001"),
            email_key=KEYS,
            email_domain=every("b.example"),
            title=every("Buyer"),
            **stamps,
        ),
        "salesforce__users": frame(
            id=ids("005"), identity_key=KEYS, email_key=KEYS, employee_number=every("7", None), is_active=every(True), **stamps
        ),
        "salesforce__opportunities": frame(
            id=ids("006"),
            is_deleted=every(False),
            account_id=ids("001"),
            owner_id=ids("005"),
            stage_name=every("Won", "Lost", "Open"),
            type=every("New Business", "Renewal", "Expansion"),
            amount=every(1200.0, 300.0),
            currency_iso_code=every("EUR"),
            closed_at=[None if i % 3 == 2 else t for i, t in enumerate(times(5))],
            is_closed=every(True, True, False),
            is_won=every(True, False, False),
            **stamps,
        ),
        "salesforce__contracts": frame(
            id=ids("800"),
            is_deleted=every(False),
            account_id=ids("001"),
            status=every("Activated"),
            start_date=times(),
            end_date=times(365),
            contract_term=every(12, 1),
            paid_seats=every(10, 250),
            annual_value=every(1000.0, 25000.0),
            currency_iso_code=every("EUR"),
            **stamps,
        ),
    }


def _hubspot() -> dict[str, pd.DataFrame]:
    stamps = {"created_at": times(), "updated_at": times(9)}
    links = {
        "from_object_id": ids("1"),
        "to_object_id": ids("2"),
        "association_types": every('[{"typeId":1,"label":"Primary"}]'),
    }
    return {
        "hubspot__companies": frame(
            id=ids("2"),
            archived=every(False),
            name=ids("Customer "),
            domain=every("b.example"),
            owner_id=ids("3"),
            merged_object_ids=every(None, "29"),
            external_id=every("001", None),
            segment=every("small", "medium", "large"),
            plan=every("monthly", "annual"),
            early_health_band=every("low", "mid", "high"),
            early_health_band_date=times(10),
            churned_date=every(None),
            numberofemployees=every(50, None),
            first_value_date=times(12),
            **stamps,
        ),
        "hubspot__contacts": frame(
            id=ids("1"),
            identity_key=KEYS,
            archived=[True] + [False] * 19,
            archived_at=[START] + [None] * 19,
            email_key=KEYS,
            email_domain=every("b.example"),
            jobtitle=every("Buyer"),
            company_id=ids("2"),
            merged_object_ids=every(None),
            external_id=every("003", None),
            **stamps,
        ),
        "hubspot__deals": frame(
            id=ids("4"),
            archived=every(False),
            pipeline=every("default", "contracts"),
            dealstage=every("closedwon"),
            dealtype=every("newbusiness", None, "renewal", None, "existingbusiness", None),
            owner_id=ids("3"),
            amount=every(1200.0, None),
            deal_currency_code=every("EUR"),
            closedate=times(5),
            is_closed=every(True, True, False),
            is_won=every(True, False, False),
            contract_start_date=every(None, START),
            contract_end_date=every(None, START + timedelta(days=365)),
            contract_term_months=every(None, 12),
            paid_seats=every(None, 25),
            annual_value=every(None, 9000.0),
            **stamps,
        ),
        "hubspot__owners": frame(
            id=ids("3"), identity_key=KEYS, email_key=KEYS, email_domain=every("a.example"), user_id=ids("5"),
            archived=every(False), **stamps,
        ),
        "hubspot__company_owners": frame(
            id=ids("2"), archived=every(False), owner_history=every('[{"value":"3"}]'), **stamps
        ),
        "hubspot__contact_companies": frame(**links),
        "hubspot__deal_companies": frame(**links),
    }  # fmt: skip


def _drops() -> dict[str, pd.DataFrame]:
    place = {"_file": every("2026-03.csv"), "_line": list(range(2, ROWS + 2))}
    return {
        "drops__coaching_events": frame(
            event_id=ids("k"),
            coach_employee_id=ids(""),
            coachee_employee_id=ids("9"),
            occurred_at=times(),
            event_type=every("one_to_one", "observation", "feedback"),
            has_learning_topic=every(True, False),
            program_code=every(None, "OWN-1"),
            minutes=every(30, None, 45),
            **place,
        ),
        "drops__checkins": frame(
            checkin_id=ids("q"),
            employee_id=ids(""),
            week_start=times(),
            manager_asked=every(True, False, True, None),
            used_learning=every(True, False, True, None),
            confidence=every(1, 5, None),
            answered_at=times(3),
            **place,
        ),
        "drops__pilot_assignments": frame(
            pilot_id=every("discovery-calls"),
            team_manager_employee_id=ids(""),
            arm=every("coached", "content_only"),
            assigned_at=times(),
            stratum=every("north"),
            randomized=every(True),
            **place,
        ),
    }


def good_batches() -> dict[str, pd.DataFrame]:
    """Suite name -> frame of twenty good records."""
    written = {
        **_absorb(),
        **_learning360(),
        **_moodle(),
        **_bamboohr(),
        **_workday(),
        **_xapi(),
        **_zendesk(),
        **_freshdesk(),
        **_salesforce(),
        **_hubspot(),
        **_drops(),
    }
    place = {"_file": every("2026-03.csv"), "_line": list(range(2, ROWS + 2))}
    made = signal_streams(without=set(written))
    return {**written, **{name: frame(**columns, **place) for name, columns in made.items()}}
