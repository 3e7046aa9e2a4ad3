"""The command line's front door: language first, then the verb, then an exit status and never a traceback for a person.

``python -m app.main`` is the same as ``bayline``.
"""

import os
import sys
from collections.abc import Sequence

from app import arguments, interrupts, logs
from app.failure import Exit, Failure
from app.home import chosen_home
from app.settings import peek_language
from core import language
from core.language import tr


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command line (default: this process's) and return the exit status (``app.failure.Exit``)."""
    given = list(sys.argv[1:] if argv is None else argv)
    with interrupts.heard_as_keyboard_interrupt():
        try:
            language.use(peek_language(chosen_home(arguments.home_in(given))))
            options = arguments.parse(given)
            logs.to_stderr(getattr(options, "verbose", False))
            status = int(options.run(options))
            sys.stdout.flush()
            return status
        except SystemExit as end:  # argparse: 0 after help, 2 with words on stderr
            return end.code if isinstance(end.code, int) else Exit.BAD_ARGUMENTS
        except Failure as failure:
            print(tr("bayline: {words}", words=failure), file=sys.stderr)
            return failure.status
        except KeyboardInterrupt:
            return Exit.INTERRUPTED
        except BrokenPipeError:
            # Who read our output has gone (`| head`). The interpreter would complain when it flushes at the end.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return Exit.READER_GONE


if __name__ == "__main__":
    sys.exit(main())
