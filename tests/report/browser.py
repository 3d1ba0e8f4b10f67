"""A page in a headless Chromium, driven over a pipe by its DevTools protocol; no module needed.

    with Browser() as browser:
        page = browser.open(path, width=1200)
        page.evaluate("document.title")
        page.errors, page.requests

SPDX-License-Identifier: MIT
"""

import base64
import fcntl
import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
PATIENCE = 60  # seconds for one answer


class Browser:
    def __enter__(self):
        assert CHROMIUM, "chromium is needed to look at HTML reports: apt-get install chromium"
        self.profile = tempfile.mkdtemp(prefix="pagu-browser-")
        to_child, self.write = os.pipe()
        self.read, from_child = os.pipe()
        ends = [fcntl.fcntl(fd, fcntl.F_DUPFD, 20) for fd in (to_child, from_child)]
        os.close(to_child)
        os.close(from_child)
        # the browser reads commands at 3 and answers at 4
        launch = "import os, sys; os.dup2(%d, 3); os.dup2(%d, 4); os.execv(sys.argv[1], sys.argv[1:])" % tuple(ends)
        self.process = subprocess.Popen(
            [sys.executable, "-c", launch, CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu",
             "--disable-dev-shm-usage", "--no-first-run", "--remote-debugging-pipe",
             f"--user-data-dir={self.profile}", "about:blank"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, pass_fds=ends)
        for fd in ends:
            os.close(fd)
        self.buffer, self.last, self.answers, self.pages = b"", 0, {}, {}
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        os.close(self.write)
        os.close(self.read)
        shutil.rmtree(self.profile, ignore_errors=True)

    def pump(self, until):
        """Take messages in until a condition holds."""
        end = time.monotonic() + PATIENCE
        while not until():
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.read], [], [], left)[0]:
                raise TimeoutError("the browser doesn't answer")
            data = os.read(self.read, 1 << 20)
            if not data:
                raise EOFError("the browser has ended")
            self.buffer += data
            *whole, self.buffer = self.buffer.split(b"\0")
            for text in whole:
                message = json.loads(text)
                if "id" in message:
                    self.answers[message["id"]] = message
                elif message.get("sessionId") in self.pages:
                    self.pages[message["sessionId"]].take(message["method"], message["params"])

    def send(self, method, session=None, **params):
        self.last += 1
        number, message = self.last, {"id": self.last, "method": method, "params": params}
        if session:
            message["sessionId"] = session
        os.write(self.write, json.dumps(message).encode() + b"\0")
        self.pump(lambda: number in self.answers)
        answer = self.answers.pop(number)
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        return answer["result"]

    def open(self, path, width=1200, height=900, scripts=True):
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        page = self.pages[session] = Page(self, session)
        for domain in ("Page", "Runtime", "Network", "Log"):
            page.send(f"{domain}.enable")
        page.send("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1,
                  mobile=width < 600)
        page.send("Emulation.setScriptExecutionDisabled", value=not scripts)
        page.url = Path(path).resolve().as_uri()
        page.send("Page.navigate", url=page.url)
        self.pump(lambda: page.loaded)
        return page


class Page:
    def __init__(self, browser, session):
        self.browser, self.session, self.loaded, self.url = browser, session, False, None
        self.errors, self.requests, self.dialogs = [], [], []

    def send(self, method, **params):
        return self.browser.send(method, self.session, **params)

    def take(self, method, params):
        if method == "Page.loadEventFired":
            self.loaded = True
        elif method == "Network.requestWillBeSent" and params["request"]["url"] != self.url:
            self.requests.append(params["request"]["url"])
        elif method == "Runtime.exceptionThrown":
            self.errors.append(params["exceptionDetails"].get("exception", {}).get("description", "exception"))
        elif method == "Log.entryAdded" and params["entry"]["level"] in ("error", "warning"):
            self.errors.append(params["entry"]["text"])
        elif method == "Runtime.consoleAPICalled" and params["type"] in ("error", "warning"):
            self.errors.append(str([a.get("value") for a in params["args"]]))
        elif method == "Page.javascriptDialogOpening":
            self.dialogs.append(params["message"])

    def evaluate(self, script):
        done = self.send("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in done:
            raise RuntimeError(done["exceptionDetails"]["exception"].get("description"))
        return done["result"].get("value")

    def settle(self):
        """Two frames, so that what scripts asked for is drawn."""
        self.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))")

    def print_pdf(self):
        done = self.send("Page.printToPDF", preferCSSPageSize=True, printBackground=True)
        return base64.b64decode(done["data"])
