"""Reading mentions back, with what is known of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.interfaces import Understood
from core.models import Mention, Totals
from store.codec import identifier
from store.part import Part
from store.rows import all_understood, array, fetch_understood, to_mention


class Lookups(Part):
    """By id, page by page, and counted."""

    def mentions(self, ids: Sequence[str]) -> list[Mention]:
        wanted = [identifier(i) for i in ids]
        with self._db.read() as connection:
            rows = connection.execute(
                """SELECT id, source, author, published, collected, revision, raw, body FROM mentions
                   WHERE id IN (SELECT value FROM json_each(?))""",
                (array(wanted),),
            ).fetchall()
        found = {row[0]: to_mention(row) for row in rows}
        return [found[i] for i in wanted if i in found]

    def understood(self, ids: Sequence[str]) -> list[Understood]:
        wanted = [identifier(i) for i in ids]
        with self._db.read() as connection:
            rows = fetch_understood(connection, " WHERE m.id IN (SELECT value FROM json_each(?))", (array(wanted),))
        found = {u.mention.id: u for u in all_understood(rows)}
        return [found[i] for i in wanted if i in found]

    def scan(self, after: str = "", n: int = 1000) -> list[Understood]:
        with self._db.read() as connection:
            rows = fetch_understood(connection, " WHERE m.id > ? ORDER BY m.id LIMIT ?", (identifier(after), n))
        return all_understood(rows)

    def totals(self) -> Totals:
        with self._db.read() as connection:
            waiting = dict(connection.execute("SELECT stage, count(*) FROM progress WHERE stage < 3 GROUP BY stage"))
            total = int(connection.execute("SELECT count(*) FROM mentions").fetchone()[0])
        read = total - waiting.get(0, 0)
        related = read - waiting.get(1, 0)
        return Totals(total=total, read=read, related=related, indexed=related - waiting.get(2, 0))

    def source_counts(self) -> Mapping[str, int]:
        """Mentions by source, by name."""
        with self._db.read() as connection:
            return dict(connection.execute("SELECT source, count(*) FROM mentions GROUP BY source ORDER BY source"))
