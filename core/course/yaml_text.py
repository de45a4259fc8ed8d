"""YAML that a person writes by hand: read without running anything, with the line of a mistake; written in one style."""

from io import StringIO
from typing import Any

from ..errors import InputError


def read_yaml(text: str, name: str, first_line: int = 1, keep_comments: bool = False) -> Any:
    """What the YAML in `text` says.

    Args:
        name: the file that errors speak of.
        first_line: the line of that file on which `text` begins.
        keep_comments: return ruamel's own mappings, which remember comments and order for `write_yaml`.

    Raises:
        InputError: it is not YAML, or holds a value that cannot be, such as a 13th month.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        return YAML(typ="rt" if keep_comments else "safe").load(text)
    except YAMLError as error:
        line = getattr(getattr(error, "problem_mark", None), "line", 0) + first_line
        raise InputError(f"{name}, line {line}: this is not valid YAML; mend it.") from error
    except (ValueError, RecursionError) as error:
        reason = "is nested too deeply" if isinstance(error, RecursionError) else f"has a value that cannot be: {error}"
        raise InputError(f"{name}: its YAML {reason}; mend it.") from error


def write_yaml(value: Any) -> str:
    """`value` as YAML: lists indented under their key, no line broken."""
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.width = 10_000
    yaml.indent(mapping=2, sequence=4, offset=2)
    out = StringIO()
    yaml.dump(value, out)
    return out.getvalue()
