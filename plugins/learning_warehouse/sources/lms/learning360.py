"""360Learning, API v2: users, groups, external ids, courses, paths and their enrollments, attempts, certificates.

Paging: bare arrays of a fixed page size; the Link header names the next page and is absent on the last. Clock: none that
can be trusted for users, groups and enrollments, and archiving a course or path does not move its `modifiedAt`, so these
lists are read whole. Attempts change until they are finished and can be filtered by `completedAt` only: all are read, and
those that are open or were finished since the last load are landed.
Rate limit: 50 reads a second for a company, 429 without Retry-After. Deletes: users stay in the list with status deleted and
little else, courses and paths are archived; an unenrolled learner keeps the enrollment, with `unenrolledAt`.
Tokens: client credentials, one hour, several may live at once; a 401 fetches a new one. Absent properties are left out.
Docs: https://360learning.readme.io/
Alone against the sandbox: `lw sandbox` in one terminal, `lw land learning360.users` in another.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import msgspec

from learning_warehouse.connections import Connection
from learning_warehouse.errors import CredentialsRefused, LearningWarehouseError
from learning_warehouse.http import Client
from learning_warehouse.paging import parse
from learning_warehouse.paging_links import LinkPages
from learning_warehouse.streams import Answer, Column, Page, Reading, Source, Stream
from learning_warehouse.tokens import SharedToken

OVERLAP = timedelta(days=1)
API_VERSION = {"360-api-version": "v2.0"}


class _Token(msgspec.Struct):
    access_token: str


def open_client(connection: Connection) -> Client:
    """A client that fetches a token by client credentials and shares it between workers."""
    body = {"grant_type": "client_credentials", "client_id": connection.login, "client_secret": connection.password}

    def token(client: Client) -> str:
        page = client.call("POST", "/oauth2/token", json=body, decode=lambda answer: parse(answer.body, _Token), authorized=False)
        return page.access_token

    shared = SharedToken("learning360", connection, token)
    return Client(connection, shared, base_path="/api/v2", headers=API_VERSION, refusal=_refusal)


def _refusal(answer: Answer) -> LearningWarehouseError | None:
    if answer.status == 403 and b"invalid_scope" in answer.body:
        advice = "Give the API credential the scopes that docs/connect-your-own.md names."
        return CredentialsRefused("the credential lacks the scope of this stream", "learning360", what_to_do=advice)
    return None


def _since(name: str, reading: Reading) -> dict[str, str]:
    return {f"{name}[gte]": reading.window_from.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")}


class _Finished(msgspec.Struct):
    completedAt: str | None = None


class _Certified(msgspec.Struct):
    userId: str | None = None
    certificateId: str | None = None


def _is_new(record: bytes, since: datetime) -> bool:
    """Whether an attempt is open or was finished since; unreadable ones count as new, so that typing says what is wrong."""
    try:
        finished = msgspec.json.decode(record, type=_Finished).completedAt
        return finished is None or datetime.fromisoformat(finished) >= since
    except (ValueError, TypeError, RecursionError):
        return True


def _attempts(reading: Reading) -> Iterator[Page]:
    for page in LinkPages("/courses/stats")(reading):
        yield replace(page, records=[record for record in page.records if _is_new(record, reading.window_from)])


def _certificates(reading: Reading) -> Iterator[Page]:
    """The certificates of every user who finished a path with one since the last load."""
    users: dict[str, None] = {}
    for page in LinkPages("/paths/stats", _since("completedAt", reading))(reading):
        rows = [parse(record, _Certified) for record in page.records]
        users |= {row.userId: None for row in rows if row.certificateId and row.userId}
    for user_id in users:
        yield from LinkPages(f"/users/{quote(user_id, safe='')}/certificates", _since("deliveryDate", reading))(reading)


ID = Column("id", path="_id", required=True)
TIMES = (("created_at", "createdAt"), ("modified_at", "modifiedAt"))
MADE = tuple(Column(name, "timestamp", path, required=True) for name, path in TIMES)

USERS = Stream(
    "learning360", "lms", "users", "snapshot", LinkPages("/users"), ("id",), None, identity="learning360.users",
    columns=(
        ID, Column("mail", personal="email"), Column("status", required=True), Column("job"), Column("organization"),
        Column("custom"), Column("primary_group_id", path="primaryGroupId"),
        Column("last_login_date", "timestamp", "lastLoginDate"), Column("deleted_at", "json", "deletedAt"),
        Column("reactivated_at", "json", "reactivatedAt"), Column("to_be_deactivated_at", "timestamp", "toBeDeactivatedAt"),
    ),
    untyped_keys=("username", "lang", "firstName", "lastName", "phone", "profileImageId"),
)  # fmt: skip
GROUPS = Stream(
    "learning360", "lms", "groups", "snapshot", LinkPages("/groups"), ("id",), None,
    columns=(ID, Column("name"), Column("parent_id", path="parentId"), Column("public", "boolean"), Column("custom")),
    untyped_keys=(
        "privacyPolicy", "moderationCharter", "termsOfUse", "imprint", "bannerImageId", "backgroundImageId", "faviconImageId",
        "logoImageId", "subdomain", "url",
    ),
)  # fmt: skip
EXTERNAL_IDS = Stream(
    "learning360", "lms", "external_ids", "snapshot", LinkPages("/external-ids"), ("id",), None,
    columns=(
        ID, Column("platform", required=True), Column("target_id", path="targetId", required=True),
        Column("target_type", path="targetType", required=True), Column("value", required=True),
    ),
)  # fmt: skip
COURSES = Stream(
    "learning360", "lms", "courses", "snapshot", LinkPages("/courses"), ("id",), "modified_at",
    columns=(
        ID, Column("name", required=True), Column("duration", "double"), Column("group_id", path="groupId"), *MADE,
        Column("status", required=True), Column("type", required=True), Column("external_platform", path="externalPlatform"),
        Column("current_version_number", "bigint", "currentVersionNumber"), Column("author_id", path="authorId"),
    ),
    untyped_keys=("description", "coAuthorIds", "sourceLang", "defaultLang", "translations", "collaborativeLearning"),
)  # fmt: skip
PATHS = Stream(
    "learning360", "lms", "paths", "snapshot", LinkPages("/paths"), ("id",), "modified_at",
    columns=(
        ID, Column("name", required=True), Column("additional_information", path="additionalInformation"),
        Column("status", required=True), Column("group_id", path="groupId"), Column("certificate_id", path="certificateId"),
        Column("estimated_duration", "double", "estimatedDuration.value"),
        Column("estimated_duration_unit", path="estimatedDuration.unit"), Column("steps", "json"), *MADE,
    ),
    untyped_keys=(
        "authorId", "coAuthorIds", "defaultLang", "sourceLang", "options", "translations", "coverPicture", "description",
        "estimatedWeeklyCommitment",
    ),
)  # fmt: skip
PATH_ENROLLMENTS = Stream(
    "learning360", "lms", "path_enrollments", "snapshot", LinkPages("/paths/stats"), ("id",), "enrolled_at",
    columns=(
        ID, Column("path_id", path="pathId", required=True), Column("session_id", path="sessionId", required=True),
        Column("user_id", path="userId", required=True), Column("status_type", path="status.type", required=True),
        Column("status_reason", path="status.reason"), Column("progress", "double"), Column("score", "double"),
        Column("time_spent", "double", "timeSpent"), Column("self_enrolled", "boolean", "selfEnrolled"),
        Column("certificate_id", path="certificateId"), Column("enrolled_at", "timestamp", "enrolledAt", required=True),
        Column("unenrolled_at", "timestamp", "unenrolledAt"), Column("started_at", "timestamp", "startedAt"),
        Column("completed_at", "timestamp", "completedAt"), Column("due_date", "timestamp", "dueDate"),
    ),
)  # fmt: skip
ATTEMPTS = Stream(
    "learning360", "lms", "attempts", "window", _attempts, ("id",), "last_activity_at", lag=OVERLAP,
    columns=(
        ID, Column("course_id", path="courseId", required=True), Column("user_id", path="userId", required=True),
        Column("version_number", "bigint", "versionNumber"), Column("progress", "double"), Column("score", "double"),
        Column("time_spent", "double", "timeSpent"), Column("first_activity_at", "timestamp", "firstActivityAt"),
        Column("last_activity_at", "timestamp", "lastActivityAt"), Column("completed_at", "timestamp", "completedAt"),
        Column("path_id", path="pathId"), Column("path_session_id", path="pathSessionId"),
    ),
    untyped_keys=("lang",),
)  # fmt: skip
CERTIFICATES = Stream(
    "learning360", "lms", "certificates", "window", _certificates, ("id",), "delivery_date", lag=OVERLAP,
    columns=(
        ID, Column("title"), Column("type", required=True), Column("path_id", path="pathId"),
        Column("path_session_id", path="pathSessionId"), Column("certificate_outline_id", path="certificateOutlineId"),
        Column("delivery_date", "timestamp", "deliveryDate", required=True),
        Column("expiration_date", "timestamp", "expirationDate"),
    ),
    untyped_keys=("validityPeriod", "pathName"),
)  # fmt: skip

STREAMS = (USERS, GROUPS, EXTERNAL_IDS, COURSES, PATHS, PATH_ENROLLMENTS, ATTEMPTS, CERTIFICATES)
BY_NAME = {stream.name: stream for stream in STREAMS}
SOURCE = Source("learning360", "360Learning", "lms", BY_NAME, open_client, check_path="/groups")
