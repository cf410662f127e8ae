"""One simulated company: every fact of its people, customers, learning, tickets, deals and signals, from one seed.

`simulate` depends only on seed and size. Each kind of entity has its own random stream. Facts run from before
OBSERVED_FROM to ENDS_AT; later nights look further into the same ledger.
"""

from learning_warehouse.simulation import sales
from learning_warehouse.simulation.account_rows import account_rows, add_special_accounts
from learning_warehouse.simulation.catalog import EnrollmentBook, courses
from learning_warehouse.simulation.customer_learning import teach_customers
from learning_warehouse.simulation.customers import build_book, build_ownership
from learning_warehouse.simulation.draws import ENDS_AT, FIRST_NIGHT, OBSERVED_FROM, Entity, month_starts, seconds, stream
from learning_warehouse.simulation.employee_learning import build_agent_skills, teach_employees
from learning_warehouse.simulation.help_desk import build_help_desk
from learning_warehouse.simulation.learners import (
    LearnerBook,
    add_employee_learners,
    add_test_learners,
    build_contacts,
    expected_match_rate,
)
from learning_warehouse.simulation.ledger import Ledger, Truth
from learning_warehouse.simulation.life_courses import CHURN_RATIO, OWNER_RATIO, live
from learning_warehouse.simulation.signal_book import add_signals, signal_truths
from learning_warehouse.simulation.signals import build_checkins, build_coaching
from learning_warehouse.simulation.tickets import HANDLING_HOURS, HOW_TO_RATIO, solve_tickets
from learning_warehouse.simulation.workforce import build_workforce


def simulate(seed: int, employees: int = 1500, accounts: int = 2000) -> Ledger:
    """The whole ledger of company `halden` for a seed and a size; the same arguments always give the same facts."""
    workforce = build_workforce(seed, employees)
    book = build_book(seed, accounts)
    ownership = build_ownership(seed, book, workforce)
    lives = live(seed, book, ownership)
    contracts, seats = sales.build_contracts(seed, book, lives, month_starts())
    contacts = build_contacts(seed, book)

    learners = LearnerBook()
    add_employee_learners(stream(seed, Entity.LEARNERS), learners, workforce.employees)
    catalog = courses()
    enrollments = EnrollmentBook({course.code: course for course in catalog})
    skills = build_agent_skills(seed, workforce)
    teach_employees(seed, workforce, learners, enrollments, skills, ownership.trained_at)
    teach_customers(seed, book, lives, contacts, learners, enrollments)
    add_test_learners(learners, seconds(OBSERVED_FROM))

    desk = build_help_desk(seed, book, contacts, workforce)
    pilot = sales.build_pilot(seed, workforce)
    ledger = Ledger(
        company_id="halden",
        company_name="Halden",
        seed=seed,
        observed_from=OBSERVED_FROM,
        first_night=FIRST_NIGHT,
        ends_at=ENDS_AT,
        employees=workforce.employees,
        courses=catalog,
        learners=learners.rows,
        enrollments=enrollments.rows,
        accounts=account_rows(seed, book, lives, ownership),
        contacts=contacts.rows,
        crm_users=sales.build_crm_users(seed, workforce),
        contracts=contracts,
        opportunities=sales.build_opportunities(seed, book, lives, ownership, workforce, pilot),
        organizations=desk.organizations,
        support_users=desk.users,
        tickets=solve_tickets(seed, book, lives, seats, desk, workforce, skills),
        coaching_events=build_coaching(seed, workforce, pilot),
        checkins=build_checkins(seed, workforce),
        pilot_assignments=pilot.assignments,
        truths=truths(),
        expected_match_rate=expected_match_rate(learners, seconds(FIRST_NIGHT)),
    )
    add_signals(seed, ledger, workforce, skills, pilot)
    add_special_accounts(seed, ledger)
    return ledger


def truths() -> list[Truth]:
    """The planted effects, one per question the marts answer."""
    return [
        Truth("churn", "trained customers leave at this rate ratio", "rate_ratio", CHURN_RATIO, True),
        Truth("how_to", "how-to tickets per paid seat after training, as a rate ratio", "rate_ratio", HOW_TO_RATIO, True),
        Truth("owner_churn", "accounts of trained owners leave at this rate ratio", "rate_ratio", OWNER_RATIO, True),
        Truth("handling_time", "hours a trained agent needs less for a ticket of the category", "hours", HANDLING_HOURS, True),
        Truth("pilot", "gain in win rate of coached teams within 90 days", "share", sales.PILOT_GAIN, False),
        *signal_truths(),
    ]
