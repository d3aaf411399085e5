"""One tree of errors, named for what the caller should do.

    FengpingError
    ├── Transient            try again: the same call may go through later
    │   ├── Busy             somebody else holds what is needed (a lock, a lease)
    │   └── Unreachable      a page, server or disk did not answer
    └── Terminal             stop and say: the same call will fail again
        ├── ConfigError      a configuration file, recipe, rule or lexicon is wrong
        ├── QueryError       a query cannot be understood (carries its place)
        ├── InputError       a file, page or message cannot be read
        ├── HomeError        the home is missing, damaged or of a later version
        └── NotAllowed       robots.txt, a private address or a scope forbids it

A message says what failed, against what, the likely cause and what to do.
"""


class FengpingError(Exception):
    """Anything this program raises on purpose."""


class Transient(FengpingError):
    """The same call may succeed later."""


class Busy(Transient):
    """Another process holds the lock or lease that is needed."""


class Unreachable(Transient):
    """A page, server or disk did not answer in time."""


class Terminal(FengpingError):
    """The same call will fail again until somebody changes something."""


class ConfigError(Terminal):
    """A configuration file, recipe, rule or lexicon is wrong; the message names file and key."""


class InputError(Terminal):
    """A file, page or message cannot be read; the message names it and the place."""


class HomeError(Terminal):
    """The home is missing, damaged or written by a later version."""


class NotAllowed(Terminal):
    """robots.txt, a private address or a scope forbids it."""


class QueryError(Terminal):
    """A query cannot be understood.

    `position` is the code-point offset of the trouble in the query as typed, `suggestion` a
    query or field that would work ("" when there is none).
    """

    def __init__(self, message: str, position: int = 0, suggestion: str = "") -> None:
        super().__init__(message)
        self.position = position
        self.suggestion = suggestion
