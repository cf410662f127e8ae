"""Oracle of the learning and customer tables: courses, enrollments, accounts, owners, contracts, deals and tickets.

- An enrollment is superseded (not active) once a later one of the same user and course is known. Its source is `self` when
  it carries an enrollment key, else `mandatory` for a mandatory course, else `assigned`.
- A course takes each rule of company.yml whose code prefix it begins with; of several prefixes of one rule the longest wins.
- An account's contract start is the earliest start of its contracts known by now, those of merged accounts included.
- A ticket's account is the organization's external id if that is an account known by now; else the one surviving account
  whose web domain is a domain of the organization; else the account of the requester's matched contact.
- A ticket's kind is missing when it carries no kind tag. Reopenings are told once it is solved. Deleted tickets are no rows.
"""

from datetime import date, datetime
from functools import cached_property

from learning_warehouse.simulation.core_view import CoreView, Row, naive, naive_or_none
from learning_warehouse.simulation.ledger import Course, Enrollment, Organization

CURRENCY = "EUR"


class CustomerFacts:
    """Learning and customer tables of one view. Each method gives one core table as a list of rows."""

    def __init__(self, view: CoreView) -> None:
        self.view = view

    @cached_property
    def courses(self) -> list[Row]:
        """dim_courses: one row per course."""
        rules = self.view.company.rules
        agent, roles = dict(self.view.company.agent_training), dict(rules.competent.role_course_prefixes)
        titles = {prefix: title for title, prefix in roles.items()}
        return [
            {
                "company_id": self.view.company_id,
                "course_id": course.course_id,
                "course_code": course.code,
                "course_name": course.name,
                "audience": "customer" if _longest(course, rules.trained.course_code_prefixes) else "employee",
                "is_mandatory": _longest(course, rules.mandatory.course_code_prefixes) is not None,
                "is_certificate": _longest(course, rules.trained.certificate_course_prefixes) is not None,
                "ticket_category": agent.get(_longest(course, tuple(agent)) or ""),
                "is_owner_training": _longest(course, self.view.company.owner_training.course_code_prefixes) is not None,
                "role_title": titles.get(_longest(course, tuple(titles)) or ""),
                "estimated_minutes": round(course.estimated_minutes / 60, 6) * 60,
            }
            for course in self.view.ledger.courses
            if self.view.known(course.created_at)
        ]

    @cached_property
    def enrollments(self) -> list[Row]:
        """fct_enrollments: one row per enrollment."""
        view = self.view
        facts = [fact for fact in view.ledger.enrollments if view.known(fact.added_at)]
        newest: dict[tuple[str, str], datetime] = {}
        for fact in facts:
            pair = (fact.user_id, fact.course_id)
            newest[pair] = max(newest.get(pair, fact.added_at), fact.added_at)
        mandatory = {row["course_id"] for row in self.courses if row["is_mandatory"]}
        return [self._enrollment(fact, mandatory, fact.added_at >= newest[fact.user_id, fact.course_id]) for fact in facts]

    def _enrollment(self, fact: Enrollment, mandatory: set[str], is_active: bool) -> Row:
        view = self.view
        started, completed = view.known(fact.started_at), view.known(fact.completed_at)
        unfinished = "in_progress" if started else "not_started"
        status = ("completed" if fact.passed else "failed") if completed else unfinished
        return {
            "company_id": view.company_id,
            "enrollment_id": fact.enrollment_id,
            "person_key": view.person("absorb.users", fact.user_id),
            "course_id": fact.course_id,
            "enrolled_at": naive(fact.added_at),
            "started_at": naive_or_none(started),
            "completed_at": naive_or_none(completed),
            "due_at": naive_or_none(fact.due_at),
            "status": status,
            "is_verified_completion": status == "completed",
            "score": fact.score if completed else None,
            "enrollment_source": "self" if fact.self_enrolled else "mandatory" if fact.course_id in mandatory else "assigned",
            "minutes_spent": fact.minutes if started or completed else 0.0,
            "is_active": is_active,
        }

    def fct_assessment_attempts(self) -> list[Row]:
        """One row per scored enrollment."""
        minimum = self.view.company.rules.competent.minimum_score
        return [
            {
                "company_id": row["company_id"],
                "attempt_id": row["enrollment_id"],
                "enrollment_id": row["enrollment_id"],
                "person_key": row["person_key"],
                "course_id": row["course_id"],
                "attempt_number": None,
                "score": row["score"],
                "is_passed": row["score"] >= minimum,
                "attempted_at": row["completed_at"],
            }
            for row in self.enrollments
            if row["score"] is not None
        ]

    @cached_property
    def contracts(self) -> list[Row]:
        """fct_contracts: one row per contract known by now."""
        view = self.view
        return [
            {
                "company_id": view.company_id,
                "contract_id": row.contract_id,
                "account_id": view.survivors[row.account_id],
                "start_date": row.start,
                "end_date": row.end,
                "paid_seats": row.paid_seats,
                "annual_value": row.annual_value,
                "currency": CURRENCY,
            }
            for row in view.ledger.contracts
            if view.known(row.created_at) and row.account_id in view.survivors
        ]

    @cached_property
    def contract_starts(self) -> dict[str, date]:
        """Earliest contract start by account."""
        starts: dict[str, date] = {}
        for row in self.contracts:
            starts[row["account_id"]] = min(starts.get(row["account_id"], row["start_date"]), row["start_date"])
        return starts

    def dim_accounts(self) -> list[Row]:
        """One row per account that was not merged away."""
        view = self.view
        return [
            {
                "company_id": view.company_id,
                "account_id": row.account_id,
                "segment": row.segment,
                "plan": row.plan,
                "early_health_band": row.early_health_band if view.known(row.early_health_band_at) else "unknown",
                "contract_start_date": self.contract_starts.get(row.account_id),
                "churned_at": naive_or_none(view.known(row.churned_at)),
                "first_value_at": naive_or_none(view.known(row.first_value_at)),
                "is_test": view.is_test_account(row),
            }
            for row in view.accounts
        ]

    @cached_property
    def owners(self) -> list[Row]:
        """dim_account_owner_history: one row per account and owner period, oldest first."""
        view = self.view
        rows = []
        for account in view.accounts:
            changes = [change for change in account.owners if view.known(change.at)]
            for place, change in enumerate(changes):
                ended = changes[place + 1].at if place + 1 < len(changes) else None
                rows.append(
                    {
                        "company_id": view.company_id,
                        "account_id": account.account_id,
                        "owner_person_key": view.person("salesforce.users", change.crm_user_id),
                        "valid_from": naive(change.at),
                        "valid_to": naive_or_none(ended),
                    }
                )
        return rows

    def fct_opportunities(self) -> list[Row]:
        """One row per deal created by now; the outcome is told once it is closed."""
        view = self.view
        rows = []
        for deal in view.ledger.opportunities:
            if not view.known(deal.created_at):
                continue
            closed = view.known(deal.closed_at)
            rows.append(
                {
                    "company_id": view.company_id,
                    "opportunity_id": deal.opportunity_id,
                    "account_id": view.survivors.get(deal.account_id, deal.account_id),
                    "owner_person_key": view.person("salesforce.users", deal.owner_crm_user_id),
                    "type": deal.type,
                    "amount": deal.amount,
                    "currency": CURRENCY,
                    "created_at": naive(deal.created_at),
                    "closed_at": naive_or_none(closed),
                    "is_closed": closed is not None,
                    "is_won": closed is not None and deal.is_won,
                }
            )
        return rows

    @cached_property
    def tickets(self) -> list[Row]:
        """fct_tickets: one row per ticket that was not deleted."""
        view = self.view
        organizations = {row.organization_id: self._organization_account(row) for row in view.ledger.organizations}
        accounts = self._requester_accounts()
        rows = []
        for fact in view.ledger.tickets:
            if not view.known(fact.created_at) or view.known(fact.deleted_at):
                continue
            replied, solved = view.known(fact.first_reply_at), view.known(fact.solved_at)
            account = organizations.get(fact.organization_id or 0) or accounts.get(fact.requester_id)
            rows.append(
                {
                    "company_id": view.company_id,
                    "ticket_id": f"zendesk:{fact.ticket_id}",
                    "account_id": account,
                    "requester_person_key": view.person("zendesk.users", fact.requester_id),
                    "assignee_person_key": view.person("zendesk.users", fact.assignee_id),
                    "created_at": naive(fact.created_at),
                    "solved_at": naive_or_none(solved),
                    "first_reply_minutes": (replied - fact.created_at).total_seconds() / 60 if replied else None,
                    "resolution_hours": (solved - fact.created_at).total_seconds() / 3600 if solved else None,
                    "reopen_count": fact.reopen_count if solved else 0,
                    "ticket_kind": fact.kind if fact.is_kind_tagged else None,
                    "ticket_category": fact.category,
                    "status": "solved" if solved else "open",
                    "satisfaction": fact.satisfaction if view.known(fact.rated_at) else None,
                }
            )
        return rows

    @cached_property
    def _accounts_by_domain(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for account in self.view.ledger.accounts:
            if account.website_domain and account.account_id in self.view.survivors:
                found.setdefault(account.website_domain.lower(), set()).add(self.view.survivors[account.account_id])
        return found

    def _organization_account(self, organization: Organization) -> str | None:
        if not self.view.known(organization.created_at):
            return None
        named = self.view.survivors.get(organization.external_id or "")
        if named:
            return named
        public = self.view.company.public_email_domains
        found: set[str] = set()
        for domain in organization.domain_names:
            if domain.lower() not in public:
                found |= self._accounts_by_domain.get(domain.lower(), set())
        return next(iter(found)) if len(found) == 1 else None

    def _requester_accounts(self) -> dict[int, str]:
        view = self.view
        of_person = {
            str(view.person("salesforce.contacts", contact.contact_id)): view.survivors[contact.account_id]
            for contact in view.contacts
            if contact.account_id in view.survivors
        }
        found = {}
        for user in view.ledger.support_users:
            match = view.matches.get(("zendesk.users", str(user.support_user_id)))
            if match and match.is_matched and match.person_key in of_person:
                found[user.support_user_id] = of_person[match.person_key]
        return found


def _longest(course: Course, prefixes: tuple[str, ...]) -> str | None:
    return max((prefix for prefix in prefixes if course.code.startswith(prefix)), key=len, default=None)
