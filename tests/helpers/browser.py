#!/usr/bin/python3
"""Drives Debian's headless Chromium through chromedriver, by WebDriver's protocol.

As a program: browser.py PAGE [WORD ARGUMENT...]... does one thing after another and prints what there is to print:
    text CSS | attribute CSS NAME | click CSS | keys CSS KEYS | evaluate JS | size W H | dark 0|1 | screenshot FILE
    | title | errors
"""
import base64
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

DRIVER, CHROMIUM = "/usr/bin/chromedriver", "/usr/bin/chromium"
SECONDS = 120
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
KEYS = {"Home": "\ue011", "End": "\ue010", "Left": "\ue012", "Up": "\ue013", "Right": "\ue014", "Down": "\ue015",
        "Tab": "\ue004", "Enter": "\ue007", "Escape": "\ue00c", "Space": " ", "Shift": "\ue008"}


class Browser:
    def __init__(self):
        self.session, self.driver = None, None
        self.folder = tempfile.mkdtemp(prefix="browser-")
        try:
            self._start()
        except BaseException:
            self.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _start(self):
        log = os.path.join(self.folder, "driver.log")
        with open(log, "w") as file:        # with port 0 the kernel chooses one, and the driver tells it
            self.driver = subprocess.Popen([DRIVER, "--port=0"], stdout=file, stderr=file, stdin=subprocess.DEVNULL,
                                           start_new_session=True, env={**os.environ, "HOME": self.folder,
                                                                        "TMPDIR": self.folder})
        words = "started successfully on port "
        end = time.monotonic() + SECONDS
        while words not in (text := pathlib.Path(log).read_text()):
            if time.monotonic() > end or self.driver.poll() is not None:
                raise RuntimeError("chromedriver did not start: " + text)
            time.sleep(0.02)
        self.address = "http://127.0.0.1:" + text.split(words)[1].split(".")[0]
        options = ["--headless=new", "--disable-gpu", "--disable-dev-shm-usage", "--disable-breakpad", "--no-first-run",
                   "--disable-background-networking", "--user-data-dir=" + os.path.join(self.folder, "profile")]
        if os.geteuid() == 0:
            options.append("--no-sandbox")
        self.session = self._call("POST", "/session", {"capabilities": {"alwaysMatch": {
            "goog:chromeOptions": {"binary": CHROMIUM, "args": options}, "goog:loggingPrefs": {"browser": "ALL"},
            "timeouts": {"pageLoad": SECONDS * 1000, "script": SECONDS * 1000, "implicit": 0}}}})["sessionId"]

    def _call(self, method, path, body=None):
        if self.session:
            path = f"/session/{self.session}{path}"
        data = None if method != "POST" else json.dumps(body or {}).encode()
        request = urllib.request.Request(self.address + path, data, {"Content-Type": "application/json"}, method=method)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=SECONDS) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"{method} {path}: {error.read().decode()[:500]}") from None

    def _cdp(self, command, **parameters):
        return self._call("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def _element(self, css):
        return "/element/" + self._call("POST", "/element", {"using": "css selector", "value": css})[ELEMENT]

    def open(self, url):
        """A path becomes a file:// address; it may end with #step=12. about:blank, too, is an address."""
        path, hash, place = url.partition("#")
        if "://" not in url and not url.startswith("about:"):
            url = pathlib.Path(path).absolute().as_uri() + hash + place
        self._call("POST", "/url", {"url": url})

    def title(self):
        return self._call("GET", "/title")

    def text(self, css):
        return self._call("GET", self._element(css) + "/text")

    def attribute(self, css, name):
        return self._call("GET", f"{self._element(css)}/attribute/{name}")

    def click(self, css):
        self._call("POST", self._element(css) + "/click")

    def keys(self, css, keys):
        """keys: the name of one of KEYS, "Shift+" before it or not, or else text."""
        names = keys.split("+") if all(name in KEYS for name in keys.split("+")) else []
        self._call("POST", self._element(css) + "/value", {"text": "".join(KEYS[name] for name in names) or keys})

    def evaluate(self, script):
        """The value of an expression."""
        return self._call("POST", "/execute/sync", {"script": "return " + script, "args": []})

    def errors(self):
        """What the console was told of errors and violations of the page's policy since the last call."""
        return [entry["message"] for entry in self._call("POST", "/se/log", {"type": "browser"})
                if entry["level"] == "SEVERE" or entry.get("source") in ("security", "violation")]

    def size(self, width, height):
        """Of the page; a window cannot be as narrow as a telephone."""
        self._cdp("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def dark(self, dark, still=False):
        self._cdp("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"},
            {"name": "prefers-reduced-motion", "value": "reduce" if still else "no-preference"}])

    def screenshot(self, path, whole=False):
        picture = self._cdp("Page.captureScreenshot", format="png", captureBeyondViewport=whole)["data"]
        pathlib.Path(path).write_bytes(base64.b64decode(picture))

    def close(self):
        if self.session:
            try:
                self._call("DELETE", "")
            except (OSError, RuntimeError):
                pass
            self.session = None
        if self.driver:
            try:
                os.killpg(self.driver.pid, signal.SIGKILL)      # the group is ours: the driver began it
            except ProcessLookupError:
                pass
            self.driver.wait()
            self.driver = None
        shutil.rmtree(self.folder, ignore_errors=True)


ARGUMENTS = {"text": 1, "attribute": 2, "click": 1, "keys": 2, "evaluate": 1, "size": 2, "dark": 1, "screenshot": 1,
             "title": 0, "errors": 0}


def main(words):
    with Browser() as browser:
        browser.open(words.pop(0))
        while words:
            word = words.pop(0)
            arguments, words = words[:ARGUMENTS[word]], words[ARGUMENTS[word]:]
            if word in ("size", "dark"):
                arguments = [int(argument) for argument in arguments]
            value = getattr(browser, word)(*arguments)
            if word not in ("click", "keys", "size", "dark", "screenshot"):
                print(value if isinstance(value, str) else json.dumps(value))


if __name__ == "__main__":
    main(sys.argv[1:])
