"""What customers learn: the account's first completion, what its other contacts add, and starts that end nowhere."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from learning_warehouse.simulation.catalog import CUSTOMER_BASICS, CUSTOMER_CERTIFICATES, EnrollmentBook
from learning_warehouse.simulation.customers import Book
from learning_warehouse.simulation.draws import (
    DAY,
    ENDS_AT,
    HOUR,
    MINUTE,
    OBSERVED_FROM,
    Entity,
    seconds,
    stream,
)
from learning_warehouse.simulation.learners import ContactBook, LearnerBook, customer_learner
from learning_warehouse.simulation.life_courses import NEVER, LifeCourses

_OPEN = seconds(OBSERVED_FROM)
_END = seconds(ENDS_AT)


@dataclass(slots=True)
class CustomerAcademy:
    """Writes customer enrollments account by account."""

    rng: Generator
    book: Book
    lives: LifeCourses
    contacts: ContactBook
    learners: LearnerBook
    enrollments: EnrollmentBook

    def teach(self) -> None:
        """Every account: a trained one gets its first completion exactly at `educated_at`, others at most unfinished starts."""
        for account in range(len(self.book)):
            gone = min(int(self.lives.churned_at[account]), _END)
            opened = max(_OPEN, int(self.book.start_day[account] + 1) * DAY)
            if int(self.lives.educated_at[account]) < NEVER:
                self._trained_account(account, opened, gone)
            elif opened + 20 * DAY < gone and self.rng.random() < 0.30:
                self._unfinished(account, opened, gone)

    def _trained_account(self, account: int, opened: int, gone: int) -> None:
        first = int(self.lives.educated_at[account])
        numbers = self._present(account, first)
        pioneer = numbers[int(self.rng.integers(len(numbers)))]
        self._path(account, pioneer, first, opened, gone)
        for number in self.contacts.of_account[account]:
            if number == pioneer or self.rng.random() > 0.50:
                continue
            begin = max(first, seconds(self.contacts.rows[number].created_at) + DAY)
            at = begin + int(self.rng.exponential(75) * DAY) // MINUTE * MINUTE + HOUR
            if at < gone and self._alive(number, at):
                self._path(account, number, at, max(begin, opened), gone)

    def _path(self, account: int, number: int, first: int, earliest: int, gone: int) -> None:
        rng = self.rng
        contact = self.contacts.rows[number]
        earliest = min(max(earliest, seconds(contact.created_at) + HOUR), first)
        added = first - int(min(first - earliest, 20 * DAY) * rng.random()) // MINUTE * MINUTE
        started = added + int((first - added) * rng.random())
        user = customer_learner(rng, self.learners, contact, number in self.contacts.shares_mailbox, added, account, self.lives)
        codes = [CUSTOMER_BASICS[i] for i in rng.permutation(len(CUSTOMER_BASICS))]
        self.enrollments.add(user, codes[0], added, started, first, int(rng.integers(20, 90)), self_enrolled=rng.random() < 0.6)
        extra = min(int(rng.poisson(1.8)), len(codes) - 1)
        at = first
        for code in codes[1 : 1 + extra]:
            at += int(rng.exponential(45) * DAY) // MINUTE * MINUTE + HOUR
            at = self._one_course(user, code, at, gone, number, finish=0.78)
        if rng.random() < 0.30:
            at += int(rng.exponential(60) * DAY) // MINUTE * MINUTE + HOUR
            self._certificate(user, CUSTOMER_CERTIFICATES[int(rng.random() < 0.4)], at, gone, number)

    def _one_course(self, user: str, code: str, added: int, gone: int, number: int, finish: float) -> int:
        rng = self.rng
        started = added + int(rng.exponential(3) * DAY) // MINUTE * MINUTE
        completed = started + int(rng.exponential(6) * DAY) // MINUTE * MINUTE + 20 * MINUTE
        done = rng.random() < finish
        if added >= gone or not self._alive(number, added):
            return added
        was_started = started < gone
        was_completed = done and completed < gone
        minutes = int(rng.integers(20, 90)) if was_completed else int(rng.integers(1, 20)) if was_started else 0
        self.enrollments.add(
            user,
            code,
            added,
            started if was_started else None,
            completed if was_completed else None,
            minutes,
            self_enrolled=rng.random() < 0.6,
        )
        return completed if was_completed else added

    def _certificate(self, user: str, code: str, added: int, gone: int, number: int) -> None:
        rng = self.rng
        for _ in range(2):
            started = added + int(rng.exponential(4) * DAY) // MINUTE * MINUTE + HOUR
            completed = started + int(rng.exponential(10) * DAY) // MINUTE * MINUTE + HOUR
            if completed >= gone or not self._alive(number, completed):
                return
            passed = rng.random() < 0.78
            score = float(rng.integers(80, 101) if passed else rng.integers(45, 80))
            self.enrollments.add(
                user,
                code,
                added,
                started,
                completed,
                int(rng.integers(60, 200)),
                score=score,
                passed=bool(passed),
                self_enrolled=True,
            )
            if passed:
                return
            added = completed + int(rng.integers(2, 30)) * DAY

    def _unfinished(self, account: int, opened: int, gone: int) -> None:
        rng = self.rng
        added = opened + int((min(gone, _END) - opened) * rng.random()) // MINUTE * MINUTE
        numbers = self._present(account, added)
        if not numbers:
            return
        number = numbers[int(rng.integers(len(numbers)))]
        contact = self.contacts.rows[number]
        user = customer_learner(rng, self.learners, contact, number in self.contacts.shares_mailbox, added, account, self.lives)
        code = CUSTOMER_BASICS[int(rng.integers(len(CUSTOMER_BASICS)))]
        self._one_course(user, code, added, gone, number, finish=0.0)

    def _present(self, account: int, at: int) -> list[int]:
        return [
            number
            for number in self.contacts.of_account[account]
            if seconds(self.contacts.rows[number].created_at) < at and self._alive(number, at)
        ]

    def _alive(self, number: int, at: int) -> bool:
        deleted = self.contacts.rows[number].deleted_at
        return deleted is None or at < seconds(deleted)


def teach_customers(
    seed: int, book: Book, lives: LifeCourses, contacts: ContactBook, learners: LearnerBook, enrollments: EnrollmentBook
) -> None:
    """Add all customer learners and their enrollments."""
    CustomerAcademy(stream(seed, Entity.CUSTOMER_LEARNING), book, lives, contacts, learners, enrollments).teach()


def first_months(lives: LifeCourses, months: list[int]) -> np.ndarray:
    """Index of the month of each account's first completion, counted from OBSERVED_FROM; a huge number if there is none."""
    return np.where(lives.educated_at >= NEVER, 10**6, np.searchsorted(np.array(months), lives.educated_at, side="right") - 1)
