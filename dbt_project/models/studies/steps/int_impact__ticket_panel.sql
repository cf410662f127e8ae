{{ config(schema='studies') }}

{# Account x month x definition of trained, months as running numbers, with the month of the first training under that definition. Accounts trained
   before we observed them are neither treated nor control. #}
with months as (
    select
        *,
        cast(extract(year from month_start) * 12 + extract(month from month_start) as integer) as month_number,
        {{ to_double('paid_seats') }} * exposure_months as seat_months
    from {{ ref('fct_account_months') }}
),

adopted as (
    select
        company_id, account_id, min(month_number) as first_month,
        cast(min(extract(year from first_trained_at) * 12 + extract(month from first_trained_at)) as integer) as any_month,
        min(case when is_trained_share then month_number end) - 1 as share_month,
        min(case when is_trained_certified then month_number end) - 1 as certified_month
    from months
    group by company_id, account_id
),

{% for definition in ['any', 'share', 'certified'] %}
panel_{{ definition }} as (
    select
        months.company_id, '{{ definition }}' as definition, months.account_id, months.month_number, months.seat_months,
        {{ to_double('months.tickets_how_to') }} as how_to,
        {{ to_double('months.tickets_defect') }} as defect,
        adopted.{{ definition }}_month as adopted_month
    from months
    inner join adopted on months.company_id = adopted.company_id and months.account_id = adopted.account_id
    where adopted.{{ definition }}_month is null or adopted.{{ definition }}_month >= adopted.first_month
),
{% endfor %}

panel as (
    select * from panel_any
    union all
    select * from panel_share
    union all
    select * from panel_certified
)

select * from panel
