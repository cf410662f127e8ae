"""Everything zenpy can list of the help desk, as JSON on standard output: ids by object, in the order they came."""

import json

from zenpy import Zenpy

client = Zenpy(subdomain="halden", email="warehouse@halden.example", token="sandbox-zendesk-token")
found = {
    "me": [client.users.me().email],
    "tickets": [ticket.id for ticket in client.tickets.incremental(start_time=0)],
    "tickets_by_cursor": [ticket.id for ticket in client.tickets.incremental(start_time=0, paginate_by_time=False)],
    "users": [user.id for user in client.users.incremental(start_time=0)],
    "organizations": [organization.id for organization in client.organizations.incremental(start_time=0)],
    "satisfaction_ratings": [rating.id for rating in client.satisfaction_ratings()],
}
print(json.dumps(found))
