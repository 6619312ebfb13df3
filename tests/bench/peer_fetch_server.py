#!/usr/bin/env python3
"""peer_fetch_server.py FILE RATE: serves FILE at /data with RATE bytes per second and connection. Prints its port, and ends with its
standard input."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "fault"))
from fetch_server import Server  # noqa: E402  # pylint: disable=wrong-import-position

server = Server()
server.add("/data", pathlib.Path(sys.argv[1]).read_bytes(), rate=float(sys.argv[2]))
print(server.server_address[1], flush=True)
sys.stdin.read()
