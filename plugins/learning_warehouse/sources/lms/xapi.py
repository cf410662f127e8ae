"""xAPI: the statements of a learning record store (LRS 1.0.3), for any learning system that has no connector of its own.

Paging: `more`, a link that counts from the origin of the server. Clock: `since` (exclusive) and `until` (inclusive) on the
time a statement was stored; watermark and look-back: paging_statements.py. Late uploads have an old `timestamp` and a new
`stored`. Rate limit: none in the standard; 429 as the server likes. Deletes: statements are immutable; a statement with the
verb `voided` names the one that is void, which the LRS no longer shows and which staging then leaves out.
A learner may come as mail, as hash of a mail, as OpenID or as account: each is an identity of its own, matched later.
Docs: https://github.com/adlnet/xAPI-Spec/blob/master/xAPI-Communication.md
Alone against the sandbox: `lw sandbox` in one terminal, `lw land xapi.statements` in another.
"""

from learning_warehouse.connections import Connection
from learning_warehouse.http import Basic, Client
from learning_warehouse.paging_statements import StatementPages
from learning_warehouse.streams import Column, Source, Stream

VERSION = "1.0.3"


def open_client(connection: Connection) -> Client:
    """A client that sends key and secret as a Basic header, and the version of xAPI that we speak."""
    headers = {"X-Experience-API-Version": VERSION}
    return Client(connection, Basic(connection.login, connection.password), base_path="/xAPI", headers=headers)


STATEMENTS = Stream(
    "xapi", "lms", "statements", "cursor", StatementPages(), ("id",), "stored", identity="xapi.actors",
    identity_columns=("actor_mbox", "actor_mbox_sha1sum", "actor_openid", "actor_account_home_page", "actor_account_name"),
    columns=(
        Column("id", required=True), Column("stored", "timestamp", required=True),
        Column("happened_at", "timestamp", "timestamp"), Column("verb_id", path="verb.id", required=True),
        Column("actor_mbox", path="actor.mbox", personal="email"),
        Column("actor_mbox_sha1sum", path="actor.mbox_sha1sum", personal="email"),
        Column("actor_openid", path="actor.openid", personal="email"),
        Column("actor_account_home_page", path="actor.account.homePage"),
        Column("actor_account_name", path="actor.account.name"), Column("actor_type", path="actor.objectType"),
        Column("object_type", path="object.objectType"), Column("object_id", path="object.id"),
        Column("object_name", path="object.definition.name.en-US"),
        Column("object_kind", path="object.definition.type"), Column("completion", "boolean", "result.completion"),
        Column("success", "boolean", "result.success"), Column("score_scaled", "double", "result.score.scaled"),
        Column("score_raw", "double", "result.score.raw"), Column("score_min", "double", "result.score.min"),
        Column("score_max", "double", "result.score.max"), Column("duration", path="result.duration"),
        Column("engaged_seconds", "bigint", "result.extensions.urn:learning-warehouse:engaged-seconds"),
        Column("interactions", "bigint", "result.extensions.urn:learning-warehouse:interactions"),
        Column("registration", path="context.registration"), Column("platform", path="context.platform"),
        Column("parents", "json", "context.contextActivities.parent"),
        Column("groupings", "json", "context.contextActivities.grouping"),
    ),
    untyped_keys=("authority", "version", "attachments"),
)  # fmt: skip

SOURCE = Source(
    "xapi", "xAPI learning record store", "lms", {STATEMENTS.name: STATEMENTS}, open_client,
    check_path="/statements", check_params={"limit": "1"},
)  # fmt: skip
