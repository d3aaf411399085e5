"""Finding topics for a page: a process of its own, so that `fengping up` goes on collecting meanwhile."""

from __future__ import annotations

import json
import subprocess
import sys
import threading

from core.errors import FengpingError, InputError
from core.models import Request
from core.topics import TopicQuestion
from fengping.assembly import Assembly

LONGEST_SECONDS = 3600
_SAID = 400


def start(assembly: Assembly, request: Request) -> threading.Thread:
    """Begins it; the request's row says what came of it when the thread ends."""
    thread = threading.Thread(target=_carry_out, args=(assembly, request), daemon=True, name="topics")
    thread.start()
    return thread


def _carry_out(assembly: Assembly, request: Request) -> None:
    try:
        detail = _found(assembly, TopicQuestion.read(request.argument))
    except (FengpingError, OSError, subprocess.TimeoutExpired) as error:
        assembly.store.set_request(request.id, "failed", str(error))
    else:
        assembly.store.set_request(request.id, "done", detail)


def _found(assembly: Assembly, question: TopicQuestion) -> str:
    options = ["--json", "--home", str(assembly.home.path), "--detail", str(question.detail)]
    options += ["--since", question.since] if question.since else []
    options += ["--until", question.until] if question.until else []
    options += ["--anew"] if question.anew else []
    command = [sys.executable, "-m", "fengping.cli", "topics", *options, "--", question.query]
    try:
        done = subprocess.run(command, capture_output=True, check=False, timeout=LONGEST_SECONDS)
    except (ValueError, TypeError) as error:  # NUL, half a surrogate pair, a number where text belongs
        raise InputError(
            f"{question.query!r} cannot be asked ({error}); write the query without such signs."
        ) from error
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip()
        raise InputError(said[-_SAID:] or f"finding topics ended with {done.returncode} and said nothing.")
    return _told(done.stdout)


def _told(output: bytes) -> str:
    try:
        run = json.loads(output)
        return f"{len(run['topics'])} topics of {run['n']} mentions"
    except (ValueError, TypeError, KeyError) as error:
        said = output.decode("utf-8", "replace").strip()[-_SAID:]
        raise InputError(f"finding topics said something else than topics: {said or 'nothing'}") from error
