"""The CSS that Streamlit's theme does not give: quote cards, marks, tables, Chinese fonts, phone widths."""

from __future__ import annotations

import streamlit as st

CSS = """
<style>
html, body, [class*="st-"] {
  font-family: "Source Sans", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif;
}
[data-testid="stIconMaterial"], [class*="material-symbols"] { font-family: "Material Symbols Rounded" !important; }
.block-container { padding-top: 2.6rem; padding-bottom: 3rem; max-width: 1320px; }
h1 { font-size: 2.1rem !important; } h2, h3 { font-size: 1.35rem !important; }
mark { background: rgba(250, 204, 21, .42); color: inherit; padding: 0 .1em; border-radius: 3px; }
[data-testid="stAlert"] code { font-size: .92em; }
.quote { border-left: 4px solid #9aa5b1; padding: .35rem .8rem; margin: .3rem 0 .6rem; overflow-wrap: anywhere; }
.quote.negative { border-color: #d9534f; } .quote.positive { border-color: #3a9d6e; }
.quote.neutral { border-color: #9aa5b1; } .quote.unsure { border-color: #c9b458; }
.quote .from { opacity: .72; font-size: .82rem; margin-top: .2rem; }
.quote .from a { white-space: nowrap; }
.quote.asked { font-size: 1.15rem; padding: .6rem 1rem; }
.quote a { color: inherit; text-decoration: underline; }
.note { opacity: .75; font-size: .85rem; }
.verdict { font-size: 1.05rem; border-left: 4px solid #9aa5b1; padding: .3rem .8rem; margin-bottom: .4rem; }
.verdict.better { border-color: #3a9d6e; } .verdict.worse { border-color: #d9534f; }
.dot { display: inline-block; width: .8em; height: .8em; border-radius: 50%; margin-right: .45em; }
.head { font-size: 1.15rem; font-weight: 600; overflow-wrap: anywhere; }
.sheet { overflow-x: auto; }
.sheet table { border-collapse: collapse; width: 100%; font-size: .92rem; }
.sheet th, .sheet td { padding: .42rem .6rem; border-bottom: 1px solid rgba(128, 132, 149, .28); text-align: left; }
.sheet td:not(.figure) { min-width: 5.6em; overflow-wrap: break-word; }
.sheet th { font-weight: 600; opacity: .75; font-size: .84rem; white-space: nowrap; }
.sheet td.figure, .sheet th.figure { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.sheet th[title] { text-decoration: underline dotted; cursor: help; }
.sheet tr.grey { opacity: .55; }
.sheet .bar { display: inline-block; width: 5.5rem; height: .5rem; border-radius: 3px; margin-right: .5rem;
  background: rgba(128, 132, 149, .25); overflow: hidden; }
.sheet .bar i { display: block; height: 100%; background: #d9534f; }
[data-testid="stButtonGroup"] > div { flex-wrap: wrap !important; overflow: visible !important; row-gap: .35rem; }
[data-testid="stButtonGroup"] > div::before, [data-testid="stButtonGroup"] > div::after { display: none !important; }
@media (max-width: 640px) {
  .block-container { padding-left: .9rem; padding-right: .9rem; padding-top: 3.2rem; }
  h1 { font-size: 1.6rem !important; } h2, h3 { font-size: 1.15rem !important; }
  .sheet .bar { width: 2.2rem; margin-right: .3rem; }
  .sheet th, .sheet td { padding: .38rem .4rem; } .sheet th { white-space: normal; }
}
</style>
"""


def apply_style() -> None:
    """Adds the stylesheet to the page."""
    st.html(CSS)
