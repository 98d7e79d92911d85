"""Ports for servers that a test starts, ends and starts again."""

import random
import socket

FIRST, LAST = 20_000, 32_000  # below those that the system gives to outgoing connections, which could take it meanwhile


def free_port() -> int:
    """A port of this machine that nobody listens on, and that no connection of ours is given by chance."""
    for port in random.sample(range(FIRST, LAST), 200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise OSError("no free port")
