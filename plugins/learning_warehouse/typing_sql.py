"""The SQL that turns the JSON texts of records into typed columns, and says of each record why it does not fit.

Nothing is inferred: each declared column is cast from text by its own rule, and what does not cast is NULL plus a reason.
A reason names the column and the kind of value, never the value.
"""

from learning_warehouse.streams import Column, Stream

NUMBERS = "('UBIGINT', 'BIGINT', 'HUGEINT', 'UHUGEINT', 'DOUBLE')"
WHOLE = r"[+-]?\d{1,19}(\.0+)?"
DECIMAL = r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?"
DAY = r"\d{4}-\d{2}-\d{2}"
MOMENT = DAY + r"([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?( ?(Z|[+-]\d{2}(:?\d{2})?))?)?"
TICKS = r"\d{18}"
TICKS_AT_1970 = 621_355_968_000_000_000
EXPECTED = {
    "varchar": "a text",
    "bigint": "a whole number",
    "double": "a number",
    "boolean": "yes or no",
    "timestamp": "a time",
    "date": "a date",
    "json": "JSON",
}


def quoted(name: str) -> str:
    """A column name as SQL."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as SQL."""
    return "'" + text.replace("'", "''") + "'"


def json_path(column: Column) -> str:
    """`metric_set.solved_at` as DuckDB's path $."metric_set"."solved_at"."""
    return "$" + "".join(f'."{step}"' for step in column.json_path.split("."))


def cells(stream: Stream) -> str:
    """SELECT list over a column `d` (JSON): texts `t`, kinds `k` and raw JSON `j` of every declared path, as lists."""
    paths = ", ".join(literal(json_path(column)) for column in stream.columns)
    return f"json_extract_string(d, [{paths}]) AS t, json_type(d, [{paths}]) AS k, {_raw_json(stream)} AS j"


def _raw_json(stream: Stream) -> str:
    paths = ", ".join(literal(json_path(column)) for column in stream.columns if column.type == "json")
    return f"json_extract(d, [{paths}])" if paths else "NULL::JSON[]"


def checked(stream: Stream) -> str:
    """SELECT over `cells`: `_index`, each declared column typed (addresses still as text), and `_reason` (NULL = fits)."""
    casts, reasons = [], []
    json_columns = [column.name for column in stream.columns if column.type == "json"]
    for position, column in enumerate(stream.columns, start=1):
        text, kind = f"t[{position}]", f"k[{position}]"
        raw = f"j[{json_columns.index(column.name) + 1}]" if column.type == "json" else ""
        name = quoted(column.name)
        casts.append(f"{_cast(column, text, kind, raw)} AS {name}")
        said = f"{_said(kind)} || {literal(' that is not ' + EXPECTED[column.type])}"
        reasons.append(f"WHEN {name} IS NULL AND {_present(column, text, kind)} THEN {literal(column.name + ': ')} || {said}")
        if column.required:
            reasons.append(f"WHEN {name} IS NULL THEN {literal(column.name + ': missing')}")
    reason = f"CASE {' '.join(reasons)} END"
    return f"SELECT _index, {', '.join(casts)}, {reason} AS _reason FROM cells"


def _present(column: Column, text: str, kind: str) -> str:
    blank = f"({kind} = 'VARCHAR' AND trim({text}) = '')"
    if column.type in ("date", "timestamp"):
        blank = f"({blank} OR {text} LIKE '0000-00-00%')"
    return f"({kind} IS NOT NULL AND {kind} <> 'NULL' AND NOT {blank})"


def _said(kind: str) -> str:
    return (
        f"CASE WHEN {kind} = 'VARCHAR' THEN 'a text' WHEN {kind} IN {NUMBERS} THEN 'a number' WHEN {kind} = 'BOOLEAN' "
        f"THEN 'yes or no' WHEN {kind} = 'ARRAY' THEN 'a list' ELSE 'an object' END"
    )


def _cast(column: Column, text: str, kind: str, raw: str) -> str:
    trimmed = f"trim({text})"
    is_scalar = f"({kind} = 'VARCHAR' OR {kind} IN {NUMBERS})"
    if column.type == "varchar":
        return f"CASE WHEN {is_scalar} AND {trimmed} <> '' THEN {text} END"
    if column.type == "bigint":
        return f"CASE WHEN {is_scalar} AND {_matches(trimmed, WHOLE)} THEN TRY_CAST(split_part({trimmed}, '.', 1) AS BIGINT) END"
    if column.type == "double":
        number = f"TRY_CAST({trimmed} AS DOUBLE)"
        return f"CASE WHEN {is_scalar} AND {_matches(trimmed, DECIMAL)} AND isfinite({number}) THEN {number} END"
    if column.type == "boolean":
        word = (
            f"CASE lower({trimmed}) WHEN 'true' THEN true WHEN 'yes' THEN true WHEN 'false' THEN false WHEN 'no' THEN false END"
        )
        return f"CASE WHEN {kind} IN ('BOOLEAN', 'VARCHAR') THEN {word} END"
    if column.type == "timestamp":
        return f"CASE WHEN {is_scalar} THEN {_moment(trimmed)} END"
    if column.type == "date":
        return f"CASE WHEN {kind} = 'VARCHAR' THEN CAST({_moment(trimmed)} AS DATE) END"
    return f"CASE WHEN {_present(column, text, kind)} THEN {raw} END"


def _matches(text: str, pattern: str) -> str:
    return f"regexp_full_match({text}, {literal(pattern)})"


def _moment(text: str) -> str:
    """ISO 8601 with Z, +00:00, +0000 or no offset (UTC), or .NET ticks of 100 ns, as naive UTC."""
    ticks = f"make_timestamp((TRY_CAST({text} AS BIGINT) - {TICKS_AT_1970}) // 10)"
    offset = r"([+-]\d{2})(\d{2})$"
    iso = f"TRY_CAST(regexp_replace({text}, {literal(offset)}, {literal(chr(92) + '1:' + chr(92) + '2')}) AS TIMESTAMP)"
    time_of_day = f"contains({text}, ':')"
    return (
        f"CASE WHEN {_matches(text, TICKS)} THEN {ticks} WHEN {_matches(text, MOMENT)} AND {time_of_day} THEN {iso} "
        f"WHEN {_matches(text, DAY)} THEN TRY_CAST({text} AS TIMESTAMP) END"
    )


def final_columns(stream: Stream) -> str:
    """SELECT list over `checked` joined to `identities` and `addresses_<column>`: the typed load's columns, in order."""
    columns = ["identities.key AS identity_key"] if stream.identity else []
    for column in stream.columns:
        if column.personal == "email":
            table = quoted(f"addresses_{column.name}")
            columns += [f"{table}.key AS {quoted(column.name + '_key')}", f"{table}.domain AS {quoted(column.name + '_domain')}"]
        else:
            columns.append(f"checked.{quoted(column.name)}")
    return ", ".join(columns)


def final_joins(stream: Stream) -> str:
    """The joins that `final_columns` needs."""
    joins = []
    if stream.identity:
        joins.append(f"LEFT JOIN identities ON identities.value = CAST(checked.{quoted(stream.primary_key[0])} AS VARCHAR)")
    for column in stream.columns:
        if column.personal == "email":
            table = quoted(f"addresses_{column.name}")
            joins.append(f"LEFT JOIN {table} ON {table}.value = checked.{quoted(column.name)}")
    return " ".join(joins)
