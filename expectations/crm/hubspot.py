"""Suites of HubSpot, one per stream.

Who is told when one is red: sales operations. Critical holds back the load of that stream only. Objects are read in order
of their id, so a search repeats none; an object that is archived while we read comes from both lists.
"""

from typing import TYPE_CHECKING

from expectations.crm.customers import strata
from expectations.shared import (
    between,
    columns_present,
    filled,
    filled_at_least,
    filled_where,
    keyed_hash,
    known_values,
    matches,
    not_ancient,
    not_before,
    unique,
    unique_together,
)

if TYPE_CHECKING:
    from great_expectations.expectations import Expectation

REPEATED = "Only an object that is archived while we read comes twice."
REPEATS = 0.9  # 2026-11-22: a handful of objects is archived in an hour; a tenth of a load repeated means steps that overlap
NUMBER = r"^\d+$"


def companies() -> "list[Expectation]":
    """Customer companies."""
    return [
        columns_present(
            "id archived created_at updated_at name domain owner_id merged_object_ids external_id segment plan "
            "early_health_band early_health_band_date churned_date first_value_date",
            "customer education",
        ),
        filled("id", "A company without an id cannot be joined.", "every customer figure"),
        unique("id", REPEATED, "every customer figure", severity="warning", mostly=REPEATS),
        filled("created_at", "Without it the company has no beginning.", "customer education"),
        filled("updated_at", "Without it the newest copy cannot be chosen.", "freshness of companies"),
        filled_at_least("name", 0.99, "Companies without a name cannot be recognized as test companies.", "customer education"),
        *strata("Companies"),
        between("numberofemployees", 0, 5_000_000, "No company is that large.", "segments"),
        not_ancient("created_at", "customer education"),
        not_before("updated_at", "created_at", "A record cannot change before it exists.", "freshness of companies"),
    ]


def contacts() -> "list[Expectation]":
    """People at the customers, also archived ones."""
    return [
        columns_present(
            "id identity_key archived archived_at created_at updated_at email_key email_domain jobtitle company_id "
            "merged_object_ids external_id",
            "customer education",
        ),
        filled("id", "A contact without an id cannot be matched.", "customer education"),
        filled("identity_key", "Without a key the contact is nobody in the warehouse.", "match rate"),
        keyed_hash("identity_key"),
        keyed_hash("email_key"),
        unique("id", REPEATED, "customer education", severity="warning", mostly=REPEATS),
        filled("created_at", "Without it the contact has no beginning.", "customer education"),
        filled("updated_at", "Without it the newest copy cannot be chosen.", "freshness of contacts"),
        # 2026-11-22: private contacts have no company; a tenth is more than sales operations reports
        filled_at_least("company_id", 0.9, "A contact without a company trains nobody's customer.", "trained customers"),
        filled_at_least("email_key", 0.75, "Contacts without an address can only be matched by external id.", "match rate"),
        not_ancient("created_at", "customer education"),
        not_before("updated_at", "created_at", "A record cannot change before it exists.", "freshness of contacts"),
        filled_where("archived_at", "archived == True", "archived", "Without the time we cannot say since when.", "match rate"),
    ]


def deals() -> "list[Expectation]":
    """Deals, open and closed, and contracts."""
    return [
        columns_present(
            "id archived created_at updated_at pipeline dealstage dealtype owner_id amount deal_currency_code closedate "
            "is_closed is_won contract_start_date contract_end_date contract_term_months paid_seats annual_value",
            "win rate",
        ),
        filled("id", "A deal without an id cannot be told from another.", "win rate"),
        unique("id", REPEATED, "win rate", severity="warning", mostly=REPEATS),
        filled("created_at", "Without it the deal has no beginning.", "win rate"),
        filled("updated_at", "Without it the newest copy cannot be chosen.", "freshness of deals"),
        # 2026-11-22: every deal lies in a pipeline; without it contracts and sales cannot be told apart
        filled_at_least("pipeline", 0.99, "Without it contracts count as sales.", "win rate"),
        known_values(
            "dealtype", ["newbusiness", "renewal", "existingbusiness"], "An unknown type is left out of the win rate.", "win rate"
        ),
        between("amount", 0, 1e9, "Amounts are positive and below a billion.", "win rate"),
        between("paid_seats", 1, 1_000_000, "A contract of no seat or a million is a slip.", "tickets per seat"),
        between("annual_value", 0, 1e9, "Values are positive and below a billion.", "recurring revenue"),
        between("contract_term_months", 1, 120, "A term is counted in months.", "renewals"),
        matches(
            "deal_currency_code",
            "^[A-Z]{3}$",
            "Currencies are three capital letters.",
            "Amounts without a currency are never added up.",
            "win rate",
            severity="warning",
        ),
        filled_where(
            "closedate",
            "is_closed == True",
            "closed",
            "Without the time a closed deal falls into no horizon.",
            "pilot on discovery calls",
            mostly=0.95,
        ),
        # 2026-11-22: seats are the denominator of every ticket rate; sales operations accepts five in a hundred without
        filled_where(
            "paid_seats",
            "pipeline == 'contracts'",
            "contracts",
            "Without seats a customer has no ticket rate.",
            "tickets per seat",
            mostly=0.95,
        ),
        not_ancient("created_at", "win rate"),
        not_before("contract_end_date", "contract_start_date", "A contract cannot end before it starts.", "renewals"),
        not_before("updated_at", "created_at", "A record cannot change before it exists.", "freshness of deals"),
    ]


def owners() -> "list[Expectation]":
    """Users who own companies and deals, all of them each night."""
    return [
        columns_present(
            "id identity_key email_key email_domain user_id archived created_at updated_at", "account owner training"
        ),
        filled("id", "An owner without an id owns nothing.", "account owner training"),
        filled("identity_key", "Without a key the owner cannot be matched to HR.", "account owner training"),
        keyed_hash("identity_key"),
        keyed_hash("email_key"),
        unique("id", REPEATED, "account owner training", severity="warning", mostly=REPEATS),
        filled("created_at", "Without it the owner has no beginning.", "account owner training"),
        filled("updated_at", "Without it the newest copy cannot be chosen.", "freshness of owners"),
        # 2026-11-22: owners are users with a login, which is an address
        filled_at_least("email_key", 0.95, "Owners are matched by address only.", "match rate"),
        not_ancient("created_at", "account owner training"),
        not_before("updated_at", "created_at", "A record cannot change before it exists.", "freshness of owners"),
    ]


def company_owners() -> "list[Expectation]":
    """Every owner that a changed company ever had."""
    return [
        columns_present("id updated_at owner_history", "account owner training"),
        filled("id", "A history without its company belongs to nobody.", "account owner training"),
        unique("id", REPEATED, "account owner training", severity="warning", mostly=REPEATS),
        filled("updated_at", "Without it the newest copy cannot be chosen.", "account owner training"),
        # 2026-11-22: customers nobody looks after are rare; a tenth without any owner is a property that was renamed
        filled_at_least(
            "owner_history", 0.9, "Without it nobody's training can count for the company.", "account owner training"
        ),
        not_ancient("updated_at", "account owner training"),
    ]


def contact_companies() -> "list[Expectation]":
    """Which contact belongs to which company, all links each night."""
    return _links("trained customers")


def deal_companies() -> "list[Expectation]":
    """Which deal belongs to which company, all links each night."""
    return _links("win rate by customer")


def _links(touches: str) -> "list[Expectation]":
    return [
        columns_present("from_object_id to_object_id association_types", touches),
        filled("from_object_id", "A link that starts nowhere links nothing.", touches),
        filled("to_object_id", "A link that ends nowhere links nothing.", touches),
        unique_together(
            ["from_object_id", "to_object_id"], "One link with all its labels comes once.", touches, severity="warning"
        ),
        filled("association_types", "Without it the main company of several cannot be told.", touches, severity="warning"),
        matches(
            "to_object_id",
            NUMBER,
            "to_object_id is a number.",
            "HubSpot's ids are whole numbers; anything else joins to nothing.",
            touches,
        ),
    ]
