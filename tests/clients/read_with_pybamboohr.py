"""Every employee and table row of the HRIS as JSON on standard output."""

import json
from datetime import datetime

from PyBambooHR import PyBambooHR

BEGINNING = datetime(2000, 1, 1)
FIELDS = ["firstName", "lastName", "workEmail", "status", "department", "division", "location", "jobTitle", "supervisorEId"]

client = PyBambooHR.PyBambooHR(subdomain="halden", api_key="sandbox-bamboohr-key")
changes = client.get_employee_changes(since=BEGINNING)["employees"]
present = [key for key, change in changes.items() if change["action"] != "Deleted"]
found = {
    "changes": changes,
    "directory": client.get_employee_directory(),
    "employees": {key: client.get_employee(key, FIELDS) for key in present},
    "job_info": client.get_employee_changed_table("jobInfo", since=BEGINNING)["employees"],
    "employment_status": client.get_employee_changed_table("employmentStatus", since=BEGINNING)["employees"],
}
print(json.dumps(found))
