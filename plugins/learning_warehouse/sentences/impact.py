"""DID IT MATTER? Sentences about customers, account owners and pilots, from the impact marts."""

from typing import Any

from learning_warehouse.facts import Marts, NotThere, same
from learning_warehouse.sentences.base import (
    TIER_PHRASES,
    Builder,
    Finding,
    Parts,
    change,
    change_interval,
    effect_row,
    excludes,
    withheld,
)

EDUCATION, OWNERS, PILOTS, MONTHS = (
    "impact_customer_education",
    "impact_account_owner_training",
    "impact_pilot_effects",
    "impact_account_months",
)
CHURN = "outcome = 'churn' and is_headline"
HOW_TO = "outcome = 'how_to_tickets' and is_headline"


def customers_leaving(marts: Marts) -> list[Finding]:
    """Whether trained customers stay longer."""
    row = effect_row(marts, EDUCATION, CHURN)
    refused = withheld("churn", "Whether trained customers stay longer", row, EDUCATION, CHURN)
    if refused:
        return [refused]
    parts: Parts
    counts = (marts.fact(EDUCATION, "n_units", CHURN), " accounts, ", marts.fact(EDUCATION, "n_events", CHURN), " left")
    common = {
        "tier": row["tier"],
        "mart": EDUCATION,
        "row_filter": CHURN,
        "n": row["n_units"],
        "interval": (row["ci_low"], row["ci_high"]),
    }
    if not excludes(row, 1):
        parts = (
            "Trained customers may leave less or more often than comparable untrained ones: the data fit anything from ",
            change(marts, EDUCATION, CHURN, "ci_low", "signed_percent"), " to ", change(marts, EDUCATION, CHURN, "ci_high", "signed_percent"),
            " (", *counts, "): no difference can be told yet.",
        )  # fmt: skip
        return [Finding("churn", "matter", parts, is_headline=True, **common)]
    fewer = row["estimate"] < 1
    parts = (
        "Trained customers left ", change(marts, EDUCATION, CHURN, "estimate"), f" {'less' if fewer else 'more'} often than comparable untrained ones; the data fit ",
        *change_interval(marts, EDUCATION, CHURN, fewer), " (", *counts, f"): {TIER_PHRASES[row['tier']]}.",
    )  # fmt: skip
    found = [Finding("churn", "matter", parts, naive=_naive_churn(marts, fewer), is_headline=True, **common)]
    if row.get("more_stay_per_100") is not None and fewer:
        stay = [
            marts.fact(EDUCATION, column, CHURN, "whole")
            for column in ("more_stay_per_100", "more_stay_per_100_low", "more_stay_per_100_high")
        ]
        parts = ("Of every hundred such accounts about ", stay[0], " more stay each year (", stay[1], " to ", stay[2], ").")
        found.append(Finding("churn_in_accounts", "matter", parts, **common))
    return [*found, *_other_definitions(marts, row["tier"])]


def _other_definitions(marts: Marts, tier: str) -> list[Finding]:
    """The same comparison under the other definitions of trained, which always stand beside the headline."""
    parts: Parts = ("Under other definitions of trained:",)
    for definition, words in (("share", "when enough contacts are trained"), ("certified", "when a contact is certified")):
        where = f"outcome = 'churn' and method = 'person_time' and {same('definition', definition)}"
        rows = marts.rows(EDUCATION, where)
        if len(rows) != 1:
            continue
        joint = ";" if len(parts) > 1 else ""
        if rows[0]["state"] != "reads":
            parts = (*parts, f"{joint} {words}, not shown ({rows[0]['withheld_reason']})")
            continue
        low, high = (change(marts, EDUCATION, where, column, "signed_percent") for column in ("ci_low", "ci_high"))
        parts = (
            *parts,
            f"{joint} {words}, ",
            change(marts, EDUCATION, where, "estimate", "signed_percent"),
            " (",
            low,
            " to ",
            high,
            ")",
        )
    return [Finding("churn_definitions", "matter", (*parts, "."), tier, EDUCATION, "outcome = 'churn'")] if len(parts) > 1 else []


def _naive_churn(marts: Marts, fewer: bool) -> Parts:
    naive = change(marts, EDUCATION, CHURN, "naive_estimate")
    if (naive.value < 0) != fewer:
        return (
            "Do not quote the plain comparison (",
            change(marts, EDUCATION, CHURN, "naive_estimate", "signed_percent"),
            "): it even points the other way.",
        )
    return (
        "Do not quote ",
        naive,
        ", the plain comparison: accounts that stay longer have more time to train, and healthy ones train more.",
    )


def customers_asking(marts: Marts) -> list[Finding]:
    """Whether trained customers ask fewer how-to questions."""
    row = effect_row(marts, EDUCATION, HOW_TO)
    refused = withheld("how_to", "Whether trained customers ask fewer how-to questions", row, EDUCATION, HOW_TO)
    if refused:
        return [refused]
    fewer = row["estimate"] < 1
    parts: Parts
    naive: Parts = ()
    common = {
        "tier": row["tier"],
        "mart": EDUCATION,
        "row_filter": HOW_TO,
        "n": row["n_treated"],
        "interval": (row["ci_low"], row["ci_high"]),
    }
    if not excludes(row, 1):
        parts = ("How-to questions per paid seat: no difference can be told yet; the data fit anything from ", change(marts, EDUCATION, HOW_TO, "ci_low", "signed_percent"),
                 " to ", change(marts, EDUCATION, HOW_TO, "ci_high", "signed_percent"), ".")  # fmt: skip
        return [Finding("how_to", "matter", parts, is_headline=True, **common)]
    parts = (
        "After training, customers asked ", change(marts, EDUCATION, HOW_TO, "estimate"), f" {'fewer' if fewer else 'more'} how-to questions per paid seat (",
        *change_interval(marts, EDUCATION, HOW_TO, fewer), "; ", marts.fact(EDUCATION, "n_treated", HOW_TO), f" accounts trained): {TIER_PHRASES[row['tier']]}.",
    )  # fmt: skip
    if row["naive_estimate"] is not None:
        naive = (
            "Do not quote ",
            change(marts, EDUCATION, HOW_TO, "naive_estimate", "signed_percent"),
            ", the plain comparison: accounts with many questions are the ones that train.",
        )
    found = [Finding("how_to", "matter", parts, naive=naive, is_headline=True, **common)]
    if row.get("negative_control_estimate") is not None:
        low, high = (change(marts, EDUCATION, HOW_TO, f"negative_control_{end}", "signed_percent") for end in ("low", "high"))
        good = row["negative_control_low"] <= 1 <= row["negative_control_high"]
        parts = ("Defects, which training cannot change: ", change(marts, EDUCATION, HOW_TO, "negative_control_estimate", "signed_percent"),
                 " (", low, " to ", high, f"). {'Good: that is no change.' if good else 'Careful: they changed as well.'}")  # fmt: skip
        found.append(Finding("defects", "matter", parts, **common))
    return found


def owners_trained(marts: Marts) -> list[Finding]:
    """Whether customers of trained account owners stay longer."""
    where = "outcome = 'churn' and is_headline"
    row = effect_row(marts, OWNERS, where)
    refused = withheld("owners", "Whether customers of trained account owners stay longer", row, OWNERS, where)
    if refused:
        return [refused]
    parts: Parts
    common = {
        "tier": row["tier"],
        "mart": OWNERS,
        "row_filter": where,
        "n": row["n_units"],
        "interval": (row["ci_low"], row["ci_high"]),
    }
    if not excludes(row, 1):
        low, high = (change(marts, OWNERS, where, column, "signed_percent") for column in ("ci_low", "ci_high"))
        parts = (
            "Customers of trained account owners: no difference in leaving can be told yet; the data fit anything from ",
            low,
            " to ",
            high,
            ".",
        )
        return [Finding("owners", "matter", parts, **common)]
    fewer = row["estimate"] < 1
    parts = ("Customers of trained account owners left ", change(marts, OWNERS, where, "estimate"), f" {'less' if fewer else 'more'} often (",
             *change_interval(marts, OWNERS, where, fewer), f"): {TIER_PHRASES[row['tier']]}.")  # fmt: skip
    return [Finding("owners", "matter", parts, **common)]


def pilots(marts: Marts) -> list[Finding]:
    """Pilots drawn by lot."""
    found = []
    for row in marts.rows(PILOTS, "is_headline", "*", "order by pilot_id, horizon_days"):
        where = f"{same('pilot_id', row['pilot_id'])} and is_headline and {same('outcome', row['outcome'])}"
        name = row.get("pilot_name") or row["pilot_id"]
        refused = withheld(f"pilot_{row['pilot_id']}", f'Pilot "{name}"', row, PILOTS, where)
        if row["state"] in ("not_due", "too_few", "nothing_recorded"):
            found.append(_pilot_to_come(marts, row, where, str(name)))
        elif refused:
            found.append(refused)
        else:
            found.append(_pilot_answer(marts, row, where, str(name)))
    if not found:
        raise NotThere("not shown, no pilot is registered in company.yml")
    return found


def _pilot_answer(marts: Marts, row: dict[str, Any], where: str, name: str) -> Finding:
    ends = [marts.fact(PILOTS, column, where, "signed_percent") for column in ("ci_low", "ci_high")]
    teams = (marts.fact(PILOTS, "n_treated", where), " v ", marts.fact(PILOTS, "n_control", where), " teams")
    outcome = str(row["outcome"]).replace("_", " ")
    parts: Parts
    if excludes(row, 0):
        better = row["estimate"] > 0
        parts = (f'Pilot "{name}" {"raised" if better else "lowered"} the {outcome} by ', marts.fact(PILOTS, "estimate", where, "points"),
                 " (", ends[0], " to ", ends[1], "; ", *teams, f"): {TIER_PHRASES[row['tier']]}.")  # fmt: skip
    else:
        parts = (
            f'Pilot "{name}": no difference in {outcome} can be told; the data fit ',
            ends[0],
            " to ",
            ends[1],
            " (",
            *teams,
            ").",
        )
    return Finding(f"pilot_{row['pilot_id']}", "matter", parts, row["tier"], PILOTS, where, is_headline=True)


def _pilot_to_come(marts: Marts, row: dict[str, Any], where: str, name: str) -> Finding:
    parts: Parts = (f'Pilot "{name}": {row["withheld_reason"] or "too early"}.',)
    if row["state"] == "not_due" and row.get("due_at") is not None:
        parts = (f'Pilot "{name}": main answer on ', marts.fact(PILOTS, "due_at", where, "date"))
        if row.get("detectable_effect") is not None:
            teams = marts.fact(PILOTS, "n_treated + n_control", where, "count", "n_treated")
            parts = (
                *parts,
                "; ",
                teams,
                " teams can show a gain of ",
                marts.fact(PILOTS, "detectable_effect", where, "points"),
                ", not less",
            )
        parts = (*parts, ".")
    return Finding(f"pilot_{row['pilot_id']}", "early", parts, "withheld", PILOTS, where, says_something=False)


def untrained_accounts(marts: Marts) -> list[Finding]:
    """How many accounts could be invited by lot."""
    where = f"month_start = (select max(month_start) from marts.{MONTHS}) and not is_trained_any and not is_churned"
    untrained = marts.fact(MONTHS, "nullif(count(*), 0)", where, "count", "is_trained_any")
    parts = (
        "Draw lots: invite half of the ",
        untrained,
        " untrained accounts now and half in six months. Chance then does what no comparison can: it turns likely into proven.",
    )
    return [Finding("draw_lots", "next", parts, "counted", MONTHS, where, n=int(untrained.value))]


BUILDERS: tuple[Builder, ...] = (customers_leaving, customers_asking, owners_trained, pilots, untrained_accounts)
