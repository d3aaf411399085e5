"""What a press of a key on the labels page does: one answer, kept at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from core.errors import FengpingError
from core.labels import Answer, Judged, Label, LabelledOpinion
from core.models import Opinion
from dashboard.context import Context
from index.label_sample import Wanted
from index.label_turns import Turn, as_labelled, draw_into

TROUBLE = "label_trouble"
SIZE = 300


def draw_sample(context: Context) -> None:
    """Draws the first sample, or so many more."""

    def drawn() -> bool:
        wanted = Wanted(SIZE, len(context.desk.draws()) + 1)
        return draw_into(context.desk, wanted, context.clock()) > 0

    _kept(context, drawn, "labels.nothing_to_draw")


def answer(context: Context, turn: Turn, by: str, said: Answer) -> None:
    """The side of the whole mention."""
    _save(context, Label(turn.member.mention_id, turn.member.revision, by, said, context.clock()))


def judge(context: Context, label: Label, opinion: Opinion, right: bool) -> None:
    """Whether an opinion that was found is there."""
    _save(context, replace(label, judged=(*label.judged, Judged(as_labelled(opinion), right))))


def missed(context: Context, label: Label, opinion: LabelledOpinion) -> None:
    """An opinion that was not found."""
    _save(context, replace(label, missed=tuple(dict.fromkeys((*label.missed, opinion)))))


def finish(context: Context, label: Label) -> None:
    """All was gone through."""
    _save(context, replace(label, complete=True))


def undo(context: Context, by: str, label: Label | None) -> None:
    """Takes back the last answer: of the mention shown, else the whole label before it."""
    if label is not None and label.missed:
        _save(context, replace(label, missed=label.missed[:-1]))
    elif label is not None and label.judged:
        _save(context, replace(label, judged=label.judged[:-1]))
    else:
        said = [label] if label is not None else context.store.labels(by)[-1:]
        if said:
            _kept(context, lambda: context.desk.drop_label(said[0].mention_id, by), "labels.gone")


def _save(context: Context, label: Label) -> None:
    _kept(context, lambda: context.desk.save_label(replace(label, at=context.clock())), "labels.gone")


def _kept(context: Context, write: Callable[[], bool], otherwise: str) -> None:
    """An error is shown on the page that is drawn next, not where a callback would lose it."""
    try:
        done = write()
    except FengpingError as error:
        st.session_state[TROUBLE] = str(error)
        return
    if not done:
        st.session_state[TROUBLE] = context.words(otherwise)
