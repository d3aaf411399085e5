"""Every figure: pure functions from rows to Vega-Lite, readable on light and dark ground and on a phone.

The specifications are written out instead of built with Altair, which takes 40 ms a chart to build and check one: a
page of five would spend its time on that. A test checks each against Altair's copy of the Vega-Lite schema.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

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
AROUND = 64
"""Pixels of a chart's height that axis, title and legend take: the rest is for the bars."""

Row = Mapping[str, Any]
Rows = Sequence[Row]
Labels = Mapping[str, str]
Json = dict[str, Any]
"""A part of a Vega-Lite specification: its form is that of the schema, not ours."""
_TYPES = {"N": "nominal", "O": "ordinal", "Q": "quantitative", "T": "temporal"}
_NAMES = {"labelLimit": 190, "labelPadding": 6}
_DAYS = {"format": "%m-%d", "labelOverlap": True, "tickCount": 8}
_WHOLE = {"format": "d", "tickMinStep": 1}


def volume(rows: Rows, gaps: Rows, labels: Labels) -> Json:
    """Mentions in time, stacked by polarity. `rows`: start, polarity, n; `gaps`: start, end, note of days unseen.

    `labels` names the polarities and the keys "time", "n", "gap" in the reader's language.
    """
    named = [{**row, "label": labels[row["polarity"]]} for row in rows]
    order = [labels[p] for p in POLARITY_COLOURS]
    bars = {
        "data": _values(named),
        "mark": {"type": "bar"},
        "encoding": {
            "x": _field("start:T", timeUnit="yearmonthdate", title=None, axis=_DAYS),
            "y": _field("n:Q", aggregate="sum", title=labels["n"], axis=_WHOLE),
            "color": _field("label:N", scale=_palette(order, list(POLARITY_COLOURS.values())), sort=order),
            "tooltip": [_date(labels), _field("label:N", title=labels["polarity"]), _field("n:Q", title=labels["n"])],
        },
    }
    shade = {
        "data": _values(gaps),
        "mark": {"type": "rect", "color": GREY, "opacity": 0.25},
        "encoding": {
            "x": _field("start:T"),
            "x2": {"field": "end"},
            "tooltip": [_field("note:N", title=labels["gap"])],
        },
    }
    return _figure([shade, bars], 260)


def rates(rows: Rows, value: str, labels: Labels, signed: bool = False) -> Json:
    """A dot with its 95 % interval a row. `rows`: name, value, low, high, n, grey (too few or unclear)."""
    form = "+.1%" if signed else ".1%"
    axis = {"format": "+.0%" if signed else ".0%", "tickCount": 6}
    shared = {
        "y": _names(rows, "name"),
        "color": _when("datum.grey", GREY, SERIES_COLOURS[0]),
        "tooltip": [
            _field("name:N", title=labels["name"]),
            _field("value:Q", title=value, format=form),
            _field("low:Q", title=labels["low"], format=form),
            _field("high:Q", title=labels["high"], format=form),
            _field("n:Q", title=labels["n"]),
        ],
    }
    spread = {
        "mark": {"type": "rule", "strokeWidth": 3, "opacity": 0.75},
        "encoding": {
            **shared,
            "x": _field("low:Q", title=value, axis=axis, scale={"zero": True, "nice": True}),
            "x2": {"field": "high"},
        },
    }
    dots = {
        "mark": {"type": "point", "filled": True, "size": 110, "opacity": 1},
        "encoding": {**shared, "x": _field("value:Q", title=value)},
    }
    zero = {
        "data": _values([{"zero": 0.0}]),
        "mark": {"type": "rule", "color": GREY, "strokeDash": [4, 3]},
        "encoding": {"x": _field("zero:Q")},
    }
    return _figure([{"data": _values(rows), "layer": [spread, dots]}, zero], _tall(len(rows), 30))


def lines(rows: Rows, title: str, labels: Labels, percent: bool = False) -> Json:
    """One line a group over time. `rows`: start, group, value."""
    groups = list(dict.fromkeys(row["group"] for row in rows))
    scale = _palette(groups, list(SERIES_COLOURS[: max(len(groups), 1)]))
    shared = {
        "x": _field("start:T", title=None, axis=_DAYS),
        "y": _field("value:Q", title=title, axis={"format": "%"} if percent else _WHOLE),
        "color": _field("group:N", scale=scale, sort=groups, legend={} if len(groups) > 1 else None),
    }
    shown = [_date(labels), _field("group:N", title=labels["name"])]
    shown.append(_field("value:Q", title=title, format=".1%" if percent else ","))
    nearest = {"type": "point", "nearest": True, "on": "pointerover", "fields": ["start"]}
    dots = {
        "params": [{"name": "nearest", "select": nearest}],
        "mark": {"type": "point", "size": 50, "filled": True},
        "encoding": {
            **shared,
            "opacity": {"condition": {"param": "nearest", "empty": False, "value": 1}, "value": 0},
            "tooltip": shown,
        },
    }
    line = {"mark": {"type": "line", "strokeWidth": 2}, "encoding": shared}
    return _figure([{"data": _values(rows), "layer": [line, dots]}], 240)


def shares(rows: Rows, title: str, labels: Labels) -> Json:
    """Share of voice: one bar a brand, written out with its mentions. `rows`: name, value, n."""
    written = [{**row, "text": f"{row['value']:.1%} ({row['n']:,})"} for row in rows]
    names = [row["name"] for row in rows]
    widest = max([*(row["value"] for row in rows), 0.01])
    shared = {
        "y": _names(rows, "name"),
        "x": _field(
            "value:Q", title=title, scale={"domain": [0, widest * 1.35]}, axis={"format": ".0%", "tickCount": 5}
        ),
        "tooltip": [
            _field("name:N", title=labels["name"]),
            _field("value:Q", title=title, format=".1%"),
            _field("n:Q", title=labels["n"]),
        ],
    }
    colour = _field("name:N", scale=_palette(names, list(SERIES_COLOURS[: len(names)])), legend=None)
    bars = {"mark": {"type": "bar", "height": 18}, "encoding": {**shared, "color": colour}}
    return _figure([{"data": _values(written), "layer": [bars, _ends(shared, "value:Q")]}], _tall(len(rows), 34))


def waterfall(rows: Rows, title: str, labels: Labels) -> Json:
    """What moved a figure: `rows`: name, low, high, change; the bars add up to the change exactly."""
    written = [{**row, "text": f"{row['change'] * 100:+.1f}"} for row in rows]
    low, high = min([*(r["low"] for r in rows), 0.0]), max([*(r["high"] for r in rows), 0.0])
    room = (high - low or 0.01) * 0.16
    shared = {
        "y": _names(rows, "name"),
        "tooltip": [_field("name:N", title=labels["name"]), _field("change:Q", title=title, format="+.2%")],
    }
    bars = {
        "mark": {"type": "bar", "height": 16},
        "encoding": {
            **shared,
            "x": _field(
                "low:Q",
                title=title,
                scale={"domain": [low, high + room], "nice": False},
                axis={"format": "+.1%", "tickCount": 6},
            ),
            "x2": {"field": "high"},
            "color": _when("datum.change < 0", POLARITY_COLOURS["negative"], POLARITY_COLOURS["positive"]),
        },
    }
    return _figure([{"data": _values(written), "layer": [bars, _ends(shared, "high:Q")]}], _tall(len(rows), 28))


def heat(rows: Rows, columns: Sequence[str], title: str, labels: Labels) -> Json:
    """Attribute by brand, coloured and written out, grey where too few. `rows`: row, column, value, n, grey."""
    written = [{**row, "text": f"{row['value']:.0%} ({row['n']:,})"} for row in rows]
    names = list(dict.fromkeys(row["row"] for row in rows))
    shared = {
        "x": _field("column:N", title=None, sort=list(columns), axis={"orient": "top", "labelAngle": 0}),
        "y": _field("row:N", title=None, sort=names, axis=_NAMES),
    }
    shades = {"range": ["#fdf0dc", "#f3a67c", "#cf5a4a"], "domain": [0, 0.4, 0.8], "clamp": True}
    few: Json = {"test": "datum.grey", "value": "#c5ccd3"}
    cells = {
        "mark": {"type": "rect", "cornerRadius": 3, "stroke": "white", "strokeOpacity": 0.4},
        "encoding": {
            **shared,
            "color": _field("value:Q", scale=shades, legend=None, condition=few),
            "tooltip": [
                _field("row:N", title=labels["name"]),
                _field("column:N", title=labels["brand"]),
                _field("value:Q", title=title, format=".1%"),
                _field("n:Q", title=labels["n"]),
            ],
        },
    }
    figures = {
        "mark": {"type": "text", "fontSize": 12},
        "encoding": {**shared, "text": _field("text:N"), "color": {"value": "#1f2933"}},
    }
    return _figure([{"data": _values(written), "layer": [cells, figures]}], _tall(len(names), 30))


def incident(rows: Rows, expected: float, window: tuple[datetime, datetime], labels: Labels) -> Json:
    """Negatives around an incident, its window shaded, the expected level a line. `rows`: start, n."""
    room = {"domain": [0, max([*(row["n"] for row in rows), expected, 1]) * 1.2]}
    shade = {
        "data": _values([{"start": window[0], "end": window[1]}]),
        "mark": {"type": "rect", "color": "#d9534f", "opacity": 0.18},
        "encoding": {"x": _field("start:T"), "x2": {"field": "end"}},
    }
    bars = {
        "data": _values(rows),
        "mark": {"type": "bar", "color": POLARITY_COLOURS["negative"]},
        "encoding": {
            "x": _field("start:T", timeUnit="yearmonthdate", title=None, axis=_DAYS),
            "y": _field("n:Q", title=labels["n"], scale=room, axis=_WHOLE),
            "tooltip": [_date(labels, "%Y-%m-%d %H:%M"), _field("n:Q", title=labels["n"])],
        },
    }
    level = {
        "data": _values([{"y": expected}]),
        "mark": {"type": "rule", "strokeDash": [5, 4], "color": "#6b7280"},
        "encoding": {"y": _field("y:Q")},
    }
    return _figure([shade, bars, level], 220)


def coverage(rows: Rows, labels: Labels) -> Json:
    """Source by day: what was published and collected. `rows`: day, source, n, state (a key of STATES)."""
    axis = {"format": "%m-%d", "labelOverlap": True, "labelAngle": 0}
    x = _field("day:O", timeUnit="yearmonthdate", title=None, axis=axis)
    return _states(rows, x, _field("day:T", timeUnit="yearmonthdate", title=labels["time"]), labels["n"], labels)


def hours(rows: Rows, labels: Labels) -> Json:
    """Source by hour: what was asked. `rows`: day (the hour's start), source, n (pages answered), state."""
    axis = {"format": "%m-%d %H:00", "labelOverlap": True, "labelAngle": 0}
    x = _field("day:O", timeUnit="yearmonthdatehours", title=None, axis=axis)
    when = _field("day:T", timeUnit="yearmonthdatehours", title=labels["time"], format="%m-%d %H:00")
    return _states(rows, x, when, labels["answered"], labels)


def _states(rows: Rows, x: Json, when: Json, counted: str, labels: Labels) -> Json:
    there = [s for s in STATES if any(row["state"] == s for row in rows)]
    names = [labels[s] for s in there]
    cells = {
        "data": _values([{**row, "label": labels[row["state"]]} for row in rows]),
        "mark": {"type": "rect", "cornerRadius": 2},
        "encoding": {
            "x": x,
            "y": _field("source:N", title=None, axis=_NAMES),
            "color": _field("label:N", scale=_palette(names, [STATES[s] for s in there]), sort=names),
            "tooltip": [
                when,
                _field("source:N", title=labels["name"]),
                _field("n:Q", title=counted),
                _field("label:N", title=labels["state"]),
            ],
        },
    }
    return _figure([cells], _tall(len({row["source"] for row in rows}), 34))


def _field(shorthand: str, **more: object) -> Json:
    """A channel from `name:T`, where T is N, O, Q or T as in Altair."""
    name, _, kind = shorthand.rpartition(":")
    return {"field": name, "type": _TYPES[kind], **more}


def _date(labels: Labels, form: str = "%Y-%m-%d") -> Json:
    return _field("start:T", title=labels["time"], format=form)


def _names(rows: Rows, field: str) -> Json:
    return _field(f"{field}:N", title=None, sort=[row[field] for row in rows], axis=_NAMES)


def _palette(domain: Sequence[str], colours: Sequence[str]) -> Json:
    return {"domain": list(domain), "range": list(colours)}


def _when(test: str, then: str, otherwise: str) -> Json:
    return {"condition": {"test": test, "value": then}, "value": otherwise}


def _ends(shared: Json, at: str) -> Json:
    """What a bar says, at its end; a grey that reads on light and on dark ground."""
    mark = {"type": "text", "align": "left", "dx": 5, "fontSize": 12, "color": INK}
    x = {**shared.get("x", {}), **_field(at)}
    return {"mark": mark, "encoding": {**shared, "x": x, "text": _field("text:N")}}


def _tall(rows: int, each: int) -> int:
    """The height that leaves each row its pixels."""
    return AROUND + each * rows


def _values(rows: Rows) -> Json:
    """Rows as data of a layer. Times without a zone are shown as they stand."""
    return {"values": [{k: v.isoformat() if isinstance(v, datetime) else v for k, v in r.items()} for r in rows]}


def _figure(layers: Sequence[Json], height: int) -> Json:
    text = {"labelFontSize": 12, "titleFontSize": 12}
    config = {"font": CJK, "axis": text, "legend": {"orient": "top", "title": None}}
    return {"layer": list(layers), "height": height, "config": config}
