"""Every contact, company, deal, owner and link of the CRM as JSON on standard output; proxy and CA are its own settings."""

import json
import os

from hubspot import HubSpot
from hubspot.crm.associations.v4 import BatchInputPublicFetchAssociationsBatchRequest

client = HubSpot(
    access_token="pat-eu1-sandbox-hubspot-token", proxy=os.environ["HTTPS_PROXY"], ssl_ca_cert=os.environ["SSL_CERT_FILE"]
)
asked = {
    "contacts": (client.crm.contacts, ["email", "salesforcecontactid"]),
    "companies": (client.crm.companies, ["name", "salesforceaccountid"]),
    "deals": (client.crm.deals, ["dealname", "amount", "pipeline"]),
}
found = {
    f"{name}{'_archived' if archived else ''}": [
        {"id": thing.id, **thing.properties} for thing in objects.get_all(properties=properties, archived=archived)
    ]
    for name, (objects, properties) in asked.items()
    for archived in (False, True)
}
found["owners"] = []
for archived in (False, True):
    after = None
    while True:
        page = client.crm.owners.owners_api.get_page(limit=50, after=after, archived=archived)
        found["owners"] += [owner.email for owner in page.results]
        if page.paging is None:
            break
        after = page.paging.next.after
ids = [contact["id"] for contact in found["contacts"]]
found["contact_companies"] = {}
for start in range(0, len(ids), 1000):
    inputs = BatchInputPublicFetchAssociationsBatchRequest(inputs=[{"id": number} for number in ids[start : start + 1000]])
    answer = client.crm.associations.v4.batch_api.get_page(
        "contacts", "companies", batch_input_public_fetch_associations_batch_request=inputs
    )
    found["contact_companies"] |= {link._from.id: str(link.to[0].to_object_id) for link in answer.results}
print(json.dumps(found))
