"""DID IT MATTER? Sentences about customers, account owners and pilots, from the impact marts."""

from typing import Any

from learning_warehouse.facts import Fact, Marts, NotThere, same
from learning_warehouse.sentences.base import (
    TIER_PHRASES,
    Builder,
    Finding,
    Parts,
    change,
    change_interval,
    effect_row,
    excludes,
    joined,
    say,
    withheld,
)

EDUCATION, OWNERS = "impact_customer_education", "impact_account_owner_training"
PILOTS, MONTHS = "impact_pilot_effects", "impact_account_months"
CHURN = "outcome = 'churn' and is_headline"
HOW_TO = "outcome = 'how_to_tickets' and is_headline"
NAIVE_START = "Do not quote {naive}, the plain comparison"
DEFINITIONS = (("share", "when enough contacts are trained"), ("certified", "when a contact is certified"))


def customers_leaving(marts: Marts) -> list[Finding]:
    """Whether trained customers stay longer."""
    row = effect_row(marts, EDUCATION, CHURN)
    refused = withheld("churn", "Whether trained customers stay longer", row, EDUCATION, CHURN)
    if refused:
        return [refused]
    common = _common(row, EDUCATION, CHURN, "n_units")
    accounts, left = (marts.fact(EDUCATION, column, CHURN) for column in ("n_units", "n_events"))
    counts = say("{accounts} accounts, {left} left", accounts=accounts, left=left)
    if not excludes(row, 1):
        parts = say(
            "Trained customers may leave less or more often than comparable untrained ones: the data fit anything from "
            "{low} to {high} ({counts}): no difference can be told yet.",
            **_ends(marts, EDUCATION, CHURN),
            counts=counts,
        )
        unclear = Finding("churn", "matter", parts, is_headline=True, says_something=False, **common)
        return [unclear, *_other_definitions(marts, row["tier"])]
    fewer = row["estimate"] < 1
    parts = say(
        "Trained customers left {change} {less} often than comparable untrained ones; the data fit {interval} "
        "({counts}): {phrase}.",
        change=change(marts, EDUCATION, CHURN, "estimate"),
        less="less" if fewer else "more",
        interval=change_interval(marts, EDUCATION, CHURN, fewer),
        counts=counts,
        phrase=TIER_PHRASES[row["tier"]],
    )
    found = [Finding("churn", "matter", parts, naive=_naive_churn(marts, fewer), is_headline=True, **common)]
    if row.get("more_stay_per_100") is not None and fewer:
        columns = {"more": "more_stay_per_100", "low": "more_stay_per_100_low", "high": "more_stay_per_100_high"}
        facts = {name: marts.fact(EDUCATION, column, CHURN, "whole") for name, column in columns.items()}
        parts = say("Of every hundred such accounts about {more} more stay each year ({low} to {high}).", **facts)
        found.append(Finding("churn_in_accounts", "matter", parts, **common))
    return [*found, *_other_definitions(marts, row["tier"])]


def _naive_churn(marts: Marts, fewer: bool) -> Parts:
    naive = change(marts, EDUCATION, CHURN, "naive_estimate")
    if (naive.value < 0) != fewer:
        signed = change(marts, EDUCATION, CHURN, "naive_estimate", "signed_percent")
        return say("Do not quote the plain comparison ({naive}): it even points the other way.", naive=signed)
    return say(
        "Do not quote {naive}, the plain comparison: accounts that stay longer have more time to train, "
        "and healthy ones train more.",
        naive=naive,
    )


def _other_definitions(marts: Marts, tier: str) -> list[Finding]:
    """The same comparison under the other definitions of trained, which always stand beside the headline."""
    told: list[Parts] = []
    for definition, words in DEFINITIONS:
        where = f"outcome = 'churn' and method = 'person_time' and {same('definition', definition)}"
        rows = marts.rows(EDUCATION, where)
        if len(rows) == 1 and rows[0]["state"] == "reads":
            value = change(marts, EDUCATION, where, "estimate", "signed_percent")
            told.append(say("{words}, {value} ({low} to {high})", words=words, value=value, **_ends(marts, EDUCATION, where)))
        elif len(rows) == 1:
            told.append((f"{words}, not shown ({rows[0]['withheld_reason']})",))
    if not told:
        return []
    parts = say("Under other definitions of trained: {told}.", told=joined(told))
    return [Finding("churn_definitions", "matter", parts, tier, EDUCATION, "outcome = 'churn'")]


def customers_asking(marts: Marts) -> list[Finding]:
    """Whether trained customers ask fewer how-to questions."""
    row = effect_row(marts, EDUCATION, HOW_TO)
    refused = withheld("how_to", "Whether trained customers ask fewer how-to questions", row, EDUCATION, HOW_TO)
    if refused:
        return [refused]
    common = _common(row, EDUCATION, HOW_TO, "n_treated")
    if not excludes(row, 1):
        parts = say(
            "How-to questions per paid seat: no difference can be told yet; the data fit anything from {low} to {high}.",
            **_ends(marts, EDUCATION, HOW_TO),
        )
        return [Finding("how_to", "matter", parts, is_headline=True, says_something=False, **common)]
    fewer = row["estimate"] < 1
    parts = say(
        "After training, customers asked {change} {fewer} how-to questions per paid seat ({interval}; "
        "{n} accounts trained): {phrase}.",
        change=change(marts, EDUCATION, HOW_TO, "estimate"),
        fewer="fewer" if fewer else "more",
        interval=change_interval(marts, EDUCATION, HOW_TO, fewer),
        n=marts.fact(EDUCATION, "n_treated", HOW_TO),
        phrase=TIER_PHRASES[row["tier"]],
    )
    naive: Parts = ()
    if row["naive_estimate"] is not None:
        agrees = row["ci_low"] <= row["naive_estimate"] <= row["ci_high"]
        naive = say(
            "{start}: accounts with many questions are the ones that train.",
            start=say(
                "The plain comparison, {naive}, lies close by chance; do not quote it" if agrees else NAIVE_START,
                naive=change(marts, EDUCATION, HOW_TO, "naive_estimate", "signed_percent"),
            ),
        )
    return [Finding("how_to", "matter", parts, naive=naive, is_headline=True, **common), *_defects(marts, row, common)]


def _defects(marts: Marts, row: dict[str, Any], common: dict[str, Any]) -> list[Finding]:
    """The negative control beside the how-to questions."""
    if row.get("negative_control_estimate") is None:
        return []
    ends = ("estimate", "low", "high")
    facts = {end: change(marts, EDUCATION, HOW_TO, f"negative_control_{end}", "signed_percent") for end in ends}
    is_good = row["negative_control_low"] <= 1 <= row["negative_control_high"]
    verdict = "Good: that is no change." if is_good else "Careful: they changed as well."
    parts = say("Defects, which training cannot change: {estimate} ({low} to {high}). {verdict}", **facts, verdict=verdict)
    return [Finding("defects", "matter", parts, **common)]


def owners_trained(marts: Marts) -> list[Finding]:
    """Whether customers of trained account owners stay longer."""
    row = effect_row(marts, OWNERS, CHURN)
    refused = withheld("owners", "Whether customers of trained account owners stay longer", row, OWNERS, CHURN)
    if refused:
        return [refused]
    common = _common(row, OWNERS, CHURN, "n_units")
    if not excludes(row, 1):
        parts = say(
            "Customers of trained account owners: no difference in leaving can be told yet; "
            "the data fit anything from {low} to {high}.",
            **_ends(marts, OWNERS, CHURN),
        )
        return [Finding("owners", "matter", parts, **common)]
    fewer = row["estimate"] < 1
    parts = say(
        "Customers of trained account owners left {change} {less} often ({interval}): {phrase}.",
        change=change(marts, OWNERS, CHURN, "estimate"),
        less="less" if fewer else "more",
        interval=change_interval(marts, OWNERS, CHURN, fewer),
        phrase=TIER_PHRASES[row["tier"]],
    )
    return [Finding("owners", "matter", parts, **common)]


def pilots(marts: Marts) -> list[Finding]:
    """Pilots drawn by lot."""
    found = []
    for row in marts.rows(PILOTS, "is_headline", "*", "order by pilot_id, horizon_days"):
        where = f"{same('pilot_id', row['pilot_id'])} and is_headline and {same('outcome', row['outcome'])}"
        name, key = str(row.get("pilot_name") or row["pilot_id"]), f"pilot_{row['pilot_id']}"
        if row["state"] != "reads":
            found.append(_pilot_to_come(marts, row, where, name))
        else:
            refused = withheld(key, f'Pilot "{name}"', row, PILOTS, where)
            found.append(refused or _pilot_answer(marts, row, where, name))
    if not found:
        raise NotThere("not shown, no pilot is registered in company.yml")
    return found


def _pilot_answer(marts: Marts, row: dict[str, Any], where: str, name: str) -> Finding:
    outcome = str(row["outcome"]).replace("_", " ")
    facts = {
        "low": marts.fact(PILOTS, "ci_low", where, "bare_points"),
        "high": marts.fact(PILOTS, "ci_high", where, "signed_points"),
        "treated": marts.fact(PILOTS, "n_treated", where),
        "control": marts.fact(PILOTS, "n_control", where),
    }
    if excludes(row, 0):
        parts = say(
            'Pilot "{name}" {raised} the {outcome} by {gain} ({low} to {high}; {treated} v {control} teams): {phrase}.',
            name=name,
            raised="raised" if row["estimate"] > 0 else "lowered",
            outcome=outcome,
            gain=marts.fact(PILOTS, "estimate", where, "points"),
            phrase=TIER_PHRASES[row["tier"]],
            **facts,
        )
    else:
        parts = say(
            'Pilot "{name}": no difference in {outcome} can be told; the data fit {low} to {high} ({treated} v {control} teams).',
            name=name,
            outcome=outcome,
            **facts,
        )
    return Finding(f"pilot_{row['pilot_id']}", "matter", parts, row["tier"], PILOTS, where, is_headline=True)


def _pilot_to_come(marts: Marts, row: dict[str, Any], where: str, name: str) -> Finding:
    """A pilot before its date: when it may be read, and what it will be able to show."""
    parts: Parts = (f'Pilot "{name}": {row["withheld_reason"] or "too early"}.',)
    if row["state"] == "not_due" and row.get("due_at") is not None:
        parts = say('Pilot "{name}": main answer on {due}', name=name, due=marts.fact(PILOTS, "due_at", where, "date"))
        if row.get("detectable_effect") is not None:
            teams = marts.fact(PILOTS, "n_treated + n_control", where, "count", "n_treated")
            gain = marts.fact(PILOTS, "detectable_effect", where, "points")
            parts = say("{before}; {teams} teams can show a gain of {gain}, not less", before=parts, teams=teams, gain=gain)
        parts = (*parts, ".")
    return Finding(f"pilot_{row['pilot_id']}", "early", parts, "withheld", PILOTS, where, says_something=False)


def untrained_accounts(marts: Marts) -> list[Finding]:
    """How many accounts could be invited by lot."""
    where = f"month_start = (select max(month_start) from marts.{MONTHS}) and not is_trained_any and not is_churned"
    untrained = marts.fact(MONTHS, "nullif(count(*), 0)", where, "count", "is_trained_any")
    parts = say(
        "Draw lots: invite half of the {untrained} untrained accounts now and half in six months. "
        "Chance then does what no comparison can: it turns likely into proven.",
        untrained=untrained,
    )
    return [Finding("draw_lots", "next", parts, "counted", MONTHS, where, n=int(untrained.value))]


def _common(row: dict[str, Any], mart: str, where: str, n: str) -> dict[str, Any]:
    return {"tier": row["tier"], "mart": mart, "row_filter": where, "n": row[n], "interval": (row["ci_low"], row["ci_high"])}


def _ends(marts: Marts, mart: str, where: str) -> dict[str, Fact]:
    """Both ends of an interval with their signs."""
    return {end: change(marts, mart, where, f"ci_{end}", "signed_percent") for end in ("low", "high")}


BUILDERS: tuple[Builder, ...] = (customers_leaving, customers_asking, owners_trained, pilots, untrained_accounts)
