#!/bin/sh
# Claim: match-gate runs programs and matches by HTTP, each in a fresh jail, answers with real status codes, and neither slow,
# malformed nor many clients keep anybody else out.
. "$(dirname "$0")/lib/tap.sh"
. "$(dirname "$0")/lib/brokers.sh"
needs_match_run
[ -x "$SBINDIR/match-gate" ] || skip_all "match-gate is not installed: make install"
/usr/bin/python3 -c 'import jsonschema' 2>/dev/null || skip_all "python3-jsonschema is not installed"
HOST=$(inventory)
STATE=$WORK/home/gate
as_user mkdir "$STATE"
printf '# who may ask\nsesame-1234 ann\n' >"$WORK/home/tokens"
chown "$TEST_UID" "$WORK/home/tokens"
chmod 640 "$WORK/home/tokens"
refused() { # name, pattern, options
	refused_name=$1 refused_pattern=$2
	shift 2
	like "$refused_name" "$(as_user timeout 30 "$SBINDIR/match-gate" --state "$STATE" --store "$WORK/home/store" "$@" 2>&1; echo $?)" "$refused_pattern"
}
refused "an address that is open to others needs tokens" 'tokens FILE is wanted' --listen 0.0.0.0:0
chmod 644 "$WORK/home/tokens"
refused "tokens that everybody may read are refused" 'everybody may read it' --tokens "$WORK/home/tokens"
chmod 640 "$WORK/home/tokens"
refused "an address that is none" 'ADDRESS:PORT is wanted' --listen nonsense --tokens "$WORK/home/tokens"
refused "a setting that is none" "jobs needs a number" --jobs x
printf 'jbos 3\n' >"$WORK/home/conf"
refused "a file with a mistake, by its line" "conf:1: unknown key 'jbos'; did you mean 'jobs'" --config "$WORK/home/conf"

begin_gate() { # words: its pid is in $GATE, what it says in $WORK/gate.log
	(cd "$WORK/home" && exec setpriv --reuid="$TEST_UID" --regid="$TEST_UID" --groups="$GROUP_ID" -- "$SBINDIR/match-gate" "$@") >"$WORK/gate.log" 2>&1 </dev/null &
	GATE=$!
}
PORT=$(free_port)
printf 'listen 127.0.0.1:%s\nstate %s\nstore %s\ntokens %s\n' "$PORT" "$STATE" "$WORK/home/store" "$WORK/home/tokens" >"$WORK/home/conf"
begin_gate --config "$WORK/home/conf"
ok "it listens where its file says" await 10 curl -sf "http://127.0.0.1:$PORT/health"
/usr/bin/python3 "$TOP/tests/helpers/gate.py" "$PORT" sesame-1234 "$GATE" "${GATE_SECONDS:-30}" "$TOP/runner/openapi.json" >"$WORK/tap" 2>"$WORK/err"
relay "$WORK/tap" "$WORK/err"

# What runs when the gate is told to stop is finished; the second time it is not, and nothing is left of it.
sleeps() { # seconds: the answer will be in $WORK/answer, the client's pid is in $CLIENT
	curl -s "http://127.0.0.1:$PORT/execute" -H 'Content-Type: application/json' -H 'Authorization: Bearer sesame-1234' \
		-d '{"code":"import time; time.sleep('"$1"')","language":"python","timeout":40}' >"$WORK/answer" &
	CLIENT=$!
	await 10 sh -c "curl -s http://127.0.0.1:$PORT/health | grep -q '\"running\":1'"
}
sleeps 12
kill -TERM "$GATE"
await 20 grep -q stopping "$WORK/gate.log"
is "TERM: nothing more is taken" "$(curl -s -o /dev/null -w '%{http_code}' "http://127.0.0.1:$PORT/execute" -H 'Content-Type: application/json' \
	-H 'Authorization: Bearer sesame-1234' -d '{"code":"1","language":"python"}')" 503
is "but what runs may be cancelled: that is looked for" "$(curl -s -o /dev/null -w '%{http_code}' -X POST -H 'Authorization: Bearer sesame-1234' \
	"http://127.0.0.1:$PORT/executions/0000000000000000000000/cancel")" 404
is "it is not ready, but alive" "$(for what in ready live; do curl -s -o /dev/null -w '%{http_code} ' "http://127.0.0.1:$PORT/health/$what"; done)" "503 200 "
wait "$CLIENT"
is "what runs is finished" "$(jq -r .status "$WORK/answer")" completed
wait "$GATE"
is "and then it ends" "$?" 0
begin_gate --config "$WORK/home/conf"
await 10 curl -sf "http://127.0.0.1:$PORT/health"
sleeps 30
kill -TERM "$GATE"
await 20 grep -q stopping "$WORK/gate.log"
kill -TERM "$GATE"
wait "$GATE"
is "a second TERM ends it at once" "$?" 0
wait "$CLIENT"
is "and who waits is told" "$(jq -r .status "$WORK/answer")" cancelled
is "nothing is left of any program" "$(ls "$STATE/programs" "$STATE/matches")" "$(printf '%s:\n\n%s:' "$STATE/matches" "$STATE/programs")"

# By a Unix socket, and by one that a service manager opened.
begin_gate --listen "unix:$WORK/home/gate.sock" --state "$STATE" --store "$WORK/home/store"
ok "a Unix socket needs no token" await 10 curl -sf --unix-socket "$WORK/home/gate.sock" http://gate/health
is "and is closed to others" "$(stat -c %a "$WORK/home/gate.sock")" 660
kill -KILL "$GATE"
wait "$GATE" 2>/dev/null
begin_gate --listen "unix:$WORK/home/gate.sock" --state "$STATE" --store "$WORK/home/store"
ok "one that a killed gate left is in nobody's way" await 10 curl -sf --unix-socket "$WORK/home/gate.sock" http://gate/health
kill -TERM "$GATE"
wait "$GATE"
cat >"$WORK/manager.py" <<'P'
import os, socket, sys, time
if sys.argv[1].isdigit():
    listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
else:
    listener = socket.create_server(sys.argv[1], family=socket.AF_UNIX)
    os.chmod(sys.argv[1], 0o666)
notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
notify.bind(sys.argv[2])
os.chmod(sys.argv[2], 0o777)
pid = os.fork()
if pid == 0:
    os.dup2(listener.fileno(), 3)
    os.set_inheritable(3, True)
    os.setgroups([int(sys.argv[3])])
    os.setgid(int(sys.argv[4]))
    os.setuid(int(sys.argv[4]))
    os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()), NOTIFY_SOCKET=sys.argv[2], WATCHDOG_USEC="400000")
    os.execv(sys.argv[5], sys.argv[5:])
listener.close()
for _ in range(3):
    print(notify.recv(100).decode(), flush=True)
while not os.path.exists(sys.argv[2] + ".seen"):
    try:
        notify.recv(100, socket.MSG_DONTWAIT)	# it waits for us where nobody hears it
    except BlockingIOError:
        time.sleep(0.05)
os.kill(pid, 15)
print(os.waitpid(pid, 0)[1], flush=True)
P
managed() { # port or path, words: the manager's pid is in $MANAGER
	managed_at=$1
	shift
	rm -f "$WORK/home/notify" "$WORK/home/notify.seen"
	timeout 60 /usr/bin/python3 "$WORK/manager.py" "$managed_at" "$WORK/home/notify" "$GROUP_ID" "$TEST_UID" "$SBINDIR/match-gate" --state "$STATE" --store "$WORK/home/store" "$@" >"$WORK/told" 2>"$WORK/gate.log" &
	MANAGER=$!
}
PORT=$(free_port)
managed "$PORT" --listen "unix:$WORK/home/another.sock"
ok "a socket that a service manager opened is used" await 10 curl -sf "http://127.0.0.1:$PORT/health"
is "without tokens, a page that made its own name lead here is refused" \
	"$(for host in evil.example 127.evil.example 127.0.0.1.evil.example '[::1].evil.example'; do
		curl -s -o /dev/null -w '%{http_code} ' -H "Host: $host:$PORT" "http://127.0.0.1:$PORT/health"; done)" "403 403 403 403 "
is "but not this machine's names" "$(for host in localhost 127.0.0.1 '[::1]'; do
	curl -g -s -o /dev/null -w '%{http_code} ' -H "Host: $host:$PORT" "http://127.0.0.1:$PORT/health"; done)" "200 200 200 "
: >"$WORK/home/notify.seen"
wait "$MANAGER"
is "which hears when it is ready, and that it lives" "$(tr '\n' ' ' <"$WORK/told")" "READY=1 WATCHDOG=1 WATCHDOG=1 0 "
managed "$WORK/managed.sock"
ok "nobody is refused by his name for the gate where a file's mode says who may" \
	await 10 curl -sf --unix-socket "$WORK/managed.sock" http://any.example/health
: >"$WORK/home/notify.seen"
wait "$MANAGER"
clean "the gate"
done_testing
