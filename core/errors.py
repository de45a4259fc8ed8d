"""The errors a user can act on: one sentence that names the file or option and the way out, and an exit code."""


class KcreateError(Exception):
    """Work failed for a reason the user can read; `exit_code` is what the command line ends with."""

    exit_code = 1


class UsageError(KcreateError):
    """The command or its options contradict themselves or the folder they are used on."""

    exit_code = 2


class InputError(KcreateError):
    """A file or folder given as input cannot be read or is not valid."""

    exit_code = 3


class ModelUnavailableError(KcreateError):
    """The model is not on this machine, cannot be fetched, or is not one that can be loaded."""

    exit_code = 4


class OutOfMemoryError(KcreateError):
    """The machine's or the device's memory does not suffice."""

    exit_code = 5
