"""Absorb LMS, Integration API (x-api-version 2): users, departments, courses, enrollments, certificates.

Paging: `_limit` (at most 1000) and `_offset`, which is the number of the PAGE, not of a row. Clock: `dateEdited`, read
with an hour of overlap. Rate limit: 200 requests a second, 429 without Retry-After. Deletes: none are sent, a weekly sweep
compares all ids; activeStatus 1 is inactive, isActive false is an enrollment that a newer one replaced.
Tokens: POST /authenticate answers a bare JSON string; one user has ONE live token, a new one ends the older one at once,
so all workers share one token through a file (tokens.py). A 401 on a live token happens under load: it is tried once again.
There is no list of all enrollments: they are read course by course, certificates user by user.
Docs: https://docs.myabsorb.com/integration-api
Alone against the sandbox: `lw sandbox` in one terminal, `lw land absorb.users` in another.
"""

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import quote

import msgspec

from learning_warehouse.connections import Connection
from learning_warehouse.http import Client
from learning_warehouse.paging import ContractBroken, OffsetPages, parse, whole_list
from learning_warehouse.streams import Answer, Column, Holdings, Page, Reading, Source, Stream
from learning_warehouse.sweeps import deletions
from learning_warehouse.tokens import SharedToken

OVERLAP = timedelta(hours=1)


def open_client(connection: Connection) -> Client:
    """A client that sends the private key and the shared token with every request."""
    private_key = str(connection.required("private_key"))
    body = {"username": connection.login, "password": connection.password, "privateKey": private_key}

    def token(client: Client) -> str:
        return client.call("POST", "/authenticate", json=body, decode=_bare_string, authorized=False)

    authorization = SharedToken("absorb", connection, token, same_token_tries=1)
    return Client(connection, authorization, headers={"x-api-key": private_key, "x-api-version": "2"})


def _bare_string(answer: Answer) -> str:
    try:
        return msgspec.json.decode(answer.body, type=str)
    except msgspec.DecodeError:
        raise ContractBroken("the token is not a JSON string") from None


def _edited_since(reading: Reading) -> dict[str, str]:
    since, until = (moment.strftime("%Y-%m-%dT%H:%M:%SZ") for moment in (reading.window_from, reading.window_to))
    return {"_sort": "dateEdited", "_filter": f"dateEdited ge datetime'{since}' and dateEdited lt datetime'{until}'"}


def _path(*parts: str) -> str:
    return "".join("/" + quote(part, safe="") for part in parts)


class _Total(msgspec.Struct, rename="camel"):
    total_items: int


def _holdings(collection: str) -> Holdings:
    def count(reading: Reading) -> int:
        return reading.client.get(f"/{collection}", {"_limit": "1"}, lambda answer: parse(answer.body, _Total).total_items)

    return Holdings(count, OffsetPages(f"/{collection}", collection, lambda _: {"_sort": "id"}))


class _Course(msgspec.Struct, rename="camel"):
    id: str
    certificate_url: str | None = None


class _Enrollment(msgspec.Struct, rename="camel"):
    user_id: str | None = None
    certificate_id: str | None = None


def _courses(reading: Reading) -> list[_Course]:
    pages = OffsetPages("/courses", "courses", lambda _: {})(reading)
    return [msgspec.json.decode(record, type=_Course) for record in whole_list(pages, reading)]


def _enrollments(reading: Reading) -> Iterator[Page]:
    for course in _courses(reading):
        yield from OffsetPages(_path("courses", course.id, "enrollments"), "enrollments", _edited_since)(reading)


def _all_enrollments(reading: Reading) -> Iterator[Page]:
    for course in _courses(reading):
        yield from OffsetPages(_path("courses", course.id, "enrollments"), "enrollments", lambda _: {"_sort": "id"})(reading)


def _certificates(reading: Reading) -> Iterator[Page]:
    """The certificates of every user with a newly edited enrollment that holds one."""
    users: dict[str, None] = {}
    for course in _courses(reading):
        if course.certificate_url:
            pages = OffsetPages(_path("courses", course.id, "enrollments"), "enrollments", _edited_since)(reading)
            rows = [msgspec.json.decode(record, type=_Enrollment) for record in whole_list(pages, reading)]
            users |= {row.user_id: None for row in rows if row.certificate_id and row.user_id}
    for user_id in users:
        yield from OffsetPages(_path("users", user_id, "certificates"), "certificates", lambda _: {})(reading)


USERS = Stream(
    "absorb", "lms", "users", "window", OffsetPages("/users", "users", _edited_since), ("id",), "date_edited",
    identity="absorb.users", lag=OVERLAP, holdings=_holdings("users"),
    columns=(
        Column("id", required=True), Column("department_id", path="departmentId"),
        Column("email_address", path="emailAddress", personal="email"), Column("external_id", path="externalId"),
        Column("employee_number", path="employeeNumber"), Column("job_title", path="jobTitle"),
        Column("date_hired", "timestamp", "dateHired"), Column("date_terminated", "timestamp", "dateTerminated"),
        Column("date_added", "timestamp", "dateAdded", required=True),
        Column("date_edited", "timestamp", "dateEdited", required=True),
        Column("last_login_date", "timestamp", "lastLoginDate"), Column("active_status", "bigint", "activeStatus"),
        Column("is_learner", "boolean", "isLearner"), Column("supervisor_id", path="supervisorId"),
        Column("audience", path="customFields.string1"),
    ),
    untyped_keys=(
        "firstName", "middleName", "lastName", "username", "ccEmailAddresses", "languageId", "gender", "address", "address2",
        "city", "provinceId", "countryId", "postalCode", "phone", "location", "referenceNumber", "notes", "roleIds",
        "isAdmin", "isInstructor", "isManager", "hasUsername",
    ),
)  # fmt: skip
DEPARTMENTS = Stream(
    "absorb", "lms", "departments", "window", OffsetPages("/departments", "departments", _edited_since), ("id",), "date_edited",
    lag=OVERLAP, holdings=_holdings("departments"),
    columns=(
        Column("id", required=True), Column("name"), Column("parent_id", path="parentId"),
        Column("external_id", path="externalId"), Column("date_added", "timestamp", "dateAdded"),
        Column("date_edited", "timestamp", "dateEdited"),
    ),
    untyped_keys=("useDepartmentContactDetails", "companyName", "phoneNumber", "emailAddress", "currencyId"),
)  # fmt: skip
COURSES = Stream(
    "absorb", "lms", "courses", "window", OffsetPages("/courses", "courses", _edited_since), ("id",), "date_edited", lag=OVERLAP,
    holdings=_holdings("courses"),
    columns=(
        Column("id", required=True), Column("name"), Column("course_type", path="courseType"),
        Column("external_id", path="externalId"), Column("active_status", "bigint", "activeStatus"),
        Column("learner_time", "double", "learnerTime"), Column("certificate_url", path="certificateUrl"),
        Column("date_added", "timestamp", "dateAdded"), Column("date_edited", "timestamp", "dateEdited", required=True),
    ),
    untyped_keys=(
        "description", "accessDate", "expireType", "expireDuration", "expiryDate", "tagIds", "prerequisiteCourseIds",
        "categoryId", "vendor", "companyCost", "learnerCost", "companyTime",
    ),
)  # fmt: skip
ENROLLMENTS = Stream(
    "absorb", "lms", "enrollments", "window", _enrollments, ("id",), "date_edited", lag=OVERLAP,
    holdings=Holdings(keys=_all_enrollments),
    columns=(
        Column("id", required=True), Column("course_id", path="courseId", required=True),
        Column("user_id", path="userId", required=True), Column("progress", "double"), Column("score", "double"),
        Column("status", "bigint", required=True), Column("date_added", "timestamp", "dateAdded", required=True),
        Column("date_started", "timestamp", "dateStarted"), Column("date_completed", "timestamp", "dateCompleted"),
        Column("date_edited", "timestamp", "dateEdited", required=True), Column("date_due", "timestamp", "dateDue"),
        Column("time_spent_ticks", "bigint", "timeSpentTicks"), Column("enrollment_key_id", path="enrollmentKeyId"),
        Column("certificate_id", path="certificateId"), Column("is_active", "boolean", "isActive"),
        Column("course_version_id", path="courseVersionId"),
    ),
    untyped_keys=(
        "courseName", "fullName", "dateExpires", "accessDate", "acceptedTermsAndConditions", "timeSpent", "credits",
        "jobTitle", "courseCollectionId", "avatar",
    ),
)  # fmt: skip
CERTIFICATES = Stream(
    "absorb", "lms", "certificates", "window", _certificates, ("id",), "acquired_date", lag=OVERLAP,
    columns=(
        Column("id", required=True), Column("enrollment_id", path="enrollmentId", required=True),
        Column("acquired_date", "timestamp", "acquiredDate", required=True), Column("expiry_date", "timestamp", "expiryDate"),
    ),
    untyped_keys=("fullName", "courseName", "notes"),
)  # fmt: skip

SOURCE = Source(
    "absorb", "Absorb LMS", "lms",
    {stream.name: stream for stream in (USERS, DEPARTMENTS, COURSES, ENROLLMENTS, CERTIFICATES, deletions("absorb", "lms"))},
    open_client, check_path="/departments", check_params={"_limit": "1"},
)  # fmt: skip
