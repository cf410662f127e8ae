with admitted as (
    select distinct {{ vendor_of('source_name') }} as source_name, stream_name
    from {{ ref('stg_loads__loads') }}
    where verdict = 'admitted' and typed_records > 0
)

select
    {{ to_text('company.company_id') }} as company_id,
    {{ to_text("streams.source_name || '.' || streams.stream_name") }} as stream,
    {{ to_flag('admitted.stream_name is not null') }} as reaches_us
from {{ ref('stg_loads__streams') }} as streams
left join admitted on streams.source_name = admitted.source_name and streams.stream_name = admitted.stream_name
cross join {{ ref('stg_company__settings') }} as company
