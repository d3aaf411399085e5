"""Channels: every notifier over a loopback server, and telling each incident once through the Store."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from alerts_documents import background, burst
from alerts_simulator import FIRST

from alerts.channels import PACKAGE, open_channel
from alerts.messages import message
from alerts.rules import DEFAULTS
from alerts.telling import tell
from core.config import Project, parse_project
from core.errors import ConfigError, FengpingError, Transient
from core.models import Delivery, Evidence, Incident, Rule
from core.plugins import names
from fengping.assembly import opened
from fengping.pipeline import watch_now
from store.sqlite import SqliteStore

pytestmark = pytest.mark.filterwarnings("ignore:.imghdr. is deprecated:DeprecationWarning")  # apprise imports it
NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")
INCIDENT = Incident(
    id="i1", rule="negative spike", kind="negative_spike", brand="甲牌", attribute="battery/heat", status="open",
    severity="orange", severity_parts={"excess": 4.0}, started_at=NOW - timedelta(hours=9),
    detected_at=NOW - timedelta(hours=3), last_seen_at=NOW - timedelta(hours=1), closed_at=None, observed=12,
    expected=1.24, query='brand:"甲牌"', evidence=(Evidence("m7", "充电烫手", NOW - timedelta(hours=4)),),
)  # fmt: skip
MESSAGE = message(INCIDENT, ZONE)
ADDRESSES = {"webhook": "http://127.0.0.1:{port}/hook", "apprise": "json://127.0.0.1:{port}/hook"}
"""One for each module in alerts/notifiers: a new channel needs a line here."""


@dataclass
class Server:
    """Answers each POST with the next of `answers` (the last for ever), and keeps what it got."""

    port: int = 0
    answers: list[int] = field(default_factory=lambda: [200])
    bodies: list[dict[str, object]] = field(default_factory=list)
    hang: threading.Event | None = None

    def next(self) -> int:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@pytest.fixture
def server() -> Iterator[Server]:
    state = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            state.bodies.append(json.loads(body))
            if state.hang is not None:
                state.hang.wait(10)
            self.send_response(state.next())
            self.send_header("Location", f"http://127.0.0.1:{state.port}/elsewhere")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        state.port = http.server_port
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield state
        if state.hang is not None:
            state.hang.set()
        http.shutdown()
        thread.join()


def address(kind: str, server: Server) -> str:
    return ADDRESSES[kind].format(port=server.port)


def test_every_notifier_is_in_this_suite() -> None:
    assert set(names(PACKAGE)) == set(ADDRESSES)


@pytest.mark.parametrize("kind", ADDRESSES)
def test_a_message_arrives_whole(kind: str, server: Server) -> None:
    delivery = open_channel("desk", address(kind, server), lambda: NOW).send(MESSAGE)
    assert (delivery.message_id, delivery.channel, delivery.at, delivery.ok) == (MESSAGE.id, "desk", NOW, True)
    sent = json.dumps(server.bodies, ensure_ascii=False)
    for told in ("甲牌 battery/heat：负面突增", "【橙】", "2026-03-02 07:00", "充电烫手", "m7"):
        assert told in sent


@pytest.mark.parametrize("kind", ADDRESSES)
def test_a_server_in_trouble_is_transient(kind: str, server: Server) -> None:
    server.answers = [503]
    with pytest.raises(Transient, match="desk"):
        open_channel("desk", address(kind, server), lambda: NOW).send(MESSAGE)


@pytest.mark.parametrize(("status", "transient"), [(429, True), (500, True), (404, False), (401, False), (302, False)])
def test_a_webhook_says_whether_to_try_again(status: int, transient: bool, server: Server) -> None:
    server.answers = [status]
    with pytest.raises(FengpingError) as caught:
        open_channel("desk", f"{address('webhook', server)}?key=hidden", lambda: NOW).send(MESSAGE)
    assert isinstance(caught.value, Transient) == transient
    assert str(status) in str(caught.value) and "hidden" not in str(caught.value)
    assert len(server.bodies) == 1


def test_a_webhook_that_hangs_times_out(server: Server) -> None:
    server.hang = threading.Event()
    with pytest.raises(Transient):
        open_channel("desk", f"{address('webhook', server)}#timeout=0.2", lambda: NOW).send(MESSAGE)


@pytest.mark.parametrize(
    "written",
    ["", "hook", "https://", "nosuch://x", "https://h/#timeout=0", "https://h/#timeout=x", "https://h/#speed=1"],
)
def test_a_wrong_address_is_a_configuration_error(written: str) -> None:
    with pytest.raises(ConfigError, match="desk"):
        open_channel("desk", written, lambda: NOW)


def test_no_address_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(ConfigError) as caught:
        open_channel("desk", "nosuch://user:hidden@x", lambda: NOW)
    assert "hidden" not in caplog.text + str(caught.value)


class Desk:
    """A home with channels, and a clock that is set by hand."""

    def __init__(self, folder: Path, channels: dict[str, str], rules: tuple[Rule, ...] = DEFAULTS) -> None:
        self.store = SqliteStore(folder / "store.sqlite")
        self.now = NOW
        self.rules = rules
        lines = "".join(f'{name} = "{written}"\n' for name, written in channels.items())
        self.project: Project = parse_project(f"[watch.channels]\n{lines}")

    def tell(self, after: timedelta = timedelta(0)) -> list[tuple[str, bool]]:
        self.now += after
        return [(d.channel, d.ok) for d in self.told()]

    def told(self) -> list[Delivery]:
        return tell(self.store, self.rules, self.project, lambda: self.now, "me")


def test_an_incident_is_told_once_on_each_channel(tmp_path: Path, server: Server) -> None:
    desk = Desk(tmp_path, {"a": address("webhook", server), "b": address("webhook", server)})
    assert desk.tell() == []
    desk.store.save_incidents([INCIDENT])
    assert desk.tell() == [("a", True), ("b", True)]
    desk.store.save_incidents([replace(INCIDENT, status="closed", closed_at=NOW, observed=20)])
    assert desk.tell(timedelta(hours=1)) == []
    assert len(server.bodies) == 2 and len(desk.store.deliveries(MESSAGE.id)) == 2


def test_a_failing_channel_is_recorded_and_tried_again_later_and_later(tmp_path: Path, server: Server) -> None:
    server.answers = [503, 503, 200]
    desk = Desk(tmp_path, {"bad": "nosuch://x", "slow": address("webhook", server)})
    desk.store.save_incidents([INCIDENT])
    assert desk.tell() == [("bad", False), ("slow", False)]
    assert desk.tell(timedelta(seconds=29)) == []
    assert desk.tell(timedelta(seconds=1)) == [("bad", False), ("slow", False)]
    assert desk.tell(timedelta(seconds=59)) == []
    assert desk.tell(timedelta(seconds=1)) == [("bad", False), ("slow", True)]
    assert [d.ok for d in desk.store.deliveries(MESSAGE.id) if d.channel == "slow"] == [False, False, True]
    assert "503" in desk.store.deliveries(MESSAGE.id)[1].detail


def test_one_message_that_is_refused_holds_up_no_others(tmp_path: Path, server: Server) -> None:
    server.answers = [400, 200]
    desk = Desk(tmp_path, {"desk": address("webhook", server)})
    desk.store.save_incidents([INCIDENT, replace(INCIDENT, id="i2", detected_at=NOW)])
    assert desk.tell() == [("desk", False)]
    assert desk.tell(timedelta(minutes=1)) == [("desk", True), ("desk", True)]
    assert [body["incident_id"] for body in server.bodies] == ["i1", "i2", "i1"]


def test_history_is_not_told(tmp_path: Path, server: Server) -> None:
    desk = Desk(tmp_path, {"desk": address("webhook", server)})
    desk.store.save_incidents([replace(INCIDENT, last_seen_at=NOW - timedelta(days=4))])
    assert desk.tell() == []


def test_a_rule_names_the_channels_it_tells(tmp_path: Path, server: Server) -> None:
    hook = address("webhook", server)
    desk = Desk(tmp_path, {"a": hook, "b": hook}, (Rule(INCIDENT.rule, "negative_spike", channels=("b",)),))
    desk.store.save_incidents([INCIDENT, replace(INCIDENT, id="i2", rule="gone")])
    assert desk.tell() == [("a", True), ("b", True), ("b", True)]


def test_two_processes_do_not_both_tell(tmp_path: Path, server: Server) -> None:
    desk = Desk(tmp_path, {"desk": address("webhook", server)})
    desk.store.save_incidents([INCIDENT])
    assert desk.store.lease_name("tell", "another", 60)
    assert desk.tell() == []


def test_a_message_links_to_the_dashboard_and_speaks_english_too() -> None:
    told = message(INCIDENT, ZONE, "https://fp.example/", "en")
    assert told.url == "https://fp.example/alerts?incident=i1"
    assert told.title == "[orange] 甲牌 battery/heat: sudden complaints"
    assert "12 mentions, usually about 1.2" in told.body


@pytest.mark.parametrize(("kind", "said"), [("slow_burn", "第一周约 1.2 条"), ("silence", "没有新内容")])
def test_figures_are_worded_by_kind(kind: str, said: str) -> None:
    assert said in message(replace(INCIDENT, kind=kind), ZONE).body


def test_a_look_of_the_whole_chain_tells_though_one_channel_is_dead(tmp_path: Path, server: Server) -> None:
    until = FIRST + timedelta(days=40)
    hook = address("webhook", server)
    (tmp_path / "fengping.toml").write_text(
        f'[[brands]]\nname = "甲牌"\n[watch.channels]\ndead = "nosuch://x"\ndesk = "{hook}"\n', encoding="utf-8"
    )
    with opened(tmp_path) as assembly:
        with assembly.index(write=True) as index:
            index.put([*background(11), *burst("x", until - timedelta(hours=9), 14, "甲牌", "battery/heat", 8)])
        seen = replace(assembly, clock=lambda: until)
        assert [(i.brand, i.attribute) for i in watch_now(seen).new] == [("甲牌", "battery/heat")]
        assert [body["title"] for body in server.bodies] == ["【蓝】甲牌 battery/heat：负面突增"]
        assert watch_now(seen).new == () and len(server.bodies) == 1
