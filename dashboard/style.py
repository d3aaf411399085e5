"""The few lines of CSS that Streamlit's theme does not give: quote cards, marks, Chinese fonts, phone widths."""

from __future__ import annotations

import streamlit as st

CSS = """
<style>
html, body, [class*="st-"] { font-family: "Source Sans", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif; }
[data-testid="stIconMaterial"], [class*="material-symbols"] { font-family: "Material Symbols Rounded" !important; }
.block-container { padding-top: 2.6rem; padding-bottom: 3rem; max-width: 1320px; }
mark { background: rgba(250, 204, 21, .42); color: inherit; padding: 0 .1em; border-radius: 3px; }
.quote { border-left: 4px solid #9aa5b1; padding: .35rem .8rem; margin: .3rem 0 .6rem; overflow-wrap: anywhere; }
.quote.negative { border-color: #d9534f; } .quote.positive { border-color: #3a9d6e; }
.quote.neutral { border-color: #9aa5b1; } .quote.unsure { border-color: #c9b458; }
.quote .from { opacity: .72; font-size: .82rem; margin-top: .2rem; }
.note { opacity: .75; font-size: .85rem; }
@media (max-width: 640px) {
  .block-container { padding-left: .9rem; padding-right: .9rem; padding-top: 3.2rem; }
  h1 { font-size: 1.6rem !important; } h2, h3 { font-size: 1.2rem !important; }
}
</style>
"""


def apply_style() -> None:
    """Adds the stylesheet to the page."""
    st.html(CSS)
