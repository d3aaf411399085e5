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
INK = "#7d8794"
"""Text inside a chart: 3.6:1 on white, 4.9:1 on the dark ground."""
STATES: Mapping[str, str] = {
    "ok": "#3a9d6e",
    "partly": "#c9b458",
    "failing": "#d9534f",
    "quiet": "#c5ccd3",
    "unasked": "#9aa5b1",
}
"""What became of a source in a day or an hour, and its colour."""
CJK = "'Source Sans', 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif"


NAMES = alt.Axis(labelLimit=190, labelPadding=6)
DAYS = alt.Axis(format="%m-%d", labelOverlap=True, tickCount=8)
AROUND = 64
"""Pixels of a chart's height that axis, title and legend take: the rest is for the bars."""

Figure = alt.Chart | alt.LayerChart | alt.FacetChart


def _finish(chart: Figure, height: int) -> Figure:
    made: Figure = chart.properties(height=height).configure(font=CJK)
    made = made.configure_axis(labelFontSize=12, titleFontSize=12)
    finished: Figure = made.configure_legend(orient="top", title=None)
    return finished


def _tall(rows: int, each: int) -> int:
    """The height that leaves each row its pixels."""
    return AROUND + each * rows


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
            x=alt.X("yearmonthdate(start):T", title=None, axis=DAYS),
            y=alt.Y("sum(n):Q", title=labels["n"], axis=alt.Axis(format="d", tickMinStep=1)),
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
    """A dot with its 95 % interval a row. `frame`: name, value, low, high, n, grey (too few or unclear)."""
    form = "+.1%" if signed else ".1%"
    scale = alt.Scale(zero=True, nice=True)
    base = alt.Chart(frame).encode(
        y=alt.Y("name:N", title=None, sort=list(frame["name"]), axis=NAMES),
        color=alt.condition("datum.grey", alt.value(GREY), alt.value(SERIES_COLOURS[0])),
        tooltip=[
            alt.Tooltip("name:N", title=labels["name"]),
            alt.Tooltip("value:Q", title=value, format=form),
            alt.Tooltip("low:Q", title=labels["low"], format=form),
            alt.Tooltip("high:Q", title=labels["high"], format=form),
            alt.Tooltip("n:Q", title=labels["n"]),
        ],
    )
    axis = alt.Axis(format="+.0%" if signed else ".0%", tickCount=6)
    spread = base.mark_rule(strokeWidth=3, opacity=0.75).encode(
        x=alt.X("low:Q", title=value, axis=axis, scale=scale), x2="high:Q"
    )
    dots = base.mark_point(filled=True, size=110, opacity=1).encode(x=alt.X("value:Q", title=value))
    zero = alt.Chart(pd.DataFrame([{"zero": 0.0}])).mark_rule(color=GREY, strokeDash=[4, 3]).encode(x="zero:Q")
    return _finish(alt.layer(spread, dots, zero), _tall(len(frame), 30))


def lines(frame: pd.DataFrame, title: str, labels: Mapping[str, str], percent: bool = False) -> Figure:
    """One line a group over time. `frame`: start, group, value."""
    groups = list(dict.fromkeys(frame["group"]))
    nearest = alt.selection_point(nearest=True, on="pointerover", fields=["start"], empty=False)
    base = alt.Chart(frame).encode(
        x=alt.X("start:T", title=None, axis=DAYS),
        y=alt.Y("value:Q", title=title, axis=alt.Axis(format="%" if percent else "d", tickMinStep=0 if percent else 1)),
        color=alt.Color(
            "group:N",
            scale=alt.Scale(domain=groups, range=list(SERIES_COLOURS)),
            sort=groups,
            legend=alt.Legend() if len(groups) > 1 else None,
        ),
    )
    dots = base.mark_point(size=50, filled=True).encode(
        opacity=alt.condition(nearest, alt.value(1), alt.value(0)),
        tooltip=[
            alt.Tooltip("start:T", title=labels["time"], format="%Y-%m-%d"),
            alt.Tooltip("group:N", title=labels["name"]),
            alt.Tooltip("value:Q", title=title, format=".1%" if percent else ","),
        ],
    )
    return _finish(alt.layer(base.mark_line(strokeWidth=2), dots.add_params(nearest)), 240)


def shares(frame: pd.DataFrame, title: str, labels: Mapping[str, str]) -> Figure:
    """Share of voice: one bar a brand, written out with its mentions. `frame`: name, value, n."""
    names = list(frame["name"])
    written = frame.assign(text=[f"{v:.1%} ({n:,})" for v, n in zip(frame["value"], frame["n"], strict=True)])
    widest = max([*frame["value"], 0.01])
    base = alt.Chart(written).encode(
        y=alt.Y("name:N", title=None, sort=names, axis=NAMES),
        x=alt.X(
            "value:Q",
            title=title,
            scale=alt.Scale(domain=[0, widest * 1.35]),
            axis=alt.Axis(format=".0%", tickCount=5),
        ),
        tooltip=[
            alt.Tooltip("name:N", title=labels["name"]),
            alt.Tooltip("value:Q", title=title, format=".1%"),
            alt.Tooltip("n:Q", title=labels["n"]),
        ],
    )
    colour = alt.Color("name:N", scale=alt.Scale(domain=names, range=list(SERIES_COLOURS)), legend=None)
    return _finish(
        alt.layer(base.mark_bar(height=18).encode(color=colour), _ends(base, "value:Q")), _tall(len(frame), 34)
    )


def _ends(base: alt.Chart, at: str) -> alt.Chart:
    """What a bar says, at its end; a grey that reads on light and on dark ground."""
    made: alt.Chart = base.mark_text(align="left", dx=5, fontSize=12, color=INK).encode(x=alt.X(at), text="text:N")
    return made


def waterfall(frame: pd.DataFrame, title: str, labels: Mapping[str, str]) -> Figure:
    """What moved a figure: `frame`: name, low, high, change; the bars add up to the change exactly."""
    colour = alt.condition(
        "datum.change < 0", alt.value(POLARITY_COLOURS["negative"]), alt.value(POLARITY_COLOURS["positive"])
    )
    written = frame.assign(text=[f"{c * 100:+.1f}" for c in frame["change"]])
    low, high = min([*frame["low"], 0.0]), max([*frame["high"], 0.0])
    room = (high - low or 0.01) * 0.16
    base = alt.Chart(written).encode(
        y=alt.Y("name:N", title=None, sort=list(frame["name"]), axis=NAMES),
        tooltip=[alt.Tooltip("name:N", title=labels["name"]), alt.Tooltip("change:Q", title=title, format="+.2%")],
    )
    bars = base.mark_bar(height=16).encode(
        x=alt.X(
            "low:Q",
            title=title,
            scale=alt.Scale(domain=[low, high + room], nice=False),
            axis=alt.Axis(format="+.1%", tickCount=6),
        ),
        x2="high:Q",
        color=colour,
    )
    return _finish(alt.layer(bars, _ends(base, "high:Q")), _tall(len(frame), 28))


def heat(frame: pd.DataFrame, columns: Sequence[str], title: str, labels: Mapping[str, str]) -> Figure:
    """Attribute by brand, coloured and written out, grey where too few. `frame`: row, column, value, n, grey."""
    written = frame.assign(text=[f"{v:.0%} ({n:,})" for v, n in zip(frame["value"], frame["n"], strict=True)])
    base = alt.Chart(written).encode(
        x=alt.X("column:N", title=None, sort=list(columns), axis=alt.Axis(orient="top", labelAngle=0)),
        y=alt.Y("row:N", title=None, sort=list(dict.fromkeys(frame["row"])), axis=NAMES),
    )
    shades = alt.Scale(range=["#fdf0dc", "#f3a67c", "#cf5a4a"], domain=[0, 0.4, 0.8], clamp=True)
    colour = alt.condition("datum.grey", alt.value("#c5ccd3"), alt.Color("value:Q", scale=shades, legend=None))
    tooltip = [
        alt.Tooltip("row:N", title=labels["name"]),
        alt.Tooltip("column:N", title=labels["brand"]),
        alt.Tooltip("value:Q", title=title, format=".1%"),
        alt.Tooltip("n:Q", title=labels["n"]),
    ]
    cells = base.mark_rect(cornerRadius=3, stroke="white", strokeOpacity=0.4).encode(color=colour, tooltip=tooltip)
    figures = base.mark_text(fontSize=12).encode(text="text:N", color=alt.value("#1f2933"))
    return _finish(alt.layer(cells, figures), _tall(frame["row"].nunique(), 30))


def incident(frame: pd.DataFrame, expected: float, window: tuple[object, object], labels: Mapping[str, str]) -> Figure:
    """Negatives around an incident, its window shaded, the expected level a line. `frame`: start, n."""
    shade = alt.Chart(pd.DataFrame([{"start": window[0], "end": window[1]}])).mark_rect(color="#d9534f", opacity=0.18)
    level = alt.Chart(pd.DataFrame([{"y": expected}])).mark_rule(strokeDash=[5, 4], color="#6b7280").encode(y="y:Q")
    room = alt.Scale(domain=[0, max([*frame["n"], expected, 1]) * 1.2])
    bars = (
        alt.Chart(frame)
        .mark_bar(color=POLARITY_COLOURS["negative"])
        .encode(
            x=alt.X("yearmonthdate(start):T", title=None, axis=DAYS),
            y=alt.Y("n:Q", title=labels["n"], scale=room, axis=alt.Axis(format="d", tickMinStep=1)),
            tooltip=[
                alt.Tooltip("start:T", title=labels["time"], format="%Y-%m-%d %H:%M"),
                alt.Tooltip("n:Q", title=labels["n"]),
            ],
        )
    )
    return _finish(alt.layer(shade.encode(x="start:T", x2="end:T"), bars, level), 220)


def coverage(frame: pd.DataFrame, labels: Mapping[str, str]) -> Figure:
    """Source by day: what was published and collected. `frame`: day, source, n, state (a key of STATES)."""
    x = alt.X("yearmonthdate(day):O", title=None, axis=alt.Axis(format="%m-%d", labelOverlap=True, labelAngle=0))
    when = alt.Tooltip("yearmonthdate(day):T", title=labels["time"])
    return _states(frame, x, when, labels["n"], labels)


def hours(frame: pd.DataFrame, labels: Mapping[str, str]) -> Figure:
    """Source by hour: what was asked. `frame`: day (the hour's start), source, n (pages answered), state."""
    axis = alt.Axis(format="%m-%d %H:00", labelOverlap=True, labelAngle=0)
    x = alt.X("yearmonthdatehours(day):O", title=None, axis=axis)
    when = alt.Tooltip("yearmonthdatehours(day):T", title=labels["time"], format="%m-%d %H:00")
    return _states(frame, x, when, labels["answered"], labels)


def _states(frame: pd.DataFrame, x: alt.X, when: alt.Tooltip, counted: str, labels: Mapping[str, str]) -> Figure:
    names = [labels[s] for s in STATES if (frame["state"] == s).any()]
    colours = [STATES[s] for s in STATES if (frame["state"] == s).any()]
    chart = (
        alt.Chart(frame.assign(label=frame["state"].map(labels)))
        .mark_rect(cornerRadius=2)
        .encode(
            x=x,
            y=alt.Y("source:N", title=None, axis=NAMES),
            color=alt.Color("label:N", scale=alt.Scale(domain=names, range=colours), sort=names),
            tooltip=[
                when,
                alt.Tooltip("source:N", title=labels["name"]),
                alt.Tooltip("n:Q", title=counted),
                alt.Tooltip("label:N", title=labels["state"]),
            ],
        )
    )
    return _finish(chart, _tall(frame["source"].nunique(), 34))
