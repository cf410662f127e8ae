"""Suites of Salesforce, one per stream.

Who is told when one is red: sales operations. Critical holds back the load of that stream only. One query answers with each
record once, so a repeated id means that the result moved under us and the load cannot be trusted.
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
)

if TYPE_CHECKING:
    from great_expectations.expectations import Expectation

REPEATED = "One query gives each record once; a repeat means the result moved while we read."
CURRENCY = "^[A-Z]{3}$"


def accounts() -> "list[Expectation]":
    """Customer accounts, also deleted and merged ones."""
    return [
        columns_present(
            "id is_deleted master_record_id name owner_id website segment plan early_health_band "
            "early_health_band_date churned_date first_value_date created_date system_modstamp",
            "customer education",
        ),
        filled("id", "An account without an id cannot be joined.", "every customer figure"),
        unique("id", REPEATED, "every customer figure"),
        filled("created_date", "Without it the account has no beginning.", "customer education"),
        filled("system_modstamp", "Without it the next night cannot tell what changed.", "freshness of accounts"),
        filled_at_least("name", 0.99, "Accounts without a name cannot be recognized as test accounts.", "customer education"),
        *strata("Accounts"),
        between("number_of_employees", 0, 5_000_000, "No company is that large.", "segments"),
        not_ancient("created_date", "customer education"),
        not_before("system_modstamp", "created_date", "A record cannot change before it exists.", "freshness of accounts"),
        filled_where(
            "is_deleted",
            "master_record_id == master_record_id",
            "merged",
            "A merged account must be marked deleted.",
            "accounts counted once",
        ),
    ]


def account_history() -> "list[Expectation]":
    """Changes of account owners."""
    return [
        columns_present("id account_id field old_value new_value created_date", "account owner training"),
        filled("id", "A change without an id cannot be told from another.", "account owner training"),
        unique("id", REPEATED, "account owner training"),
        filled("account_id", "A change without its account belongs to nobody.", "account owner training"),
        filled("field", "Without the field we cannot say what changed.", "account owner training"),
        filled("created_date", "Without the time we cannot say who owned the account when.", "account owner training"),
        known_values("field", ["Owner"], "Only owner changes are read; others are ignored.", "account owner training"),
        # 2026-11-21: the first owner of an account has no predecessor, so old_value is not asked; a new owner always exists
        filled_at_least("new_value", 0.95, "Owner changes to nobody leave accounts unowned.", "account owner training"),
        not_ancient("created_date", "account owner training"),
    ]


def contacts() -> "list[Expectation]":
    """People at the customers: the canonical customer learners."""
    return [
        columns_present(
            "id identity_key is_deleted master_record_id account_id email_key email_domain title created_date system_modstamp",
            "customer education",
        ),
        filled("id", "A contact without an id cannot be matched.", "customer education"),
        filled("identity_key", "Without a key the contact is nobody in the warehouse.", "match rate"),
        keyed_hash("identity_key"),
        keyed_hash("email_key"),
        unique("id", REPEATED, "customer education"),
        filled("created_date", "Without it the contact has no beginning.", "customer education"),
        filled("system_modstamp", "Without it the next night cannot tell what changed.", "freshness of contacts"),
        # 2026-11-21: private contacts have no account; a tenth is more than sales operations reports
        filled_at_least("account_id", 0.9, "A contact without an account trains nobody's customer.", "trained customers"),
        filled_at_least("email_key", 0.75, "Contacts without an address can only be matched by external id.", "match rate"),
        not_ancient("created_date", "customer education"),
        not_before("system_modstamp", "created_date", "A record cannot change before it exists.", "freshness of contacts"),
    ]


def users() -> "list[Expectation]":
    """Users of the CRM: account owners and sellers."""
    return [
        columns_present(
            "id identity_key email_key employee_number is_active created_date system_modstamp", "account owner training"
        ),
        filled("id", "A user without an id owns nothing.", "account owner training"),
        filled("identity_key", "Without a key the user cannot be matched to HR.", "account owner training"),
        keyed_hash("identity_key"),
        keyed_hash("email_key"),
        unique("id", REPEATED, "account owner training"),
        filled("created_date", "Without it the user has no beginning.", "account owner training"),
        filled("system_modstamp", "Without it the next night cannot tell what changed.", "freshness of CRM users"),
        # 2026-11-21: the rest is matched by mail; under a quarter the integration with HR has stopped
        filled_at_least("employee_number", 0.25, "Users without a number are matched by mail only.", "match rate"),
        not_ancient("created_date", "account owner training"),
        not_before("system_modstamp", "created_date", "A record cannot change before it exists.", "freshness of CRM users"),
    ]


def opportunities() -> "list[Expectation]":
    """Deals, open and closed."""
    return [
        columns_present(
            "id is_deleted account_id owner_id stage_name type amount currency_iso_code closed_at is_closed "
            "is_won created_date system_modstamp",
            "win rate",
        ),
        filled("id", "A deal without an id cannot be told from another.", "win rate"),
        unique("id", REPEATED, "win rate"),
        filled("account_id", "A deal without an account belongs to no customer.", "win rate"),
        filled("created_date", "Without it the deal has no beginning.", "win rate"),
        filled("system_modstamp", "Without it the next night cannot tell what changed.", "freshness of deals"),
        # 2026-11-21: a deal without an owner counts for no pilot team
        filled_at_least("owner_id", 0.95, "A deal without an owner counts for no seller.", "pilot on discovery calls"),
        known_values(
            "type", ["New Business", "Renewal", "Expansion"], "An unknown type is left out of the win rate.", "win rate"
        ),
        between("amount", 0, 1e9, "Amounts are positive and below a billion.", "win rate"),
        matches(
            "currency_iso_code",
            CURRENCY,
            "Currencies are three capital letters.",
            "Amounts without a currency are never added up.",
            "win rate",
            severity="warning",
        ),
        filled_where(
            "closed_at",
            "is_closed == True",
            "closed",
            "Without the time a closed deal falls into no horizon.",
            "pilot on discovery calls",
            mostly=0.95,
        ),
        not_ancient("created_date", "win rate"),
        not_before("closed_at", "created_date", "A deal cannot close before it exists.", "win rate"),
        not_before("system_modstamp", "created_date", "A record cannot change before it exists.", "freshness of deals"),
    ]


def contracts() -> "list[Expectation]":
    """Contracts: paid seats and yearly value of accounts over time."""
    return [
        columns_present(
            "id is_deleted account_id status start_date end_date contract_term paid_seats annual_value "
            "currency_iso_code created_date system_modstamp",
            "tickets per seat",
        ),
        filled("id", "A contract without an id cannot be told from another.", "tickets per seat"),
        unique("id", REPEATED, "tickets per seat"),
        filled("account_id", "A contract without an account belongs to nobody.", "tickets per seat"),
        filled("start_date", "Without a start the account has no age.", "trained customers stay longer"),
        filled("created_date", "Without it the contract has no beginning.", "tickets per seat"),
        filled("system_modstamp", "Without it the next night cannot tell what changed.", "freshness of contracts"),
        # 2026-11-21: seats are the denominator of every ticket rate; sales operations accepts five in a hundred without
        filled_at_least("paid_seats", 0.95, "Without seats an account has no ticket rate.", "tickets per seat"),
        filled_at_least("annual_value", 0.9, "Without a value an account has no recurring revenue.", "recurring revenue"),
        between("paid_seats", 1, 1_000_000, "A contract of no seat or a million is a slip.", "tickets per seat"),
        between("annual_value", 0, 1e9, "Values are positive and below a billion.", "recurring revenue"),
        between("contract_term", 1, 120, "A term is counted in months.", "renewals"),
        matches(
            "currency_iso_code",
            CURRENCY,
            "Currencies are three capital letters.",
            "Values without a currency are never added up.",
            "recurring revenue",
            severity="warning",
        ),
        not_ancient("start_date", "trained customers stay longer"),
        not_before("end_date", "start_date", "A contract cannot end before it starts.", "renewals"),
        not_before("system_modstamp", "created_date", "A record cannot change before it exists.", "freshness of contracts"),
    ]
