"""Drawing a chart on a page."""

from __future__ import annotations

import streamlit as st

from reports.charts import Json


def figure(chart: Json, key: str | None = None) -> None:
    """Shows a specification of `reports.charts` as wide as its place, in the theme's colours."""
    st.vega_lite_chart(chart, width="stretch", key=key)
