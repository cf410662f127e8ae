"""Oracle of the tables from signals, and of what is read off other core tables: closure, difficulty, skills, programs, streams.

- A row of a drop file is known from the day after its own; later fields of it from the day after they happened.
- A worker whom HR does not know leaves the row in place and its person key missing; a course by its code, missing likewise.
- Use is verified by a system trace, or by somebody else who did not coach that person on learning in the 90 days before.
- Ways up the organization have ten steps at most and end before anybody would be on them twice.
"""

from datetime import date, datetime, timedelta
from typing import Any

from learning_warehouse.simulation.core_customers import CustomerFacts
from learning_warehouse.simulation.core_people import PeopleFacts
from learning_warehouse.simulation.core_signal_tables import TABLE_OF, core_name, names_a_worker
from learning_warehouse.simulation.core_view import CoreView, Row, naive, naive_or_none
from learning_warehouse.simulation.drops import dropped_before
from learning_warehouse.simulation.signal_streams import SIGNALS, columns, shown

COACH_DAYS = 90
DEEPEST = 10
_SKILL_TABLES = ("fct_practice_tasks", "fct_application_events", "fct_goals", "fct_skill_assessments")


class SignalFacts:
    """Signal tables of one view; `tables` gives all of them by name."""

    def __init__(self, view: CoreView, people: PeopleFacts, customers: CustomerFacts) -> None:
        self.view, self.people, self.customers = view, people, customers
        self.cut = dropped_before(view.as_of)
        self._keys = {number: view.person("bamboohr.employees", number) for number in view.employees}
        codes: dict[str, set[str]] = {}
        for row in customers.courses:
            codes.setdefault(row["course_code"], set()).add(row["course_id"])
        self._courses = {code: next(iter(ids)) for code, ids in codes.items() if len(ids) == 1}

    def tables(self) -> dict[str, list[Row]]:
        """Every table of core_signal_tables, in its order."""
        found = {TABLE_OF[stream]: self._rows(stream) for stream in TABLE_OF}
        self._judge(found["fct_application_events"])
        for row in found["fct_kpi_observations"]:
            row["unit_person_key"] = self._keys.get(row["unit_id"]) if row["unit_type"] in ("person", "team") else None
        for table in ("bridge_course_skills", "fct_assignment_framings", "fct_learning_sessions"):
            for row in found[table]:
                row["course_id"] = self._courses.get(row["course_code"])
        return found | {
            "dim_org_closure": self._closure(),
            "dim_skills": self._skills(found),
            "bridge_program_courses": self._program_courses(found["dim_programs"]),
            "dim_course_difficulty": self._difficulty(),
            "dim_account_merges": self._merges(),
            "dim_streams": self._streams(),
            "dim_certificates": self._certificates(),
        }

    def _rows(self, stream: str) -> list[Row]:
        signal = SIGNALS[stream]
        names = [(name, core_name(name), names_a_worker(name), kind) for name, kind in columns(stream).items()]
        rows = []
        for fact in getattr(self.view.ledger, stream):
            if signal.known_at(fact) >= self.cut:
                continue
            told = shown(signal, fact, self.cut)
            row: Row = {"company_id": self.view.company_id}
            for name, in_core, is_worker, kind in names:
                value: Any = getattr(told, name)
                if is_worker:
                    value = self._keys.get(value)
                elif kind == "timestamp":
                    value = naive_or_none(value)
                row[in_core] = value
            rows.append(row)
        return rows

    def _judge(self, evidence: list[Row]) -> None:
        talks: dict[tuple[str, str], list[datetime]] = {}
        for event in self.people.fct_coaching_events():
            if event["has_learning_topic"] and event["coach_person_key"] and event["coachee_person_key"]:
                talks.setdefault((event["coach_person_key"], event["coachee_person_key"]), []).append(event["occurred_at"])
        for row in evidence:
            person, observer, at = row["person_key"], row["observed_by_person_key"], row["occurred_at"]
            coached = any(at - timedelta(days=COACH_DAYS) <= talk < at for talk in talks.get((observer, person), []))
            seen = row["evidence_type"] in ("manager_observation", "peer") and None not in (person, observer)
            row["is_verified"] = row["evidence_type"] == "system_trace" or (seen and observer != person and not coached)

    def _closure(self) -> list[Row]:
        steps: dict[str, list[Row]] = {}
        for row in self.people.dim_worker_history():
            if row["manager_person_key"]:
                steps.setdefault(row["person_key"], []).append(row)
        rows: list[Row] = []
        for person, own in steps.items():
            for step in own:
                self._climb(steps, person, step, (person,), step["valid_from"], step["valid_to"], rows)
        return rows

    def _climb(
        self,
        steps: dict[str, list[Row]],
        person: str,
        step: Row,
        way: tuple[str, ...],
        begin: date,
        end: date | None,
        rows: list[Row],
    ) -> None:
        manager = step["manager_person_key"]
        if manager in way:
            return
        row = {"company_id": self.view.company_id, "manager_person_key": manager, "person_key": person}
        rows.append(row | {"depth": len(way), "valid_from": begin, "valid_to": end})
        if len(way) == DEEPEST:
            return
        for above in steps.get(manager, []):
            if (end is None or above["valid_from"] < end) and (above["valid_to"] is None or begin < above["valid_to"]):
                until = min((day for day in (end, above["valid_to"]) if day is not None), default=None)
                self._climb(steps, person, above, (*way, manager), max(begin, above["valid_from"]), until, rows)

    def _skills(self, found: dict[str, list[Row]]) -> list[Row]:
        required = {row["skill_code"] for row in found["dim_role_skill_levels"]}
        taught = {row["skill_code"] for row in found["bridge_course_skills"]}
        named = {row["skill_code"] for table in _SKILL_TABLES for row in found[table] if row["skill_code"]}
        return [
            {
                "company_id": self.view.company_id,
                "skill_code": skill,
                "is_required_by_a_role": skill in required,
                "is_taught_by_a_course": skill in taught,
            }
            for skill in sorted(required | taught | named)
        ]

    def _program_courses(self, programs: list[Row]) -> list[Row]:
        codes = [row["program_code"] for row in programs]
        rows = []
        for course in self.customers.courses:
            code = course["course_code"]
            fitting = [program for program in codes if code == program or code.startswith(f"{program}-")]
            if fitting:
                program = max(fitting, key=len)
                rows.append({"company_id": self.view.company_id, "program_code": program, "course_id": course["course_id"]})
        return rows

    def _difficulty(self) -> list[Row]:
        scored: dict[str, int] = {}
        failed: dict[str, int] = {}
        for row in self.customers.enrollments:
            if row["score"] is not None:
                scored[row["course_id"]] = scored.get(row["course_id"], 0) + 1
                failed[row["course_id"]] = failed.get(row["course_id"], 0) + (row["status"] == "failed")
        share = sum(failed.values()) / sum(scored.values()) if scored else None
        return [
            {
                "company_id": self.view.company_id,
                "course_id": course["course_id"],
                "scored_enrollments": scored.get(course["course_id"], 0),
                "failed_enrollments": failed.get(course["course_id"], 0),
                "difficulty": None
                if share is None
                else (failed.get(course["course_id"], 0) + 10 * share) / (scored.get(course["course_id"], 0) + 10),
                "is_measured": scored.get(course["course_id"], 0) >= 30,
            }
            for course in self.customers.courses
        ]

    def _merges(self) -> list[Row]:
        return [
            {"company_id": self.view.company_id, "account_id": account, "surviving_account_id": survivor}
            for account, survivor in self.view.survivors.items()
            if survivor != account
        ]

    def _streams(self) -> list[Row]:
        from learning_warehouse.sources import every_stream, is_read

        silent = {
            f"drops.{stream}"
            for stream, signal in SIGNALS.items()
            if not any(signal.known_at(fact) < self.cut for fact in getattr(self.view.ledger, stream))
        }
        return [
            {
                "company_id": self.view.company_id,
                "stream": stream.full_name,
                "reaches_us": is_read(stream.full_name) and stream.full_name not in silent and stream.mode != "sweep",
            }
            for stream in every_stream()
        ]

    def _certificates(self) -> list[Row]:
        people = {row["enrollment_id"]: row for row in self.customers.enrollments}
        return [
            {
                "company_id": self.view.company_id,
                "enrollment_id": fact.enrollment_id,
                "person_key": people[fact.enrollment_id]["person_key"],
                "course_id": fact.course_id,
                "acquired_at": naive(fact.completed_at),
                "expires_at": naive_or_none(fact.certificate_expires_at),
            }
            for fact in self.view.ledger.enrollments
            if fact.certificate_id and fact.passed and fact.completed_at and self.view.known(fact.completed_at)
        ]
