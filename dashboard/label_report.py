"""How right the reader is, by people's labels: figures with intervals, confusions with their sentences."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from core.models import SearchDocument
from dashboard.context import Context
from dashboard.markup import marked
from dashboard.numbers import percent
from dashboard.quotes import is_web, show
from dashboard.table import Column, Row, table
from index.figures import FEWEST
from index.label_agreement import Agreement, agreements
from index.label_report import Confusion, Estimate, Report, report
from index.label_turns import reads_of
from index.powered import FEWEST_LABELS

RATES = (
    "named", "accuracy", "right_when_named", "macro_f1", "attribute_precision", "attribute_recall", "opinion_precision",
    "opinion_recall",
)  # fmt: skip
CONFUSIONS, ATTRIBUTES = 6, 12


def draw_report(context: Context) -> None:
    """Everything once a change of labels and a generation; figures stand for all mentions that count."""
    say = context.words
    found, people = context.index.once(("label_report", context.store.labels_version()), lambda: _made(context))
    if not found.mentions:
        st.info(say("labels.none_yet"))
        return
    st.caption(say("labels.summary", labels=found.labels, mentions=found.mentions, unsure=found.unsure))
    if found.mentions < FEWEST_LABELS:
        st.info(say("labels.until", left=FEWEST_LABELS - found.mentions, n=FEWEST_LABELS))
    left, right = st.columns(2, gap="large")
    with left:
        _rates(context, found)
    with right:
        _scores(context, found)
        _people(context, people)
    _confusions(context, found)
    _attributes(context, found)


def _made(context: Context) -> tuple[Report, tuple[Agreement, ...]]:
    labels = context.store.labels()
    return report(reads_of(context.store), labels), agreements(labels)


def _rates(context: Context, found: Report) -> None:
    say = context.words
    st.subheader(say("labels.how_right"))
    columns = [Column("", figure=False), Column(say("labels.value")), Column("95 %"), Column(say("labels.n"))]
    rows = []
    for name in RATES:
        estimate: Estimate = getattr(found, name)
        cells = [say(f"labels.{name}"), percent(estimate.value), _interval(estimate), f"{estimate.n:,}"]
        rows.append(Row(cells, grey=estimate.n < FEWEST))
    table(columns, rows)
    st.caption(say("labels.how_right_note"))


def _interval(estimate: Estimate) -> str:
    return "–" if estimate.low is None else f"{percent(estimate.low)} – {percent(estimate.high)}"


def _scores(context: Context, found: Report) -> None:
    say = context.words
    st.subheader(say("labels.scores"))
    columns = [Column(say("labels.score")), Column(say("labels.score_right")), Column("95 %"), Column(say("labels.n"))]
    table(
        columns,
        [
            Row(
                [f"{b.low:g}–{b.high:g}", percent(b.right.value, 0), _interval(b.right), f"{b.right.n:,}"],
                b.right.n < FEWEST,
            )
            for b in found.reliability
        ],
    )
    st.caption(say("labels.scores_note"))
    st.code("fengping label --calibrate", language="bash")


def _people(context: Context, people: Sequence[Agreement]) -> None:
    say = context.words
    if not people:
        return
    st.subheader(say("labels.agreement"))
    columns = [
        Column(say("labels.people"), figure=False),
        Column(say("labels.n")),
        Column(say("labels.agreed")),
        Column("κ"),
    ]
    rows = []
    for a in people:
        kappa = "–" if a.kappa is None else f"{a.kappa:.2f}"
        kappa += f" ({a.low:.2f} – {a.high:.2f})" if a.low is not None and a.high is not None else ""
        rows.append(Row([", ".join(a.people), f"{a.n:,}", percent(a.agreed, 0), kappa], grey=a.n < FEWEST))
    table(columns, rows)


def _confusions(context: Context, found: Report) -> None:
    say = context.words
    st.subheader(say("labels.confusions"))
    if not found.confusions:
        st.caption(say("labels.no_confusions"))
    for confusion in found.confusions[:CONFUSIONS]:
        people, reader = (say(f"polarity.{p}") for p in (confusion.people, confusion.reader))
        line = say("labels.confused", people=people, reader=reader, share=percent(confusion.share))
        st.html(f'<div class="note">{escape(line)}</div>')
        show(_cards(context, confusion))


def _cards(context: Context, confusion: Confusion) -> list[str]:
    return [_card(d, confusion.people) for d in context.index.get(confusion.examples)]


def _card(document: SearchDocument, people: str) -> str:
    """The sentence with what people call it; its id leads to the post, or to the mention in the search."""
    url = document.url if is_web(document.url) else f"search?q=id:{document.id}&whole=true"
    link = f'<a href="{escape(url)}" target="_blank" rel="noopener noreferrer">{escape(document.id[:8])}</a>'
    origin = " · ".join((link, escape(document.source), f"{document.score:+.2f}"))
    text = marked(document.text or document.title, [])
    return f'<div class="quote {escape(people)}">{text}<div class="from">{origin}</div></div>'


def _attributes(context: Context, found: Report) -> None:
    say = context.words
    if not found.attributes:
        return
    st.subheader(say("labels.attributes"))
    columns = [
        Column(say("complaints.attribute"), figure=False),
        *(Column(say(f"labels.{k}")) for k in ("right", "wrong", "missed")),
    ]
    rows = [
        Row([context.attribute_in_full(a.attribute), f"{a.right:g}", f"{a.wrong:g}", f"{a.missed:g}"])
        for a in found.attributes[:ATTRIBUTES]
    ]
    table(columns, rows)
