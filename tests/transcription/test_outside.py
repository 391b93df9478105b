"""Addresses that a client names never lead inside: not by number, by name, by redirect, or by a second answer of DNS."""

import socket
import threading
import time
from contextlib import contextmanager, suppress

import httpx
import pytest

from tests.transcription.elsewhere import host
from transcription import outside


def resolving_to(*addresses):
    def getaddrinfo(name, port, *args, **kwargs):
        return [(socket.AF_INET6 if ":" in a else socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, port)) for a in addresses]

    return getaddrinfo


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.9.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1",
        "fd00:ec2::254", "ff02::1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1", "2002:7f00:1::",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:db8::1",
    ],
)  # fmt: skip
def test_a_name_that_leads_inside_is_refused(monkeypatch, address):
    monkeypatch.setattr(socket, "getaddrinfo", resolving_to(address))
    with pytest.raises(outside.AddressRefused):
        outside.check("https://innocent.example/a.wav")
    # One public address beside it does not help.
    monkeypatch.setattr(socket, "getaddrinfo", resolving_to("93.184.215.14", address))
    with pytest.raises(outside.AddressRefused):
        outside.check("https://innocent.example/a.wav")


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/", "https://[::1]/", "https://2130706433/", "https://0x7f.1/", "https://localhost/",
        "http://93.184.215.14/", "ftp://93.184.215.14/", "file:///etc/passwd", "gopher://93.184.215.14/", "//x/y", "", "https://",
        "https://user:password@93.184.215.14/", "https://93.184.215.14:99999/", "https://93.184.215.14/a b",
        "https://93.184.215.14/\r\nHost: inside", "https://" + "a" * 3000, "https://\ud800/", "javascript:alert(1)",
    ],
)  # fmt: skip
def test_an_address_that_is_not_a_public_https_one_is_refused(url):
    with pytest.raises((outside.AddressRefused, outside.Unreachable)) as error:
        outside.check(url)
    assert len(url) < 10 or url not in str(error.value)


def test_the_connection_goes_to_the_address_that_was_checked(monkeypatch, settings):
    with host() as inside:
        port = inside.url.rpartition(":")[2]
        settings.TRUSTED_ORIGINS = [f"http://rebinding.example:{port}"]
        answers = iter([resolving_to("127.0.0.1"), resolving_to("203.0.113.9")])
        monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: next(answers)(*a, **k))
        place = outside.check(f"http://rebinding.example:{port}/hook?x=1")
        assert place.url == f"http://127.0.0.1:{port}/hook?x=1"
        monkeypatch.undo()
        # The name does not exist for anybody: only the pinned address can be reached.
        assert outside.post(place, b"{}", {}, 5).status_code == 200
        method, path, headers, body = inside.asked[0]
        assert (method, path, headers["Host"], body) == ("POST", "/hook?x=1", f"rebinding.example:{port}", b"{}")


def test_a_redirect_inside_is_refused_and_nothing_is_asked_there(settings):
    with host() as public, host() as inside:
        settings.TRUSTED_ORIGINS = [public.url]
        public.answer = lambda path: (302, {"Location": f"{inside.url}/metadata"}, b"")
        with pytest.raises(outside.AddressRefused), outside.get(f"{public.url}/a.wav", 5, 60):
            pass
        assert outside.post(outside.check(public.url), b"{}", {}, 5).status_code == 302
        assert inside.asked == []
        public.answer = lambda path: (302, {"Location": "/again"}, b"")
        with pytest.raises(outside.Unreachable), outside.get(f"{public.url}/a.wav", 5, 60):
            pass
        assert len(public.asked) < 8


@contextmanager
def dripping(bytes_first=b""):
    """A host that never finishes its answer: one byte of a header (or body) every tenth of a second."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve():
            line, _ = server.accept()
            with line, suppress(OSError):
                line.recv(65536)
                line.sendall(bytes_first or b"HTTP/1.1 200 OK\r\nX: ")
                while not over.wait(0.1):
                    line.sendall(b"a")

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}"
        finally:
            over.set()
            thread.join(5)


def test_a_host_that_gives_a_byte_now_and_then_is_left_when_the_time_is_over(settings):
    with dripping() as url:
        settings.TRUSTED_ORIGINS = [url]
        began = time.monotonic()
        with pytest.raises(outside.Unreachable):
            outside.post(outside.check(url), b"{}", {}, 1)
        assert time.monotonic() - began < 5
    with dripping() as url:
        settings.TRUSTED_ORIGINS = [url]
        with pytest.raises(outside.Unreachable), outside.get(f"{url}/a.wav", 5, 1):
            pass
    with dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n") as url:
        settings.TRUSTED_ORIGINS = [url]
        began = time.monotonic()
        with pytest.raises(httpx.HTTPError), outside.get(f"{url}/a.wav", 5, 1) as response:
            response.read()
        assert time.monotonic() - began < 5
