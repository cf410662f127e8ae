"""Every object of the CRM, deleted records included, as JSON on standard output: records by object name."""

import json

from simple_salesforce import Salesforce

client = Salesforce(
    consumer_key="sandbox-salesforce-id", consumer_secret="sandbox-salesforce-secret", domain="halden.my", version="62.0"
)
found = {}
for name in ("Account", "AccountHistory", "Contact", "User", "Opportunity", "Contract"):
    fields = [field["name"] for field in getattr(client, name).describe()["fields"]]
    rows = client.query_all_iter(f"SELECT {', '.join(fields)} FROM {name}", include_deleted=True)
    found[name] = [{field: row[field] for field in fields} for row in rows]
print(json.dumps(found))
