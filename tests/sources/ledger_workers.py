"""What the ledger knows of the workforce at a moment, for the tests that compare an HRIS with it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time

from learning_warehouse.simulation.ledger import Employee, Job, Ledger, Spell


def began(day: date | None, now: datetime) -> bool:
    """Whether a day that the ledger names has come: days begin at midnight UTC."""
    return day is not None and datetime.combine(day, time(), UTC) < now


def people(company: Ledger, now: datetime) -> Iterator[tuple[Employee, list[Spell], list[Job]]]:
    """Every worker hired by now and not deleted, with the spells and jobs begun by then."""
    for worker in company.employees:
        spells = sorted((spell for spell in worker.spells if began(spell.hired, now)), key=lambda spell: spell.hired)
        jobs = sorted((job for job in worker.jobs if began(job.start, now)), key=lambda job: job.start)
        if spells and not (worker.deleted_from_hris_at and worker.deleted_from_hris_at < now):
            yield worker, spells, jobs
