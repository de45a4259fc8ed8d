"""Measuring how fast a model writes on this machine, alone and in turn with other engines."""
