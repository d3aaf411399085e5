"""A home in a notebook: questions in the query language, answers as DataFrames."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

import pandas as pd

from core.config import Project
from core.home import Home
from core.interfaces import Index, Interval, Store
from core.tree import Node
from fengping.assembly import Assembly, find_home, open_index
from fengping.commands.ask import found
from index import measures
from index.label_turns import labelled_of
from store import open_store


@dataclass(frozen=True)
class Notebook:
    """An opened home; `close()` when done. Counts are of everything that matches unless `counted=True`."""

    home: Home
    project: Project
    store: Store
    index: Index

    @classmethod
    def of(cls, path: Path) -> Notebook:
        """Opens a home. Raises HomeError, ConfigError."""
        home = find_home(path)
        project = home.project()
        return cls(home, project, open_store(home, project), open_index(home, project, write=False))

    def tree(self, query: str, counted: bool = False) -> Node:
        """A query as a tree; `counted` keeps what measures count: relevant mentions, duplicates once."""
        tree = Assembly(self.home, self.project, self.store).parse(query, self.index)
        return measures.population(tree) if counted else tree

    def query(self, query: str, limit: int = 100, counted: bool = False) -> pd.DataFrame:
        """Mentions that match, newest first, with polarity, score and relevance of their readings."""
        rows = []
        for item in found(self.index, self.store, self.tree(query, counted), limit):
            reading = item.reading
            read = (
                {"polarity": reading.polarity, "score": reading.score, "relevance": reading.relevance}
                if reading
                else {}
            )
            rows.append({**asdict(item.mention), **read})
        return pd.DataFrame(rows)

    def count(self, query: str, counted: bool = False) -> int:
        return self.index.count(self.tree(query, counted))

    def facets(self, query: str, field: str, n: int = 50, counted: bool = False) -> pd.DataFrame:
        """Counts by a field, largest first."""
        return pd.DataFrame([asdict(f) for f in self.index.facets(self.tree(query, counted), field, n)])

    def series(
        self, query: str, interval: Interval = "day", split: str | None = None, counted: bool = False
    ) -> pd.DataFrame:
        """Counts in time in the project's zone, a column for each value of `split`."""
        answered = self.index.series(self.tree(query, counted), interval, self.project.timezone, split)
        return pd.DataFrame(dict(answered.counts), index=pd.DatetimeIndex(answered.starts, name="start"))

    def complaints(self, brand: str, query: str = "*") -> pd.DataFrame:
        """Negative mentions, opinions and complaint rate with its 95 % interval, an attribute a row.

        Where `labels` of the home's own put a rate right, `estimate` is the rate that low and high lie around.
        """
        rows = measures.complaints(self.index, self.tree(query), brand, labelled_of(self.index, self.store))
        columns = ["attribute", "negative", "n", "rate", "low", "high", "estimate", "labels"]
        rates = [(r.attribute, r.complaints) for r in rows]
        found = [(a, c.count, c.n, c.value, c.low, c.high, c.estimate, c.labels) for a, c in rates]
        return pd.DataFrame(found, columns=columns)

    def close(self) -> None:
        self.index.close()
        self.store.close()
