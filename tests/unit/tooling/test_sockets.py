"""Tests reach nothing but this machine."""

import socket

import pytest


def test_connection_beyond_loopback_is_refused() -> None:
    with (
        socket.socket(socket.AF_INET, socket.SOCK_STREAM) as outward,
        # Its warning comes first, and a warning is an error here.
        pytest.raises(UserWarning, match=r"host \"192\.0\.2\.1\""),
    ):
        outward.connect(("192.0.2.1", 80))


def test_connection_to_loopback_is_allowed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=5).close()
