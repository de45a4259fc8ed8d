"""Moved to `core/markdown.py`."""

from ..markdown import parser as parser
