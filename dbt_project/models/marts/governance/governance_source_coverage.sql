with loads as (
    select
        loads.*,
        row_number() over (partition by source_name, stream_name order by load_number desc) as newest_first,
        max(case when verdict <> 'rejected' then load_number end) over (partition by source_name, stream_name) as last_good_load
    from {{ ref('stg_loads__loads') }} as loads
),

newest as (
    select * from loads where newest_first = 1
),

good as (
    select source_name, stream_name, load_number, loaded_at, newest_event_at from loads where load_number = last_good_load
),

totals as (
    select
        source_name, stream_name, count(*) as loads, sum(case when verdict = 'rejected' then 1 else 0 end) as rejected_loads,
        sum(case when verdict <> 'rejected' then records else 0 end) as records_served
    from loads
    group by source_name, stream_name
),

failures as (
    select source_name, stream_name, max(failed_at) as last_failed_at from {{ ref('stg_loads__failures') }} group by source_name, stream_name
),

{# The newest load against earlier good ones of the same weekday; the first load brings history and says nothing about a usual night. #}
volumes as (
    select
        newest.source_name, newest.stream_name, newest.records, count(earlier.load_number) as loads_compared,
        avg({{ to_double('earlier.records') }}) as usual_records, stddev_samp({{ to_double('earlier.records') }}) as spread
    from newest
    left join loads as earlier
        on newest.source_name = earlier.source_name and newest.stream_name = earlier.stream_name
        and earlier.load_number > 1 and earlier.load_number < newest.load_number and earlier.verdict <> 'rejected'
        and {{ days_between(week_start('earlier.loaded_at'), 'earlier.loaded_at') }} = {{ days_between(week_start('newest.loaded_at'), 'newest.loaded_at') }}
    group by newest.source_name, newest.stream_name, newest.records
),

streams as (
    select source_name, stream_name from loads
    union
    select source_name, stream_name from failures
)

select
    company.company_id, streams.source_name, streams.stream_name,
    newest.load_number as last_load_number, newest.loaded_at as last_load_at,
    {{ to_text("coalesce(newest.verdict, 'none')") }} as last_load_verdict, newest.severity as last_load_severity,
    newest.records as last_load_records, newest.set_aside_records as last_load_set_aside,
    newest.vendor_total as last_load_vendor_total,
    {{ ratio('newest.set_aside_records', 'newest.records') }} as set_aside_share,
    {{ ratio('abs(newest.vendor_total - newest.records)', 'newest.vendor_total') }} as drift_share,
    newest.checks_passed as last_load_checks_passed, newest.checks_total as last_load_checks_total,
    good.load_number as served_load_number, good.loaded_at as served_load_at, good.newest_event_at as served_newest_event_at,
    {{ to_count(days_between('good.loaded_at', 'company.as_of_at')) }} as served_age_days,
    {{ to_count('coalesce(totals.loads, 0)') }} as loads_seen,
    {{ to_count('coalesce(totals.rejected_loads, 0)') }} as loads_rejected,
    {{ to_count('coalesce(totals.records_served, 0)') }} as records_served, failures.last_failed_at,
    case
        when volumes.loads_compared >= 4 and volumes.spread > 0 then (volumes.records - volumes.usual_records) / volumes.spread
    end as volume_z,
    {{ to_count('coalesce(volumes.loads_compared, 0)') }} as volume_z_loads,
    {{ to_text("case
        when good.load_number is null then 'no_data_reaches_us'
        when coalesce(totals.records_served, 0) = 0 then 'nothing_recorded'
        else 'reads'
    end") }} as state
from streams
cross join {{ ref('dim_company') }} as company
left join newest on streams.source_name = newest.source_name and streams.stream_name = newest.stream_name
left join good on streams.source_name = good.source_name and streams.stream_name = good.stream_name
left join totals on streams.source_name = totals.source_name and streams.stream_name = totals.stream_name
left join volumes on streams.source_name = volumes.source_name and streams.stream_name = volumes.stream_name
left join failures on streams.source_name = failures.source_name and streams.stream_name = failures.stream_name
