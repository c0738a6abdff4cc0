#!/bin/sh
# Claim: match-worker takes jobs from a folder, from Redis and from RabbitMQ, in the forms that people have, and publishes one
# result of each, whoever is killed in between; what cannot be done is put aside with the reason.
. "$(dirname "$0")/lib/tap.sh"
. "$(dirname "$0")/lib/brokers.sh"
needs_match_run
[ -x "$SBINDIR/match-worker" ] || skip_all "match-worker is not installed: make install"
trap 'stop_brokers; rm -rf "$WORK"' EXIT
trap 'exit 130' INT TERM HUP
HOST=$(inventory)
short_match
STATE=$WORK/home/worker
as_user mkdir "$STATE"

# match-worker with this test's settings and the queue in $QUEUE, as the ordinary user in the group.
options() { printf '%s\n' --state "$STATE" --store "$WORK/home/store" --roots "$WORK/short" --queue "$QUEUE" --lease 3 --name tester; }
worker() { (cd "$WORK/home" && as_user "$SBINDIR/match-worker" $(options) "$@"); }
submit() { # job text
	printf '%s' "$1" >"$WORK/job.json"
	chmod 644 "$WORK/job.json"
	(cd "$WORK/home" && as_user "$SBINDIR/match-worker" submit $(options) "$WORK/job.json" 2>&1)
}
begin_worker() { # words: its pid is in $WORKER, what it says in $WORK/worker.log
	(cd "$WORK/home" && exec setpriv --reuid="$TEST_UID" --regid="$TEST_UID" --groups="$GROUP_ID" -- "$SBINDIR/match-worker" $(options) "$@") \
		>>"$WORK/worker.log" 2>&1 </dev/null &
	WORKER=$!
}
short() { # id, milliseconds a bot takes, percent of seeds at which the game dies: a job with a match file of its own
	jq -nc --arg id "$1" --arg short "$WORK/short" --arg ms "${2:-0}" --arg dies "${3:-0}" '{ type: "match", id: $id, match: {
		game: { dir: "\($short)/game", command: ["./game", $dies], policy: "c", turns: "one" },
		bots: [range(2) | { name: "b\(.)", dir: "\($short)/bot", command: ["./bot", $ms], policy: "c" }],
		clock: { turn_ms: 30000 }, seed: 7 } }'
}
CODE=$(cat "$TOP/examples/bots/random/bot.py")
duel() { jq -nc --arg id "$1" --arg code "$CODE" --arg other "${2:-$CODE}" '{ id: $id, p1: "ann", p2: "ben", p1_code: $code, p2_code: $other }'; }

# --- what all queues have in common; each gives put KIND JOB, results, dead, state ID
common() { # name
	id=$1
	put matches "$(duel "$id-duel")"
	put builds "$(jq -nc --arg id "$id" --arg code "$CODE" '{ type: "build", job_id: "\($id)-build", agent_id: "\($id)-agent", owner: "ann", language: "python", code: $code }')"
	worker --once >"$WORK/log" 2>&1
	RESULT=$(results | jq -c "select(.id == \"$id-duel\")")
	is "$1: a duel with its code in it is played" "$(printf '%s' "$RESULT" | jq -r .status)" completed
	like "$1: its result names the winner" "$(printf '%s' "$RESULT" | jq -r '.winner, .players[0].id, .players[1].rank' | tr '\n' ' ')" '^(ann ann 2|ben ann 1) '
	is "$1: and has match-run's whole result" "$(printf '%s' "$RESULT" | jq -r '.result.v')" 2
	RESULT=$(results | jq -c "select(.id == \"$id-build\")")
	is "$1: a build is built" "$(printf '%s' "$RESULT" | jq -r '.kind, .status, .agent_id' | tr '\n' ' ')" "build completed $id-agent "
	is "$1: its state is published" "$(state "$id-duel" | jq -r .status)" completed

	put matches "$(jq -nc --arg id "$id" '{ type: "match", match_id: "\($id)-club", job_id: "77", config: { turn_time_limit: 2.5, game: "tron", seed: 3 }, agent_ids: ["\($id)-agent", "\($id)-agent"] }')"
	put matches "$(duel "$id-syntax" 'def f(:')"
	put matches "$(jq -nc --arg id "$id" '{ type: "match", match_id: "\($id)-nobody", agent_ids: ["nobody-1", "\($id)-agent"] }')"
	put matches "$(jq -nc --arg id "$id" '{ type: "match", match_id: "\($id)-url", bots: [{ name: "a", url: "http://127.0.0.1/x.zip" }, "\($id)-agent"] }')"
	put matches "$(jq -nc --arg id "$id" '{ type: "match", match_id: "\($id)-path", bots: [{ name: "a", path: "/etc/passwd" }, "\($id)-agent"] }')"
	put matches "$(jq -nc --arg id "$id" '{ type: "match", id: "\($id)-roots", match: { game: "/etc", bots: ["/etc", "/root"] } }')"
	put matches "$(jq -nc --arg id "$id" '{ type: "match", id: "\($id)-long", bots: ["a", "b"], clock: { turn_ms: 1e9 } }')"
	put matches "$(jq -nc --arg id "$id" '{ type: "match", id: "\($id)-stray", bots: ["a", "b"], reply_to: "queue:matches" }')"
	put matches '{ "type": "match", "match_id": "../../etc", "agent_ids": ["x"] }'
	put matches '{ "type": "match" }'
	put matches 'no JSON at all'
	put matches "$(short "$id-short")"
	put matches "$(short "$id-short")"
	put matches "$(short "$id-dies" 0 100)"
	[ "$1" != spool ] || sleep 6	# young files that are no JSON may be half written
	worker --once >"$WORK/log" 2>&1
	of() { results | jq -r "select(.id == \"$id-$1\") | $2"; }
	is "$1: the club's form is played, by the agents of the store" "$(of club '[.status, .match_id, .job_id, .players[1].id] | join(" ")')" "completed $id-club 77 $id-agent"
	is "$1: with its clock and its game" "$(of club '[.result.game.name, .result.seed] | join(" ")')" "tron 3"
	like "$1: code that cannot be compiled loses" "$(of syntax '[.status, .winner, .players[1].fault, .why] | join(" ")')" '^client_error ann build ben: the syntax check failed'
	like "$1: so does an agent that is not there" "$(of nobody '[.status, .winner, .why] | join(" ")')" "^client_error $id-agent nobody-1: there is no bot nobody-1"
	like "$1: no URL is fetched" "$(of url '[.status, .why] | join(" ")')" '^client_error a: this site fetches no URLs'
	like "$1: no path of the host is read" "$(of path '[.status, .why] | join(" ")')" '^client_error a: path is in none of the folders'
	like "$1: nor one of a match file" "$(of roots '[.status, .why] | join(" ")')" '^client_error .*none of the folders'
	like "$1: a clock beyond the bounds is refused" "$(of long '[.status, .why] | join(" ")')" '^client_error turn_ms must be more than 0 and at most 60000'
	like "$1: what says a wrong place for its result has it where all are" "$(of stray '[.status, .why] | join(" ")')" '^client_error reply_to must begin with'
	is "$1: the same job twice has one result" "$(results | jq -r "select(.id == \"$id-short\") | .status")" completed
	like "$1: what fails by our fault fails twice" "$(of dies '[.status, .attempts] | join(" ")')" '^failed 2'
	DEAD=$(dead)
	is "$1: and is put aside with the reason, as what has no id" "$(printf '%s\n' "$DEAD" | jq -r .why | cut -c1-14 | sort | tr '\n' '~')" \
		"$(printf '%s\n' 'a job needs an' 'it is no JSON ' 'match_id must ' 'the game exite' | sort | tr '\n' '~')"
	is "$1: the log has one line a job" "$(grep -c "$id-" "$WORK/log")" 12
}

# --- a folder
QUEUE=spool:$WORK/home/spool
put() { submit "$2" >/dev/null || printf '%s' "$2" | as_user tee "$WORK/home/spool/new/odd-$(date +%s%N).json" >/dev/null; }
results() { cat "$WORK"/home/spool/results/*.json; }
dead() { cat "$WORK"/home/spool/dead/*.why; }
state() { cat "$WORK/home/spool/states/$1.json"; }
common spool
like "spool: a picture is shown" "$(cat "$WORK/home/spool/states/spool-duel.frame")" '"event":"(frame|end)"'
is "spool: nothing is left in hand" "$(ls "$WORK/home/spool/running" "$WORK/home/spool/new")" "$(printf '%s:\n\n%s:' "$WORK/home/spool/new" "$WORK/home/spool/running")"
is "spool: a match's folder is kept" "$(ls "$STATE/results/spool-short" | tr '\n' ' ')" "b0.err b1.err game.err match.log replay.jsonl result.json "
like "spool: submit says what is wrong" "$(submit '{"type":"match","id":"x","bost":[]}')" "unknown key 'bost'; did you mean 'bots'"

# --- fetching, when a program is there for it
printf '#!/bin/sh\n[ "$1" = http://example.test/a.py.zip ] || exit 1\ncat "%s"\n' "$WORK/bot.zip" >"$WORK/fetch"
(mkdir "$WORK/zip" && cp "$TOP/examples/bots/random/bot.py" "$WORK/zip/agent.py" && cd "$WORK/zip" && zip -q "$WORK/bot.zip" agent.py)
chmod 755 "$WORK/fetch"
chmod 644 "$WORK/bot.zip"
put matches "$(jq -nc '{ type: "match", id: "fetched", bots: [{ name: "a", url: "http://example.test/a.py.zip" }, "spool-agent"] }')"
put matches "$(jq -nc --arg zip "$(base64 "$WORK/bot.zip")" '{ type: "match", id: "base64", files: true, bots: [{ name: "a", archive: $zip }, { name: "b", agent: "spool-agent" }] }')"
worker --once --fetch "$WORK/fetch" >"$WORK/log" 2>&1
is "a site's own program fetches URLs" "$(results | jq -r 'select(.id == "fetched") | .status')" completed
is "an archive may be in the job" "$(results | jq -r 'select(.id == "base64") | .status')" completed
is "a result brings its files if they are wanted" "$(results | jq -r 'select(.id == "base64") | .files | keys | join(" ")')" "a.err b.err connect4.err match.log replay.jsonl result.json"

# --- names as long as a folder takes, with what attempts add
short long-name >"$WORK/job.json"
as_user cp "$WORK/job.json" "$WORK/home/spool/new/$(printf '%239s' '' | tr ' ' n)~1"
worker --once >"$WORK/log" 2>&1
is "a job with the longest name is tried again, too" "$(results | jq -r 'select(.id == "long-name") | .status')" completed

# --- a full disk
mkdir "$WORK/home/small"
mount -t tmpfs -o size=1M,mode=777 none "$WORK/home/small"
trap 'umount "$WORK/home/small"; stop_brokers; rm -rf "$WORK"' EXIT
QUEUE=spool:$WORK/home/small/spool
worker --once >"$WORK/log" 2>&1	# makes the folders
short full 2000 >"$WORK/job.json"
as_user cp "$WORK/job.json" "$WORK/home/small/spool/new/full.json"
begin_worker
await 30 grep -q running "$WORK/home/small/spool/states/full.json"
cat /dev/zero >"$WORK/home/small/fill" 2>/dev/null
ok "a full disk: the worker says so" await 60 grep -q 'full.json: No space left' "$WORK/worker.log"
sleep 3		# a second beat, which would put the job back if it were nobody's
rm "$WORK/home/small/fill"
ok "a full disk: and publishes the result when it can" await 30 test -s "$WORK/home/small/spool/results/full.json"
is "a full disk: of the first attempt" "$(jq -r '[.status, .attempts] | join(" ")' "$WORK/home/small/spool/results/full.json")" "completed 1"
kill -TERM "$WORKER"
wait "$WORKER"
umount "$WORK/home/small"
QUEUE=spool:$WORK/home/spool
trap 'stop_brokers; rm -rf "$WORK"' EXIT

# --- signals
begin_worker
put matches "$(short drained 1500)"
ok "a worker that waits hears of a new job" await 20 grep -q running "$WORK/home/spool/states/drained.json"
kill -TERM "$WORKER"
wait "$WORKER"
is "TERM lets it finish what is in hand" "$? $(results | jq -r 'select(.id == "drained") | .status')" "0 completed"
begin_worker
put matches "$(short returned 60000)"
await 20 grep -q running "$WORK/home/spool/states/returned.json"
kill -TERM "$WORKER"
await 20 grep -qe "-$WORKER-.*: stopping" "$WORK/worker.log"
kill -TERM "$WORKER"
wait "$WORKER"
is "a second one puts it back" "$? $(ls "$WORK/home/spool/new" | grep -c returned)" "0 1"
rm -f "$WORK"/home/spool/new/*
begin_worker
put matches "$(short orphan 1000)"
await 20 grep -q running "$WORK/home/spool/states/orphan.json"
kill -KILL "$WORKER"
wait "$WORKER" 2>/dev/null
await 30 sh -c "! ps -e -o stat=,args= | grep -v '^Z' | grep -q '[m]atch-perform\|[m]atch-run -q'"
is "killed, it leaves no program behind" "$(ps -e -o stat=,args= | grep -v '^Z' | grep '[m]atch-perform\|[m]atch-run -q')" ""
begin_worker
ok "and the next one plays what it left" await 30 test -s "$WORK/home/spool/results/orphan.json"
kill -TERM "$WORKER"
wait "$WORKER"

# --- while its package is upgraded, bot-jail has no setuid bit
mode=$(stat -c %a "$JAIL")
trap 'chmod "$mode" "$JAIL"; stop_brokers; rm -rf "$WORK"' EXIT
begin_worker
await 20 grep -qe "-$WORKER-.*: ready" "$WORK/worker.log"
chmod 755 "$JAIL"
await 20 grep -qe "-$WORKER-.*cannot be used: jobs wait" "$WORK/worker.log"
put matches "$(short patient)"
sleep 1
is "no jail: jobs wait" "$(results | jq -r 'select(.id == "patient") | .status')" ""
worker --once >"$WORK/log" 2>&1
is "no jail: --once says so" "$?" 75
chmod "$mode" "$JAIL"
ok "no jail: and are played when there are jails again" await 20 grep -q '"status":"completed"' "$WORK/home/spool/results/patient.json"
kill -TERM "$WORKER"
wait "$WORKER"
trap 'stop_brokers; rm -rf "$WORK"' EXIT

# --- results that cannot be written for a while
begin_worker --jobs 2
put matches "$(short trouble-long 3000)"
put matches "$(short trouble-short 800)"
await 20 grep -q running "$WORK/home/spool/states/trouble-short.json"
chmod 500 "$WORK/home/spool/results"
await 20 grep -q 'trouble-short.*Permission denied' "$WORK/worker.log"
put matches "$(short trouble-next 1500)"
sleep 4
chmod 700 "$WORK/home/spool/results"
ok "trouble: no job is lost with another's end" await 60 sh -c "[ \$(grep -l completed $WORK/home/spool/results/trouble-*.json | wc -l) = 3 ]"
kill -TERM "$WORKER"
wait "$WORKER"
is "trouble: nothing is left in hand" "$(ls "$WORK/home/spool/new" "$WORK/home/spool/running" | grep trouble)" ""

# --- what strangers send
/usr/bin/python3 -c 'print("{\"id\":\"values\",\"bots\":[" + "{}," * 1000000 + "{}]}")' | as_user tee "$WORK/home/spool/new/values.json" >/dev/null
worker --once >"$WORK/log" 2>&1
like "a job of a million values is put aside" "$(cat "$WORK/log")" 'put aside: it has more than 100000 values'
ok "with its beginning only" [ "$(wc -c <"$WORK/home/spool/dead/values.json.why")" -lt 200000 ]
put matches "$(jq -nc --arg code "import sys
sys.stderr.write('\x01' * 1600000)
$CODE" --arg plain "$CODE" '{ type: "match", id: "noisy", files: true, bots: [{ name: "a", code: $code }, { name: "b", code: $plain }] }')"
worker --once >"$WORK/log" 2>&1
is "what a bot prints takes no place from the result" "$(results | jq -r 'select(.id == "noisy") | .files | has("result.json") and has("replay.jsonl")')" true

# --- a web application
cat >"$WORK/backend.py" <<'P'
import http.server, sys
count = 0
class Handler(http.server.BaseHTTPRequestHandler):
    def do_PATCH(self):
        global count
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        count += 1
        with open(sys.argv[2], "a") as file:
            file.write("%s %s %s\n" % (self.path, self.headers.get("Authorization"), body))
        self.send_response(503 if count == 1 else 200)
        self.end_headers()
    def log_message(self, *words):
        pass
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
P
BACKEND_PORT=$(free_port)
/usr/bin/python3 "$WORK/backend.py" "$BACKEND_PORT" "$WORK/patches" &
BACKEND=$!
echo sesame >"$WORK/token"
chmod 644 "$WORK/token"
await 10 /usr/bin/python3 -c "import socket; socket.create_connection(('127.0.0.1', $BACKEND_PORT))"
put matches "$(duel patched)"
(export BACKEND_URL=http://127.0.0.1:$BACKEND_PORT/api; worker --once --backend-token "$WORK/token" >"$WORK/log" 2>&1)
is "a backend hears of the states by PATCH, in order, and again when it was troubled" \
	"$(sed 's/^\([^ ]*\) \(.*\) {.*"status":"\([a-z]*\)","at".*/\1 \2 \3/' "$WORK/patches" | tr '\n' '~')" \
	"/api/matches/patched Bearer sesame running~/api/matches/patched Bearer sesame running~/api/matches/patched Bearer sesame completed~"
is "with the whole result at the end" "$(tail -1 "$WORK/patches" | sed 's/^[^{]*//' | jq -r .result.result.outcome)" finished
kill "$BACKEND"
put matches "$(duel alone)"
(export BACKEND_URL=http://127.0.0.1:$BACKEND_PORT/; worker --once >"$WORK/log" 2>&1)
is "one that is away changes nothing" "$(results | jq -r 'select(.id == "alone") | .status')" completed

# --- 200 jobs, and kills without end
tally() { # name: 200 results, each once
	results | jq -r .id | grep "^$1-[0-9]*$" | sort >"$WORK/ids"
	is "$1: each of 200 jobs has a result" "$(sort -u "$WORK/ids" | wc -l)" 200
	is "$1: and exactly one" "$(uniq -d "$WORK/ids" | tr '\n' ' ')" ""
	is "$1: all of them completed" "$(results | jq -r "select(.id | test(\"^$1-[0-9]+$\")) | .status" | sort | uniq -c | tr -s ' ')" " 200 completed"
}
chaos() { # name, command that kills the broker and starts it again, or true
	for n in $(seq 200); do put matches "$(short "$1-$n" 20)"; done
	for n in $(seq 10); do
		begin_worker --attempts 100
		CHAOS_ONE=$WORKER
		begin_worker --attempts 100
		sleep "0.$((n % 4 + 4))"
		[ $((n % 5)) != 3 ] || { $2; sleep 0.3; }
		kill -KILL "$CHAOS_ONE" "$WORKER"
		wait "$CHAOS_ONE" "$WORKER" 2>/dev/null
	done
	comment "$1: $(results | jq -r .id | grep -c "^$1-[0-9]*$") results when the killing ended"
	chaos_end=$(($(date +%s) + 150))
	while [ "$(results | jq -r .id | grep "^$1-[0-9]*$" | sort -u | wc -l)" -lt 200 ] && [ "$(date +%s)" -lt "$chaos_end" ]; do
		worker --once --attempts 100 >>"$WORK/worker.log" 2>&1
	done
	tally "$1"
}
chaos spool true

# --- Redis
if command -v redis-server >/dev/null; then
	start_redis
	is "redis-server runs as an ordinary user" "$(redis ping) $(ps -o uid= "$REDIS_PID" | tr -d ' ')" "PONG $TEST_UID"
	QUEUE=$REDIS_URL
	put() { redis rpush "queue:$1" "$2" >/dev/null; }
	results() { redis lrange queue:results 0 -1; }
	dead() { redis lrange queue:dead 0 -1; }
	state() { redis get "match:$1:status"; }
	redis psubscribe 'match:redis-duel:*' >"$WORK/heard" 2>&1 &
	LISTENER=$!
	await 20 sh -c "redis-cli -p $REDIS_PORT pubsub numpat | grep -qx 1"
	common redis
	kill "$LISTENER"
	like "redis: pictures and states come by match:ID:state" "$(grep -c '"event":"frame"' "$WORK/heard") $(grep -c '"status":"running"' "$WORK/heard")" '^[1-9][0-9]* 1$'
	is "redis: the result has a key, too" "$(redis get match:redis-duel:result | jq -r .status)" completed
	is "redis: the order of states is told" "$(redis lrange queue:states 0 -1 | jq -r 'select(.id == "redis-dies") | .status' | tr '\n' ' ')" "running queued running failed "
	is "redis: nothing is left in any worker's list" "$(redis keys 'match-worker:*:matches') $(redis keys 'match-worker:*:builds') $(redis hlen match-worker:attempts)" "  0"
	(unset REDIS_URL; QUEUE=; export QUEUE; cd "$WORK/home" && REDIS_URL=redis://127.0.0.1:$REDIS_PORT as_user "$SBINDIR/match-worker" --state "$STATE" --once) >"$WORK/log" 2>&1
	like "redis: REDIS_URL alone says where" "$(cat "$WORK/log")" ': ready'

	# A turn longer than the lease: nobody else takes the job.
	put matches "$(short thinker 5000)"
	begin_worker
	CHAOS_ONE=$WORKER
	await 20 sh -c "redis-cli -p $REDIS_PORT get match:thinker:status | grep -q running"
	begin_worker
	ok "redis: a long turn is played" await 60 sh -c "redis-cli -p $REDIS_PORT exists match:thinker:result | grep -q 1"
	is "redis: and once, though it takes longer than the lease" "$(redis lrange queue:states 0 -1 | jq -r 'select(.id == "thinker") | .status' | tr '\n' ' ')" "running completed "
	# A worker that stands still for longer than its lease has lost its job, and publishes nothing when it wakes.
	kill -TERM "$WORKER" "$CHAOS_ONE"
	wait "$WORKER" "$CHAOS_ONE"
	put matches "$(short sleeper 2000)"
	begin_worker
	CHAOS_ONE=$WORKER
	await 20 sh -c "redis-cli -p $REDIS_PORT get match:sleeper:status | grep -q running"
	kill -STOP "$CHAOS_ONE"
	begin_worker
	ok "redis: the job of a worker that stands still is played by another" await 60 sh -c "redis-cli -p $REDIS_PORT exists match:sleeper:result | grep -q 1"
	kill -CONT "$CHAOS_ONE"
	sleep 3
	is "redis: and has one result" "$(results | jq -r 'select(.id == "sleeper") | .status')" completed
	kill -TERM "$WORKER" "$CHAOS_ONE"
	wait "$WORKER" "$CHAOS_ONE"
	# Taken for dead while it lives, it gets its own job once more.
	begin_worker --jobs 2
	put matches "$(short returning 3000)"
	await 20 sh -c "redis-cli -p $REDIS_PORT get match:returning:status | grep -q running"
	list=$(redis keys 'match-worker:*:matches')
	redis eval "local job = redis.call('RPOP', KEYS[1]) redis.call('LPUSH', KEYS[2], job)" 2 "$list" queue:matches >/dev/null
	ok "redis: a job that comes back to who plays it has its result" await 30 sh -c "redis-cli -p $REDIS_PORT exists match:returning:result | grep -q 1"
	put matches "$(short twice 1500)"
	put matches "$(short twice 1500)"
	await 30 sh -c "redis-cli -p $REDIS_PORT exists match:twice:result | grep -q 1"
	kill -TERM "$WORKER"
	wait "$WORKER"
	is "redis: and one, as one that was sent twice" "$(results | jq -r 'select(.id == "returning" or .id == "twice") | .id' | tr '\n' ' ')" "returning twice "
	is "redis: nothing is left of them" "$(redis keys 'match-worker:*:matches') $(redis llen queue:matches)" " 0"
	chmod 777 "$REDIS_DIR/socket"
	put matches "$(short by-socket)"
	(QUEUE=unix:$REDIS_DIR/socket; worker --once) >"$WORK/log" 2>&1
	is "redis: by its Unix socket" "$(results | jq -r 'select(.id == "by-socket") | .status')" completed
	restart_redis() { kill_redis; start_redis; }
	chaos redis restart_redis
	kill_redis
	worker --once >"$WORK/log" 2>&1
	is "redis: without it, --once says so" "$? $(grep -c 'Connection refused' "$WORK/log" | sed 's/[1-9][0-9]*/told/')" "75 told"
else
	skip "redis" "redis-server is not installed"
fi

# --- RabbitMQ
if [ -n "$RABBIT" ] && command -v amqp-publish >/dev/null; then
	start_rabbit
	like "rabbitmq-server runs as an ordinary user" "$(cat "$RABBIT_DIR/out")" 'completed with'
	QUEUE=$RABBITMQ_URL
	worker --once >"$WORK/log" 2>&1	# declares what is missing
	put() {
		if [ "$1" = builds ]; then printf '%s' "$2" | amqp-publish -u "$RABBITMQ_URL" -r match_builds -p
		else printf '%s' "$2" | amqp-publish -u "$RABBITMQ_URL" -e match_jobs -r match_jobs -p; fi
	}
	drain() { while amqp-get -u "$RABBITMQ_URL" -q "$1" >"$WORK/got" 2>/dev/null; do cat "$WORK/got"; echo; done; }
	: >"$WORK/rabbit-results"
	results() {
		drain match_results >>"$WORK/rabbit-results"
		cat "$WORK/rabbit-results"
	}
	dead() { drain match_dead; }
	state() { jq -nc '{ status: "completed" }'; }	# told by a topic exchange, and gone
	common rabbit
	put matches "$(short rabbit-thinker 5000)"
	begin_worker
	await 30 sh -c "ps -e -o args= | grep -q '[m]atch-perform'"
	kill -KILL "$WORKER"
	wait "$WORKER" 2>/dev/null
	# The broker may hear of the death later than --once waits.
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		worker --once >"$WORK/log" 2>&1
		! results | grep -q rabbit-thinker || break
	done
	is "rabbit: what a killed worker had in hand is played by the next" "$(results | jq -r 'select(.id == "rabbit-thinker") | "\(.status) \(.attempts)"')" "completed 2"
	# Who asks may take the answer by a queue that only he can look into.
	amqp-consume -u "$RABBITMQ_URL" -q match-results:own -x -c 1 cat >"$WORK/own" 2>&1 &
	OWN=$!
	await 20 sh -c "amqp-get -u '$RABBITMQ_URL' -q match-results:own 2>&1 | grep -q LOCKED"
	put matches "$(short rabbit-own | jq -c '.reply_to = "match-results:own"')"
	worker --once >"$WORK/log" 2>&1
	await 20 grep -q completed "$WORK/own"
	kill "$OWN" 2>/dev/null
	wait "$OWN" 2>/dev/null
	is "rabbit: a queue of another connection's own gets its result" "$(jq -r '[.id, .status] | join(" ")' "$WORK/own")" "rabbit-own completed"
	restart_rabbit() { kill_rabbit; start_rabbit; }
	# Meanwhile nobody reads results away: in their queue it is looked for whether there is one.
	# Sent with confirms: what amqp-publish sends may be in no file yet when the broker is killed.
	mkdir "$WORK/jobs"
	for n in $(seq 200); do short "rabbits-$n" 20 >"$WORK/jobs/$n.json"; done
	ok "rabbit: 200 jobs are sent" as_user "$SBINDIR/match-worker" submit --queue "$QUEUE" "$WORK"/jobs/*.json
	for n in $(seq 12); do
		begin_worker --attempts 100
		CHAOS_ONE=$WORKER
		begin_worker --attempts 100
		sleep "0.$((n % 4 + 4))"
		[ "$n" != 4 ] && [ "$n" != 9 ] || { restart_rabbit; sleep 1; }
		kill -KILL "$CHAOS_ONE" "$WORKER"
		wait "$CHAOS_ONE" "$WORKER" 2>/dev/null
	done
	# The broker may hear of the last deaths only now.
	rabbits_end=$(($(date +%s) + 150))
	while worker --once --attempts 100 >>"$WORK/worker.log" 2>&1; [ "$(rabbit_count match_jobs)" != 0 ] && [ "$(date +%s)" -lt "$rabbits_end" ]; do :; done
	tally rabbits
	comment "$(grep -c 'published before' "$WORK/worker.log") results were not published a second time"
else
	skip "rabbit" "rabbitmq-server and amqp-tools are not installed"
fi
stop_brokers
clean "jobs"
done_testing
