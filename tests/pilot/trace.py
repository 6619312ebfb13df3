#!/usr/bin/env python3
"""trace.py PILOT SCRIPTS SUBJECT FOLDER: the pages of traces, opened in Chromium: each step has its pictures, which decode, and all that
belongs to it; keys go from step to step; the failing one is chosen; nothing outside of the file is asked for. 77 where there is no Chromium."""
import html
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time

PILOT, SCRIPTS, SUBJECT, FOLDER = (os.path.abspath(path) for path in sys.argv[1:5])
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
if not CHROMIUM:
    print("SKIP: there is no chromium")
    sys.exit(77)

# Walks through the steps by keys before the page counts as loaded, and so Chromium waits for all their pictures
PROBE = """<script>
const seen = { steps: [] };
addEventListener('DOMContentLoaded', () => {
  const press = key => dispatchEvent(new KeyboardEvent('keydown', { key: key }));
  const text = selector => [...document.querySelectorAll(selector)].map(element => element.textContent);
  seen.chosen = text('nav [aria-current] code')[0];
  seen.links = document.querySelectorAll('nav a').length;
  seen.badge = text('.badge')[0];
  press('Home');
  const store = document.createElement('div');
  for (let i = 0; i < seen.links; i++, press('ArrowDown')) {
    seen.steps.push({ what: text('main h2')[0], at: text('nav [aria-current] .n')[0], facts: text('main .facts')[0], bad: text('main .bad'),
      panels: text('main h3'), here: text('main .here')[0], pre: text('main pre'), changed: text('main pre .add'), pictures: [] });
    for (const image of document.querySelectorAll('main img')) {
      const copy = image.cloneNode();
      copy.dataset.step = i;
      store.append(copy);
    }
  }
  seen.end = text('nav [aria-current] .n')[0];
  press('f');
  seen.failed = text('nav [aria-current].failed code')[0];
  document.body.append(store);
});
addEventListener('load', () => {
  for (const image of document.querySelectorAll('[data-step]'))
    seen.steps[image.dataset.step].pictures.push([image.complete, image.naturalWidth, image.naturalHeight]);
  seen.asked = performance.getEntriesByType('resource').map(entry => entry.name).filter(name => !name.startsWith('data:'));
  const out = document.createElement('pre');
  out.id = 'probe';
  out.textContent = JSON.stringify(seen);
  document.body.replaceChildren(out);
});
</script>
"""


def browse(name, page):
    """What the probe saw, and what Chromium wrote to its console."""
    home = os.path.join(FOLDER, "home")
    path = os.path.join(FOLDER, name + ".probe.html")
    with open(path, "w", encoding="utf-8") as file:
        file.write(page + PROBE)
    surroundings = {**os.environ, "HOME": home, "XDG_CONFIG_HOME": home, "XDG_CACHE_HOME": home, "XDG_RUNTIME_DIR": home}
    done = subprocess.run([CHROMIUM, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                           "--disable-background-networking", "--disable-component-update", "--disable-extensions",
                           "--disable-crash-reporter", "--user-data-dir=" + home, "--enable-logging=stderr", "--dump-dom",
                           "file://" + path], capture_output=True, text=True, timeout=150, env=surroundings)
    found = re.search(r'<pre id="probe">(.*?)</pre>', done.stdout, re.S)
    if done.returncode or not found:
        sys.exit(f"{name}: chromium ended with {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
    return json.loads(html.unescape(found.group(1))), re.findall(r"CONSOLE.*", done.stderr)


def write(*words, code):
    done = subprocess.run([PILOT, "--trace", FOLDER, "--output", FOLDER, *words, "--", SUBJECT], capture_output=True, text=True,
                          timeout=150)
    assert done.returncode == code, done
    return done.stdout


def load(name):
    with open(os.path.join(FOLDER, name + ".html"), encoding="utf-8") as file:
        page = file.read()
    assert not re.search(r"""(src|href)\s*=\s*['"]?(https?:|//|file:)""", page), "nothing outside"
    return page


def look(name, badge):
    """The page as the probe saw it; what holds for all pages is asked for here."""
    seen, console = browse(name, load(name))
    assert console == [], console
    assert seen["asked"] == [], seen["asked"]
    assert seen["badge"].endswith(badge), seen["badge"]
    assert len(seen["steps"]) == seen["links"] > 0 and seen["end"].endswith(str(seen["links"])), seen
    for number, step in enumerate(seen["steps"], 1):
        assert step["at"].endswith(str(number)) and f"step {number} of {seen['links']}" in step["facts"], step
        assert all(complete and width > 100 and height > 100 for complete, width, height in step["pictures"]), step
    return seen


def find(seen, what):
    found = [step for step in seen["steps"] if step["what"].startswith(what)]
    assert found, f"no step {what} in {[step['what'] for step in seen['steps']]}"
    return found[0]


def whole(step):
    assert len(step["pictures"]) == 2, step
    assert step["here"] and any("Log" in name for name in step["panels"]) and any("Widgets" in name for name in step["panels"]), step
    assert re.search(r"traced.lua:\d+ · at [\d.]+ m?s · took [\d.]+ m?s", step["facts"]), step["facts"]
    assert any("QLabel#log" in text for text in step["pre"]), step


def passes():
    seen = look("traced-passes-b-b-so-", "pass")
    assert seen["chosen"] == "the program starts" and "failed" not in seen, seen["chosen"]
    click = find(seen, 'click("#ask")')
    whole(click)
    assert any("QDialog#ask-dialog" in line for line in click["changed"]) and 'click("#ask")' in click["here"], click
    assert any("input events" in text for text in click["pre"]), click
    assert any("something is odd" in text for text in find(seen, 'call("#subject", "warn")')["pre"])
    assert "asked " in find(seen, 'text("#log")')["facts"], "a loop that waits is one step"
    for step in seen["steps"][1:]:
        whole(step)


def fails():
    seen = look("traced-fails-at-its-third-step", "fail")
    assert seen["chosen"] == seen["failed"] == 'click("#stage")' and seen["links"] == 4, seen
    step = find(seen, 'click("#stage")')
    whole(step)
    assert "#stage is hidden" in step["bad"][0], step
    seen = look("traced-fails-between-its-steps", "fail")
    assert seen["chosen"] == "the test fails" and "expected neither" in find(seen, "the test fails")["bad"][0], seen
    seen = look("traced-crashes", "crash")
    if seen["chosen"] == 'call("#subject", "crash")':
        assert "signal 11" in find(seen, "call")["bad"][0] and len(find(seen, "call")["pictures"]) == 1, seen
    else:  # a sanitizer's report, and an end by exit
        assert "code 1" in find(seen, "the test fails")["bad"][0], seen
    look("traced-skipped", "skip")


def killed():
    """Ended from outside while a step waits, as by a time limit: the page is there, and says how far the test came."""
    script, page = os.path.join(FOLDER, "killed.lua"), os.path.join(FOLDER, "killed-waits.html")
    with open(script, "w", encoding="utf-8") as file:
        file.write('test("waits", function()\n    click("#agreed")\n    wait_for("#never", 600000)\nend)\n')
    process = subprocess.Popen([PILOT, "--trace", FOLDER, "--output", FOLDER, script, "--", SUBJECT], stdout=subprocess.DEVNULL)
    until = time.monotonic() + 120
    while not os.path.exists(page) or "expect(\\u0022#never" not in load("killed-waits"):
        assert time.monotonic() < until, "the test does not come to its second step"
        time.sleep(0.05)
    process.terminate()
    assert process.wait(60) == 2
    seen = look("killed-waits", "no end")
    assert seen["chosen"] == 'expect("#never"):to_be_visible()' and "killed while" in seen["steps"][-1]["bad"][0], seen


def mistakes_are_seen():
    """What this test would say of a page that has an error in it, and asks for something outside."""
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0.2)
    outside = f"http://127.0.0.1:{server.getsockname()[1]}/x.png"
    _, console = browse("mistakes", load("traced-skipped") + f"<script>nothing.there();</script><img src='{outside}'>")
    assert any("nothing is not defined" in line for line in console), console
    assert any(outside in line for line in console), console
    try:
        server.accept()
        sys.exit("the page got through to an address outside of it")
    except TimeoutError:
        pass


shutil.rmtree(FOLDER, ignore_errors=True)
os.makedirs(FOLDER)
write(os.path.join(SCRIPTS, "odd", "traced.lua"), code=3)
for part in (passes, fails, killed, mistakes_are_seen):
    part()
shutil.rmtree(os.path.join(FOLDER, "home"), ignore_errors=True)
print("all as it should be")
