with counted as (
    select
        company_id, source, population, count(*) as identities,
        sum(case when is_matched then 1 else 0 end) as matched,
        {% for rule in ['canonical', 'external_id', 'email', 'merged', 'ambiguous', 'unmatched', 'manual'] %}
        sum(case when rule = '{{ rule }}' then 1 else 0 end) as by_{{ rule }}{% if not loop.last %},{% endif %}
        {% endfor %}
    from {{ ref('bridge_identity') }}
    group by company_id, source, population
),

stated as (
    select *, {{ rate_state('identities', rate_is_shown('identities')) }} as state from counted
)

select
    company_id, {{ to_text('source') }} as source, {{ to_text('population') }} as population,
    {{ to_count('identities') }} as identities,
    {{ rate_columns('matched_rate', 'matched', 'identities', 'state') }},
    {{ rate_interval('matched_rate', 'matched', 'identities', 'state') }},
    {{ to_count('by_canonical') }} as canonical, {{ to_count('by_external_id') }} as matched_by_external_id,
    {{ to_count('by_email') }} as matched_by_email, {{ to_count('by_merged') }} as matched_by_merge,
    {{ to_count('by_manual') }} as decided_by_hand, {{ to_count('by_ambiguous') }} as ambiguous,
    {{ to_count('by_unmatched') }} as unmatched,
    {{ to_count('by_ambiguous + by_unmatched') }} as open_decisions
from stated
