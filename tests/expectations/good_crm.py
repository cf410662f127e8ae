"""Good batches of the streams of CRMs."""

from datetime import timedelta

import pandas as pd
from good_frames import KEYS, START, every, frame, ids, times


def salesforce() -> dict[str, pd.DataFrame]:
    stamps = {"created_date": times(), "system_modstamp": times(9)}
    return {
        "salesforce__accounts": frame(
            id=ids("001"),
            is_deleted=[True] + [False] * 19,
            master_record_id=["0011"] + [None] * 19,
            name=ids("Customer "),
            owner_id=ids("005"),
            website=every("b.example"),
            segment=every("small", "medium", "large"),
            plan=every("monthly", "annual"),
            early_health_band=every("low", "mid", "high"),
            early_health_band_date=times(10),
            churned_date=every(None),
            number_of_employees=every(50, None),
            first_value_date=times(12),
            **stamps,
        ),
        "salesforce__account_history": frame(
            id=ids("017"),
            account_id=ids("001"),
            field=every("Owner"),
            old_value=every(None, "0051"),
            new_value=every("0052"),
            created_date=times(),
        ),
        "salesforce__contacts": frame(
            id=ids("003"),
            identity_key=KEYS,
            is_deleted=every(False),
            master_record_id=every(None),
            account_id=ids("001"),
            email_key=KEYS,
            email_domain=every("b.example"),
            title=every("Buyer"),
            **stamps,
        ),
        "salesforce__users": frame(
            id=ids("005"), identity_key=KEYS, email_key=KEYS, employee_number=every("7", None), is_active=every(True), **stamps
        ),
        "salesforce__opportunities": frame(
            id=ids("006"),
            is_deleted=every(False),
            account_id=ids("001"),
            owner_id=ids("005"),
            stage_name=every("Won", "Lost", "Open"),
            type=every("New Business", "Renewal", "Expansion"),
            amount=every(1200.0, 300.0),
            currency_iso_code=every("EUR"),
            closed_at=[None if i % 3 == 2 else t for i, t in enumerate(times(5))],
            is_closed=every(True, True, False),
            is_won=every(True, False, False),
            **stamps,
        ),
        "salesforce__contracts": frame(
            id=ids("800"),
            is_deleted=every(False),
            account_id=ids("001"),
            status=every("Activated"),
            start_date=times(),
            end_date=times(365),
            contract_term=every(12, 1),
            paid_seats=every(10, 250),
            annual_value=every(1000.0, 25000.0),
            currency_iso_code=every("EUR"),
            **stamps,
        ),
    }


def hubspot() -> dict[str, pd.DataFrame]:
    stamps = {"created_at": times(), "updated_at": times(9)}
    links = {
        "from_object_id": ids("1"),
        "to_object_id": ids("2"),
        "association_types": every('[{"typeId":1,"label":"Primary"}]'),
    }
    return {
        "hubspot__companies": frame(
            id=ids("2"),
            archived=every(False),
            name=ids("Customer "),
            domain=every("b.example"),
            owner_id=ids("3"),
            merged_object_ids=every(None, "29"),
            external_id=every("001", None),
            segment=every("small", "medium", "large"),
            plan=every("monthly", "annual"),
            early_health_band=every("low", "mid", "high"),
            early_health_band_date=times(10),
            churned_date=every(None),
            numberofemployees=every(50, None),
            first_value_date=times(12),
            **stamps,
        ),
        "hubspot__contacts": frame(
            id=ids("1"),
            identity_key=KEYS,
            archived=[True] + [False] * 19,
            archived_at=[START] + [None] * 19,
            email_key=KEYS,
            email_domain=every("b.example"),
            jobtitle=every("Buyer"),
            company_id=ids("2"),
            merged_object_ids=every(None),
            external_id=every("003", None),
            **stamps,
        ),
        "hubspot__deals": frame(
            id=ids("4"),
            archived=every(False),
            pipeline=every("default", "contracts"),
            dealstage=every("closedwon"),
            dealtype=every("newbusiness", None, "renewal", None, "existingbusiness", None),
            owner_id=ids("3"),
            amount=every(1200.0, None),
            deal_currency_code=every("EUR"),
            closedate=times(5),
            is_closed=every(True, True, False),
            is_won=every(True, False, False),
            contract_start_date=every(None, START),
            contract_end_date=every(None, START + timedelta(days=365)),
            contract_term_months=every(None, 12),
            paid_seats=every(None, 25),
            annual_value=every(None, 9000.0),
            **stamps,
        ),
        "hubspot__owners": frame(
            id=ids("3"), identity_key=KEYS, email_key=KEYS, email_domain=every("a.example"), user_id=ids("5"),
            archived=every(False), **stamps,
        ),
        "hubspot__company_owners": frame(
            id=ids("2"), archived=every(False), owner_history=every('[{"value":"3"}]'), **stamps
        ),
        "hubspot__contact_companies": frame(**links),
        "hubspot__deal_companies": frame(**links),
    }  # fmt: skip
