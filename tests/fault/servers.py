#!/usr/bin/env python3
"""servers.py: servers on loopback for a test in C, which speaks to them by lines of JSON on standard input; each is answered by a line.

At first it says {"nginx": port, "server": port}: nginx as it is, and fetch_server.py, which misbehaves as it is told. Then
  {"add": "/a.csv", "file": PATH, …}   serves the file's bytes there; the rest as in fetch_server.File, "status" as [code, headers]
  {"set": "/a.csv", …}                 the same for what is served already; "file" may be missing
  {"sent": "/a.csv"}                   {"sent": bytes}
  {"link": PATH, "as": NAME}           the folder or file under nginx's root
  {"nginx sent": true}                 {"sent": bytes}
All ends with standard input."""
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from fetch_server import Server  # noqa: E402  # pylint: disable=wrong-import-position
from nginx import Nginx  # noqa: E402  # pylint: disable=wrong-import-position


def obey(server, nginx, said):
    if "nginx sent" in said:
        return {"sent": nginx.sent()}
    if "sent" in said:
        return {"sent": server.files[said["sent"]].sent}
    if "link" in said:
        (nginx.root / said["as"]).symlink_to(said["link"])
        return {}
    how = {name: value for name, value in said.items() if name not in ("add", "set", "file")}
    if how.get("status"):
        how["status"] = tuple(how["status"])
    if "file" in said:
        how["body"] = pathlib.Path(said["file"]).read_bytes()
    if "add" in said:
        server.add(said["add"], how.pop("body"), **how)
    for name, value in how.items():
        setattr(server.files[said.get("set", said.get("add"))], name, value)
    return {}


def main():
    server, nginx = Server(), Nginx()
    try:
        print(json.dumps({"nginx": nginx.port, "server": server.server_address[1]}), flush=True)
        for line in sys.stdin:
            print(json.dumps(obey(server, nginx, json.loads(line))), flush=True)
    finally:
        nginx.end()
        server.shutdown()


main()
