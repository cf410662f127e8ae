{{ config(schema='restricted') }}

{# One row per worker and stretch in one job title and department. A change that five or more people make on the same day from and to the same place
   is a reorganization or a renaming, not a move: the stretch goes on. #}
with steps as (
    select
        company_id, person_key, worker_id, department, job_title, is_leader, valid_from, valid_to,
        lag(department) over sequence as department_before,
        lag(job_title) over sequence as title_before,
        lag(is_leader) over sequence as was_leader,
        lag(valid_to) over sequence as ended_before
    from {{ ref('dim_worker_history') }}
    where worker_type = 'employee' and person_key is not null
    window sequence as (partition by company_id, person_key order by valid_from)
),

changes as (
    select
        *, coalesce(ended_before = valid_from, false) as is_continued,
        coalesce(department_before, '') <> coalesce(department, '') or coalesce(title_before, '') <> coalesce(job_title, '') as is_changed,
        count(*) over (partition by company_id, valid_from, department_before, title_before, department, job_title) as together
    from steps
),

numbered as (
    select
        *,
        sum(case when not is_continued or (is_changed and together < 5) then 1 else 0 end) over (
            partition by company_id, person_key order by valid_from rows between unbounded preceding and current row
        ) as stint
    from changes
),

ends as (
    select
        company_id, worker_id, person_key, stint, min(valid_from) as started_on,
        case when count(valid_to) = count(*) then max(valid_to) end as ended_on,
        min(case when is_continued and is_changed and together < 5 then valid_from end) as moved_in_on
    from numbered
    group by company_id, worker_id, person_key, stint
),

firsts as (
    select
        company_id, person_key, stint, department, job_title, is_leader, department_before, title_before, was_leader,
        row_number() over (partition by company_id, person_key, stint order by valid_from) as position
    from numbered
)

select
    ends.company_id, ends.person_key, ends.worker_id, ends.stint, firsts.department, firsts.job_title, ends.started_on, ends.ended_on,
    case
        when ends.moved_in_on is null then null
        when coalesce(firsts.is_leader, false) and not coalesce(firsts.was_leader, false) then 'promotion'
        when firsts.title_before <> firsts.job_title and firsts.job_title in ('Senior ' || firsts.title_before, 'Lead ' || firsts.title_before) then 'promotion'
        when coalesce(firsts.department_before, '') <> coalesce(firsts.department, '') then 'cross_function'
        else 'lateral'
    end as move_type
from ends
inner join firsts on ends.company_id = firsts.company_id and ends.person_key = firsts.person_key and ends.stint = firsts.stint and firsts.position = 1
