"""Which column of a file is which field of a mention: said with --map, or recognised by the names people use."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import InputError
from crawlers.column_names import USUAL

FIELDS = (
    "text", "title", "rating", "product", "brand", "time", "author", "id", "parent", "url",
    "likes", "replies", "shares", "views", "followers", "region", "kind", "source", "scale",
)  # fmt: skip
"""The names a mapping may use, and the columns of a file that needs none."""

_NOISE = re.compile(r"[\s_\-./()（）\[\]【】:：*#]+")


@dataclass(frozen=True, slots=True)
class Mapping:
    """Pairs of field and column."""

    pairs: tuple[tuple[str, str], ...]

    @classmethod
    def parse(cls, written: str) -> Mapping:
        """Reads `text=review,rating=stars`; a column with a comma stands in double quotes. Raises InputError."""
        try:
            parts = next(csv.reader([written], strict=True, skipinitialspace=True), [])
        except csv.Error as error:
            raise InputError(f"--map {written!r} cannot be read: {error}. {_EXAMPLE}") from error
        pairs = []
        for part in filter(None, (part.strip() for part in parts)):
            field, mark, column = part.partition("=")
            if not mark or not column.strip():
                raise InputError(f"--map: {part!r} is no field=column. {_EXAMPLE}")
            if field.strip() not in FIELDS:
                known = ", ".join(FIELDS)
                raise InputError(f"--map: no field is called {field.strip()!r}. Fields are {known}. {_EXAMPLE}")
            pairs.append((field.strip(), column.strip()))
        _refuse_twice(pairs)
        return cls(tuple(pairs))

    @classmethod
    def recognise(cls, columns: Sequence[str]) -> Mapping:
        """Columns called what such columns usually are called, in Chinese or English. May well find nothing."""
        plain = {_plain(column): column for column in reversed(columns)}
        pairs = []
        for field, names in USUAL.items():
            column = next((plain[name] for name in names if name in plain), None)
            if column is not None:
                pairs.append((field, column))
        return cls(tuple(pairs))

    def on(self, columns: Sequence[str], name: str) -> Mapping:
        """The same with the columns as the file spells them. Raises InputError for a column that is not there."""
        plain = {_plain(column): column for column in reversed(columns)}
        pairs = []
        for field, column in self.pairs:
            found = column if column in columns else plain.get(_plain(column))
            if found is None:
                raise InputError(
                    f"{name} has no column {column!r} (for {field}). Its columns are: {', '.join(columns)}."
                )
            pairs.append((field, found))
        return Mapping(tuple(pairs))

    def column(self, field: str) -> str:
        """The column of a field; "" when it has none."""
        return next((column for name, column in self.pairs if name == field), "")

    def written(self) -> str:
        """As --map takes it."""
        return ",".join(f'"{f}={c}"' if "," in c else f"{f}={c}" for f, c in self.pairs)


_EXAMPLE = "Write it as --map text=review,rating=stars,time=date."


def unrecognised(name: str, columns: Sequence[str], likely: str) -> InputError:
    """What to say when no column is the text: the columns there are, and what to type."""
    rest = Mapping.recognise(columns).written()
    typed = f"text={likely}" + (f",{rest}" if rest else "")
    quoted = f"'{typed}'" if re.search(r"[\s()*&;|\"]", typed) else typed
    return InputError(
        f"{name}: no column was recognised as the text of a mention. Its columns are: {', '.join(columns)}."
        f" Say which one it is, for example --map {quoted}"
    )


def _refuse_twice(pairs: Sequence[tuple[str, str]]) -> None:
    fields = [field for field, _ in pairs]
    for field in fields:
        if fields.count(field) > 1:
            raise InputError(f"--map names {field} twice; a field comes from one column.")
    if "text" not in fields and "title" not in fields:
        raise InputError(f"--map names no column for text, and without it there is nothing to read. {_EXAMPLE}")


def _plain(column: str) -> str:
    return _NOISE.sub("", column).lower()
