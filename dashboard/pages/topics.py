"""Topics: what people talk about → how much, how it feels, what is new → the mentions behind each."""

from __future__ import annotations

import secrets
import shlex
from datetime import timedelta

import streamlit as st

from core.models import Request, SearchDocument, Span
from core.topics import Topic, TopicQuestion, TopicRun
from dashboard import queries
from dashboard.address import keep, take
from dashboard.context import Context
from dashboard.empty import explain_nothing
from dashboard.figure import figure
from dashboard.labels import chart_labels
from dashboard.markup import plain
from dashboard.numbers import percent, signed
from dashboard.quotes import card, show
from dashboard.table import Column, Row, Share, table
from index.intervals import net
from index.measures import FEWEST
from nlp.segment import normalise
from reports import charts

QUOTES = 8
SHOWN = "topics_shown"
PATIENCE = timedelta(hours=1)
"""A request older than this was cut off with whoever carried it out: it may be asked again."""
_WEEK = timedelta(days=7)


def draw(context: Context) -> None:
    if explain_nothing(context, queries.about_brand(context, context.filters.brand)):
        return
    query = query_of(context.filters.brand)
    run = run_of(context.store.topic_runs(query), context.filters.days)
    _ask(context, query, run)
    if run is None:
        return
    topics = [t for t in run.topics if t.n]
    _table(context, run, topics)
    chosen = _choose(context, topics)
    if chosen is not None:
        _look_into(context, run, chosen)


def query_of(brand: str) -> str:
    """The query whose runs are a brand's; a name is quoted as far as it must be."""
    if not brand:
        return "*"
    return f"brand:{brand}" if brand.isalnum() else f'brand:"{brand}"'


def run_of(runs: list[TopicRun], days: int) -> TopicRun | None:
    """The newest run over so many days; 0 is all time."""
    return next((r for r in runs if days_of(r) == days), None)


def days_of(run: TopicRun) -> int:
    """Whole days of a run's period, the last one begun counted; 0 for all time."""
    return 0 if run.start is None else -((run.start - run.end) // timedelta(days=1))


def _ask(context: Context, query: str, run: TopicRun | None) -> None:
    """What is shown and how old it is; a button that has topics found again."""
    say = context.words
    waiting = any(_is_for(r, query) and context.clock() - r.asked_at < PATIENCE for r in context.store.requests())
    left, right = st.columns([4, 1], vertical_alignment="bottom")
    left.caption(_about(context, run) if run else say("topics.none"))
    days = context.filters.days
    question = TopicQuestion(query, f"{days}d" if days else "", anew=run is not None)
    if waiting:
        right.caption(say("topics.waiting"))
    elif right.button(say("topics.find" if run is None else "topics.again"), width="stretch"):
        context.desk.ask(Request(secrets.token_hex(8), "topics", question.written(), context.clock()))
        st.success(say("topics.asked"))
    failed = [r for r in context.store.requests("failed") if r.kind == "topics"][-1:]
    if run is None:
        since = f" --since {days}d" if days else ""
        st.code(
            f"fengping topics {shlex.quote(query)}{since} --home {shlex.quote(str(context.home.path))}", language="bash"
        )
        for request in failed:
            st.error(request.detail)


def _is_for(request: Request, query: str) -> bool:
    """Whether a request not carried out yet is one for the topics of a query."""
    if request.kind != "topics" or request.state not in {"waiting", "running"}:
        return False
    return TopicQuestion.read(request.argument).query == query


def _about(context: Context, run: TopicRun) -> str:
    say, zone = context.words, context.project.zone()
    at = run.at.astimezone(zone).strftime("%Y-%m-%d %H:%M")
    unread = say("topics.unread", n=f"{run.unread:,}") if run.unread else ""
    return say("topics.about", n=f"{run.n:,}", unplaced=f"{run.unplaced:,}", at=at) + unread


def _table(context: Context, run: TopicRun, topics: list[Topic]) -> None:
    say = context.words
    columns = [
        Column(say("topics.topic"), figure=False),
        Column(say("topics.share"), hint=say("topics.share_help", n=f"{run.n:,}")),
        Column(say("measure.net_sentiment"), hint=say("topics.net_help")),
        Column(say("topics.change"), hint=say("topics.change_help")),
        Column(say("topics.new"), figure=False, hint=say("topics.new_help")),
        Column("95 %", hint=say("topics.net_help")),
    ]
    table(columns, [_row(context, run, t) for t in topics])
    st.caption(say("topics.note"))


def _row(context: Context, run: TopicRun, topic: Topic) -> Row:
    low, high = net(topic.positive, topic.negative, topic.n)
    return Row(
        [
            name_of(topic, context),
            Share(topic.n / run.n, f"{topic.n:,} · {percent(topic.n / run.n, 0)}"),
            signed(topic.net, 0),
            _change(context, topic),
            _new(context, run, topic),
            f"{signed(low, 0)} – {signed(high, 0)}",
        ],
        grey=topic.n < FEWEST,
    )


def name_of(topic: Topic, context: Context) -> str:
    return topic.label or context.words("topics.unnamed")


def _change(context: Context, topic: Topic) -> str:
    if topic.before is None:
        return "—"
    if not topic.before:
        return context.words("topics.none_before")
    return f"{(topic.n - topic.before) / topic.before:+.0%} ({topic.before:,})"


def _new(context: Context, run: TopicRun, topic: Topic) -> str:
    """Emerging by the test; else, of a run that is not the first, whether no earlier run knew the topic."""
    if topic.emerging:
        return context.words("topics.emerging", n=f"{topic.weeks[-1]:,}")
    known_before = any(t.first_seen < topic.first_seen for t in run.topics)
    return context.words("topics.first") if known_before and topic.first_seen == run.fitted_at else ""


def _choose(context: Context, topics: list[Topic]) -> Topic | None:
    found = {t.id: t for t in topics}
    if not found:
        return None
    take("topic", list(found), topics[0].id)
    chosen = st.selectbox(
        context.words("topics.look_into"),
        list(found),
        format_func=lambda i: f"{name_of(found[i], context)} ({found[i].n:,})",
        key="topic",
    )
    keep("topic", chosen, topics[0].id)
    return found.get(chosen or "")


def _look_into(context: Context, run: TopicRun, topic: Topic) -> None:
    say = context.words
    left, right = st.columns([2, 3], gap="large")
    with left:
        st.subheader(say("topics.phrases"))
        st.markdown(" · ".join(plain(p) for p in topic.phrases) or "—")
        if topic.weeks:
            st.subheader(say("topics.weeks"))
            _weeks(context, run, topic)
    with right:
        _mentions(context, run, topic)


def _weeks(context: Context, run: TopicRun, topic: Topic) -> None:
    """Mentions a week: the baseline, and the seven days before the run's end."""
    say, last = context.words, run.end.astimezone(context.project.zone())
    first = last - len(topic.weeks) * _WEEK
    rows = [
        {"start": (first + k * _WEEK).replace(tzinfo=None), "group": name_of(topic, context), "value": n}
        for k, n in enumerate(topic.weeks)
    ]
    figure(charts.lines(rows, say("chart.n"), chart_labels(say)))
    st.caption(say("topics.weeks_help"))


def _mentions(context: Context, run: TopicRun, topic: Topic) -> None:
    """Its mentions, the most typical first; the quoted sentence of those that are quoted."""
    say = context.words
    st.subheader(say("complaints.quotes"))
    key = f"{SHOWN}-{run.id}-{topic.id}"
    shown = st.session_state.setdefault(key, QUOTES)
    st.caption(say("search.found", n=f"{topic.n:,}"))
    quoted = {q.mention_id: q.quote for q in topic.quotes}
    ids = context.store.topic_members(run.id, topic.id, 0, shown + 1)
    wanted = [*quoted, *(i for i in ids if i not in quoted)][:shown]
    show(_card(context, d, topic, quoted.get(d.id)) for d in context.index.get(wanted))
    if len(ids) > shown and st.button(say("complaints.more")):
        st.session_state[key] = shown + 2 * QUOTES
        st.rerun()


def _card(context: Context, document: SearchDocument, topic: Topic, sentence: Span | None) -> str:
    return card(document, context, said(document.text, topic.phrases), "", sentence)


def said(text: str, phrases: tuple[str, ...]) -> list[Span]:
    """Where a topic's phrases stand in a text."""
    normal = normalise(text)
    found = []
    for phrase in map(normalise, phrases):
        at = normal.find(phrase)
        while phrase and at >= 0:
            found.append(Span(at, at + len(phrase)))
            at = normal.find(phrase, at + len(phrase))
    return found
