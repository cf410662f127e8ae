with entries as (
    {% for metric in metric_list() %}
    select
        {{ to_text(text_literal(metric.id)) }} as metric_id, {{ to_text(text_literal(metric.mart)) }} as mart,
        {{ to_text(text_literal(metric.column)) }} as figure, {{ to_text(text_literal(metric.label)) }} as label,
        {{ to_text(text_literal(metric.sentence)) }} as sentence, {{ to_text(text_literal(metric.layer)) }} as layer,
        {{ to_count(metric.kirkpatrick) }} as kirkpatrick_level, {{ to_text(text_literal(metric.unit)) }} as unit,
        {{ to_text(text_literal(metric.owner)) }} as owner, {{ to_text(text_literal(metric.decision)) }} as decision,
        {{ to_text(text_literal(metric.known_bias)) }} as known_bias, {{ to_text(text_literal(metric.asks)) }} as asks,
        {{ to_flag('true' if metric.is_headline else 'false') }} as is_headline
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

states as (
    select
        company_id, metric_id,
        count(*) as rows_published,
        sum(case when state = 'reads' then 1 else 0 end) as rows_reading,
        sum(case when state = 'too_few' then 1 else 0 end) as rows_too_few,
        sum(case when state = 'nothing_recorded' then 1 else 0 end) as rows_nothing_recorded,
        sum(case when state = 'not_due' then 1 else 0 end) as rows_not_due,
        sum(case when state = 'withheld' then 1 else 0 end) as rows_withheld,
        sum(case when state = 'no_data_reaches_us' then 1 else 0 end) as rows_without_data
    from {{ ref('int_governance__metric_states') }}
    group by company_id, metric_id
),

newest as (
    select company_id, metric_id, max(period) as period
    from {{ ref('int_governance__metric_states') }}
    where speaks_for_all and state = 'reads'
    group by company_id, metric_id
),

latest as (
    select s.company_id, s.metric_id, max(s.period) as latest_period, {{ to_double('max(s.figure_value)') }} as latest_value
    from {{ ref('int_governance__metric_states') }} as s
    inner join newest
        on s.company_id = newest.company_id and s.metric_id = newest.metric_id
        and (s.period = newest.period or (s.period is null and newest.period is null))
    where s.speaks_for_all and s.state = 'reads'
    group by s.company_id, s.metric_id
    having count(*) = 1
)

select
    {{ to_text('company.company_id') }} as company_id, entries.*,
    {{ to_count('coalesce(states.rows_published, 0)') }} as rows_published,
    {{ to_count('coalesce(states.rows_reading, 0)') }} as rows_reading,
    {{ to_count('coalesce(states.rows_too_few, 0)') }} as rows_too_few,
    {{ to_count('coalesce(states.rows_nothing_recorded, 0)') }} as rows_nothing_recorded,
    {{ to_count('coalesce(states.rows_not_due, 0)') }} as rows_not_due,
    {{ to_count('coalesce(states.rows_withheld, 0)') }} as rows_withheld,
    {{ to_count('coalesce(states.rows_without_data, 0)') }} as rows_without_data,
    latest.latest_period, latest.latest_value,
    {{ to_text("case
        when coalesce(states.rows_reading, 0) > 0 then 'reads'
        when coalesce(states.rows_published, 0) = 0 then 'nothing_recorded'
        when states.rows_without_data = states.rows_published then 'no_data_reaches_us'
        when states.rows_not_due > 0 then 'not_due'
        when states.rows_too_few > 0 then 'too_few'
        when states.rows_withheld > 0 then 'withheld'
        else 'nothing_recorded'
    end") }} as state
from {{ ref('dim_company') }} as company
cross join entries
left join states on company.company_id = states.company_id and entries.metric_id = states.metric_id
left join latest on company.company_id = latest.company_id and entries.metric_id = latest.metric_id
