"""The registry of sources: explicit, in landing order. A new vendor is one module and one line here."""

from learning_warehouse.errors import ConfigurationError
from learning_warehouse.settings import company
from learning_warehouse.sources.crm import salesforce
from learning_warehouse.sources.hris import bamboohr
from learning_warehouse.sources.lms import absorb
from learning_warehouse.sources.signals import drops
from learning_warehouse.sources.support import zendesk
from learning_warehouse.streams import Source, Stream

SOURCES: dict[str, Source] = {
    "absorb": absorb.SOURCE,
    "bamboohr": bamboohr.SOURCE,
    "zendesk": zendesk.SOURCE,
    "salesforce": salesforce.SOURCE,
    "drops": drops.SOURCE,
}
DOMAINS: dict[str, list[str]] = {
    "lms": ["absorb"],
    "hris": ["bamboohr"],
    "support": ["zendesk"],
    "crm": ["salesforce"],
    "signals": ["drops"],
}


def present(vendor: str) -> bool:
    """Whether company.yml has this source (simulated or connected). Raises ConfigurationError on names we do not know."""
    listed = company().sources
    if unknown := sorted(set(listed) - set(SOURCES)):
        raise ConfigurationError(f"company.yml: sources.{unknown[0]} is not a source we know; known are {', '.join(SOURCES)}.")
    return listed.get(vendor, "absent") != "absent"


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
