"""All signals of the simulated company beside check-ins, coaching and pilot, drawn on a finished ledger.

Each theme has a random stream of its own, so nothing here changes who is hired, who learns or which customer leaves.
"""

from learning_warehouse.simulation.coaching_drive import INTERACTION, build_drive, lifted
from learning_warehouse.simulation.employee_learning import AgentSkills
from learning_warehouse.simulation.first_value import PATH_RATIO, offer_path
from learning_warehouse.simulation.gaming import burst_before_due
from learning_warehouse.simulation.growth import add_growth
from learning_warehouse.simulation.kpis import AUDIT_GAIN, build_kpis
from learning_warehouse.simulation.leavers import TURNOVER_RATIO, last_learning_day, learns, never_choose, quiet_leavers
from learning_warehouse.simulation.ledger import Ledger, Truth
from learning_warehouse.simulation.practice import build_evidence, build_practice
from learning_warehouse.simulation.registers import PATH_ROLLED_OUT, add_registers
from learning_warehouse.simulation.sales import Pilot
from learning_warehouse.simulation.scene import build_scene
from learning_warehouse.simulation.sessions import VOLUNTARY_CHANGE, build_sessions
from learning_warehouse.simulation.signal_learning import collect_completions
from learning_warehouse.simulation.surveys import build_surveys
from learning_warehouse.simulation.team_life import add_team_life
from learning_warehouse.simulation.workforce import Workforce


def add_signals(seed: int, ledger: Ledger, workforce: Workforce, skills: AgentSkills, pilot: Pilot) -> None:
    """Fill every signal stream of the ledger; learning of leavers, one due date and first value change as planted."""
    scene = build_scene(workforce)
    numbers = {employee: person for person, employee in enumerate(scene.ids)}
    persons = {row.user_id: numbers[row.employee_id] for row in ledger.learners if row.employee_id in numbers}
    until = last_learning_day(seed, scene)
    ledger.accounts = offer_path(seed, ledger.accounts, PATH_ROLLED_OUT)
    quiet = quiet_leavers(ledger.enrollments, ledger.courses, persons, until, never_choose(seed, len(scene.ids)))
    ledger.enrollments = burst_before_due(seed, quiet, ledger.courses, persons, scene)
    done = collect_completions(ledger.enrollments, ledger.courses, persons)
    drive = build_drive(seed, scene, done.first_chosen())
    ledger.coaching_events = ledger.coaching_events + drive.talks
    ledger.practice_tasks = build_practice(seed, scene, done, drive, pilot)
    gains = lifted(drive, scene, ledger.coaching_events, ledger.practice_tasks)
    ledger.application_evidence = build_evidence(seed, scene, done, drive, gains, pilot)
    ledger.kpi_observations = build_kpis(seed, scene, drive, gains, skills)
    ledger.learning_sessions = build_sessions(seed, scene, learns(scene, until))
    ledger.survey_responses = build_surveys(seed, scene, done)
    add_team_life(seed, scene, ledger)
    add_growth(seed, scene, done, ledger)
    add_registers(seed, scene, ledger)
    ledger.expected_match_rate += _recognized(ledger)


def _recognized(ledger: Ledger) -> float:
    """The share of real LMS users at the first night whom only a decision by hand gives a person."""
    real = {row.user_id for row in ledger.learners if not row.is_test and row.created_at < ledger.first_night}
    told = {
        row.source_identity_id for row in ledger.identity_overrides if row.person_source and row.decided_at < ledger.first_night
    }
    return len(real & told) / len(real)


def signal_truths() -> list[Truth]:
    """The effects planted in signals, one per question the marts answer with them."""
    return [
        Truth(
            "coaching_practice_interaction",
            "points of work quality that coaching and practice add only together",
            "points",
            INTERACTION,
            True,
        ),
        Truth(
            "turnover_learning", "people who learn leave on their own wish at this rate ratio", "rate_ratio", TURNOVER_RATIO, True
        ),
        Truth(
            "first_value_path",
            "accounts offered the onboarding path reach first value at this hazard ratio",
            "rate_ratio",
            PATH_RATIO,
            True,
        ),
        Truth(
            "policy_voluntary",
            "change of credited voluntary minutes when the hours policy ended",
            "share",
            VOLUNTARY_CHANGE,
            True,
        ),
        Truth("role_performance", "points of the audit score that agents gain by training", "points", AUDIT_GAIN, True),
    ]
