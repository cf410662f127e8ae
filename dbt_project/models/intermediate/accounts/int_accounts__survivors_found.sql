{# The account a merged one went into may itself have been merged: the chain is followed to its end, through eight merges. #}
{%- set merges = 8 %}
with accounts as (
    select account_id, master_account_id from {{ ref('int_accounts__accounts_united') }}
)

select
    merge_1.account_id,
    coalesce(
        {%- for number in range(merges, 0, -1) %}
        merge_{{ number }}.master_account_id,
        {%- endfor %}
        merge_1.account_id
    ) as surviving_account_id,
    merge_1.master_account_id is not null as was_merged
from accounts as merge_1
{%- for number in range(2, merges + 1) %}
left join accounts as merge_{{ number }} on merge_{{ number - 1 }}.master_account_id = merge_{{ number }}.account_id
{%- endfor %}
