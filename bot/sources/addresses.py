"""Which network addresses may be fetched from: public ones on the web's own ports, and networks allowed by name.

Checked where a host is written as a number, where a name has been resolved, and once more where a socket is made.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Sequence
from typing import Any

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from bot.settings import Network

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
PORTS = frozenset({80, 443})
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class Refused(OSError):
    """An address is not one that this program fetches from."""

    def __str__(self) -> str:
        return str(self.args[0])


class Guard:
    """The rule itself. `allowed` are networks that may be fetched although they are private, on any port."""

    def __init__(self, allowed: Sequence[Network]) -> None:
        self._allowed = tuple(allowed)

    def check(self, address: str, port: int) -> None:
        """Raises Refused."""
        try:
            found = _plain(ipaddress.ip_address(address.partition("%")[0]))
        except ValueError:
            raise Refused("its address is not one of the internet's") from None
        if any(found.version == network.version and found in network for network in self._allowed):
            return
        if not _public(found):
            raise Refused("is in a private network and is not fetched")
        if port not in PORTS:
            raise Refused(f"port {port} is not one of the web's (80, 443)")

    def check_literal(self, host: str, port: int) -> None:
        """Check a host that is written as an address; a name is left for the resolver. Raises Refused."""
        try:
            ipaddress.ip_address(host.partition("%")[0])
        except ValueError:
            return
        self.check(host, port)

    def socket(self, info: tuple[Any, Any, int, str, tuple[Any, ...]]) -> socket.socket:
        """A socket for an address that is about to be connected to. Raises Refused."""
        family, kind, protocol, _, address = info
        self.check(str(address[0]), int(address[1]))
        return socket.socket(family, kind, protocol)


class GuardedResolver(AbstractResolver):
    """Another resolver whose answers are checked: one address that may not be fetched refuses the name."""

    def __init__(self, guard: Guard, inner: AbstractResolver | None = None) -> None:
        self._guard, self._inner = guard, inner

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        if self._inner is None:
            self._inner = ThreadedResolver()
        found = await self._inner.resolve(host, port, family)
        for result in found:
            self._guard.check(result["host"], port)
        return found

    async def close(self) -> None:
        if self._inner is not None:
            await self._inner.close()


def _plain(address: Address) -> Address:
    """The address that is really reached: the IPv4 one inside a mapped, 6to4, Teredo or NAT64 address."""
    if not isinstance(address, ipaddress.IPv6Address):
        return address
    if address.ipv4_mapped:
        return address.ipv4_mapped
    if address.sixtofour:
        return address.sixtofour
    if address.teredo:
        return address.teredo[1]
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def _public(address: Address) -> bool:
    return address.is_global and not (
        address.is_private
        or address.is_multicast
        or address.is_reserved
        or address.is_loopback
        or address.is_link_local
        or address.is_unspecified
        or (isinstance(address, ipaddress.IPv6Address) and address.is_site_local)
    )
