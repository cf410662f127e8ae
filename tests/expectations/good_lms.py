"""Good batches of the streams of learning systems."""

import pandas as pd
from good_frames import KEYS, ROWS, every, frame, ids, times


def absorb() -> dict[str, pd.DataFrame]:
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


def learning360() -> dict[str, pd.DataFrame]:
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


def moodle() -> dict[str, pd.DataFrame]:
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


def xapi() -> dict[str, pd.DataFrame]:
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
