"""What pages ask to be done: rows in the Store, carried out here."""

from __future__ import annotations

from core.errors import FengpingError
from core.models import Request
from fengping import pipeline
from fengping.assembly import Assembly
from fengping.topics.job import start


def carry_out(assembly: Assembly) -> int:
    """Does every waiting request, or begins it; one that fails says why on its row. Returns how many there were."""
    waiting = assembly.store.requests("waiting")
    for request in waiting:
        assembly.store.set_request(request.id, "running")
        if request.kind == "topics":
            start(assembly, request)
            continue
        try:
            detail = _do(assembly, request)
        except FengpingError as error:
            assembly.store.set_request(request.id, "failed", str(error))
        else:
            assembly.store.set_request(request.id, "done", detail)
    return len(waiting)


def _do(assembly: Assembly, request: Request) -> str:
    if request.kind == "crawl":
        sources = [s for s in assembly.project.sources if request.argument in {"", s.name}]
        outcome = pipeline.collect(assembly, sources, False, lambda _: None)
        return outcome.error or f"{sum(s.new for s in outcome.sources)} new mentions"
    if request.kind == "reread":
        return f"{assembly.store.stale('model', '')} mentions will be read again"
    return f"{request.kind} is carried out by the command that started it; nothing was waiting"
