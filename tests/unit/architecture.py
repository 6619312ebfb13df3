#!/usr/bin/env python3
"""architecture.py SOURCE: includes go only through the doors (app -> workers -> bridge -> Qt).

An include of this project is quoted as ROOM/FILE.h for an internal header and <bulkhead/FILE.h> for a public one.
The table says for each room which internal folders it may include, and which public headers.
"""
import pathlib
import re
import sys

# Headers of bridge/include that speak of nothing but bridge/base
BASE = {"version.h", "status.h", "log.h"}  # and those named like a file of bridge/base

BRIDGE, ALL = "bridge/include", "any"  # public headers of the bridge; of bridge and workers
IN_PROCESS = {"workers/thread", "workers/lifecycle", "workers/guard", "workers/checklist"}  # the folders of one library

# room: (internal folders or files, public headers)
DOORS = {
    "bridge/include": (set(), BRIDGE),
    "bridge/base": ({"bridge/base"}, "base"),
    "bridge/core": ({"bridge/core", "bridge/shim", "bridge/base"}, BRIDGE),
    "bridge/shim": ({"bridge/shim", "bridge/core", "bridge/base"}, BRIDGE),
    "bridge/gen": ({"bridge/gen"}, BRIDGE),
    "bridge/examples": (set(), ALL),
    "workers/include": (set(), ALL),
    "workers/process": ({"workers/process", "bridge/base"}, "process"),
    "workers/program": ({"workers/program", "workers/process/crash_record.h"}, "process"),
    "workers/thread": (IN_PROCESS | {"bridge/core/door.h"}, ALL),
    "workers/lifecycle": (IN_PROCESS | {"bridge/core/door.h", "workers/process/process_door.h"}, ALL),
    "workers/guard": (
        IN_PROCESS | {"bridge/core/door.h", "workers/process/crash_hook.h", "workers/process/crash_program.h",
                      "workers/process/crash_record.h"},
        ALL,
    ),
    # it looks at itself, and starts what it looks at
    "workers/checklist": (IN_PROCESS | {"bridge/core/door.h", "workers/process/probe.h"}, ALL),
    "workers/chart": ({"workers/chart", "bridge/core/door.h"}, ALL),
    "workers/examples": (set(), ALL),
    "app/jobs/manifest": ({"app/jobs/manifest"}, "base"),  # the window uses it too
    "app/jobs": ({"app/jobs", "app/jobs/manifest", "app/monotonic.h"}, "process"),
    "app/store": ({"app/store"}, "base"),
    # what is under way; it reads lists and curves, and checks parameters
    "app/project": ({"app/project", "app/store", "app/monotonic.h", "app/jobs", "app/jobs/manifest"}, ALL),
    # the window shows rows
    "app": ({"app", "app/store", "app/project", "app/jobs/manifest", "app/jobs/table/table.h",
             "app/jobs/table/row_index.h", "app/jobs/trainer/parameters.h", "app/jobs/trainer/curve.h"}, ALL),
}
MAY_BE_CPP = ("bridge/shim/", "tests/")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)
QT = re.compile(r"(Q[A-Za-z]\w*(/.*)?|q[a-z_0-9]+\.h|.*\.moc|moc_.*)$")


def room_of(path):
    parts = path.split("/")
    return max((room for room in DOORS if path.startswith(room + "/")), key=len, default="/".join(parts[:2]))


def base_headers(source):
    return BASE | {file.stem + ".h" for file in source.glob("bridge/base/*.[ch]")}


def process_headers(source):
    """Public headers of workers/process, which is free of Qt: those named like one of its files."""
    return {file.stem + ".h" for file in source.glob("workers/process/*.[ch]")}


def public_home(source, name):
    """The include folder that holds <bulkhead/NAME>, or None."""
    for home in ("bridge/include", "workers/include"):
        if (source / home / "bulkhead" / name).is_file():
            return home
    return None


def check_public(source, room, path, name):
    home = public_home(source, name)
    if home is None:
        return "there is no such public header"
    allowed, own = DOORS[room][1], pathlib.Path(path).name
    if room == "bridge/include" and own in base_headers(source):
        allowed = "base"
    elif room == "workers/include" and own in process_headers(source):
        allowed = "process"
    if allowed == ALL:
        return None
    if allowed == "process":
        may = base_headers(source) | process_headers(source)
        return None if name in may else f"only headers free of Qt here: {', '.join(sorted(may))}"
    if allowed == "base" and name not in base_headers(source):
        return f"only headers of bridge/base here: {', '.join(sorted(base_headers(source)))}"
    if home != "bridge/include":
        return "points up to workers"
    return None


def check_internal(source, room, path, name):
    """NAME is quoted: find which file it means, then whether its folder is among the allowed."""
    for start in (pathlib.Path(path).parent, "bridge", "workers", "app"):
        file = source / start / name
        if file.is_file():
            target = file.resolve().relative_to(source).as_posix()
            break
    else:
        return "there is no such file"
    allowed = DOORS[room][0]
    if target in allowed or room_of(target) in allowed:
        return None
    return f"{target} is behind a door that {room} has no key to"


def check(source, path):
    room = room_of(path)
    if room not in DOORS:
        yield f"{path}: {room} is not in the table of rooms"
        return
    for bracket, name in INCLUDE.findall((source / path).read_text(encoding="utf-8")):
        problem = None
        if name.startswith("bulkhead/"):
            problem = check_public(source, room, path, name.removeprefix("bulkhead/"))
        elif QT.match(name):
            problem = None if room == "bridge/shim" and not name.endswith(".moc") else "Qt only in bridge/shim"
        elif bracket == '"':
            problem = check_internal(source, room, path, name)
        if problem:
            yield f"{path}: #include {name}: {problem}"


def check_pilot(source):
    """The driver of windows: Qt stays in the C++ of its plug-in, Lua in its runner, and neither knows our libraries."""
    for file in sorted((source / "tests" / "pilot").rglob("*.*")):
        path = file.relative_to(source).as_posix()
        if file.suffix not in (".c", ".h", ".cpp", ".hpp") or "/subject/" in path:
            continue
        for _, name in INCLUDE.findall(file.read_text(encoding="utf-8")):
            if QT.match(name) and not (file.suffix in (".cpp", ".hpp") and "/plugin/" in path):
                yield f"{path}: #include {name}: Qt only in the C++ of the plug-in"
            if name in ("lua.h", "lauxlib.h", "lualib.h") and "/runner/" not in path:
                yield f"{path}: #include {name}: Lua only in the runner"
            if name.startswith("bulkhead/"):
                yield f"{path}: #include {name}: it drives programs that know nothing of our libraries"


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    source = pathlib.Path(sys.argv[1]).resolve()
    problems, files = [], 0
    for top in ("bridge", "workers", "app", "tests"):
        for file in sorted((source / top).rglob("*.*")):
            path = file.relative_to(source).as_posix()
            if file.suffix in (".cpp", ".cc", ".cxx", ".hpp") and not path.startswith(MAY_BE_CPP):
                problems.append(f"{path}: C++ only in bridge/shim and tests")
            if top != "tests" and file.suffix in (".c", ".h", ".cpp"):
                files += 1
                problems += check(source, path)
    problems += check_pilot(source)
    print(*problems, f"{files} files, {len(problems)} problems", sep="\n")
    sys.exit(1 if problems else 0)


main()
