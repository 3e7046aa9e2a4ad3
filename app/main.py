"""The command line's front door: language first, then the verb, then an exit status and never a traceback for a person.

``python -m app.main`` is the same as ``bayline``.
"""

import sys

try:
    import logging
    from collections.abc import Sequence

    from app import arguments, interrupts, logs, saying
    from app.failure import Exit, Failure
    from app.home import chosen_home
    from app.settings import peek_language, spoken_language
    from core import language
    from core.language import tr
except KeyboardInterrupt:  # while everything is being loaded, a quarter of a second, nobody else hears it
    sys.exit(130)

log = logging.getLogger(__name__)


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command line (default: this process's) and return the exit status (``app.failure.Exit``)."""
    given = list(sys.argv[1:] if argv is None else argv)
    saying.open_mouth()
    with interrupts.heard_as_keyboard_interrupt():
        try:
            language.use(_language(given))
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
            saying.hold_tongue()  # who read our output has gone (`| head`)
            return Exit.READER_GONE
        except OSError as error:
            # Nobody nearer knew what to say: standard output on a full disk, for one.
            log.debug("where it came from:", exc_info=error)
            saying.hold_tongue()
            print(tr("bayline: {words}", words=error.strerror or error), file=sys.stderr)
            return Exit.FAILED


def _language(given: Sequence[str]) -> str:
    try:
        return peek_language(chosen_home(arguments.home_in(given)))
    except Failure:  # a data folder that cannot be: the command says so, when it needs one
        return spoken_language()


if __name__ == "__main__":
    sys.exit(main())
