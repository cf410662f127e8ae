"""The registry of sources: explicit, in landing order. A new vendor is one module and one line here.

`zendesk` is a vendor and its main tenant; company.yml may name further tenants of it, such as `zendesk@emea`. A tenant has the
streams of its vendor under its own name, so its loads, its connection and the keys of its people are its own.
"""

from dataclasses import replace

from learning_warehouse.errors import ConfigurationError
from learning_warehouse.exports.mapping import read_mapping
from learning_warehouse.exports.reading import ExportPages
from learning_warehouse.settings import company
from learning_warehouse.sources.crm import hubspot, salesforce
from learning_warehouse.sources.hris import bamboohr, hibob, workday
from learning_warehouse.sources.lms import absorb, learning360, moodle, xapi
from learning_warehouse.sources.signals import drops
from learning_warehouse.sources.support import freshdesk, zendesk
from learning_warehouse.streams import Source, Stream, of_tenant, vendor_of

SOURCES: dict[str, Source] = {
    "absorb": absorb.SOURCE,
    "xapi": xapi.SOURCE,
    "learning360": learning360.SOURCE,
    "moodle": moodle.SOURCE,
    "bamboohr": bamboohr.SOURCE,
    "workday": workday.SOURCE,
    "hibob": hibob.SOURCE,
    "zendesk": zendesk.SOURCE,
    "freshdesk": freshdesk.SOURCE,
    "salesforce": salesforce.SOURCE,
    "hubspot": hubspot.SOURCE,
    "drops": drops.SOURCE,
}
DOMAINS: dict[str, list[str]] = {}
for _vendor, _source in SOURCES.items():
    DOMAINS.setdefault(_source.domain, []).append(_vendor)


def _listed() -> dict[str, str]:
    """What company.yml says of each source. Raises ConfigurationError on names we do not know."""
    listed: dict[str, str] = dict(company().sources)
    if unknown := sorted(name for name in listed if vendor_of(name) not in SOURCES):
        raise ConfigurationError(f"company.yml: sources.{unknown[0]} is not a source we know; known are {', '.join(SOURCES)}.")
    return listed


def every_source() -> dict[str, Source]:
    """All vendors in landing order, each followed by its further tenants that company.yml names."""
    tenants = [name for name in _listed() if name not in SOURCES]
    found: dict[str, Source] = {}
    for vendor, source in SOURCES.items():
        found[vendor] = source
        found |= {name: of_tenant(source, name) for name in tenants if vendor_of(name) == vendor}
    return found


def _named(name: str) -> Source | None:
    return SOURCES.get(name) or (every_source().get(name) if "@" in name else None)


def find_source(name: str) -> Source:
    """The source called `zendesk`, or `zendesk@emea` where company.yml names it. Raises ConfigurationError when there is none."""
    found = _named(name)
    if found is None:
        raise ConfigurationError(f"There is no vendor {name!r}; vendors are {', '.join(every_source())}.")
    return found


def sources_of(domain: str) -> list[Source]:
    """The vendors and tenants of one domain, in landing order."""
    return [source for source in every_source().values() if source.domain == domain]


def present(name: str) -> bool:
    """Whether company.yml has this source, from wherever it comes. Raises ConfigurationError on names we do not know."""
    return _listed().get(name, "absent") != "absent"


def is_exported(name: str) -> bool:
    """Whether the data of this source come as exported files instead of over its API."""
    return company().sources.get(name) == "exported"


def is_read(name: str) -> bool:
    """Whether this company has the stream `vendor.stream`: its vendor is not absent and, if exported, the mapping names it.

    A mapping that cannot be read leaves the stream in, so that landing it says what is wrong.
    """
    source, _, stream = name.partition(".")
    if not is_exported(source):
        return present(source)
    try:
        return stream in read_mapping(find_source(source))
    except ConfigurationError:
        return True


def as_read(stream: Stream) -> Stream:
    """The stream as this company reads it: over the API, or from exported files. Raises ConfigurationError (wrong mapping)."""
    if not is_exported(stream.source):
        return stream
    mapping = read_mapping(find_source(stream.source))
    if stream.name not in mapping:
        raise ConfigurationError(f"{stream.full_name} is exported, but {stream.source}.yml does not name {stream.name}.")
    return replace(stream, pages=ExportPages(mapping[stream.name]))


def streams_of(domain: str) -> list[str]:
    """`vendor.stream` of every stream of a domain whose source is not absent."""
    if domain not in DOMAINS:
        raise ConfigurationError(f"There is no domain {domain!r}; there are {', '.join(DOMAINS)}.")
    return [stream.full_name for source in sources_of(domain) if present(source.vendor) for stream in source.streams.values()]


def find(name: str) -> Stream:
    """The stream called `vendor.stream`. Raises ConfigurationError when there is none."""
    source, _, stream = name.partition(".")
    found = _named(source)
    if found is None or stream not in found.streams:
        known = ", ".join(item.full_name for item in every_stream())
        raise ConfigurationError(f"There is no stream {name!r}; there are {known}.")
    return found.streams[stream]


def every_stream() -> list[Stream]:
    """All declared streams in landing order, whether present or not, and those of the tenants that company.yml names."""
    return [stream for source in every_source().values() for stream in source.streams.values()]


def refuse_unnamed(names: set[str]) -> None:
    """Raises ConfigurationError when one of these names is a tenant whose loads are kept, but which company.yml does not name."""
    if unnamed := sorted({name for name in names if "@" in name} - set(every_source())):
        raise ConfigurationError(
            f"There are loads of {unnamed[0]}, but company.yml does not name it.",
            what_to_do=f"write `{unnamed[0]}: absent` under sources, or remove its folders from every zone",
        )
