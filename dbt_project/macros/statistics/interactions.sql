{# Two habits together (a: coached, b: practiced): `units` names a relation with the columns in `by` plus cluster (the manager), a (0 | 1), b (0 | 1) and
   y (a change score). One row per `by`, effect ('interaction', 'a', 'b' each without the other, 'both') and cluster: `estimate` is the difference of cell means,
   `delta` what leaving the cluster out adds to it, in closed form. jackknife_interval(deltas, by + ['effect']) turns them into an interval with
   clusters - 1 degrees of freedom; is_treated is 1 on every row for that reason. #}
{% macro interaction_deltas(units, by) -%}
{%- set keys = by | join(', ') -%}
{%- set cells = ['11', '10', '01', '00'] -%}
{%- set effects = [
    ('interaction', ['11', '00'], ['10', '01']),
    ('a', ['10'], ['00']),
    ('b', ['01'], ['00']),
    ('both', ['11'], ['00']),
] -%}
with clusters as (
    select
        {{ keys }}, cluster, count(y) as n
        {%- for cell in cells %},
        {{ to_double('count(case when a = ' ~ cell[0] ~ ' and b = ' ~ cell[1] ~ ' then y end)') }} as n{{ cell }},
        coalesce(sum(case when a = {{ cell[0] }} and b = {{ cell[1] }} then {{ to_double('y') }} end), 0) as s{{ cell }}
        {%- endfor %}
    from {{ units }} as given
    group by {{ keys }}, cluster
),

totals as (
    select
        {{ keys }}
        {%- for cell in cells %}, sum(n{{ cell }}) as all_n{{ cell }}, sum(s{{ cell }}) as all_s{{ cell }}{% endfor %}
    from clusters
    group by {{ keys }}
),

left_out as (
    select
        {% for column in by %}clusters.{{ column }}, {% endfor %}clusters.cluster, clusters.n
        {%- for cell in cells %},
        all_s{{ cell }} / nullif(all_n{{ cell }}, 0) as mean{{ cell }},
        (all_s{{ cell }} - s{{ cell }}) / nullif(all_n{{ cell }} - n{{ cell }}, 0) as rest{{ cell }}
        {%- endfor %}
    from clusters
    inner join totals on {{ same('clusters', 'totals', by) }}
)

{% for effect, plus, minus in effects %}
{%- set terms = [] -%}
{%- set rests = [] -%}
{%- for cell in plus -%}{%- do terms.append('+ mean' ~ cell) -%}{%- do rests.append('+ rest' ~ cell) -%}{%- endfor -%}
{%- for cell in minus -%}{%- do terms.append('- mean' ~ cell) -%}{%- do rests.append('- rest' ~ cell) -%}{%- endfor -%}
select
    {{ keys }}, {{ to_text("'" ~ effect ~ "'") }} as effect, cluster, 1 as is_treated, n as events,
    0 {{ terms | join(' ') }} as estimate,
    (0 {{ rests | join(' ') }}) - (0 {{ terms | join(' ') }}) as delta
from left_out
{% if not loop.last %}union all
{% endif %}
{%- endfor %}
{%- endmacro %}
