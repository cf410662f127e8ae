"""Where in a YAML file a key is, so that a complaint can name the line."""

from collections.abc import Sequence

import yaml


def place(text: str, location: Sequence[int | str]) -> str:
    """`rules.churn.horizon_days (line 21)`: the dotted key and the nearest line that the file has for it."""
    return f"{'.'.join(str(step) for step in location) or 'the file'} (line {line(text, location)})"


def line(text: str, location: Sequence[int | str]) -> int:
    """The line of a key, or of the nearest key above it that the file has."""
    node, found_line = yaml.compose(text, Loader=yaml.SafeLoader), 1
    for step in location:
        if isinstance(node, yaml.MappingNode):
            found = [(key, value) for key, value in node.value if key.value == str(step)]
            if not found:
                break
            found_line, node = found[0][0].start_mark.line + 1, found[0][1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            found_line = node.start_mark.line + 1
    return found_line
