{# Plan, actual and outlook of each metric by period. A light is set by the whole interval: only when both ends are on the same side of the plan. #}
with targets as (
    select
        given.company_id, given.metric_id, given.period_start, given.target,
        case when given.unit in ('company', 'all') then 'company' else given.unit end as unit,
        {{ one_if('given.approved_at <= company.as_of_at') }} as is_approved
    from {{ ref('dim_metric_targets') }} as given
    inner join {{ ref('dim_company') }} as company on given.company_id = company.company_id
),

{# A company may write its own target under two names: the approved one is the plan, and of two alike the higher. #}
plans as (
    select company_id, metric_id, unit, period_start, {{ add_months('period_start', 3) }} as period_end, target, is_approved = 1 as is_approved
    from (
        select
            *, row_number() over (
                partition by company_id, metric_id, unit, period_start order by is_approved desc, coalesce(target, 0) desc
            ) as position
        from targets
    ) as ranked
    where position = 1
),

directions as (
    select metric_id, max(better_when) as better_when from {{ ref('int_impact__metric_series') }} group by metric_id
),

rows_wanted as (
    select company_id, metric_id, unit, period_start, period_end, target, is_approved from plans
    union
    select
        series.company_id, series.metric_id, series.unit, {{ quarter_start('series.month_start') }} as period_start,
        {{ add_months(quarter_start('series.month_start'), 3) }} as period_end, cast(null as {{ type_double() }}) as target, false as is_approved
    from {{ ref('int_impact__metric_series') }} as series
    left join plans
        on series.company_id = plans.company_id and series.metric_id = plans.metric_id and series.unit = plans.unit
        and series.month_start >= plans.period_start and series.month_start < plans.period_end
    where plans.company_id is null
),

placed as (
    select
        wanted.company_id, wanted.metric_id, wanted.unit, wanted.period_start, series.month_start, series.value, series.value_low, series.value_high,
        series.value_n, series.value_denominator,
        row_number() over (partition by wanted.company_id, wanted.metric_id, wanted.unit, wanted.period_start order by series.month_start desc) as position
    from rows_wanted as wanted
    inner join {{ ref('int_impact__metric_series') }} as series
        on wanted.company_id = series.company_id and wanted.metric_id = series.metric_id and wanted.unit = series.unit
        and series.month_start >= wanted.period_start and series.month_start < wanted.period_end
),

joined as (
    select
        wanted.*, coalesce(directions.better_when, 'higher') as better_when, company.as_of_at,
        wanted.period_end <= {{ to_date('company.as_of_at') }} as is_over,
        placed.value, placed.value_low, placed.value_high, placed.value_n, placed.value_denominator,
        forecasts.points, forecasts.mean_y, forecasts.mean_x, forecasts.var_x, forecasts.slope, forecasts.residual,
        extract(year from wanted.period_end) * 12 + extract(month from wanted.period_end) - 1 as x
    from rows_wanted as wanted
    inner join {{ ref('dim_company') }} as company on wanted.company_id = company.company_id
    left join directions on wanted.metric_id = directions.metric_id
    left join placed
        on wanted.company_id = placed.company_id and wanted.metric_id = placed.metric_id and wanted.unit = placed.unit
        and wanted.period_start = placed.period_start and placed.position = 1
    left join {{ ref('int_impact__metric_forecasts') }} as forecasts
        on wanted.company_id = forecasts.company_id and wanted.metric_id = forecasts.metric_id and wanted.unit = forecasts.unit
),

projected as (
    select
        *, mean_y + slope * (x - mean_x) as line,
        {{ t975('(points - 2)') }} * residual * {{ safe_sqrt('1 + 1 / points + power(x - mean_x, 2) / ((points - 1) * var_x)') }} as half_width,
        case when value is not null then 'reads' when is_over then 'nothing_recorded' else 'not_due' end as actual_state,
        case when is_over then 'not_due' when points is null then 'too_few' else 'reads' end as forecast_state
    from joined
),

judged as (
    select
        *, case when is_over then value_low when half_width is not null then greatest(line - half_width, 0) end as low,
        case when is_over then value_high when half_width is not null then least(line + half_width, 1) end as high
    from projected
)

select
    company_id, {{ to_text('metric_id') }} as metric_id, {{ to_text('unit') }} as unit, period_start, period_end, {{ to_text('better_when') }} as better_when,
    {{ to_double('target') }} as target, {{ to_flag('is_approved') }} as is_approved,
    {{ to_double('value') }} as actual, {{ to_count('value_n') }} as actual_n, {{ to_count('value_denominator') }} as actual_denominator,
    {{ to_text('actual_state') }} as actual_state, {{ to_double('value_low') }} as actual_low, {{ to_double('value_high') }} as actual_high,
    {{ to_double('value - target') }} as variance_to_plan,
    case when forecast_state = 'reads' then {{ to_double('least(greatest(line, 0), 1)') }} end as forecast,
    case when forecast_state = 'reads' then {{ to_count('points') }} end as forecast_n,
    case when forecast_state = 'reads' then {{ to_count('points') }} end as forecast_denominator,
    {{ to_text('forecast_state') }} as forecast_state,
    case when forecast_state = 'reads' then {{ to_double('low') }} end as forecast_low,
    case when forecast_state = 'reads' then {{ to_double('high') }} end as forecast_high,
    {{ to_text("case
        when target is null then 'no_plan'
        when low is null or high is null then 'withheld'
        when (better_when = 'higher' and low >= target) or (better_when = 'lower' and high <= target) then 'on_track'
        when (better_when = 'higher' and high < target) or (better_when = 'lower' and low > target) then 'off_track'
        else 'too_close_to_call'
    end") }} as status
from judged
union all
select
    flags.company_id, {{ to_text("'none'") }} as metric_id, {{ to_text("'company'") }} as unit, {{ quarter_start('company.as_of_at') }} as period_start,
    {{ add_months(quarter_start('company.as_of_at'), 3) }} as period_end, {{ to_text("'higher'") }} as better_when,
    cast(null as {{ type_double() }}), false, cast(null as {{ type_double() }}), cast(null as bigint), cast(null as bigint),
    {{ to_text("'no_data_reaches_us'") }}, cast(null as {{ type_double() }}), cast(null as {{ type_double() }}), cast(null as {{ type_double() }}),
    cast(null as {{ type_double() }}), cast(null as bigint), cast(null as bigint), {{ to_text("'no_data_reaches_us'") }},
    cast(null as {{ type_double() }}), cast(null as {{ type_double() }}), {{ to_text("'no_plan'") }}
from ({{ reach_flags(['drops.metric_targets']) }}) as flags
inner join {{ ref('dim_company') }} as company on flags.company_id = company.company_id
where not flags.reaches_drops_metric_targets
