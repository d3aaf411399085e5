"""The command line. Each command is a function in `fengping.commands`; this file only puts them together."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import typer

from core.errors import FengpingError, QueryError, Transient

app = typer.Typer(
    name="fengping",
    help="风评 — social listening that can be checked.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

EXIT_ERROR, EXIT_TRY_AGAIN = 1, 75
"""75 is EX_TEMPFAIL of sysexits.h: a script may try the same command again."""


def register() -> None:
    """Adds every command; imported here so that `import fengping` stays light."""
    from fengping.commands import analyze, ask, collect, demo, keep, label, lexicon, project, topics, understand, up

    for module in (project, demo, collect, understand, up, ask, topics, keep, label, lexicon, analyze):
        module.register(app)


def explain(error: FengpingError) -> str:
    """An error as the terminal shows it: what, where, what to do."""
    if not isinstance(error, QueryError):
        return f"fengping: {error}"
    hint = f"\n  try: {error.suggestion}" if error.suggestion else ""
    return f"fengping: {error} (at character {error.position + 1}){hint}"


def main() -> None:
    """The entry point: our errors end in one plain line, without a traceback."""
    _open_streams()
    register()
    try:
        app()
    except FengpingError as error:
        sys.stderr.write(explain(error) + "\n")
        raise SystemExit(EXIT_TRY_AGAIN if isinstance(error, Transient) else EXIT_ERROR) from None
    except KeyboardInterrupt:
        sys.stderr.write("\nfengping: stopped; what was finished is kept, the rest goes on at the next start.\n")
        raise SystemExit(130) from None
    except BrokenPipeError:
        sys.stderr.close()
        raise SystemExit(0) from None
    except OSError as error:
        # Files a command works on are opened where the message can say more; what comes here is the machine's.
        _point_nowhere()
        sys.stderr.write(
            f"fengping: {error.filename or 'output'}: {error.strerror or error}. Nothing stored is lost.\n"
        )
        raise SystemExit(EXIT_ERROR) from None


def _open_streams() -> None:
    """Streams closed by whoever started us (`<&-`) become empty ones, so that every command may use all three."""
    for place, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, place) is None:
            setattr(sys, place, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - as long as the program


def _point_nowhere() -> None:
    """What stdout still holds is dropped: Python would try once more to write it, and complain."""
    with Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())


if __name__ == "__main__":
    main()
