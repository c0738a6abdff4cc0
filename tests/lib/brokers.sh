# Brokers for tests: Debian's servers, started on loopback as the ordinary user, in folders that go with the test.
# start_redis, start_rabbit: sets REDIS_URL or RABBITMQ_URL. kill_redis, kill_rabbit: as a power cut would.

free_port() { /usr/bin/python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

# The program and what it started, as the leader of a session of its own: its pid is in $STARTED.
in_session() { # log, command...
	in_session_log=$1
	shift
	setsid setpriv --reuid="$TEST_UID" --regid="$TEST_UID" --clear-groups -- "$@" >"$in_session_log" 2>&1 </dev/null &
	STARTED=$!
}

start_redis() { # further words for its command line
	REDIS_DIR=$WORK/redis
	REDIS_PORT=${REDIS_PORT:-$(free_port)}
	[ -d "$REDIS_DIR" ] || install -d -o "$TEST_UID" -g "$TEST_UID" "$REDIS_DIR"
	in_session "$REDIS_DIR/out" redis-server --bind 127.0.0.1 --port "$REDIS_PORT" --dir "$REDIS_DIR" --save '' \
		--appendonly yes --appendfsync always --unixsocket "$REDIS_DIR/socket" "$@"
	REDIS_PID=$STARTED
	REDIS_URL=redis://127.0.0.1:$REDIS_PORT
	await 20 redis ping
}

redis() { redis-cli -p "$REDIS_PORT" "$@"; }

kill_redis() {
	kill -9 "$REDIS_PID" 2>/dev/null
	wait "$REDIS_PID" 2>/dev/null
}

RABBIT=$(ls -d /usr/lib/rabbitmq/lib/rabbitmq_server-*/sbin 2>/dev/null | tail -1)

# A program of RabbitMQ's with the settings of this one, for a shell: its further words are "$@".
rabbit_program() { # name
	cat <<-S
		PATH='$PATH' LANG=C.UTF-8 HOME='$RABBIT_DIR' RABBITMQ_NODENAME='jail$RABBIT_PORT@localhost' RABBITMQ_NODE_IP_ADDRESS=127.0.0.1
		RABBITMQ_NODE_PORT='$RABBIT_PORT' RABBITMQ_DIST_PORT='$RABBIT_DIST' RABBITMQ_MNESIA_BASE='$RABBIT_DIR/mnesia'
		RABBITMQ_LOG_BASE='$RABBIT_DIR/log' RABBITMQ_PID_FILE='$RABBIT_DIR/pid' RABBITMQ_ENABLED_PLUGINS_FILE='$RABBIT_DIR/plugins'
		RABBITMQ_CONFIG_FILE='$RABBIT_DIR/rabbitmq' RABBITMQ_CONF_ENV_FILE=/dev/null ERL_EPMD_PORT='$RABBIT_EPMD'
		ERL_EPMD_ADDRESS=127.0.0.1 ERL_CRASH_DUMP_SECONDS=0
		RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS='-kernel inet_dist_use_interface {127,0,0,1} +S 1:1'
		export PATH LANG HOME RABBITMQ_NODENAME RABBITMQ_NODE_IP_ADDRESS RABBITMQ_NODE_PORT RABBITMQ_DIST_PORT RABBITMQ_MNESIA_BASE
		export RABBITMQ_LOG_BASE RABBITMQ_PID_FILE RABBITMQ_ENABLED_PLUGINS_FILE RABBITMQ_CONFIG_FILE RABBITMQ_CONF_ENV_FILE
		export ERL_EPMD_PORT ERL_EPMD_ADDRESS ERL_CRASH_DUMP_SECONDS RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS
		exec '$RABBIT/$1' "\$@"
	S
}

start_rabbit() {
	RABBIT_DIR=$WORK/rabbit
	if [ ! -d "$RABBIT_DIR" ]; then
		RABBIT_PORT=$(free_port) RABBIT_DIST=$(free_port) RABBIT_EPMD=$(free_port)
		install -d -o "$TEST_UID" -g "$TEST_UID" "$RABBIT_DIR"
		echo '[].' >"$RABBIT_DIR/plugins"
		printf 'vm_memory_high_watermark.relative = 0.4\ndisk_free_limit.absolute = 1MB\n' >"$RABBIT_DIR/rabbitmq.conf"
	fi
	rm -f "$RABBIT_DIR/pid"
	in_session "$RABBIT_DIR/out" env -i "$(command -v sh)" -c "$(rabbit_program rabbitmq-server)"
	RABBIT_PID=$STARTED
	RABBITMQ_URL=amqp://guest:guest@127.0.0.1:$RABBIT_PORT
	await 90 grep -q 'completed with' "$RABBIT_DIR/out"
}

# What is in a queue, or in the hands of somebody who is not known to be gone.
rabbit_count() { # queue
	setpriv --reuid="$TEST_UID" --regid="$TEST_UID" --clear-groups -- env -i "$(command -v sh)" -c "$(rabbit_program rabbitmqctl)" sh \
		-q --no-table-headers list_queues name messages </dev/null | awk -v name="$1" '$1 == name { print $2 }'
}

# All of its session: the Erlang machine, its port programs, and epmd, which would outlive it.
kill_rabbit() {
	for rabbit_one in $(ps -e -o pid=,sid=,args= | awk -v s="$RABBIT_PID" -v e="$RABBIT_EPMD" '$2 == s || (/epmd/ && $0 ~ e) { print $1 }'); do
		kill -9 "$rabbit_one" 2>/dev/null
	done
	wait "$RABBIT_PID" 2>/dev/null
}

stop_brokers() {
	[ -z "${REDIS_PID:-}" ] || kill_redis
	[ -z "${RABBIT_PID:-}" ] || {
		kill_rabbit
		for rabbit_one in $(ps -e -o pid=,uid=,args= | awk -v u="$TEST_UID" '$2 == u && /epmd/ { print $1 }'); do kill -9 "$rabbit_one" 2>/dev/null; done
	}
}
