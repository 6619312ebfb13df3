#!/usr/bin/env python3
"""runner.py PILOT SCRIPTS SUBJECT READER [CRASHER]: how the runner ends, and what it says, in its formats. CRASHER is a program of Bulkhead's
that can crash and keeps a record of it, which READER reads."""
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree

PILOT, SCRIPTS, SUBJECT, READER, *CRASHER = (os.path.abspath(path) for path in sys.argv[1:])
OUTPUT = tempfile.mkdtemp(prefix="pilot-runner-")


def run(*words, code, program=SUBJECT, **environment):
    done = subprocess.run([PILOT, "--output", OUTPUT, *words, "--", program], capture_output=True, text=True, timeout=120,
                          errors="replace", env={**os.environ, **environment})
    if code is not None and done.returncode != code:
        sys.exit(f"{words}: ended with {done.returncode} and not {code}\n{done.stdout}{done.stderr}")
    return done.stdout


def odd(name):
    return os.path.join(SCRIPTS, "odd", name + ".lua")


def has(text, *parts):
    for part in parts:
        if not re.search(part, text, re.S):
            sys.exit(f"not there: {part}\nin:\n{text}")


def failures():
    junit = os.path.join(OUTPUT, "junit.xml")
    text = run("--junit", junit, odd("fails"), code=1)
    has(text, r'fails.lua:3: #log is expected to have text "another", and has "nothing yet"', "QLabel#log", "picture: .*\\.png",
        "unexpected warnings of Qt:\n *something is odd", "left open: QDialog#ask-dialog", "skip .*for a reason", "3 fail")
    suite = xml.etree.ElementTree.parse(junit).getroot().find("testsuite")
    assert suite.get("tests") == "5" and suite.get("failures") == "3" and suite.get("skipped") == "1", suite.attrib
    assert any("passes # and <is> fine" == case.get("name") for case in suite), "names are as they were"


# npm's tap-parser, as Debian packages it; its modules are where Debian's node looks for them
def parsed_tap(text):
    done = subprocess.run(["tap-parser", "--strict", "--json=0"], input=text, capture_output=True, text=True,
                          env={**os.environ, "NODE_PATH": "/usr/share/nodejs"})
    events = json.loads(done.stdout)
    strange = [event for event in events if event[0] in ("extra", "bailout") or "tapError" in str(event)]
    assert not strange, strange
    return [event[1] for event in events if event[0] == "assert"], events[-1][1]


# Debian's module for its own Python, whichever runs this
def parsed_junit(path):
    code = """import json, junitparser, sys
suite = list(junitparser.JUnitXml.fromfile(sys.argv[1]))[0]
cases = [(case.name, [(type(one).__name__, one.type) for one in case.result]) for case in suite]
print(json.dumps([suite.tests, suite.failures, suite.errors, suite.skipped, cases]))"""
    done = subprocess.run(["/usr/bin/python3", "-c", code, path], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def formats():
    junit = os.path.join(OUTPUT, "formats.xml")
    for scripts, words, code, kinds in (
            (("fails", "flaky", "crash"), ("--retries", "1"), 3, "fail fail fail pass skip flaky crash pass"),
            (("late",), ("--limit", "1"), 4, "timeout"),
            (("names",), (), 1, "pass fail"),
            (("wrong",), (), 2, "wrong")):
        kinds = kinds.split()
        text = run("--tap", "--junit", junit, *words, *map(odd, scripts), code=code)
        tests, complete = parsed_tap(text)
        fine = [kind in ("pass", "skip") for kind in kinds]
        assert [test["ok"] for test in tests] == fine, text
        assert (complete["count"], complete["pass"], complete["fail"], complete["skip"]) == \
            (len(kinds), sum(fine), len(kinds) - sum(fine), kinds.count("skip")), complete
        assert [test["diag"]["outcome"] for test in tests if not test["ok"]] == [kind for kind in kinds if kind not in ("pass", "skip")], tests
        failures, errors = (sum(kind in which for kind in kinds) for which in (("fail", "flaky"), ("crash", "timeout", "wrong")))
        *counts, cases = parsed_junit(junit)
        assert counts == [len(kinds), failures, errors, kinds.count("skip")], counts
        assert [result[0][1] if result else "pass" for _, result in cases] == kinds, cases
        if scripts == ("names",):
            assert cases[0][0] == 'a name\nof two lines, "quotes", <tags> & ]]>?', cases
            assert "\ufffd" not in text and "\x1b" not in text, text


def tap():
    text = run("--tap", odd("fails"), code=1)
    has(text, "^TAP version 13\n", "\nnot ok 1 - .*fails.lua: a wrong text\n  ---\n", r"\nok 4 - .*passes \\# and <is> fine\n",
        "\nok 5 - .*skipped # SKIP for a reason\n", "\n1..5\n$")


def ends():
    has(run(odd("crash"), code=3), "crash .*crash.lua: crashes", "signal 11|code 1", "pass .*and goes on after it")
    has(run("--limit", "1", odd("late"), code=4), "timeout .*takes too long", "limit of 1 s")
    has(run("--retries", "1", odd("flaky"), code=1), "flaky .*now and then", "1 flaky")
    has(run(odd("flaky"), code=1), "fail .*now and then")
    has(run(odd("wrong"), code=2), "wrong .*wrong.lua:2:")
    run("--no-such-option", odd("fails"), code=2)
    run("--grep", "(", odd("fails"), code=2)
    has(run(odd("flaky"), code=3, program="/bin/false"), "ended with code 1 before its event loop ran")


def strictness():
    text = run(odd("strict"), code=3)
    for test, said in (("asks what has ended", "ended with code 0, and no wait_for_exit"), ("catches a crash", "ended (by signal|with code)"),
                       ("expects nothing", r"strict.lua:13: expect\(.#go.\) does not say what"),
                       ("expects a name that nobody has given", "there is nothing called nmae"),
                       ("expects nil", r"to_have_text\(\) needs a value"), ("expects the opposite", "takes no value"),
                       ("clicks nil", "a selector is a text"), ("types nil", r"type\(\) needs a value"), ("compares one", "needs two values"),
                       ("writes elsewhere", "a name of a file"), ("waits for no number", "a limit is a number"),
                       ("has a test in it", "within another")):
        has(text, rf"(fail|crash) [^\n]*strict.lua: {test} \([^\n]*\n[^\n]*{said}")
    assert " pass" not in text, text
    has(run(odd("nobody"), code=2), "the program does not run")
    has(run(odd("shared"), code=1), "2 pass, 1 fail", "the program's end .*at its end .*code 7")
    run("--grep", "no such test", odd("flaky"), code=2)


def choices():
    has(run("--grep", "^passes", odd("fails"), code=0), "1 tests")
    has(run("--grep", "^passes", "--repeat", "5", odd("fails"), code=0), "5 tests", "5 pass")
    both = [run("--shard", f"{i}/2", odd("fails"), odd("flaky"), odd("crash"), code=None) for i in (1, 2)]
    counts = [int(re.search(r"(\d+) tests", text).group(1)) for text in both]
    assert sum(counts) == 8, counts
    for words in (("-j", "2"), ("-j2",)):
        has(run(*words, "--grep", "passes|fine", odd("fails"), odd("flaky"), code=0), "1 tests")
    for words in (("-j",), ("-j0",), ("-jx",), ("-j", "-1")):
        run(*words, odd("fails"), code=2)


def commands():
    plain = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    for words, code, said in ((("lint", SUBJECT), 0, "^$"), (("record", SUBJECT), 2, "needs a display"), (("inspect", SUBJECT), 2, "needs a display"),
                              (("lint", "/bin/false"), 3, "ended with code 1"), (("record",), 2, "there is no program")):
        done = subprocess.run([PILOT, *words], env=plain, capture_output=True, text=True)
        assert done.returncode == code and re.search(said, done.stdout + done.stderr), (words, done)


def leftovers():
    folder = tempfile.mkdtemp(dir=OUTPUT)
    subprocess.run([PILOT, odd("crash"), "--", SUBJECT], env={**os.environ, "TMPDIR": folder}, capture_output=True, cwd=OUTPUT)
    assert os.listdir(folder) == [], os.listdir(folder)
    # Ended by a signal it says so, and takes all with it
    pilot = subprocess.Popen([PILOT, odd("family"), "--", SUBJECT], env={**os.environ, "TMPDIR": folder}, stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE, text=True, cwd=OUTPUT)
    child = re.search(r"child (\d+)", pilot.stdout.readline()).group(1)
    pilot.send_signal(signal.SIGHUP)
    _, said = pilot.communicate(timeout=60)
    assert pilot.returncode == 2 and "interrupted by signal 1" in said, (pilot.returncode, said)
    assert os.listdir(folder) == [] and ends_soon(child), os.listdir(folder)


def is_alive(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            return file.read().rpartition(")")[2].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


# A process that has been killed may take a moment
def ends_soon(pid):
    for _ in range(600):
        if not is_alive(pid):
            return True
        time.sleep(0.1)
    return False


def families():
    for words, code in ((("--limit", "2", "--grep", "late"), 4), (("--grep", "once"), 0)):
        text = run(*words, odd("family"), code=code)
        pids = re.findall(r"child (\d+)", text)
        assert pids and all(map(ends_soon, pids)), text


def records():
    if not CRASHER:
        return
    text = run(odd("record"), code=3, program=CRASHER[0], PATH=os.path.dirname(READER) + ":" + os.environ["PATH"])
    has(text, "ended by signal", "its own record of the crash: .*crash.txt", "SIG(SEGV|ABRT)")
    kept = re.search("record of the crash: (.*)", text).group(1)
    assert os.path.getsize(kept) > 500, kept


# Where the plug-in's other end is somebody else's, or nobody has asked for it on the command line, it says so and does nothing
def strangers():
    for through_shell, by_variable in ((True, False), (False, True), (False, False)):
        ours, theirs = socket.socketpair()
        specification = f"bulkheadpilot:fd={theirs.fileno()}"
        words = [SUBJECT] if by_variable else [SUBJECT, "-plugin", specification]
        words = ["sh", "-c", '"$0" "$@" & wait $!'] + words if through_shell else words
        plugins = {"QT_QPA_GENERIC_PLUGINS": specification} if by_variable else {}
        environment = {**os.environ, **plugins, "QT_QPA_PLATFORM": "offscreen", "QT_PLUGIN_PATH": os.path.dirname(PILOT) + "/plugins"}
        program = subprocess.Popen(words, env=environment, pass_fds=[theirs.fileno()], stderr=subprocess.PIPE, text=True, start_new_session=True)
        theirs.close()
        if through_shell or by_variable:
            lines = iter(program.stderr.readline, "")
            assert any("the plug-in acts only for bulkhead-pilot itself" in line for line in lines), "it must say so"
            ours.setblocking(False)
            try:
                assert not ours.recv(1), "it must not speak"
            except BlockingIOError:
                pass
        else:
            ours.settimeout(60)
            assert b"hello" in ours.recv(100), "to its parent it speaks"
        os.killpg(program.pid, signal.SIGKILL)
        program.wait()
        program.stderr.close()
        ours.close()


# Whatever fonts the person who runs it prefers
def fonts():
    config = os.path.join(OUTPUT, "fonts.conf")
    with open(config, "w", encoding="utf-8") as file:
        file.write("""<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>/usr/share/fonts</dir>
<match><edit name="family" mode="assign" binding="strong"><string>DejaVu Sans Mono</string></edit></match></fontconfig>""")
    wrapper = os.path.join(OUTPUT, "wrapper")
    with open(wrapper, "w", encoding="utf-8") as file:
        file.write(f'#!/bin/sh\nFONTCONFIG_FILE={config} exec {SUBJECT} "$@"\n')
    os.chmod(wrapper, 0o755)
    pictures = []
    for environment, program in (({}, SUBJECT), ({"FONTCONFIG_FILE": config}, SUBJECT), ({}, wrapper)):
        run(odd("letters"), code=0, program=program, **environment)
        with open(os.path.join(OUTPUT, "letters.png"), "rb") as file:
            pictures.append(file.read())
    assert pictures[0] == pictures[1], "a person's fonts make no difference"
    assert pictures[0] != pictures[2], "and would, if it were not for the runner"


for part in (failures, formats, tap, ends, strictness, choices, commands, leftovers, families, records, strangers, fonts):
    part()
shutil.rmtree(OUTPUT)
print("all as it should be")
