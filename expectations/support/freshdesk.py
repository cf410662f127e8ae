"""Suites of Freshdesk, one per stream.

Who is told when one is red: support operations. Critical holds back the load of that stream only; the marts then show
the last good load with its age. Tickets are read by time, so the last second of a page comes twice; elsewhere a record that
is touched while we read may come twice as well, so repeats are a warning.
"""

from typing import TYPE_CHECKING

from expectations.shared import (
    columns_present,
    filled,
    filled_at_least,
    keyed_hash,
    known_values,
    not_ancient,
    not_before,
    rarely,
    unique,
)
from expectations.support.tickets import solved, tagged

if TYPE_CHECKING:
    from great_expectations.expectations import Expectation

REPEATS = 0.9  # 2026-11-22: one in a hundred repeats at page boundaries; a tenth of a load repeated means paging stands still
STATUSES = [2, 3, 4, 5, 6, 7]
PRIORITIES = [1, 2, 3, 4]
RATINGS = [103, 102, 101, 100, -101, -102, -103]


def tickets() -> "list[Expectation]":
    """Tickets with their stats, one record per ticket and change; deleted and spam ones each night."""
    return [
        columns_present(
            "id listed created_at updated_at status priority requester_id responder_id company_id tags "
            "first_responded_at reopened_at resolved_at closed_at",
            "every ticket figure",
        ),
        filled("id", "A ticket without an id cannot be told from another.", "every ticket figure"),
        filled("listed", "Without it deleted tickets would count.", "every ticket figure"),
        filled("created_at", "Without it a ticket falls into no month.", "tickets per seat"),
        filled("updated_at", "Without it the newest copy cannot be chosen.", "every ticket figure"),
        filled("status", "Without a status we cannot say whether it was solved.", "handling time"),
        filled("requester_id", "A ticket without a requester belongs to no customer.", "tickets per seat"),
        unique("id", "The same ticket came more than once.", "every ticket figure", severity="warning", mostly=REPEATS),
        known_values("status", STATUSES, "A status that was added by hand counts as other.", "handling time"),
        known_values("priority", PRIORITIES, "An unknown priority is shown as a blank.", "tickets by priority"),
        *tagged(),
        # 2026-11-22: tickets by mail from private addresses carry no company; half would be a broken rule in the help desk
        filled_at_least("company_id", 0.5, "Tickets without a company are mapped by the contact only.", "tickets per seat"),
        not_ancient("created_at", "tickets per seat"),
        not_before("updated_at", "created_at", "A ticket cannot change before it exists.", "every ticket figure"),
        not_before("first_responded_at", "created_at", "Nobody answers before the question.", "handling time"),
        *solved("status in [4, 5]", solved_at="resolved_at", agent="responder_id"),
    ]


def contacts() -> "list[Expectation]":
    """Requesters."""
    return [
        columns_present(
            "id identity_key listed email_key email_domain company_id unique_external_id active created_at updated_at",
            "matching of requesters",
        ),
        filled("id", "A contact without an id cannot be joined to tickets.", "every ticket figure"),
        filled("identity_key", "Without a key the contact cannot be matched to the CRM.", "match rate"),
        keyed_hash("identity_key"),
        keyed_hash("email_key"),
        unique("id", "The same contact came more than once.", "match rate", severity="warning", mostly=REPEATS),
        filled("listed", "Without it deleted contacts would count.", "match rate"),
        filled("created_at", "Without it the contact has no beginning.", "match rate"),
        filled("updated_at", "Without it the newest copy cannot be chosen.", "match rate"),
        # 2026-11-22: contacts made from phone calls have no address; a third is generous
        filled_at_least("email_key", 0.66, "Contacts without an address can only be matched by external id.", "match rate"),
        not_ancient("created_at", "match rate"),
        not_before("updated_at", "created_at", "A record cannot change before it exists.", "match rate"),
    ]


def agents() -> "list[Expectation]":
    """Agents, all of them each night."""
    return [
        columns_present(
            "id identity_key email_key email_domain type active created_at updated_at", "handling time of trained agents"
        ),
        filled("id", "An agent without an id cannot be joined to tickets.", "handling time of trained agents"),
        filled("identity_key", "Without a key the agent cannot be matched to HR.", "handling time of trained agents"),
        keyed_hash("identity_key"),
        keyed_hash("email_key"),
        unique(
            "id",
            "The same agent came more than once.",
            "handling time of trained agents",
            severity="warning",
            mostly=REPEATS,
        ),
        # 2026-11-22: Freshdesk asks every agent for an address; one without is a bot
        filled_at_least("email_key", 0.95, "Agents are matched by address only.", "handling time of trained agents"),
        filled("created_at", "Without it the agent has no beginning.", "match rate"),
        filled("updated_at", "Without it the newest copy cannot be chosen.", "match rate"),
        not_ancient("created_at", "match rate"),
        not_before("updated_at", "created_at", "A record cannot change before it exists.", "match rate"),
    ]


def companies() -> "list[Expectation]":
    """Customer companies of the help desk, all of them each night."""
    return [
        columns_present("id name external_id domains created_at updated_at", "tickets per account"),
        filled("id", "A company without an id cannot be joined to tickets.", "tickets per account"),
        unique("id", "The same company came more than once.", "tickets per account", severity="warning", mostly=REPEATS),
        filled("created_at", "Without it the company has no beginning.", "tickets per account"),
        filled("updated_at", "Without it the newest copy cannot be chosen.", "tickets per account"),
        filled("name", "A company without a name cannot be looked up.", "tickets per account", severity="warning"),
        # 2026-11-22: the account id is a custom field; under a third filled, the field was renamed or the sync stopped
        filled_at_least("external_id", 0.33, "Companies without it are mapped by domain only.", "tickets per account"),
        not_ancient("created_at", "tickets per account"),
        not_before("updated_at", "created_at", "A record cannot change before it exists.", "tickets per account"),
    ]


def satisfaction_ratings() -> "list[Expectation]":
    """Ratings that customers gave on solved tickets."""
    return [
        columns_present("id ticket_id rating created_at updated_at", "ticket satisfaction"),
        filled("id", "A rating without an id cannot be told from another.", "ticket satisfaction"),
        filled("ticket_id", "A rating without its ticket says nothing about anybody.", "ticket satisfaction"),
        unique("id", "The same rating came more than once.", "ticket satisfaction", severity="warning", mostly=REPEATS),
        filled("rating", "A rating without a number is not a rating.", "ticket satisfaction"),
        known_values("rating", RATINGS, "A number we do not know counts as not rated.", "ticket satisfaction"),
        # 2026-11-22: happy customers are the majority everywhere; more than half of the worst mark is a swapped scale
        rarely(
            "rating",
            [-103],
            0.5,
            red="{share} of ticket ratings are the worst mark (usual: under 10 %)",
            means="Either something went very wrong or the scale was swapped.",
            touches="ticket satisfaction",
        ),
        filled("created_at", "Without it a rating falls into no month.", "ticket satisfaction"),
        filled("updated_at", "Without it the newest copy cannot be chosen.", "ticket satisfaction"),
        not_ancient("created_at", "ticket satisfaction"),
        not_before("updated_at", "created_at", "A rating cannot change before it exists.", "ticket satisfaction"),
    ]
