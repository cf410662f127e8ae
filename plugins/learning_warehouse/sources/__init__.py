"""The registry of sources: explicit, in landing order. A new vendor is one module and one line here."""

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
from learning_warehouse.streams import Source, Stream

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


def present(vendor: str) -> bool:
    """Whether company.yml has this source, from wherever it comes. Raises ConfigurationError on names we do not know."""
    listed = company().sources
    if unknown := sorted(set(listed) - set(SOURCES)):
        raise ConfigurationError(f"company.yml: sources.{unknown[0]} is not a source we know; known are {', '.join(SOURCES)}.")
    return listed.get(vendor, "absent") != "absent"


def is_exported(vendor: str) -> bool:
    """Whether this vendor's data come as exported files instead of over its API."""
    return company().sources.get(vendor) == "exported"


def is_read(name: str) -> bool:
    """Whether this company has the stream `vendor.stream`: its vendor is not absent and, if exported, the mapping names it.

    A mapping that cannot be read leaves the stream in, so that landing it says what is wrong.
    """
    vendor, _, stream = name.partition(".")
    if not is_exported(vendor):
        return present(vendor)
    try:
        return stream in read_mapping(SOURCES[vendor])
    except ConfigurationError:
        return True


def as_read(stream: Stream) -> Stream:
    """The stream as this company reads it: over the API, or from exported files. Raises ConfigurationError (wrong mapping)."""
    if not is_exported(stream.source):
        return stream
    mapping = read_mapping(SOURCES[stream.source])
    if stream.name not in mapping:
        raise ConfigurationError(f"{stream.full_name} is exported, but {stream.source}.yml does not name {stream.name}.")
    return replace(stream, pages=ExportPages(mapping[stream.name]))


def streams_of(domain: str) -> list[str]:
    """`vendor.stream` of every stream of a domain whose vendor is not absent."""
    if domain not in DOMAINS:
        raise ConfigurationError(f"There is no domain {domain!r}; there are {', '.join(DOMAINS)}.")
    return [stream.full_name for vendor in DOMAINS[domain] if present(vendor) for stream in SOURCES[vendor].streams.values()]


def find(name: str) -> Stream:
    """The stream called `vendor.stream`. Raises ConfigurationError when there is none."""
    vendor, _, stream = name.partition(".")
    if vendor not in SOURCES or stream not in SOURCES[vendor].streams:
        known = ", ".join(item.full_name for source in SOURCES.values() for item in source.streams.values())
        raise ConfigurationError(f"There is no stream {name!r}; there are {known}.")
    return SOURCES[vendor].streams[stream]


def every_stream() -> list[Stream]:
    """All declared streams in landing order, whether present or not."""
    return [stream for source in SOURCES.values() for stream in source.streams.values()]
