"""Salesforce: accounts, their owner history, contacts, users, opportunities, contracts.

Paging: queryAll (deleted rows come too) with nextRecordsUrl until done; a query that announces 10,000 records or more
(extra.bulk_from_records) is read as a job of the Bulk API 2.0 instead, in pages of CSV. Clock: SystemModstamp, for AccountHistory
CreatedDate; windows are half open and read with ten minutes of overlap, because long transactions commit after their stamp.
The query names exactly the declared columns, so a column that a profile may not see is an error and not a silent NULL.
Rate limit: a daily quota, answered 403 REQUEST_LIMIT_EXCEEDED without Retry-After. Deletes: IsDeleted while in the recycle
bin, what left it is found by a weekly sweep of the ids; a merged account or contact is deleted and names its winner
in MasterRecordId.
Tokens: client credentials at the My Domain host (login and test hosts do not serve this grant); a session that died is
answered 401 INVALID_SESSION_ID and renewed once.
Docs: https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/
Alone against the sandbox: `lw sandbox` in one terminal, `lw land salesforce.accounts` in another.
"""

from datetime import UTC, datetime, timedelta

import msgspec

from learning_warehouse.connections import Connection
from learning_warehouse.errors import LearningWarehouseError, OriginRefused, RetryLater
from learning_warehouse.http import Basic, Client
from learning_warehouse.paging import parse
from learning_warehouse.paging_jobs import JobClient, JobRefused, QueryOrJobPages
from learning_warehouse.streams import Answer, Column, Holdings, Reading, Source, Stream
from learning_warehouse.sweeps import deletions
from learning_warehouse.tokens import SharedToken

VERSION = "v62.0"
ROOT = f"/services/data/{VERSION}"
NOT_A_JOB = (b"INVALIDENTITY", b"FEATURENOTENABLED", b"not supported by the Bulk API")
OVERLAP = timedelta(minutes=10)
QUOTA_PAUSE = timedelta(hours=1)


class _Total(msgspec.Struct, rename={"total": "totalSize"}):
    total: int


class _Token(msgspec.Struct):
    access_token: str
    instance_url: str


def open_client(connection: Connection) -> Client:
    """A client that fetches a session token by client credentials and shares it between workers."""

    def token(client: Client) -> str:
        answer = client.call(
            "POST", "/services/oauth2/token", form={"grant_type": "client_credentials"},
            headers=Basic(connection.login, connection.password).headers(client),
            decode=lambda answer: parse(answer.body, _Token), authorized=False,
        )  # fmt: skip
        if not client.is_own_origin(answer.instance_url):
            raise OriginRefused(
                "the token belongs to another host.", "salesforce", what_to_do="Set host to your My Domain address."
            )
        return answer.access_token

    return JobClient(connection, SharedToken("salesforce", connection, token), refusal=_refusal)


def _refusal(answer: Answer) -> LearningWarehouseError | None:
    if answer.status == 403 and b"REQUEST_LIMIT_EXCEEDED" in answer.body:
        return RetryLater("the daily request quota is used up", datetime.now(UTC) + QUOTA_PAUSE, "salesforce")
    if answer.status == 400 and any(code in answer.body for code in NOT_A_JOB):
        return JobRefused("the vendor does not run this query as a job", "salesforce")
    return None


def _literal(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def _stream(
    name: str,
    table: str,
    columns: tuple[Column, ...],
    *,
    version: str = "SystemModstamp",
    where: str = "",
    identity: str | None = None,
) -> Stream:
    def query(reading: Reading) -> str:
        fields = ", ".join(column.json_path for column in columns)
        window = f"{version} >= {_literal(reading.window_from)} AND {version} < {_literal(reading.window_to)}"
        return f"SELECT {fields} FROM {table} WHERE {where}{window} ORDER BY {version}, Id"

    cursor_field = next(column.name for column in columns if column.json_path == version)
    pages = QueryOrJobPages(ROOT, query)
    return Stream(
        "salesforce", "crm", name, "window", pages, ("id",), cursor_field, columns,
        identity=identity, lag=OVERLAP, untyped_keys=("attributes",), holdings=None if where else _holdings(table, columns),
    )  # fmt: skip


def _holdings(table: str, columns: tuple[Column, ...]) -> Holdings:
    """Users cannot be deleted; of the others a record in the recycle bin is listed, and not counted."""
    is_deletable = IS_DELETED in columns

    def count(reading: Reading) -> int:
        query = f"SELECT COUNT() FROM {table}"
        return reading.client.get(f"{ROOT}/query", {"q": query}, lambda answer: parse(answer.body, _Total).total)

    keys = QueryOrJobPages(ROOT, lambda _: f"SELECT Id FROM {table} ORDER BY Id")
    return Holdings(count, keys if is_deletable else None, "is_deleted" if is_deletable else "false")


ID = Column("id", path="Id", required=True)
IS_DELETED = Column("is_deleted", "boolean", "IsDeleted")
MASTER_RECORD_ID = Column("master_record_id", path="MasterRecordId")
CREATED_DATE = Column("created_date", "timestamp", "CreatedDate", required=True)
SYSTEM_MODSTAMP = Column("system_modstamp", "timestamp", "SystemModstamp", required=True)
ACCOUNT_ID = Column("account_id", path="AccountId", required=True)
EMAIL = Column("email", path="Email", personal="email")

ACCOUNTS = _stream("accounts", "Account", (
    ID, IS_DELETED, MASTER_RECORD_ID, Column("name", path="Name"), Column("type", path="Type"),
    Column("industry", path="Industry"), Column("number_of_employees", "bigint", "NumberOfEmployees"),
    Column("owner_id", path="OwnerId"), Column("website", path="Website"), Column("segment", path="Segment__c"),
    Column("plan", path="Plan__c"), Column("early_health_band", path="Early_Health_Band__c"),
    Column("early_health_band_date", "date", "Early_Health_Band_Date__c"),
    Column("churned_date", "timestamp", "Churned_Date__c"), Column("churn_reason", path="Churn_Reason__c"),
    Column("first_value_date", "timestamp", "First_Value_Date__c"), CREATED_DATE,
    Column("last_modified_date", "timestamp", "LastModifiedDate"), SYSTEM_MODSTAMP,
))  # fmt: skip
ACCOUNT_HISTORY = _stream("account_history", "AccountHistory", (
    ID, ACCOUNT_ID, Column("field", path="Field", required=True), Column("old_value", path="OldValue"),
    Column("new_value", path="NewValue"), CREATED_DATE,
), version="CreatedDate", where="Field = 'Owner' AND ")  # fmt: skip
CONTACTS = _stream("contacts", "Contact", (
    ID, IS_DELETED, MASTER_RECORD_ID, Column("account_id", path="AccountId"), EMAIL, Column("title", path="Title"),
    CREATED_DATE, SYSTEM_MODSTAMP,
), identity="salesforce.contacts")  # fmt: skip
USERS = _stream("users", "User", (
    ID, EMAIL, Column("employee_number", path="EmployeeNumber"), Column("is_active", "boolean", "IsActive"),
    CREATED_DATE, SYSTEM_MODSTAMP,
), identity="salesforce.users")  # fmt: skip
OPPORTUNITIES = _stream("opportunities", "Opportunity", (
    ID, IS_DELETED, ACCOUNT_ID, Column("owner_id", path="OwnerId"), Column("stage_name", path="StageName"),
    Column("type", path="Type"), Column("amount", "double", "Amount"), Column("currency_iso_code", path="CurrencyIsoCode"),
    Column("close_date", "date", "CloseDate"), Column("closed_at", "timestamp", "Closed_At__c"),
    Column("is_closed", "boolean", "IsClosed"), Column("is_won", "boolean", "IsWon"), Column("contract_id", path="ContractId"),
    CREATED_DATE, SYSTEM_MODSTAMP,
))  # fmt: skip
CONTRACTS = _stream("contracts", "Contract", (
    ID, IS_DELETED, ACCOUNT_ID, Column("status", path="Status"), Column("start_date", "date", "StartDate", required=True),
    Column("end_date", "date", "EndDate"), Column("contract_term", "bigint", "ContractTerm"),
    Column("paid_seats", "bigint", "Paid_Seats__c"), Column("annual_value", "double", "Annual_Value__c"),
    Column("currency_iso_code", path="CurrencyIsoCode"), CREATED_DATE, SYSTEM_MODSTAMP,
))  # fmt: skip

SOURCE = Source(
    "salesforce", "Salesforce", "crm",
    {stream.name: stream for stream in (
        ACCOUNTS, ACCOUNT_HISTORY, CONTACTS, USERS, OPPORTUNITIES, CONTRACTS, deletions("salesforce", "crm"),
    )},
    open_client, check_path=f"{ROOT}/queryAll", check_params={"q": "SELECT Id FROM User LIMIT 1"},
)  # fmt: skip
