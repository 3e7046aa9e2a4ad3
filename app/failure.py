"""What ends a command with words for a person instead of a traceback."""

from enum import IntEnum


class Exit(IntEnum):
    """Exit statuses. 0 and 2 to 6 are fixed by the interface; 130 and 141 are the shell's."""

    DONE = 0
    FAILED = 1
    BAD_ARGUMENTS = 2
    NO_ADAPTER = 3
    NO_CAR = 4
    WRONG_CODE = 5  # pair join: the code was wrong, has expired, or was tried too often
    UNREACHABLE = 6  # pair join: nobody answers there
    SOMETHING_WRONG = 7  # check: it ran to its end, and not everything is as it should be
    INTERRUPTED = 130  # 128 + SIGINT
    READER_GONE = 141  # 128 + SIGPIPE


class Failure(Exception):  # noqa: N818 - said to a person
    """The command cannot go on; the message says why and what to do."""

    def __init__(self, words: str, status: Exit = Exit.FAILED) -> None:
        super().__init__(words)
        self.status = status


class BadArgument(Failure):
    """Something on the command line cannot be used."""

    def __init__(self, words: str) -> None:
        super().__init__(words, Exit.BAD_ARGUMENTS)
