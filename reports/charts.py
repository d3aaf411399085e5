"""Every figure: pure functions from frames to Altair charts, readable on light and dark ground and on a phone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import altair as alt
import pandas as pd

POLARITY_COLOURS: Mapping[str, str] = {
    "negative": "#d9534f",
    "neutral": "#9aa5b1",
    "positive": "#3a9d6e",
    "unsure": "#c9b458",
}
"""Middle tones: at least 3:1 against white and against the dark ground; never told apart by colour alone."""
SERIES_COLOURS = ("#4c78a8", "#e08a3c", "#7a5ea8", "#3a9d6e", "#b8587f", "#8c7853")
GREY = "#9aa5b1"
CJK = "'Source Sans', 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif"


Figure = alt.Chart | alt.LayerChart | alt.FacetChart


def _finish(chart: Figure, height: int) -> Figure:
    made: Figure = chart.properties(height=height).configure(font=CJK)
    made = made.configure_axis(labelLimit=160, labelFontSize=12, titleFontSize=12)
    made = made.configure_legend(orient="top", title=None)
    return made


def volume(frame: pd.DataFrame, gaps: pd.DataFrame, labels: Mapping[str, str]) -> Figure:
    """Mentions in time, stacked by polarity. `frame`: start, polarity, n; `gaps`: start, end of hours not collected.

    `labels` names the polarities and the keys "time", "n", "gap" in the reader's language.
    """
    named = frame.assign(label=frame["polarity"].map(labels))
    order = [labels[p] for p in POLARITY_COLOURS]
    scale = alt.Scale(domain=order, range=list(POLARITY_COLOURS.values()))
    bars = (
        alt.Chart(named)
        .mark_bar()
        .encode(
            x=alt.X("start:T", title=None, axis=alt.Axis(format="%m-%d", labelOverlap=True)),
            y=alt.Y("sum(n):Q", title=labels["n"]),
            color=alt.Color("label:N", scale=scale, sort=order),
            tooltip=[
                alt.Tooltip("start:T", title=labels["time"], format="%Y-%m-%d"),
                alt.Tooltip("label:N", title=labels["polarity"]),
                alt.Tooltip("n:Q", title=labels["n"]),
            ],
        )
    )
    shade = (
        alt.Chart(gaps)
        .mark_rect(color=GREY, opacity=0.25)
        .encode(x="start:T", x2="end:T", tooltip=[alt.Tooltip("note:N", title=labels["gap"])])
    )
    return _finish(alt.layer(shade, bars), 260)


def rates(frame: pd.DataFrame, value: str, labels: Mapping[str, str], signed: bool = False) -> Figure:
    """Horizontal bars with their 95 % interval. `frame`: name, value, low, high, n, grey (too few to rank)."""
    axis = alt.Axis(format="+%" if signed else "%")
    height = max(120, 30 * len(frame))
    base = alt.Chart(frame).encode(
        y=alt.Y("name:N", title=None, sort=list(frame["name"]), axis=alt.Axis(labelLimit=130))
    )
    colour = alt.condition("datum.grey", alt.value(GREY), alt.value(SERIES_COLOURS[0]))
    tooltip = [
        alt.Tooltip("name:N", title=labels["name"]),
        alt.Tooltip("value:Q", title=value, format="+.1%" if signed else ".1%"),
        alt.Tooltip("low:Q", title=labels["low"], format=".1%"),
        alt.Tooltip("high:Q", title=labels["high"], format=".1%"),
        alt.Tooltip("n:Q", title=labels["n"]),
    ]
    bars = base.mark_bar(height=14).encode(x=alt.X("value:Q", title=value, axis=axis), color=colour, tooltip=tooltip)
    whiskers = base.mark_rule(strokeWidth=2, color="#6b7280").encode(x="low:Q", x2="high:Q")
    return _finish(alt.layer(bars, whiskers), height)


def lines(frame: pd.DataFrame, title: str, labels: Mapping[str, str], percent: bool = False) -> Figure:
    """One line a group over time. `frame`: start, group, value."""
    groups = list(dict.fromkeys(frame["group"]))
    nearest = alt.selection_point(nearest=True, on="pointerover", fields=["start"], empty=False)
    base = alt.Chart(frame).encode(
        x=alt.X("start:T", title=None, axis=alt.Axis(format="%m-%d", labelOverlap=True)),
        y=alt.Y("value:Q", title=title, axis=alt.Axis(format="%" if percent else "d")),
        color=alt.Color("group:N", scale=alt.Scale(domain=groups, range=list(SERIES_COLOURS)), sort=groups),
    )
    dots = base.mark_point(size=50, filled=True).encode(
        opacity=alt.condition(nearest, alt.value(1), alt.value(0)),
        tooltip=[
            alt.Tooltip("start:T", title=labels["time"], format="%Y-%m-%d"),
            alt.Tooltip("group:N", title=labels["name"]),
            alt.Tooltip("value:Q", title=title, format=".1%" if percent else ","),
        ],
    )
    return _finish(alt.layer(base.mark_line(strokeWidth=2), dots.add_params(nearest)), 260)


def shares(frame: pd.DataFrame, title: str, labels: Mapping[str, str]) -> Figure:
    """Share of voice: one bar a brand. `frame`: name, value, n."""
    names = list(frame["name"])
    chart = (
        alt.Chart(frame)
        .mark_bar(height=18)
        .encode(
            y=alt.Y("name:N", title=None, sort=names),
            x=alt.X("value:Q", title=title, axis=alt.Axis(format="%")),
            color=alt.Color("name:N", scale=alt.Scale(domain=names, range=list(SERIES_COLOURS)), legend=None),
            tooltip=[
                alt.Tooltip("name:N", title=labels["name"]),
                alt.Tooltip("value:Q", title=title, format=".1%"),
                alt.Tooltip("n:Q", title=labels["n"]),
            ],
        )
    )
    return _finish(chart, max(90, 36 * len(frame)))


def waterfall(frame: pd.DataFrame, title: str, labels: Mapping[str, str]) -> Figure:
    """What moved a figure: `frame`: name, low, high, change; the bars add up to the change exactly."""
    colour = alt.condition(
        "datum.change < 0", alt.value(POLARITY_COLOURS["negative"]), alt.value(POLARITY_COLOURS["positive"])
    )
    chart = (
        alt.Chart(frame)
        .mark_bar(height=16)
        .encode(
            y=alt.Y("name:N", title=None, sort=list(frame["name"]), axis=alt.Axis(labelLimit=130)),
            x=alt.X("low:Q", title=title, axis=alt.Axis(format="+.1%")),
            x2="high:Q",
            color=colour,
            tooltip=[alt.Tooltip("name:N", title=labels["name"]), alt.Tooltip("change:Q", title=title, format="+.2%")],
        )
    )
    return _finish(chart, max(120, 28 * len(frame)))


def heat(frame: pd.DataFrame, columns: Sequence[str], title: str, labels: Mapping[str, str]) -> Figure:
    """Attribute by brand, coloured and written out, grey where too few. `frame`: row, column, value, n, grey."""
    base = alt.Chart(frame).encode(
        x=alt.X("column:N", title=None, sort=list(columns), axis=alt.Axis(orient="top", labelAngle=0)),
        y=alt.Y("row:N", title=None, sort=list(dict.fromkeys(frame["row"])), axis=alt.Axis(labelLimit=130)),
    )
    colour = alt.condition(
        "datum.grey", alt.value("#c5ccd3"), alt.Color("value:Q", scale=alt.Scale(scheme="orangered"), legend=None)
    )
    tooltip = [
        alt.Tooltip("row:N", title=labels["name"]),
        alt.Tooltip("column:N", title=labels["brand"]),
        alt.Tooltip("value:Q", title=title, format=".1%"),
        alt.Tooltip("n:Q", title=labels["n"]),
    ]
    cells = base.mark_rect(cornerRadius=3).encode(color=colour, tooltip=tooltip)
    ink = alt.condition("datum.value > 0.55 && !datum.grey", alt.value("white"), alt.value("#1f2933"))
    written = base.mark_text(fontSize=12).encode(text=alt.Text("value:Q", format=".0%"), color=ink)
    return _finish(alt.layer(cells, written), max(120, 30 * frame["row"].nunique()))


def incident(frame: pd.DataFrame, expected: float, window: tuple[object, object], labels: Mapping[str, str]) -> Figure:
    """Negatives around an incident, its window shaded, the expected level a line. `frame`: start, n."""
    shade = alt.Chart(pd.DataFrame([{"start": window[0], "end": window[1]}])).mark_rect(color="#d9534f", opacity=0.18)
    level = alt.Chart(pd.DataFrame([{"y": expected}])).mark_rule(strokeDash=[5, 4], color="#6b7280").encode(y="y:Q")
    bars = (
        alt.Chart(frame)
        .mark_bar(color=POLARITY_COLOURS["negative"])
        .encode(
            x=alt.X("start:T", title=None, axis=alt.Axis(format="%m-%d", labelOverlap=True)),
            y=alt.Y("n:Q", title=labels["n"]),
            tooltip=[
                alt.Tooltip("start:T", title=labels["time"], format="%Y-%m-%d %H:%M"),
                alt.Tooltip("n:Q", title=labels["n"]),
            ],
        )
    )
    return _finish(alt.layer(shade.encode(x="start:T", x2="end:T"), bars, level), 220)


def coverage(frame: pd.DataFrame, labels: Mapping[str, str]) -> Figure:
    """Source by day: what was collected. `frame`: day, source, n, state ("ok", "failing", "none")."""
    states = ["ok", "failing", "none"]
    scale = alt.Scale(domain=[labels[s] for s in states], range=["#3a9d6e", "#e08a3c", "#c5ccd3"])
    named = frame.assign(label=frame["state"].map(labels))
    chart = (
        alt.Chart(named)
        .mark_rect(cornerRadius=2)
        .encode(
            x=alt.X("yearmonthdate(day):O", title=None, axis=alt.Axis(format="%m-%d", labelOverlap=True, labelAngle=0)),
            y=alt.Y("source:N", title=None),
            color=alt.Color("label:N", scale=scale, sort=[labels[s] for s in states]),
            tooltip=[
                alt.Tooltip("yearmonthdate(day):T", title=labels["time"]),
                alt.Tooltip("source:N", title=labels["name"]),
                alt.Tooltip("n:Q", title=labels["n"]),
                alt.Tooltip("label:N", title=labels["state"]),
            ],
        )
    )
    return _finish(chart, max(90, 34 * frame["source"].nunique()))
