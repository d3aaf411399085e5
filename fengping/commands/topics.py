"""`topics`: what people talk about, discovered; how much, how they feel, what is new, each with a quote."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from core.interfaces import Index
from core.topics import Topic, TopicQuestion, TopicQuote, TopicRun
from fengping.assembly import opened
from fengping.commands.ask import warn_of_lost
from fengping.jsonform import Json, jsonable, line
from fengping.terminal import HomeOption, JsonOption, bars, put, say
from fengping.topics.asking import discovered


def register(app: typer.Typer) -> None:
    app.command()(topics)


def topics(
    text: Annotated[str, typer.Argument(help="A query; '*' is everything.", metavar="[QUERY]")] = "*",
    home: HomeOption = None,
    json: JsonOption = False,
    since: Annotated[
        str, typer.Option(help="From this date on: 2026-11-01, 28d. Without it: all time, undated mentions too.")
    ] = "",
    until: Annotated[str, typer.Option(help="Up to the end of this date, with --since (default: now).")] = "",
    detail: Annotated[float, typer.Option(help="2 finds about twice as many topics, 0.5 half.", min=0.1, max=20)] = 1.0,
    anew: Annotated[
        bool, typer.Option("--anew", help="Find topics again though those of the last week still hold.")
    ] = False,
    limit: Annotated[int, typer.Option(help="The most topics to print.", min=0)] = 50,
) -> None:
    """Discover what the counted mentions of a query talk about. A topic keeps its id from run to run."""
    with opened(home) as assembly, assembly.index() as index:
        warn_of_lost(assembly, index)
        with bars() as report:
            run = discovered(assembly, index, TopicQuestion(text, since, until, detail, anew), report)
        texts = _texts(index, run)
        if json:
            put(line(_form(replace(run, query=text), texts, limit)))
            return
        _print(run, texts, assembly.project.zone(), limit)


def _print(run: TopicRun, texts: dict[TopicQuote, str], zone: ZoneInfo, limit: int) -> None:
    shown = [t for t in run.topics if t.n][:limit]
    for topic in shown:
        put(_lines(topic, run, texts))
    placed = f"{run.unplaced} in none"
    unread = f", {run.unread} not read yet" if run.unread else ""
    found = f"topics found {run.fitted_at.astimezone(zone):%Y-%m-%d %H:%M}"
    say(f"{len(shown)} topics of {run.n} mentions {_period(run, zone)}; {placed}{unread}; {found}.")


def _period(run: TopicRun, zone: ZoneInfo) -> str:
    if run.start is None:
        return "of all time"
    return f"from {run.start.astimezone(zone):%Y-%m-%d %H:%M} to {run.end.astimezone(zone):%Y-%m-%d %H:%M}"


def _lines(topic: Topic, run: TopicRun, texts: dict[TopicQuote, str]) -> str:
    """Figures on one line, then the topic's other phrases, then a sentence that shows it."""
    parts = [f"{topic.n} mentions ({topic.n / max(run.n, 1):.1%})", f"net {topic.net or 0.0:+.2f}"]
    if topic.before is not None:
        parts.append(_change(topic.n, topic.before))
    if topic.emerging and topic.q is not None:
        parts.append(f"EMERGING ({topic.weeks[-1]} this week, q {topic.q:.2g})")
    quoted = [f"    “{texts[q]}”" for q in topic.quotes[:1] if q in texts]
    others = f"    {topic.id}  {' · '.join(topic.phrases[1:])}"
    return "\n".join([f"{topic.label or '—'}  {' · '.join(parts)}", others, *quoted])


def _change(now: int, before: int) -> str:
    return f"{(now - before) / before:+.0%} on {before} before" if before else "0 before"


def _form(run: TopicRun, texts: dict[TopicQuote, str], limit: int) -> Json:
    """The run as JSON; quotes with their words, share and net sentiment beside the counts."""
    form = jsonable(run)
    assert isinstance(form, dict)
    listed = [
        {
            **_fields(topic),
            "share": round(topic.n / run.n, 4) if run.n else None,
            "net": None if topic.net is None else round(topic.net, 4),
            "quotes": [{"mention_id": q.mention_id, "quote": texts[q]} for q in topic.quotes if q in texts],
        }
        for topic in run.topics[:limit]
    ]
    return {**{k: v for k, v in form.items() if k != "columns"}, "topics": listed}


def _fields(topic: Topic) -> dict[str, Json]:
    form = jsonable(topic)
    assert isinstance(form, dict)
    return form


def _texts(index: Index, run: TopicRun) -> dict[TopicQuote, str]:
    """The sentences quoted; one whose mention is gone or was rewritten is left out."""
    wanted = [q for topic in run.topics for q in topic.quotes]
    found = {d.id: d.text for d in index.get(sorted({q.mention_id for q in wanted}))}
    return {q: q.quote.of(found[q.mention_id]) for q in wanted if q.mention_id in found}
