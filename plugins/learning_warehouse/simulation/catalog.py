"""The course catalog, and the one place where enrollments are written into the ledger."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from learning_warehouse.simulation.draws import DAY, moment
from learning_warehouse.simulation.ledger import Course, Enrollment
from learning_warehouse.simulation.names import LIBRARY_TOPICS

MANDATORY = ("MAND-SECURITY", "MAND-CONDUCT", "MAND-PRIVACY")
CUSTOMER_BASICS = ("CUST-START", "CUST-ADMIN", "CUST-REPORTING", "CUST-INTEGRATIONS", "CUST-BILLING")
CUSTOMER_CERTIFICATES = ("CUST-CERT-USER", "CUST-CERT-ADMIN")
AGENT_COURSES = {"billing": "AGT-BILLING-1", "integrations": "AGT-INTEGRATIONS-1", "reporting": "AGT-REPORTING-1"}
OWNER_COURSE = "OWN-VALUE"
ROLE_COURSES = {"Support Agent": "ONB-AGT-1", "Account Executive": "ONB-SEL-1", "Engineer": "ONB-ENG-1"}
LIBRARY = tuple(f"LIB-{number:03d}" for number in range(1, 41))

_NAMED = {
    "MAND-SECURITY": ("Information security, yearly", 30),
    "MAND-CONDUCT": ("Code of conduct, yearly", 25),
    "MAND-PRIVACY": ("Data protection, yearly", 30),
    "CUST-START": ("Getting started", 45),
    "CUST-ADMIN": ("Administrator basics", 60),
    "CUST-REPORTING": ("Reports your team will read", 50),
    "CUST-INTEGRATIONS": ("Connecting your systems", 70),
    "CUST-BILLING": ("Invoices and seats", 25),
    "CUST-CERT-USER": ("Certified user", 120),
    "CUST-CERT-ADMIN": ("Certified administrator", 180),
    "AGT-BILLING-1": ("Billing basics for support", 90),
    "AGT-INTEGRATIONS-1": ("Integrations basics for support", 120),
    "AGT-REPORTING-1": ("Reporting basics for support", 90),
    "OWN-VALUE": ("Value conversations for account owners", 150),
    "ONB-AGT-1": ("Role assessment: support agent", 60),
    "ONB-SEL-1": ("Role assessment: account executive", 60),
    "ONB-ENG-1": ("Role assessment: engineer", 90),
}


def courses() -> list[Course]:
    """Every course, in a fixed order; customer certificates are the only ones with a certificate."""
    rows = [(code, name, minutes) for code, (name, minutes) in _NAMED.items()]
    for number, code in enumerate(LIBRARY):
        topic = LIBRARY_TOPICS[number % len(LIBRARY_TOPICS)]
        rows.append((code, topic if number < len(LIBRARY_TOPICS) else f"{topic}: in practice", 20 + 10 * (number % 5)))
    created = datetime(2024, 3, 4, 9, tzinfo=UTC)
    return [
        Course(f"c0000000-0000-4000-8000-{number:012x}", code, name, minutes, code in CUSTOMER_CERTIFICATES, created)
        for number, (code, name, minutes) in enumerate(rows, start=1)
    ]


@dataclass(slots=True)
class EnrollmentBook:
    """Collects enrollments and numbers them in order of writing."""

    catalog: dict[str, Course]
    rows: list[Enrollment] = field(default_factory=list)

    def add(
        self,
        user_id: str,
        code: str,
        added: int,
        started: int | None,
        completed: int | None,
        minutes: int,
        *,
        due: int | None = None,
        score: float | None = None,
        passed: bool = True,
        self_enrolled: bool = False,
    ) -> None:
        """One enrollment; times in seconds, `passed` only counts together with a completion time."""
        course = self.catalog[code]
        number = len(self.rows) + 1
        certified = course.has_certificate and completed is not None and passed
        self.rows.append(
            Enrollment(
                enrollment_id=f"e0000000-0000-4000-8000-{number:012x}",
                user_id=user_id,
                course_id=course.course_id,
                added_at=moment(added),
                started_at=None if started is None else moment(started),
                completed_at=None if completed is None else moment(completed),
                due_at=None if due is None else moment(due),
                score=None if completed is None else score,
                passed=passed and completed is not None,
                self_enrolled=self_enrolled,
                minutes=float(minutes),
                certificate_id=f"f0000000-0000-4000-8000-{number:012x}" if certified else None,
                certificate_expires_at=moment((completed or 0) + 730 * DAY) if certified else None,
            )
        )
