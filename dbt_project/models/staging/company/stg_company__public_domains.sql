select lower(trim({{ to_text('domain') }})) as domain
from {{ source('company', 'public_domains') }}
