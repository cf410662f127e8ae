"""Whether the exported files of a vendor fit their mapping, said before a night reads them: `lw connect VENDOR --check`."""

from datetime import UTC, datetime

from learning_warehouse.errors import ConfigurationError, StopStream
from learning_warehouse.exports.mapping import HOW, ExportedStream, read_mapping
from learning_warehouse.exports.reading import ExportFile, export_files
from learning_warehouse.line_checks import judge
from learning_warehouse.settings import settings
from learning_warehouse.streams import Source, Stream

LINES_TOLD = 3


def check_exports(source: Source) -> str:
    """One line per mapped stream: files, lines, and the first lines that do not fit.

    Raises ConfigurationError for a wrong mapping or header, StopStream when a stream has no file.
    """
    mapping = read_mapping(source)
    told = [_check(source.streams[name], item) for name, item in mapping.items()]
    absent = ", ".join(name for name in source.streams if name not in mapping)
    return "\n".join([f"{source.title}, as exported:", *told, *([f"  not exported: {absent}"] if absent else [])])


def _check(stream: Stream, mapping: ExportedStream) -> str:
    files = export_files(mapping)
    if not files:
        raise StopStream(f"no file in {settings().export_folder} matches {mapping.files}.", stream.source, stream.name, HOW)
    lines, bad = 0, []
    for path in files:
        name = path.relative_to(settings().export_folder).as_posix()
        file = ExportFile(stream, mapping, name, path.read_bytes(), datetime.now(UTC))
        for _, complaint in judge(stream, file.records()):
            lines += 1
            if complaint and complaint.is_set_aside:
                bad.append(f"    {name} line {complaint.line}: {complaint.reason}")
    if lines and len(bad) == lines:
        raise ConfigurationError(f"no line of {stream.name} fits. The first:\n{bad[0]}", stream.source, stream.name, HOW)
    more = [f"    and {len(bad) - LINES_TOLD:,} more"] if len(bad) > LINES_TOLD else []
    head = f"  {stream.name}: {len(files)} files, {lines:,} records, {len(bad):,} do not fit"
    return "\n".join([head, *bad[:LINES_TOLD], *more])
