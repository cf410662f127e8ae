"""A good batch of twenty records for every stream suite, shaped like the typed columns that the suite reads."""

import pandas as pd
from good_crm import hubspot, salesforce
from good_frames import ROWS, every, frame, ids, times
from good_hris import bamboohr, hibob, workday
from good_lms import absorb, learning360, moodle, xapi
from good_signals import signal_streams
from good_support import freshdesk, zendesk

PLACE = {"_file": every("2026-03.csv"), "_line": list(range(2, ROWS + 2))}


def _drops() -> dict[str, pd.DataFrame]:
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
            **PLACE,
        ),
        "drops__checkins": frame(
            checkin_id=ids("q"),
            employee_id=ids(""),
            week_start=times(),
            manager_asked=every(True, False, True, None),
            used_learning=every(True, False, True, None),
            confidence=every(1, 5, None),
            answered_at=times(3),
            **PLACE,
        ),
        "drops__pilot_assignments": frame(
            pilot_id=every("discovery-calls"),
            team_manager_employee_id=ids(""),
            arm=every("coached", "content_only"),
            assigned_at=times(),
            stratum=every("north"),
            randomized=every(True),
            **PLACE,
        ),
    }


def _deletions() -> dict[str, pd.DataFrame]:
    columns = {
        "stream": every("users", "courses"),
        "record_key": ids("k"),
        "is_gone": every(True, True, False),
        "noticed_at": times(),
    }
    return {f"{vendor}__deletions": frame(**columns) for vendor in ("absorb", "salesforce", "hubspot")}


def good_batches() -> dict[str, pd.DataFrame]:
    """Suite name -> frame of twenty good records."""
    written = {
        **absorb(),
        **learning360(),
        **moodle(),
        **bamboohr(),
        **workday(),
        **hibob(),
        **xapi(),
        **zendesk(),
        **freshdesk(),
        **salesforce(),
        **hubspot(),
        **_drops(),
        **_deletions(),
    }
    made = signal_streams(without=set(written))
    return {**written, **{name: frame(**columns, **PLACE) for name, columns in made.items()}}
