"""The SQL that turns the JSON texts of records into typed columns, and says of each record why it does not fit.

Nothing is inferred: each declared column is cast from text by its own rule, and what does not cast is NULL plus a reason.
A reason names the column and the kind of value, never the value.
"""

from learning_warehouse.streams import Column, Stream

NUMBERS = "('UBIGINT', 'BIGINT', 'HUGEINT', 'UHUGEINT', 'DOUBLE')"
WHOLE = r"[+-]?\d{1,19}(\.0+)?"
DECIMAL = r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?"
DAY = r"\d{4}-\d{2}-\d{2}"
CLOCK = r"[T ]\d{2}:\d{2}:\d{2}(\.\d+)?"
UTC_MOMENT = f"{DAY}({CLOCK}(Z|[+-]00(:?00)?)?)?"
OFFSET = r"([+-])(\d{2}):?(\d{2})?"
OFFSET_MOMENT = DAY + CLOCK + OFFSET
USUAL_MOMENTS = ("____-__-__T__:__:__Z", "____-__-__T__:__:__.___Z")
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
    """SELECT over `batch` (_index, d): the n-th column as text `tn` (for JSON columns JSON) and JSON kind `kn`."""
    paths = ", ".join(literal(json_path(column)) for column in stream.columns)
    flat = []
    for position, column in enumerate(stream.columns, start=1):
        text = f"d -> {literal(json_path(column))}" if column.type == "json" else f"t[{position}]"
        flat.append(f"{text} AS t{position}, k[{position}] AS k{position}")
    lists = f"json_extract_string(d, [{paths}]) AS t, json_type(d, [{paths}]) AS k"
    return f"SELECT _index, {', '.join(flat)} FROM (SELECT _index, d, {lists} FROM (SELECT _index, d::JSON AS d FROM batch))"


def checked(stream: Stream) -> str:
    """SELECT over `cells`: `_index`, each declared column typed (addresses still as text), and `_reason` (NULL = fits)."""
    casts, cases = [], []
    for position, column in enumerate(stream.columns, start=1):
        text, kind, name = f"t{position}", f"k{position}", quoted(column.name)
        casts.append(f"{_cast(column, text, kind)} AS {name}")
        said = f"{_said(kind)} || {literal(' that is not ' + EXPECTED[column.type])}"
        cases.append(f"WHEN {name} IS NULL AND {_present(column, text, kind)} THEN {literal(column.name + ': ')} || {said}")
        if column.required:
            cases.append(f"WHEN {name} IS NULL THEN {literal(column.name + ': missing')}")
    names = ", ".join(quoted(column.name) for column in stream.columns)
    typed = f"WITH typed AS MATERIALIZED (SELECT *, {', '.join(casts)} FROM cells)"
    return f"{typed} SELECT _index, {names}, CASE {' '.join(cases)} END AS _reason FROM typed"


def cast(column: Column, text: str) -> str:
    """A column of a narrowed record, whose JSON kind is known to be right, as SQL from its text; NULL where it does not cast.

    The same rules as `checked`; the usual spellings of whole numbers and times are recognized without a regular expression.
    """
    if column.type == "json":
        return f"CASE WHEN {text}::VARCHAR <> 'null' THEN {text} END"
    thorough = _cast(column, text, "'VARCHAR'")
    if column.type == "bigint":
        whole = f"TRY_CAST({text} AS BIGINT)"
        return f"CASE WHEN {whole}::VARCHAR = {text} THEN {whole} ELSE {thorough} END"
    if column.type == "timestamp":
        forms = " OR ".join(f"{text} LIKE {literal(form)}" for form in USUAL_MOMENTS)
        usual = f"({forms}) AND {text} >= '0' AND NOT contains({text}, ' ')"
        return f"CASE WHEN {usual} THEN TRY_CAST({text} AS TIMESTAMP) ELSE {thorough} END"
    return thorough


def is_doubtful(column: Column, text: str) -> str:
    """SQL: whether a column that `cast` made NULL needs another look, because something stood there or something must."""
    if column.required or column.type == "json":
        return f"{quoted(column.name)} IS NULL" if column.required else "false"
    return f"({quoted(column.name)} IS NULL AND {text} IS NOT NULL AND {_present(column, text, literal('VARCHAR'))})"


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


def _cast(column: Column, text: str, kind: str) -> str:
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
    return f"CASE WHEN {_present(column, text, kind)} THEN {text}::JSON END"


def _matches(text: str, pattern: str) -> str:
    return f"regexp_full_match({text}, {literal(pattern)})"


def _moment(text: str) -> str:
    """ISO 8601 with Z, an offset (+00:00, +0000, +00) or none (UTC), or .NET ticks of 100 ns, as naive UTC.

    DuckDB's own cast reads an offset and ignores it, so offsets are taken off here.
    """
    ticks = f"make_timestamp((TRY_CAST({text} AS BIGINT) - {TICKS_AT_1970}) // 10)"
    sign, hours, minutes = (f"regexp_extract({text}, {literal(OFFSET + '$')}, {group})" for group in (1, 2, 3))
    offset = f"({hours}::INTEGER * 60 + coalesce(TRY_CAST({minutes} AS INTEGER), 0)) * CASE {sign} WHEN '-' THEN -1 ELSE 1 END"
    local = f"TRY_CAST(regexp_replace({text}, {literal(OFFSET + '$')}, '') AS TIMESTAMP)"
    return (
        f"CASE WHEN {_matches(text, UTC_MOMENT)} THEN TRY_CAST({text} AS TIMESTAMP) "
        f"WHEN {_matches(text, OFFSET_MOMENT)} THEN {local} - to_minutes({offset}) "
        f"WHEN {_matches(text, TICKS)} THEN {ticks} END"
    )


def identity_value(stream: Stream) -> str:
    """SQL over `checked`: what names the person of a record, NULL where nothing does; its key is the record's identity_key."""
    names = stream.identity_columns or stream.primary_key[:1]
    return f"nullif(concat_ws(' ', {', '.join(f'CAST(checked.{quoted(name)} AS VARCHAR)' for name in names)}), '')"


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
        joins.append(f"LEFT JOIN identities ON identities.value = {identity_value(stream)}")
    for column in stream.columns:
        if column.personal == "email":
            table = quoted(f"addresses_{column.name}")
            joins.append(f"LEFT JOIN {table} ON {table}.value = checked.{quoted(column.name)}")
    return " ".join(joins)
