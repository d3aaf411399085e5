"""Labels: people say what a sample of mentions means, and the page how right the reader is."""

from __future__ import annotations

from html import escape

import streamlit as st

from core.labels import ANSWERS, Label, LabelledOpinion
from core.models import Opinion, Side
from dashboard import labelling
from dashboard.address import keep, take, take_text
from dashboard.context import Context
from dashboard.label_report import draw_report
from dashboard.markup import marked, plain
from dashboard.quotes import is_web
from index.label_turns import Turn, left_to_judge, turn, waiting

VIEWS = ("label", "report")
KEYS = {"positive": "1", "neutral": "2", "negative": "3", "unsure": "4", "skipped": "S"}
"""The same keys as `fengping label`."""
SIDES: tuple[Side, ...] = ("positive", "neutral", "negative")


def draw(context: Context) -> None:
    say = context.words
    trouble = st.session_state.pop(labelling.TROUBLE, "")
    if trouble:
        st.error(trouble)
    sample = context.store.sample()
    if not sample:
        st.info(say("labels.begin"))
        st.button(say("labels.draw", n=labelling.SIZE), type="primary", on_click=labelling.draw_sample, args=(context,))
        return
    take("view", VIEWS, VIEWS[0])
    view = st.segmented_control(
        say("labels.view"), VIEWS, format_func=lambda v: say(f"labels.{v}"), key="view", required=True,
        label_visibility="collapsed",
    )  # fmt: skip
    keep("view", view, VIEWS[0])
    if view == "report":
        draw_report(context)
        return
    by = _who(context)
    if not by:
        st.info(say("labels.who_first"))
        return
    said = context.store.labels(by)
    todo = waiting(sample, said)
    done = len(sample) - len(todo)
    st.progress(done / len(sample), say("labels.progress", done=done, of=len(sample)))
    now = next((t for t in (turn(context.store, member, by) for member in todo) if t is not None), None)
    if now is None:
        st.success(say("labels.all_done", by=plain(by)))
        st.button(say("labels.draw_more", n=labelling.SIZE), on_click=labelling.draw_sample, args=(context,))
        return
    _turn(context, now, by)
    st.caption(say("labels.scope"))


def _who(context: Context) -> str:
    take_text("who")
    by = st.text_input(context.words("labels.who"), key="who", max_chars=40, width=320).strip()
    keep("who", by, "")
    return by


def _turn(context: Context, now: Turn, by: str) -> None:
    """The mention with the question it waits for: its side, its opinions one by one, what was missed."""
    label = now.label
    if label is None:
        _mention(context, now, None)
        _side(context, now, by)
        return
    left = left_to_judge(now)
    _mention(context, now, left[0] if left else None)
    st.caption(context.words("labels.said", side=context.words.or_plain(f"polarity.{label.polarity}", label.polarity)))
    if left:
        _opinion(context, label, left[0], by)
    else:
        _missed(context, label, now, by)


def _mention(context: Context, now: Turn, opinion: Opinion | None) -> None:
    """The text, without what the reader made of it: that would be believed. A sentence asked about is marked."""
    mention, zone = now.understood.mention, context.project.zone()
    when = mention.published_at.astimezone(zone).strftime("%Y-%m-%d %H:%M") if mention.published_at else ""
    parts = [escape(p) for p in (mention.source, mention.brand, mention.product, when) if p]
    if is_web(mention.url):
        words = escape(context.words("quote.open"))
        parts.append(f'<a href="{escape(mention.url)}" target="_blank" rel="noopener noreferrer">{words}</a>')
    title = f"<strong>{escape(mention.title)}</strong><br>" if mention.title not in {"", mention.text} else ""
    text = marked(mention.text, [opinion.quote] if opinion else [])
    st.html(f'<div class="quote asked">{title}{text}<div class="from">{" · ".join(parts)}</div></div>')


def _side(context: Context, now: Turn, by: str) -> None:
    say = context.words
    with st.container(horizontal=True):
        for said in ANSWERS:
            name = say("labels.skip") if said == "skipped" else say(f"polarity.{said}")
            st.button(
                name,
                key=f"answer-{said}",
                shortcut=KEYS[said],
                on_click=labelling.answer,
                args=(context, now, by, said),
            )
        _undo(context, by, None)


def _opinion(context: Context, label: Label, opinion: Opinion, by: str) -> None:
    say = context.words
    target = f"{opinion.target} · " if opinion.target else ""
    name = f"{target}{context.attribute_in_full(opinion.attribute)} · {say(f'polarity.{opinion.polarity}')}"
    st.markdown(f"**{say('labels.is_right')}**")
    st.html(f'<div class="head">{escape(name)}</div>')
    with st.container(horizontal=True):
        for key, right in (("Y", True), ("N", False)):
            st.button(
                say("labels.right" if right else "labels.wrong"), key=f"judge-{key}", shortcut=key,
                on_click=labelling.judge, args=(context, label, opinion, right),
            )  # fmt: skip
        _undo(context, by, label)


def _missed(context: Context, label: Label, now: Turn, by: str) -> None:
    """An attribute with its side, as often as needed; then on to the next mention."""
    say, reading = context.words, now.understood.reading
    st.markdown(f"**{say('labels.missing')}**")
    target = now.understood.mention.brand or (reading.brands[0] if reading and reading.brands else "")
    for o in label.missed:
        st.caption(plain(f"+ {context.attribute_in_full(o.attribute)} · {say(f'polarity.{o.polarity}')}"))
    left, right = st.columns([2, 3], vertical_alignment="bottom")
    paths: list[str] = [a.path for a in context.lexicon().attributes]
    path: str | None = left.selectbox(
        say("labels.attribute"), paths, index=None, format_func=context.attribute_in_full, placeholder="",
        key=f"missed-{label.mention_id}-{len(label.missed)}",
    )  # fmt: skip
    with right.container(horizontal=True):
        for side in SIDES if path else ():
            opinion = LabelledOpinion(target, path or "", side)
            st.button(
                f"+ {say(f'polarity.{side}')}",
                key=f"add-{side}",
                on_click=labelling.missed,
                args=(context, label, opinion),
            )
    with st.container(horizontal=True):
        st.button(
            say("labels.nothing_missing"), key="finish", shortcut="Enter", type="primary", on_click=labelling.finish,
            args=(context, label),
        )  # fmt: skip
        _undo(context, by, label)


def _undo(context: Context, by: str, label: Label | None) -> None:
    st.button(
        context.words("labels.undo"), key="undo", shortcut="U", type="tertiary", on_click=labelling.undo,
        args=(context, by, label),
    )  # fmt: skip
