"""The door to the web: what it sends, what it refuses, what it survives."""

from __future__ import annotations

import asyncio
import gzip
import socket
import time
import zlib
from typing import Any

import pytest
import stamina
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from bot.errors import SourceError
from bot.settings import Http
from bot.sources.addresses import Guard, Refused
from bot.sources.http import Client, Missing
from tests.sources.conftest import LOOPBACK, Web

OPEN: dict[str, Any] = {"spacing": 0, "timeout": 5, "attempts": 1, "allow_private": LOOPBACK}


async def refused(client: Client, url: str, **asked: Any) -> str:
    with pytest.raises(SourceError) as caught:
        await client.get(url, **asked)
    return str(caught.value)


async def test_it_names_itself_and_whom_to_write_to(site: Web, client: Client) -> None:
    site.pages["/"] = b"hello"
    answer = await client.get(site.base + "/", params={"q": "Prevent duty"})
    assert answer.body == b"hello"
    sent = site.asked[0]
    assert sent.headers["User-Agent"].startswith("Despatch/")
    assert "https://github.com/despatch-bot/despatch" in sent.headers["User-Agent"]
    assert sent.query["q"] == "Prevent duty"


async def test_an_unchanged_page_is_not_sent_twice_and_a_dropped_one_is_asked_for_whole(site: Web) -> None:
    async def page(request: web.Request) -> web.Response:
        if request.headers.get("If-None-Match") == '"one"':
            return web.Response(status=304, headers={"ETag": '"one"'})
        return web.Response(body=b"whole", headers={"ETag": '"one"'})

    site.pages["/feed"] = page
    async with Client(Http(**OPEN)) as client:
        assert (await client.get(site.base + "/feed")).body == b"whole"
        assert (await client.get(site.base + "/feed")).body == b"whole"
        client._cache._kept.clear()
        assert (await client.get(site.base + "/feed")).body == b"whole"
    assert [request.headers.get("If-None-Match") for request in site.asked] == [None, '"one"', None]


async def test_the_cache_keeps_to_its_bytes(site: Web, client: Client) -> None:
    client._cache._limit = 3_000
    for name in "abcde":
        site.pages[f"/{name}"] = web.Response(body=name.encode() * 1_000, headers={"ETag": f'"{name}"'})
        await client.get(f"{site.base}/{name}")
    assert client._cache._size == sum(len(kept.response.body) for kept in client._cache._kept.values()) == 3_000
    assert [key[0][-1] for key in client._cache._kept] == ["c", "d", "e"]


@pytest.mark.parametrize("packed", ["gzip", "deflate", "raw deflate"])
async def test_packed_answers_are_unpacked(site: Web, client: Client, packed: str) -> None:
    body = b"right hon. Friend " * 10_000
    raw = zlib.compressobj(wbits=-15)
    sent = {
        "gzip": gzip.compress(body[:90_000]) + gzip.compress(body[90_000:]),
        "deflate": zlib.compress(body),
        "raw deflate": raw.compress(body) + raw.flush(),
    }[packed]
    site.pages["/"] = web.Response(body=sent, headers={"Content-Encoding": packed.rsplit(maxsplit=1)[-1]})
    assert (await client.get(site.base + "/")).body == body


async def test_a_gzip_bomb_is_refused_before_it_fills_memory(site: Web) -> None:
    bomb = gzip.compress(b"\0" * 40_000_000)
    site.pages["/"] = web.Response(body=bomb, headers={"Content-Encoding": "gzip"})
    async with Client(Http(**OPEN, max_decompressed=1_000_000)) as client:
        assert "too large" in await refused(client, site.base + "/")


async def test_a_gigabyte_is_refused_by_its_length_and_when_it_hides_it(site: Web) -> None:
    sent = 0

    async def announced(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Length": str(1_000_000_000)})
        await answer.prepare(request)
        return answer

    async def hidden(request: web.Request) -> web.StreamResponse:
        nonlocal sent
        answer = web.StreamResponse()
        await answer.prepare(request)
        try:
            for _ in range(16_000):
                await answer.write(b"x" * 65_536)
                sent += 65_536
        except ConnectionError:
            pass
        return answer

    site.pages |= {"/announced": announced, "/hidden": hidden}
    async with Client(Http(**OPEN, max_compressed=2_000_000)) as client:
        assert "1,000,000,000 bytes" in await refused(client, site.base + "/announced")
        assert "too large" in await refused(client, site.base + "/hidden")
        assert "5,000 bytes" in await refused(client, site.base + "/hidden", max_bytes=5_000)
    assert sent < 50_000_000


async def test_a_cut_answer_is_an_error_and_not_half_a_document(site: Web, client: Client) -> None:
    async def short(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Length": "100"})
        await answer.prepare(request)
        await answer.write(b"half")
        assert request.transport
        request.transport.close()
        return answer

    whole = gzip.compress(b"words " * 5_000)
    site.pages["/plain"] = short
    site.pages["/gzip"] = web.Response(body=whole[: len(whole) // 2], headers={"Content-Encoding": "gzip"})
    site.pages["/damaged"] = web.Response(body=b"not gzip at all", headers={"Content-Encoding": "gzip"})
    site.pages["/zip"] = web.Response(body=b"PK", headers={"Content-Encoding": "zstd"})
    assert "broke off" in await refused(client, site.base + "/plain")
    assert "broke off" in await refused(client, site.base + "/gzip")
    assert "damaged" in await refused(client, site.base + "/damaged")
    assert "not asked for" in await refused(client, site.base + "/zip")


async def test_redirects_are_followed_counted_and_never_in_a_circle(site: Web, client: Client) -> None:
    for step in range(8):
        site.pages[f"/{step}"] = web.Response(status=302, headers={"Location": f"{step + 1}"})
    site.pages["/8"] = b"at last"
    site.pages["/round"] = web.Response(status=301, headers={"Location": "/round"})
    answer = await client.get(site.base + "/3")
    assert (answer.body, answer.url) == (b"at last", site.base + "/8")
    assert "more than 5 times" in await refused(client, site.base + "/0")
    assert "circle" in await refused(client, site.base + "/round")


@pytest.mark.parametrize(
    "target",
    [
        "http://169.254.169.254/latest/meta-data",
        "http://10.0.0.1/",
        "http://[::1]/",
        "http://[::ffff:10.0.0.1]/",
        "http://[64:ff9b::a00:1]/",
        "http://[2002:a00:1::]/",
        "http://0.0.0.0/",
        "http://224.0.0.1/",
        "http://100.64.0.1/",
    ],
)
async def test_a_private_address_is_refused_wherever_it_comes_from(site: Web, client: Client, target: str) -> None:
    site.pages["/away"] = web.Response(status=302, headers={"Location": target})
    assert "private network" in await refused(client, target)
    assert "private network" in await refused(client, site.base + "/away")


@pytest.mark.parametrize("host", ["localhost", "2130706433", "0x7f.1", "127.1"])
async def test_loopback_is_refused_under_every_name_that_the_system_resolves(site: Web, host: str) -> None:
    port = site.base.rpartition(":")[2]
    async with Client(Http(spacing=0, attempts=1, timeout=5)) as client:
        message = await refused(client, f"http://{host}:{port}/")
    assert "private network" in message or "not an address" in message
    assert not site.asked


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("file:///etc/passwd", "not an http"),
        ("ftp://example.org/", "not an http"),
        ("http://", "not an"),
        ("http://user:secret@example.org/", "name or password"),
        ("http://8.8.8.8:22/", "port 22"),
        ("http://exa mple.org:99999/", "not an address"),
    ],
)
async def test_other_addresses_are_refused_without_showing_a_password(client: Client, url: str, reason: str) -> None:
    message = await refused(client, url)
    assert reason in message
    assert "secret" not in message


class Turncoat(AbstractResolver):
    """A name that is public when it is first asked for and private afterwards."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        address = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return [ResolveResult(hostname=host, host=address, port=port, family=socket.AF_INET, proto=0, flags=0)]

    async def close(self) -> None:
        pass


async def test_a_name_that_turns_private_is_refused_where_the_connection_is_made(site: Web) -> None:
    port = site.base.rpartition(":")[2]
    async with Client(Http(**OPEN), resolver=Turncoat("127.0.0.1", "10.1.2.3")) as client:
        site.pages["/"] = web.Response(body=b"public enough", headers={"Connection": "close"})
        assert (await client.get(f"http://rebind.example:{port}/")).body == b"public enough"
        assert "private network" in await refused(client, f"http://rebind.example:{port}/")


@pytest.mark.parametrize(("address", "port"), [("10.1.2.3", 80), ("::1", 443), ("8.8.8.8", 6379)])
def test_no_socket_is_made_for_an_address_that_slipped_past_the_resolver(address: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with pytest.raises(Refused):
        Guard(()).socket((family, socket.SOCK_STREAM, 6, "", (address, port)))
    Guard(()).socket((socket.AF_INET, socket.SOCK_STREAM, 6, "", ("8.8.8.8", 443))).close()


async def test_a_busy_server_is_given_the_wait_that_it_asks_for(site: Web) -> None:
    calls = 0

    async def busy(request: web.Request) -> web.Response:
        nonlocal calls
        calls += 1
        return web.Response(status=429, headers={"Retry-After": "1"}) if calls == 1 else web.Response(body=b"now")

    site.pages["/"] = busy
    async with Client(Http(**OPEN | {"attempts": 2})) as client:
        begun = time.monotonic()
        assert (await client.get(site.base + "/")).body == b"now"
        assert 0.95 <= time.monotonic() - begun < 4


async def test_a_long_wait_is_handed_on_and_not_slept_through(site: Web) -> None:
    site.pages["/"] = web.Response(status=503, headers={"Retry-After": "3600"})
    async with Client(Http(**OPEN | {"attempts": 3})) as client:
        with pytest.raises(SourceError) as caught:
            await client.get(site.base + "/")
    assert caught.value.retry_after == 3600
    assert len(site.asked) == 1


async def test_a_server_error_is_tried_again_and_a_refusal_is_not(site: Web) -> None:
    answers = iter([500, 502, 200])

    async def shaky(request: web.Request) -> web.Response:
        return web.Response(status=next(answers), body=b"there")

    site.pages |= {"/shaky": shaky, "/no": web.Response(status=403)}
    with stamina.set_testing(True, attempts=3):
        async with Client(Http(**OPEN)) as client:
            assert (await client.get(site.base + "/shaky")).body == b"there"
            assert "403" in await refused(client, site.base + "/no")
            with pytest.raises(Missing):
                await client.get(site.base + "/nowhere")
    assert site.paths().count("/no") == site.paths().count("/nowhere") == 1


async def test_silence_ends_in_an_error_that_names_the_address(site: Web) -> None:
    async def silent(request: web.Request) -> web.Response:
        await asyncio.sleep(0.6)
        return web.Response()

    site.pages["/slow"] = silent
    async with Client(Http(**OPEN | {"timeout": 0.3})) as client:
        assert (await refused(client, site.base + "/slow")).startswith(f"{site.base}/slow: gave no whole answer")


async def test_a_port_that_nobody_listens_on_is_an_error(client: Client) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    assert "cannot be reached" in await refused(client, f"http://127.0.0.1:{port}/")


async def test_requests_to_one_host_keep_their_distance(site: Web) -> None:
    site.pages["/"] = b"x"
    async with Client(Http(**OPEN | {"spacing": 0.15})) as client:
        begun = time.monotonic()
        await asyncio.gather(*(client.get(site.base + "/") for _ in range(4)))
        assert time.monotonic() - begun >= 0.45


async def test_text_is_decoded_as_its_mark_then_its_header_then_its_bytes_say(site: Web, client: Client) -> None:
    site.pages |= {
        "/bom": web.Response(body="\ufeff£5".encode(), content_type="text/html", charset="iso-8859-1"),
        "/declared": web.Response(body="£5".encode("iso-8859-15"), content_type="text/html", charset="iso-8859-15"),
        "/undeclared": web.Response(body="“£5”".encode("cp1252"), content_type="text/html"),
        "/nonsense": web.Response(body="£5".encode(), headers={"Content-Type": "text/html; charset=klingon"}),
        "/utf16": web.Response(body="£5".encode("utf-16"), content_type="text/html"),
    }
    found = {path: (await client.get(site.base + path)).text() for path in site.pages}
    assert found.pop("/undeclared") == "“£5”"
    assert set(found.values()) == {"£5"}


async def test_json_with_a_mark_is_read_and_a_web_page_is_named_as_one(site: Web, client: Client) -> None:
    site.pages |= {
        "/bom": b'\xef\xbb\xbf{"a": 1}',
        "/html": b"<!DOCTYPE html><html>Just a moment</html>",
        "/half": b'{"a": ',
        "/deep": b"[" * 200_000,
    }
    assert await client.json(site.base + "/bom") == {"a": 1}
    for path, words in {"/html": "a web page that is not JSON", "/half": "not JSON", "/deep": "not JSON"}.items():
        with pytest.raises(SourceError, match=words):
            await client.json(site.base + path)


async def test_a_server_that_asks_to_wait_holds_back_no_other_port_of_its_host(site: Web) -> None:
    site.pages["/"] = web.Response(status=503, headers={"Retry-After": "50"})

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(body=b"here")

    other = web.Application()
    other.router.add_get("/", answer)
    runner = web.AppRunner(other)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        async with Client(Http(**OPEN)) as client:
            with pytest.raises(SourceError, match="503"):
                await client.get(site.base)
            async with asyncio.timeout(5):
                assert (await client.get(f"http://127.0.0.1:{runner.addresses[0][1]}")).body == b"here"
    finally:
        await runner.cleanup()


@pytest.mark.parametrize("host", ["a" * 70 + ".example", "a..b", ".a", "xn--", "xn--a"])
async def test_a_name_that_no_host_can_have_is_an_error_that_names_it(client: Client, host: str) -> None:
    with pytest.raises(SourceError, match="is not an address"):
        await client.get(f"http://{host}/")


@pytest.mark.parametrize(
    "host", ["[fec0::1]", "[fd00::1]", "[64:ff9b::a00:1]", "[2002:a00:1::]", "[::ffff:10.0.0.1]", "169.254.169.254"]
)
async def test_a_private_address_is_private_in_every_form(client: Client, host: str) -> None:
    with pytest.raises(SourceError, match="private network"):
        await client.get(f"http://{host}/")
