"""Oracle of the person tables: people, roles, worker history and spells, the identity bridge, check-ins, coaching, pilots.

- A job row is valid from its date until the next row of the worker or the end of the spell, whichever is first; a leaver has
  no current row.
- The manager of the open row is known by id. The manager of a closed row is known by name only, and only where the newest
  job rows of all workers tie that name to exactly one id.
- Files that name a worker unknown to HR keep their row, with a missing person key; a pilot unit needs a known manager.
- Drop files hold whole days: facts of the night's own day are not there yet.
"""

from datetime import date, datetime

from learning_warehouse.simulation.core_view import POPULATIONS, SOURCE_RANKS, CoreView, Row, midnight, naive, naive_or_none
from learning_warehouse.simulation.drops import dropped_before
from learning_warehouse.simulation.ledger import Employee, Job


class PeopleFacts:
    """Person tables of one view. Each method gives one core table as a list of rows."""

    def __init__(self, view: CoreView) -> None:
        self.view = view
        self._jobs = {
            key: [job for job in sorted(employee.jobs, key=lambda job: job.start) if view.day_known(job.start)]
            for key, employee in view.employees.items()
        }
        self._everybody = {row.employee_id: row for row in view.ledger.employees}
        self._by_name = self._managers_by_name()
        self._history: list[Row] | None = None

    def _worker(self, employee_id: str | None) -> str | None:
        return self.view.person("bamboohr.employees", employee_id) if employee_id in self.view.employees else None

    def _manager_name(self, employee_id: str | None) -> str | None:
        manager = self._everybody.get(employee_id or "")
        if manager is None or not self.view.day_known(manager.spells[0].hired):
            return None
        return f"{manager.first_name} {manager.last_name}".lower()

    def _managers_by_name(self) -> dict[str, str]:
        ids: dict[str, set[str]] = {}
        for jobs in self._jobs.values():
            name = self._manager_name(jobs[-1].manager_employee_id) if jobs else None
            if name is not None:
                ids.setdefault(name, set()).add(str(jobs[-1].manager_employee_id))
        return {name: next(iter(known)) for name, known in ids.items() if len(known) == 1}

    def dim_worker_history(self) -> list[Row]:
        """One row per worker and job period."""
        if self._history is None:
            self._history = [
                row
                for employee in self.view.employees.values()
                for row in self._periods(employee, self._jobs[employee.employee_id])
            ]
        return self._history

    def _periods(self, employee: Employee, jobs: list[Job]) -> list[Row]:
        rows = []
        spells = self.view.spells(employee)
        for place, job in enumerate(jobs):
            spell = next((s for s in spells if s.hired <= job.start and (s.terminated is None or job.start < s.terminated)), None)
            ends = [jobs[place + 1].start if place + 1 < len(jobs) else None, spell.terminated if spell else None]
            valid_to = min((day for day in ends if day is not None), default=None)
            by_id = self._worker(jobs[-1].manager_employee_id) if valid_to is None else None
            name = self._manager_name(job.manager_employee_id)
            by_name = self._worker(self._by_name.get(name)) if name in self._by_name else None
            rows.append(
                {
                    "company_id": self.view.company_id,
                    "person_key": self._worker(employee.employee_id),
                    "worker_id": employee.employee_id,
                    "worker_type": employee.worker_type,
                    "job_title": job.job_title,
                    "department": job.department,
                    "division": job.division,
                    "location": job.location,
                    "manager_person_key": by_id or by_name,
                    "manager_basis": "by id" if by_id else "by name" if by_name else "unknown",
                    "valid_from": job.start,
                    "valid_to": valid_to,
                    "is_current": valid_to is None,
                    "is_leader": job.job_title in self.view.company.rules.leader.job_titles,
                }
            )
        return rows

    def dim_worker_spells(self) -> list[Row]:
        """One row per employment, numbered from 1."""
        rows = []
        for employee in self.view.employees.values():
            jobs = self._jobs[employee.employee_id]
            for number, spell in enumerate(self.view.spells(employee), start=1):
                titles = [
                    job.job_title
                    for job in jobs
                    if spell.hired <= job.start and (spell.terminated is None or job.start < spell.terminated)
                ]
                rows.append(
                    {
                        "company_id": self.view.company_id,
                        "person_key": self._worker(employee.employee_id),
                        "worker_id": employee.employee_id,
                        "spell_number": number,
                        "hired_date": spell.hired,
                        "terminated_date": spell.terminated,
                        "termination_type": spell.termination_type,
                        "first_job_title": titles[0] if titles else None,
                    }
                )
        return rows

    def dim_people(self) -> list[Row]:
        """One row per person; the audience is what the best source says: HR, CRM contact, LMS, CRM user, help desk."""
        view = self.view
        groups: dict[str, list[tuple[int, datetime, str, str, str, bool]]] = {}
        for identity in view.identities:
            key = view.matches[identity.source, identity.natural_id].person_key
            rank = SOURCE_RANKS[identity.source]
            entry = (
                rank,
                identity.first_seen_at,
                identity.natural_id,
                identity.audience,
                identity.source,
                view.is_test_email(identity.email),
            )
            groups.setdefault(key, []).append(entry)
        return [
            {
                "company_id": view.company_id,
                "person_key": key,
                "audience": min(entries)[3],
                "first_seen_at": min(entry[1] for entry in entries),
                "is_test": any(entry[5] for entry in entries),
                "has_hr_record": any(entry[4] == "bamboohr.employees" for entry in entries),
                "has_crm_record": any(entry[4].startswith("salesforce.") for entry in entries),
                "has_lms_record": any(entry[4] == "absorb.users" for entry in entries),
            }
            for key, entries in groups.items()
        ]

    def dim_person_roles(self) -> list[Row]:
        """Employments as employee or contractor, contacts of accounts, and partners, each with its time."""
        view = self.view
        rows = [
            self._role(
                str(self._worker(employee.employee_id)),
                employee.worker_type,
                None,
                midnight(spell.hired),
                None if spell.terminated is None else midnight(spell.terminated),
            )
            for employee in view.employees.values()
            for spell in view.spells(employee)
        ]
        for contact in view.contacts:
            key = str(view.person("salesforce.contacts", contact.contact_id))
            account = view.survivors.get(contact.account_id)
            rows.append(self._role(key, "customer_contact", account, contact.created_at, view.known(contact.deleted_at)))
        return [*rows, *self._partners()]

    def _partners(self) -> list[Row]:
        """People whose LMS users are partners, from the first user on until the last one was closed and changed no more."""
        view = self.view
        users = {row.user_id: row for row in view.ledger.learners if row.audience == "partner" and view.known(row.created_at)}
        seen: dict[str, datetime] = {}
        for fact in view.ledger.enrollments:
            for moment in (view.known(fact.started_at), view.known(fact.completed_at)):
                if moment and fact.user_id in users and view.known(fact.added_at):
                    seen[fact.user_id] = max(seen.get(fact.user_id, moment), moment)
        lives: dict[str, list[tuple[datetime, datetime | None]]] = {}
        for user_id, user in users.items():
            closed = view.known(user.deactivated_at)
            ended = max(user.created_at, closed, seen.get(user_id, closed)) if closed else None
            lives.setdefault(str(view.person("absorb.users", user_id)), []).append((user.created_at, ended))
        return [
            self._role(
                key,
                "partner",
                None,
                min(begun for begun, _ in found),
                None if None in [end for _, end in found] else max(end for _, end in found if end),
            )
            for key, found in lives.items()
        ]

    def _role(self, key: str, role: str, account_id: str | None, begun: datetime, ended: datetime | None) -> Row:
        return {
            "company_id": self.view.company_id,
            "person_key": key,
            "role": role,
            "account_id": account_id,
            "valid_from": naive(begun),
            "valid_to": naive_or_none(ended),
        }

    def bridge_identity(self) -> list[Row]:
        """One row per identity of every source."""
        view = self.view
        rows = []
        for identity in view.identities:
            match = view.matches[identity.source, identity.natural_id]
            rows.append(
                {
                    "company_id": view.company_id,
                    "source": identity.source,
                    "population": POPULATIONS[identity.source],
                    "source_identity_id": identity.natural_id,
                    "identity_key": identity.key,
                    "person_key": match.person_key,
                    "rule": match.rule,
                    "confidence": match.confidence,
                    "is_matched": match.is_matched,
                }
            )
        return rows

    def fct_checkins(self) -> list[Row]:
        """One row per answered check-in, with the manager of the week's Monday."""
        managers: dict[str | None, list[Row]] = {}
        for row in self.dim_worker_history():
            managers.setdefault(row["worker_id"], []).append(row)
        return [
            {
                "company_id": self.view.company_id,
                "checkin_id": checkin.checkin_id,
                "person_key": self._worker(checkin.employee_id),
                "manager_person_key": _manager_on(managers.get(checkin.employee_id, []), checkin.week_start),
                "week_start": checkin.week_start,
                "manager_asked": checkin.manager_asked,
                "used_learning": checkin.used_learning,
                "confidence": checkin.confidence,
                "answered_at": naive(checkin.answered_at),
            }
            for checkin in self.view.ledger.checkins
            if checkin.answered_at < dropped_before(self.view.as_of)
        ]

    def fct_coaching_events(self) -> list[Row]:
        """One row per coaching event."""
        return [
            {
                "company_id": self.view.company_id,
                "event_id": event.event_id,
                "coach_person_key": self._worker(event.coach_employee_id),
                "coachee_person_key": self._worker(event.coachee_employee_id),
                "occurred_at": naive(event.occurred_at),
                "event_type": event.event_type,
                "has_learning_topic": event.has_learning_topic,
                "program_code": event.program_code,
                "minutes": event.minutes,
            }
            for event in self.view.ledger.coaching_events
            if event.occurred_at < dropped_before(self.view.as_of)
        ]

    def fct_pilot_units(self) -> list[Row]:
        """One row per pilot and team whose manager HR knows."""
        return [
            {
                "company_id": self.view.company_id,
                "pilot_id": row.pilot_id,
                "team_key": self._worker(row.team_manager_employee_id),
                "arm": row.arm,
                "assigned_at": naive(row.assigned_at),
                "stratum": row.stratum,
                "is_randomized": row.randomized,
            }
            for row in self.view.ledger.pilot_assignments
            if row.assigned_at < dropped_before(self.view.as_of) and row.team_manager_employee_id in self.view.employees
        ]

    def fct_pilot_members(self) -> list[Row]:
        """One row per pilot, team and worker whose job row on the assignment day names the team's manager."""
        rows = []
        for unit in self.fct_pilot_units():
            day = unit["assigned_at"].date()
            members = {
                row["person_key"]
                for row in self.dim_worker_history()
                if row["manager_person_key"] == unit["team_key"]
                and row["valid_from"] <= day
                and (row["valid_to"] is None or row["valid_to"] > day)
            }
            for key in sorted(members):
                rows.append(
                    {
                        "company_id": self.view.company_id,
                        "pilot_id": unit["pilot_id"],
                        "team_key": unit["team_key"],
                        "person_key": key,
                    }
                )
        return rows


def _manager_on(periods: list[Row], day: date) -> str | None:
    return next(
        (
            row["manager_person_key"]
            for row in periods
            if row["valid_from"] <= day and (row["valid_to"] is None or row["valid_to"] > day)
        ),
        None,
    )
