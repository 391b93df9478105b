"""Requests to addresses that a client named: only to public hosts, only to the address that was checked.

A name is resolved once, every address it has must be public, and the connection goes to that very address (with the
name for TLS and Host), so that a second answer of the name server cannot lead inside. Redirects are never followed by
the HTTP client; whoever wants one asks for a new check. ``TRUSTED_ORIGINS`` is the only exception.
"""

import ipaddress
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urljoin, urlsplit, urlunsplit

import httpx
from django.conf import settings

from portal.errors import BadInput, PortalError

MAX_URL: Final = 2048
CONNECT_SECONDS: Final = 10.0
_PORTS: Final = {"http": 80, "https": 443}
# Networks that carry IPv4 addresses inside IPv6 ones: what they lead to cannot be judged by the outer address.
_WRAPPED: Final = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))


class AddressRefused(BadInput):
    code = "address_refused"
    message = "This address cannot be used: it must begin with https:// and belong to a public host."


class Unreachable(PortalError):
    code = "address_unreachable"
    status = 400
    retryable = True
    message = "The address does not answer."


@dataclass(frozen=True)
class Place:
    """A checked address: ``url`` leads to ``host`` by the IP address that was checked."""

    url: str
    host: str
    authority: str
    original: str


def check(url: str) -> Place:
    """The place behind a URL. Raises AddressRefused, Unreachable; neither repeats the URL."""
    if len(url) > MAX_URL or any(sign.isspace() or ord(sign) < 33 for sign in url):
        raise AddressRefused(limit=MAX_URL)
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS.get(parts.scheme)
        host = (parts.hostname or "").encode("idna").decode("ascii")
    except (ValueError, UnicodeError):
        raise AddressRefused from None
    if port is None or not host or parts.username is not None or parts.password is not None:
        raise AddressRefused
    trusted = f"{parts.scheme}://{_authority(host, port, parts.scheme)}" in settings.TRUSTED_ORIGINS
    if parts.scheme != "https" and not trusted:
        raise AddressRefused
    addresses = _resolve(host, port)
    if not trusted and not all(_public(address) for address in addresses):
        raise AddressRefused
    address = addresses[0]
    literal = f"[{address}]" if ":" in address else address
    pinned = urlunsplit((parts.scheme, f"{literal}:{port}", parts.path or "/", parts.query, ""))
    return Place(pinned, host, _authority(host, port, parts.scheme), url)


def _authority(host: str, port: int, scheme: str) -> str:
    named = f"[{host}]" if ":" in host else host
    return named if _PORTS.get(scheme) == port else f"{named}:{port}"


def _resolve(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Unreachable from None
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not addresses:
        raise Unreachable
    return addresses


def _public(address: str) -> bool:
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return _public(str(found.ipv4_mapped))
        if found.sixtofour is not None or found.teredo is not None or any(found in network for network in _WRAPPED):
            return False
    return found.is_global and not found.is_multicast and not found.is_reserved


def _client(read_seconds: float) -> httpx.Client:
    # No proxy and no .netrc from the environment: a proxy would resolve the name again.
    timeout = httpx.Timeout(read_seconds, connect=CONNECT_SECONDS)
    return httpx.Client(timeout=timeout, follow_redirects=False, trust_env=False)


class _Watch:
    """Ends connections that are still open when their time is over.

    The HTTP client's own limits are for one read each: a host that gives a byte now and then would hold its thread for
    ever. Each connection is noted as it opens, and shut down from outside.
    """

    def __init__(self, seconds: float) -> None:
        self._kept: list[socket.socket] = []
        self._lock = threading.Lock()
        self._over = False
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True
        self._timer.start()

    def trace(self, name: str, info: Mapping[str, Any]) -> None:
        """httpx's ``trace`` extension."""
        if name != "connection.connect_tcp.complete":
            return
        raw = info["return_value"].get_extra_info("socket")
        with self._lock:
            # A copy: TLS takes the first one over.
            self._kept.append(raw.dup())
        if self._over:
            self._end()

    def _end(self) -> None:
        with self._lock:
            self._over = True
            for one in self._kept:
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._timer.cancel()
        with self._lock:
            for one in self._kept:
                one.close()
            self._kept.clear()


@contextmanager
def _watched(seconds: float) -> Iterator[_Watch]:
    watch = _Watch(seconds)
    try:
        yield watch
    finally:
        watch.close()


def post(place: Place, body: bytes, headers: Mapping[str, str], seconds: float) -> httpx.Response:
    """One POST within ``seconds``, everything counted; the answer's body is not read. Raises Unreachable."""
    with _watched(seconds) as watch, _client(seconds) as client:
        request = client.build_request(
            "POST",
            place.url,
            content=body,
            headers={**headers, "Host": place.authority},
            extensions={"sni_hostname": place.host, "trace": watch.trace},
        )
        try:
            response = client.send(request, stream=True)
            response.close()
        except (httpx.HTTPError, httpx.InvalidURL):
            raise Unreachable from None
    return response


@contextmanager
def get(url: str, seconds: float, total: float, redirects: int = 3) -> Iterator[httpx.Response]:
    """A streamed GET that checks every hop anew: ``seconds`` for each read, ``total`` for everything with the body.

    Raises AddressRefused, Unreachable; reading the body raises httpx.HTTPError when the time is over.
    """
    with _watched(total) as watch, _client(seconds) as client:
        for _ in range(redirects + 1):
            place = check(url)
            request = client.build_request(
                "GET",
                place.url,
                headers={"Host": place.authority, "Accept": "*/*", "Accept-Encoding": "identity"},
                extensions={"sni_hostname": place.host, "trace": watch.trace},
            )
            try:
                response = client.send(request, stream=True)
            except (httpx.HTTPError, httpx.InvalidURL):
                raise Unreachable from None
            try:
                if not response.has_redirect_location:
                    yield response
                    return
                url = urljoin(place.original, response.headers["Location"])
            finally:
                response.close()
    raise Unreachable("The address leads on too many times.", limit=redirects)
