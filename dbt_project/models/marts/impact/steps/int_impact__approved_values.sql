{{ config(schema='intermediate', contract={'enforced': false}) }}

{# The value of one unit of an outcome, as the newest conversion somebody approved before now says; without an approval there is no value. #}
select company_id, outcome_code, conversion_id, amount_low, amount_likely, amount_high
from (
    select
        conversions.company_id, conversions.outcome_code, conversions.conversion_id, conversions.amount_low, conversions.amount_likely, conversions.amount_high,
        row_number() over (
            partition by conversions.company_id, conversions.outcome_code order by conversions.valid_from desc, conversions.conversion_id asc
        ) as position
    from {{ ref('dim_value_conversions') }} as conversions
    inner join {{ ref('dim_company') }} as company
        on conversions.company_id = company.company_id and conversions.currency = company.currency
        and conversions.approved_at <= company.as_of_at and conversions.valid_from <= {{ to_date('company.as_of_at') }}
) as newest
where position = 1
