"""CSV exports of a vendor instead of its API: a mapping file per vendor makes them records of the vendor's own streams.

So the same typing, suites, staging models and marts apply; docs/exports.md shows how. A stream that the mapping does not
name is absent. `company.yml` says `<vendor>: exported`.
"""
