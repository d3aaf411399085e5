"""Each figure is Vega-Lite that the schema knows, whatever the rows, and says what it was given."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta

import altair as alt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.models import POLARITIES
from dashboard.labels import KEYS
from reports import charts
from reports.charts import STATES, Json

LABELS = {key: f"<{key}>" for key in (*KEYS, *POLARITIES, *STATES)}
START = datetime(2026, 3, 1)
names = st.text(max_size=8)
shares = st.floats(-1, 1)
counts = st.integers(0, 10**9)
days = st.integers(0, 400).map(lambda n: START + timedelta(days=n))


def rows(**fields: st.SearchStrategy[object]) -> st.SearchStrategy[list[dict[str, object]]]:
    return st.lists(st.fixed_dictionaries(fields), max_size=6)


RATED = rows(name=names, value=shares, low=shares, high=shares, n=counts, grey=st.booleans())
SOURCED = rows(day=days, source=names, n=counts, state=st.sampled_from(list(STATES)))
GROUPED = rows(start=days, group=names, value=counts)
MOVED = rows(name=names, low=shares, high=shares, change=shares)
FIGURES: dict[str, st.SearchStrategy[Json]] = {
    "volume": st.builds(
        lambda r, g: charts.volume(r, g, LABELS),
        rows(start=days, polarity=st.sampled_from(POLARITIES), n=counts),
        rows(start=days, end=days, note=names),
    ),
    "rates": st.builds(lambda r, s: charts.rates(r, "v", LABELS, s), RATED, st.booleans()),
    "lines": st.builds(lambda r, p: charts.lines(r, "t", LABELS, p), GROUPED, st.booleans()),
    "shares": st.builds(lambda r: charts.shares(r, "t", LABELS), rows(name=names, value=st.floats(0, 1), n=counts)),
    "waterfall": st.builds(lambda r: charts.waterfall(r, "t", LABELS), MOVED),
    "heat": st.builds(
        lambda r: charts.heat(r, ["a", "b"], "t", LABELS),
        rows(row=names, column=st.sampled_from("ab"), value=st.floats(0, 1), n=counts, grey=st.booleans()),
    ),
    "incident": st.builds(
        lambda r, e: charts.incident(r, e, (START, START + timedelta(days=2)), LABELS),
        rows(start=days, n=counts),
        st.floats(0, 1e6),
    ),
    "coverage": st.builds(lambda r: charts.coverage(r, LABELS), SOURCED),
    "hours": st.builds(lambda r: charts.hours(r, LABELS), SOURCED),
}


def test_every_figure_is_checked() -> None:
    public = {n for n, f in vars(charts).items() if isinstance(f, Callable) and not n.startswith("_")}  # type: ignore[arg-type]
    made_here = {n for n in public if getattr(getattr(charts, n), "__module__", "") == charts.__name__}
    assert made_here == set(FIGURES)


@pytest.mark.parametrize("name", FIGURES)
@settings(max_examples=25, deadline=None)
@given(drawn=st.data())
def test_the_schema_knows_it(name: str, drawn: st.DataObject) -> None:
    spec = drawn.draw(FIGURES[name])
    alt.LayerChart.from_dict(json.loads(json.dumps(spec)), validate=True).to_dict(validate=True)


def test_bars_say_their_share_and_their_mentions() -> None:
    spec = charts.shares([{"name": "山竹", "value": 0.125, "n": 1500}], "声量", LABELS)
    (layer,) = spec["layer"]
    assert layer["data"]["values"] == [{"name": "山竹", "value": 0.125, "n": 1500, "text": "12.5% (1,500)"}]


def test_times_are_written_as_they_stand() -> None:
    spec = charts.incident([{"start": START, "n": 3}], 1.5, (START, START + timedelta(hours=5)), LABELS)
    shade, bars, level = (layer["data"]["values"] for layer in spec["layer"])
    assert shade == [{"start": "2026-03-01T00:00:00", "end": "2026-03-01T05:00:00"}]
    assert bars == [{"start": "2026-03-01T00:00:00", "n": 3}] and level == [{"y": 1.5}]
