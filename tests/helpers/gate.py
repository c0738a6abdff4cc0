#!/usr/bin/python3
"""Asks a match-gate at 127.0.0.1:PORT what tests/gate.t claims: gate.py PORT TOKEN PID SECONDS OPENAPI. Prints a claim a line."""
import http.client
import json
import multiprocessing
import os
import signal
import socket
import sys
import threading
import time

import jsonschema

PORT, TOKEN, PID, SECONDS = int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
API = json.load(open(sys.argv[5]))
AUTH = {"Authorization": "Bearer " + TOKEN}


def claim(good, text):
    print(("ok " if good else "not ok ") + text, flush=True)


def same(got, wanted, text):
    claim(got == wanted, text if got == wanted else "%s (got %r, wanted %r)" % (text, got, wanted))


def schema_of(node):
    """OpenAPI 3.0 says nullable where JSON Schema has a list of types."""
    if isinstance(node, list):
        return [schema_of(one) for one in node]
    if not isinstance(node, dict):
        return node
    made = {key: schema_of(value) for key, value in node.items()}
    if made.pop("nullable", False):
        made["type"] = [made["type"], "null"]
    return made


def described(method, path, status):
    """The schema that openapi.json has for this answer."""
    for pattern, item in API["paths"].items():
        parts, its = pattern.split("/"), path.split("?")[0].split("/")
        if len(parts) == len(its) and all(p == i or p.startswith("{") for p, i in zip(parts, its)) and method.lower() in item:
            answer = item[method.lower()]["responses"].get(str(status))
            if answer and "$ref" in answer:
                answer = API["components"]["responses"]["Error"]
            return answer and answer["content"].get("application/json", {}).get("schema")
    return None


odd = []


def ask(method, path, body=None, headers=AUTH, kind="application/json", raw=None):
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=120)
    headers = dict(headers)
    data = raw if raw is not None else None if body is None else json.dumps(body)
    if data is not None:
        headers["Content-Type"] = kind
    connection.request(method, path, data, headers)
    answer = connection.getresponse()
    text = answer.read().decode("utf-8", "replace")
    connection.close()
    if method != "HEAD" and answer.getheader("Content-Type") == "application/json" and path != "/openapi.json":
        document = json.loads(text)
        schema = described(method, path, answer.status)
        if schema:
            try:
                jsonschema.validate(document, dict(schema_of(schema), components=schema_of(API["components"])))
            except jsonschema.ValidationError as error:
                odd.append("%s %s %d: %s" % (method, path, answer.status, error.message))
        elif answer.status not in (404, 405):
            odd.append("%s %s %d is not described" % (method, path, answer.status))
        return answer.status, document, answer
    return answer.status, text, answer


def execute(code, language="python", **more):
    return ask("POST", "/execute", dict(code=code, language=language, **more))[:2]


def raw_status(data):
    connection = socket.create_connection(("127.0.0.1", PORT), 5)
    connection.settimeout(5)
    connection.sendall(data)
    got = connection.recv(100)
    connection.close()
    return got.split()[1]


def metric(name):
    for line in ask("GET", "/metrics")[1].splitlines():
        if line.startswith(name + " ") or line.startswith(name + "{"):
            return float(line.split()[-1])
    return None


# --- what everybody asks
same(ask("GET", "/", headers={})[1]["name"], "match-gate", "/ says who is there, to anybody")
for path in ("/health", "/health/live", "/health/ready"):
    same(ask("GET", path, headers={})[:1] + (ask("GET", path)[1]["status"],), (200, "ok"), path + " is ok")
same(json.loads(ask("GET", "/openapi.json")[1]), API, "the OpenAPI file is served")
status, answer = execute("print(\"Hello from CodeRunner!\")", timeout=30)
same((status, answer["success"], answer["output"], answer["error"], answer["exit_code"], answer["status"]),
     (200, True, "Hello from CodeRunner!\n", None, 0, "completed"), "a program's output comes back")
claim(answer["wall_ms"] > 0 and answer["cpu_ms"] > 0 and answer["memory_peak"] > 100000, "with time, CPU time and memory")
began = time.time()
status, answer = execute("while True: pass", timeout=1)
took = time.time() - began
same((status, answer["success"], answer["status"], answer["exit_code"]), (200, False, "timeout", None), "a loop times out")
claim(took < 6, "and is told soon after (%.2f s; 1.1 on an idle machine)" % took)
for language, code in (("node", "console.log('hi')"), ("shell", "echo hi"), ("javascript", "console.log('hi')"),
                       ("c", '#include <stdio.h>\nint main(void) { puts("hi"); }'),
                       ("java", 'class Main { public static void main(String[] a) { System.out.println("hi"); } }')):
    status, answer = execute(code, language, timeout=30)
    same((answer["status"], answer["output"]), ("completed", "hi\n"), "language " + language)
same(execute("int main(void) { return x; }", "c")[1]["status"], "error", "what does not compile is an error")
claim("main.c" in execute("int main(void) { return x; }", "c")[1]["error"], "with the compiler's words")
same(execute("import sys; sys.exit(3)")[1]["exit_code"], 3, "an exit status")
same(execute("import os; os.kill(os.getpid(), 11)")[1]["status"], "crashed", "a crash")
same(execute("x = bytearray(3 << 30)")[1]["status"] in ("memory", "error"), True, "too much memory")
same(execute("print(input()[::-1])", input="abc")[1]["output"], "cba\n", "input is standard input")
same(execute("import json, os; print(json.loads(os.environ['INPUT_DATA'])['a'])", input={"a": 7})[1]["output"], "7\n",
     "and INPUT_DATA, as JSON")
answer = execute("import sys; sys.stdout.buffer.write(b'a\\xff\\x00b\\n')")[1]
same(answer["output"], "a\ufffd\ufffdb\n", "bytes that are no text become replacement characters")
answer = execute("print('x' * 1000000)")[1]
same((len(answer["output"]), answer["truncated"], answer["status"]), (65536, True, "completed"), "output is cut at a cap")
same(execute("import socket\nsocket.create_connection(('127.0.0.1', %d), 2)" % PORT)[1]["status"], "error", "there is no network")
execute("open('/tmp/left', 'w').write('x')")
same(execute("import os; print(os.path.exists('/tmp/left'), os.listdir('/bot'))")[1]["output"], "False ['main.py']\n",
     "nothing is remembered between two")

# --- what is refused
for text, body, wanted in (("an unsupported language", {"code": "x", "language": "cobol"}, "Language cobol not supported"),
                           ("no language", {"code": "x"}, "language must be a string"),
                           ("no code", {"language": "python"}, "code must be a string"),
                           ("a timeout that is none", {"code": "x", "language": "python", "timeout": "x"}, "timeout must be"),
                           ("one that is negative", {"code": "x", "language": "python", "timeout": -1}, "timeout must be"),
                           ("one that is too long", {"code": "x", "language": "python", "timeout": 1e9}, "up to 60"),
                           ("a typing mistake", {"code": "x", "langauge": "python"}, "did you mean 'language'")):
    status, answer, _ = ask("POST", "/execute", body)
    same((status, wanted in answer["error"]), (400, True), "%s is 400: %s" % (text, answer["error"]))
status, answer, _ = ask("POST", "/execute", raw='{"code": "x",\n "language": }')
same((status, answer["error"].startswith("bad JSON: line 2")), (400, True), "bad JSON is 400, with the line")
same(ask("POST", "/execute", raw="[1]")[0], 400, "so is JSON that is no object")
same(ask("POST", "/execute", raw="{}", kind="text/plain")[0], 415, "a body that a web page could send is 415")
same(ask("POST", "/execute", {"code": "x" * 70000, "language": "python"})[0], 413, "a body beyond 64 KiB is 413")
same(ask("POST", "/execute", {"code": "x", "language": "python"}, headers={})[0], 401, "no token is 401")
same(raw_status(b"POST /execute HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n"), b"401", "before the body has come")
same(ask("POST", "/execute", {"code": "x", "language": "python"}, headers={"Authorization": "Bearer x" + TOKEN})[0], 401, "another one, too")
same(ask("GET", "/metrics", headers={})[0], 401, "figures need one as well")
same(ask("HEAD", "/health")[0], 200, "HEAD is as GET")
same(ask("GET", "/nowhere")[0], 404, "what is not there is 404")
same(ask("GET", "/execute")[0], 405, "another method is 405")
same(ask("GET", "/executions/../../etc/passwd")[0], 404, "a path is no path of the host")

# --- later
status, answer, reply = ask("POST", "/executions", {"code": "import time\nfor i in range(5):\n print(i, flush=True); time.sleep(0.8)",
                                                    "language": "python"})
one = answer["id"]
same((status, reply.getheader("Location")), (202, "/executions/" + one), "an execution is taken, and has a place")
claim(ask("GET", "/executions/" + one)[1]["status"] in ("queued", "running"), "meanwhile it runs")
began = time.time()
text = ask("GET", "/executions/%s/logs?follow=1" % one)[1]
same(text, "0\n1\n2\n3\n4\n", "its output can be followed to its end")
claim(time.time() - began > 0.3, "as it comes")
text = ask("GET", "/executions/%s/logs" % one, headers=dict(AUTH, Accept="text/event-stream"))[1]
same([line for line in text.splitlines() if line.startswith("data: \"")][-1:], ['data: "4\\n"'], "or as server-sent events")
same(json.loads(text.splitlines()[-2][6:])["status"], "completed", "the last of which is the result")
same(ask("GET", "/executions/" + one)[1]["output"], "0\n1\n2\n3\n4\n", "which stays for a while")
one = ask("POST", "/executions", {"code": "import sys, time\nfor part in b'\\xc3', b'\\xa9\\xe2\\x82', b'\\xac!\\xf0':\n"
                                  " sys.stdout.buffer.write(part); sys.stdout.flush(); time.sleep(0.3)", "language": "python"})[1]["id"]
text = ask("GET", "/executions/%s/logs" % one, headers=dict(AUTH, Accept="text/event-stream"))[1]
same("".join(json.loads(line[6:]) for line in text.splitlines() if line.startswith("data: \"")), "\u00e9\u20ac!\ufffd",
     "a character that is printed in parts is one in events")
one = ask("POST", "/executions", {"code": "import time; time.sleep(50)", "language": "python", "timeout": 60})[1]["id"]
time.sleep(0.5)
same(ask("POST", "/executions/%s/cancel" % one)[0], 202, "what runs can be cancelled")
for _ in range(100):
    state = ask("GET", "/executions/" + one)[1]["status"]
    if state == "cancelled":
        break
    time.sleep(0.05)
same(state, "cancelled", "and is soon")
same(ask("POST", "/executions/%s/cancel" % one)[0], 409, "once")
same(ask("GET", "/executions/" + "0" * 22)[0], 404, "an id that was never given is 404")

# --- matches
BOT = open(os.path.join(os.path.dirname(__file__), "../../examples/bots/random/bot.py")).read()
status, answer, _ = ask("POST", "/matches", {"game": "connect4", "bots": [{"name": "ann", "code": BOT}, {"name": "ben", "code": BOT}], "seed": 4})
match = answer["id"]
same(status, 202, "a match is taken")
text = ask("GET", "/matches/%s/stream" % match)[1]
events = [json.loads(line[6:]) for line in text.splitlines() if line.startswith("data: ")]
claim(any(event.get("event") == "frame" for event in events), "its pictures can be followed")
same(events[-1]["status"], "completed", "to its end")
answer = ask("GET", "/matches/" + match)[1]
claim(answer["winner"] in ("ann", "ben") and answer["result"]["seed"] == 4, "the result names the winner: %s" % answer["winner"])
status, answer, _ = ask("POST", "/matches", {"game": "connect4", "bots": [{"name": "ann", "code": BOT}, {"name": "ben", "code": "def f(:"}]})
ask("GET", "/matches/%s/stream" % answer["id"])
same([ask("GET", "/matches/" + answer["id"])[1][key] for key in ("status", "winner")], ["client_error", "ann"], "code that is none loses")
same(ask("POST", "/matches", {"game": "../etc", "bots": ["a", "b"]})[0], 400, "a game is no path")
same(ask("POST", "/matches", {"game": "connect4", "bots": [{"name": "a", "path": "/etc"}, {"name": "b", "code": BOT}]})[0] in (202, 400), True,
     "paths are for sites that allow them")

# --- under load
def stuff():
    return ask("POST", "/executions", {"code": "import time; time.sleep(20)", "language": "python", "timeout": 30})


answers = [stuff() for _ in range(60)]
busy = [reply for status, _, reply in answers if status == 429]
claim(len(busy) > 0 and len(busy) < 60 and busy[0].getheader("Retry-After") == "1", "beyond what may wait, 429 with Retry-After (%d of 60)" % len(busy))
began = time.time()
same(ask("GET", "/health")[0], 200, "meanwhile /health answers")
claim(time.time() - began < 3, "at once (%.3f s)" % (time.time() - began))
for status, answer, _ in answers:
    if status == 202:
        ask("POST", "/executions/%s/cancel" % answer["id"])
for _ in range(200):
    if ask("GET", "/health")[1]["running"] == 0:
        break
    time.sleep(0.05)


def raw(data, wait=5.0):
    """Sends bytes and reads what comes until the end, or nothing more for so long."""
    connection = socket.create_connection(("127.0.0.1", PORT), 5)
    connection.settimeout(wait)
    got = b""
    try:
        connection.sendall(data)
        while True:
            part = connection.recv(65536)
            if not part:
                break
            got += part
    except (socket.timeout, ConnectionError):
        pass
    connection.close()
    return got


for text, data in (("nonsense", b"\x00\xff\x16\x03\x01 nonsense\r\n\r\n"), ("a header without end", b"GET / HTTP/1.1\r\n" + b"A: " + b"x" * 200000 + b"\r\n\r\n"),
                   ("a negative length", b"POST /execute HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n"),
                   ("a length beyond all", b"POST /execute HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99999999999999999999\r\n\r\n"),
                   ("a chunk beyond all", b"POST /execute HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nfffffffff\r\nx"),
                   ("no method", b" / HTTP/1.1\r\n\r\n"), ("HTTP of tomorrow", b"GET / HTTP/9.9\r\nHost: x\r\n\r\n")):
    got = raw(data, 1.0)
    claim(not got or got.split()[1][:1] in (b"4", b"5"), "malformed: %s: %r" % (text, got[:40]))
got = raw(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n" * 50 + b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
same(got.count(b"HTTP/1.1 200"), 51, "51 requests in one go have 51 answers")
huge = b"POST /execute HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + TOKEN.encode() + b"\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n" + (b"10000\r\n" + b"x" * 65536 + b"\r\n") * 40 + b"0\r\n\r\n"
claim(b" 413 " in raw(huge, 2.0)[:40], "a body in chunks is cut at the same size")

slow = []
for _ in range(100):
    connection = socket.create_connection(("127.0.0.1", PORT), 5)
    connection.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\nX-")
    slow.append(connection)
began = time.time()
same(ask("GET", "/health")[0], 200, "100 slow clients keep nobody out")
while time.time() - began < 60 and slow:
    time.sleep(1)
    for connection in list(slow):
        try:
            connection.sendall(b"a")
            connection.setblocking(False)
            if connection.recv(1) == b"":
                raise ConnectionError
        except BlockingIOError:
            connection.setblocking(True)
        except (ConnectionError, OSError):
            slow.remove(connection)
same(len(slow), 0, "and are closed after a while, though they send a byte a second")


def files():
    return len(os.listdir("/proc/%d/fd" % PID))


def memory():
    for line in open("/proc/%d/status" % PID):
        if line.startswith("VmRSS"):
            return int(line.split()[1])


def load(until, kinds, failures):
    count = 0
    while time.time() < until:
        count += 1
        code, wanted = kinds[count % len(kinds)]
        try:
            status, answer, _ = ask("POST", "/execute", {"code": code, "language": "shell", "timeout": 30})
            if status == 200 and answer["output"] != wanted or status not in (200, 429):
                failures.append((status, answer))
        except Exception as error:      # whatever it is, it is told
            failures.append(repr(error))
        if status == 429:
            time.sleep(0.2)


KINDS = [("echo %d" % number, "%d\n" % number) for number in range(7)]
load(time.time() + 3, KINDS, [])
before = files(), memory()
health = []
until = time.time() + SECONDS


def clients(pipe):
    """Sixteen of them: a process of their own, so that they do not keep the one that measures waiting."""
    failures = []
    threads = [threading.Thread(target=load, args=(until, KINDS, failures)) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    pipe.send((failures, odd))


pipes = [multiprocessing.Pipe() for _ in range(4)]
for pipe in pipes:
    multiprocessing.Process(target=clients, args=(pipe[1],)).start()
while time.time() < until:
    began = time.time()
    ask("GET", "/health", headers={})
    health.append(time.time() - began)
    time.sleep(0.02)
failures = []
for pipe in pipes:
    wrong, strange = pipe[0].recv()
    failures += wrong
    odd += strange
health.sort()
same(failures[:3], [], "64 clients for %g s: every answer is its own" % SECONDS)
print("# /health meanwhile: median %.1f ms, p99 %.1f ms, worst %.1f ms of %d; %d executions" % (
    1000 * health[len(health) // 2], 1000 * health[len(health) * 99 // 100], 1000 * health[-1], len(health),
    metric("execution_duration_seconds_count")), flush=True)
claim(health[len(health) * 99 // 100] < 3, "and /health is answered meanwhile")
time.sleep(1)
claim(files() <= before[0] + 10, "no descriptor is lost (%d, %d before)" % (files(), before[0]))
claim(memory() < before[1] + 40000, "nor memory (%d KiB, %d before)" % (memory(), before[1]))

# --- something that does not end: its keeper stands still
one = ask("POST", "/executions", {"code": "import time; time.sleep(100)", "language": "python", "timeout": 5})[1]["id"]


def stop_keeper():
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            words = open("/proc/%s/stat" % name).read().rsplit(")", 1)
            if words[0].endswith("(bot-jail") and int(words[1].split()[1]) == PID:
                os.kill(int(name), signal.SIGSTOP)
                return True
        except (OSError, IndexError):
            pass
    return False


until = time.time() + 30
while not stop_keeper() and time.time() < until:
    time.sleep(0.05)
for _ in range(600):
    state = ask("GET", "/executions/" + one)[1]["status"]
    if state not in ("queued", "running"):
        break
    time.sleep(0.1)
same((state, metric("executions_stuck_total")), ("stuck", 1.0), "what does not end is killed, and counted")

for name in ("executions_total", "execution_duration_seconds_sum", "execution_start_seconds_count", "executions_running",
             "executions_waiting", "jail_memory_bytes", "ready", "http_requests_total"):
    claim(metric(name) is not None, "/metrics has " + name)
same(odd, [], "every answer is as the OpenAPI file describes it")
print("# end")
