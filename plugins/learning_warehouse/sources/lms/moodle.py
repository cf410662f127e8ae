"""Moodle web services (REST, JSON): users, courses, enrollments, completions, grade items.

Paging: none, except for enrolled users (limitfrom, limitnumber). Clock: no function lists what changed, so users, courses,
enrollments and grades are read whole; completion is told for one learner in one course only, so it is asked for those who
opened the course since the last load (a day of overlap, as Moodle's own job marks completions later than the visit).
Courses without completion tracking are not asked for; in them the grade of the course is all there is. There is no day of
enrollment, of start, and of completion of the course itself (only of its criteria). Deletes: absent from the list.
Rate limit: none of Moodle's own. Errors come with status 200; `warnings` mean that rows are missing. All times are seconds
since 1970, 0 is never; flags come as true and false or as 1 and 0.
Docs: https://docs.moodle.org/dev/Web_service_API_functions
Alone against the sandbox: `lw sandbox` in one terminal, `lw land moodle.users` in another.
"""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import msgspec

from learning_warehouse.paging import parse
from learning_warehouse.paging_functions import FunctionClient, FunctionRefused, named_rows, numbered, options, read_all
from learning_warehouse.paging_functions import with_fields as asked_for
from learning_warehouse.streams import Answer, Column, Page, Reading, Source, Stream

OVERLAP = timedelta(days=1)
PAGE_SIZE = 5000
STATES = {"active": "onlyactive", "suspended": "onlysuspended"}
ABOUT_A_PAIR = ("usernotenroled", "cannotviewreport", "accessdenied")


class _Course(msgspec.Struct):
    id: int
    enablecompletion: bool | int = 0


class _Enrolled(msgspec.Struct):
    id: int
    lastcourseaccess: int = 0


class _Status(msgspec.Struct):
    completionstatus: msgspec.Raw


class _UserGrades(msgspec.Struct):
    courseid: int
    userid: int
    gradeitems: list[msgspec.Raw]


def _users(reading: Reading) -> Iterator[Page]:
    everybody = {"criteria[0][key]": "email", "criteria[0][value]": "%"}
    yield Page(reading.client.get("core_user_get_users", everybody, partial(named_rows, "users")))


def _courses(reading: Reading) -> Iterator[Page]:
    yield Page(read_all(reading.client, "core_course_get_courses"))


def _course_list(reading: Reading) -> list[_Course]:
    return [parse(record, _Course) for record in read_all(reading.client, "core_course_get_courses")]


def _enrolled(reading: Reading, course_id: int, state: str) -> Iterator[Page]:
    asked = options({STATES[state]: "1", "userfields": "id,lastcourseaccess,roles", "sortby": "id"})
    for page in numbered(reading, "core_enrol_get_enrolled_users", {"courseid": str(course_id), **asked}, PAGE_SIZE):
        yield Page([asked_for(record, {"courseid": course_id, "state": state}) for record in page.records])


def _enrollments(reading: Reading) -> Iterator[Page]:
    for course in _course_list(reading):
        for state in STATES:
            yield from _enrolled(reading, course.id, state)


def _completions(reading: Reading) -> Iterator[Page]:
    """What Moodle says of each learner who opened a tracked course since; the cursor is the newest opening seen."""
    newest = int(reading.cursor or 0)
    since = max(newest - int(OVERLAP.total_seconds()), 1) if newest else int(reading.window_from.timestamp())
    for course in _course_list(reading):
        if not course.enablecompletion:
            continue
        learners = [parse(record, _Enrolled) for page in _enrolled(reading, course.id, "active") for record in page.records]
        opened = [learner for learner in learners if learner.lastcourseaccess >= since]
        newest = max([newest, *(learner.lastcourseaccess for learner in opened)])
        yield Page(list(_of_pairs(reading, course.id, opened)), next_cursor=str(newest) if newest else None)


def _of_pairs(reading: Reading, course_id: int, learners: list[_Enrolled]) -> Iterator[bytes]:
    for learner in learners:
        form = {"courseid": str(course_id), "userid": str(learner.id)}
        about = {"courseid": course_id, "userid": learner.id, "lastcourseaccess": learner.lastcourseaccess}
        try:
            yield asked_for(reading.client.get("core_completion_get_course_completion_status", form, _status), about)
        except FunctionRefused as error:
            if error.code == "nocriteriaset":
                return
            if error.code not in ABOUT_A_PAIR:
                raise
            yield asked_for(b"{}", {**about, "refused": error.code})


def _status(answer: Answer) -> bytes:
    return bytes(parse(answer.body, _Status).completionstatus)


def _grade_items(reading: Reading) -> Iterator[Page]:
    for course in _course_list(reading):
        asked = {"courseid": str(course.id), "userid": "0"}
        rows = reading.client.get("gradereport_user_get_grade_items", asked, partial(named_rows, "usergrades"))
        grades = [parse(row, _UserGrades) for row in rows]
        pairs = [(bytes(item), {"courseid": one.courseid, "userid": one.userid}) for one in grades for item in one.gradeitems]
        yield Page([asked_for(*pair) for pair in pairs])


COURSE_ID = Column("course_id", "bigint", "courseid", required=True)
USERS = Stream(
    "moodle", "lms", "users", "snapshot", _users, ("id",), "last_access", identity="moodle.users",
    columns=(
        Column("id", "bigint", required=True), Column("email", personal="email"), Column("idnumber"), Column("department"),
        Column("institution"), Column("first_access", "bigint", "firstaccess"), Column("last_access", "bigint", "lastaccess"),
        Column("suspended", "json"), Column("customfields", "json"),
    ),
    untyped_keys=(
        "username", "auth", "confirmed", "firstname", "lastname", "fullname", "lang", "calendartype", "theme", "timezone",
        "mailformat", "trackforums", "city", "country", "address", "phone1", "phone2", "interests", "description",
        "descriptionformat", "profileimageurl", "profileimageurlsmall", "preferences",
    ),
)  # fmt: skip
COURSES = Stream(
    "moodle", "lms", "courses", "snapshot", _courses, ("id",), "time_modified",
    columns=(
        Column("id", "bigint", required=True), Column("shortname", required=True), Column("fullname"), Column("idnumber"),
        Column("category_id", "bigint", "categoryid"), Column("format"), Column("visible", "json"),
        Column("start_date", "bigint", "startdate"), Column("end_date", "bigint", "enddate"),
        Column("time_created", "bigint", "timecreated"), Column("time_modified", "bigint", "timemodified", required=True),
        Column("enable_completion", "json", "enablecompletion"), Column("customfields", "json"),
    ),
    untyped_keys=(
        "displayname", "categorysortorder", "summary", "summaryformat", "showgrades", "newsitems", "numsections", "maxbytes",
        "showreports", "hiddensections", "groupmode", "groupmodeforce", "defaultgroupingid", "completionnotify", "lang",
        "forcetheme", "courseformatoptions", "showactivitydates", "showcompletionconditions",
    ),
)  # fmt: skip
ENROLLMENTS = Stream(
    "moodle", "lms", "enrollments", "snapshot", _enrollments, ("course_id", "user_id"), "last_course_access",
    columns=(
        COURSE_ID, Column("user_id", "bigint", "id", required=True), Column("state", required=True),
        Column("last_course_access", "bigint", "lastcourseaccess"), Column("roles", "json"),
    ),
    untyped_keys=("fullname",),
)  # fmt: skip
COMPLETIONS = Stream(
    "moodle", "lms", "completions", "cursor", _completions, ("course_id", "user_id"), "last_course_access",
    columns=(
        COURSE_ID, Column("user_id", "bigint", "userid", required=True),
        Column("last_course_access", "bigint", "lastcourseaccess", required=True), Column("completed", "json"),
        Column("aggregation", "bigint"), Column("completions", "json"), Column("refused"),
    ),
)  # fmt: skip
GRADE_ITEMS = Stream(
    "moodle", "lms", "grade_items", "snapshot", _grade_items, ("item_id", "user_id"), "graded_at",
    columns=(
        COURSE_ID, Column("user_id", "bigint", "userid", required=True), Column("item_id", "bigint", "id", required=True),
        Column("item_type", path="itemtype", required=True), Column("item_module", path="itemmodule"),
        Column("item_name", path="itemname"), Column("cm_id", "bigint", "cmid"), Column("grade_raw", "double", "graderaw"),
        Column("grade_min", "double", "grademin"), Column("grade_max", "double", "grademax"),
        Column("submitted_at", "bigint", "gradedatesubmitted"), Column("graded_at", "bigint", "gradedategraded"),
    ),
    untyped_keys=(
        "iteminstance", "itemnumber", "idnumber", "categoryid", "outcomeid", "scaleid", "locked", "weightraw", "weightformatted",
        "status", "gradehiddenbydate", "gradeneedsupdate", "gradeishidden", "gradeislocked", "gradeisoverridden",
        "gradeformatted", "rangeformatted", "percentageformatted", "lettergradeformatted", "rank", "numusers",
        "averageformatted", "feedback", "feedbackformat",
    ),
)  # fmt: skip

STREAMS = (USERS, COURSES, ENROLLMENTS, COMPLETIONS, GRADE_ITEMS)
BY_NAME = {stream.name: stream for stream in STREAMS}
SOURCE = Source("moodle", "Moodle", "lms", BY_NAME, FunctionClient, check_path="core_webservice_get_site_info")
