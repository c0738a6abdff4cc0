#!/bin/sh
# Claim: each language policy runs what its language's bots do, measured on the runtimes that Debian ships, and no call
# that they use is refused behind their back.
. "$(dirname "$0")/lib/tap.sh"
needs_jail
install -d -m 755 "$WORK/bot"
cp "$TOP"/tests/programs/* "$WORK/bot"
echo data >"$WORK/bot/input"
gcc -O1 -o "$WORK/bot/dynamic" "$TOP/tests/programs/heavy.c" -lpthread
gcc -O1 -static -o "$WORK/bot/static" "$TOP/tests/programs/heavy.c" -lpthread
chmod -R a+rX "$WORK/bot"
HOST=$(inventory)
run() { jail -p "$1" -d bot="$WORK/bot" -- "$2" $3; }

for policy in python agent aiclub game; do
	run $policy python3 "heavy.py subprocess"
	is "$policy: heavy.py ends well" "$RC $ERR" "0 "
	like "$policy: with numpy" "$OUT" '^numpy \(300, 300\) \(300,\)$'
	like "$policy: with subprocesses" "$OUT" '^subprocess sub$'
	like "$policy: with multiprocessing" "$OUT" '^multiprocessing \[1, 2\]$'
done
run noshell python3 heavy.py
is "noshell: heavy.py without subprocesses ends well" "$RC $ERR" "0 "
jail -p noshell -- python3 -c 'import os; print(sorted(os.listdir("/usr/bin")), os.path.exists("/bin"), os.path.exists("/usr/sbin"))'
is "noshell: there is no other program" "$OUT" "['python3'] False False"
jail -p oceanmaster -- python3 -c 'import threading; t=threading.Thread(target=print, args=("thread",)); t.start(); t.join()'
is "oceanmaster: python with threads in 100M" "$RC $OUT" "0 thread"
jail -p arena -d bot="$WORK/bot" -- python3 -c 'import numpy; print(numpy.ones((99, 99)).sum())'
is "arena: numpy in one process" "$RC $OUT" "0 9801.0"

for policy in node agent aiclub; do
	run $policy node heavy.js
	is "$policy: heavy.js ends well" "$RC $ERR" "0 "
	like "$policy: with workers" "$OUT" '^workers 499999500000$'
	like "$policy: and children" "$OUT" '^child hi$'
done

for policy in c agent game; do
	for kind in dynamic static; do
		RC=0
		OUT=$(echo 'a line' | as_user "$JAIL" -p $policy -d bot="$WORK/bot" -- ./$kind 2>&1) || RC=$?
		is "$policy: a $kind program with threads" "$RC $OUT" "0 threads 1, cpus 1, a line
file read"
	done
done
jail -p arena -d bot="$WORK/bot" -- ./static </dev/null
is "arena: no threads" "$RC $(status reason)" "1 exited"

jail -p shell -- sh -c 'printf "b\na\n" | sort | tr a-z A-Z | head -1; seq 1 10 | awk "{s+=\$1} END {print s}"; mkdir /tmp/d && cp /etc/passwd /tmp/d && ls -l /tmp/d >/dev/null && sed s/bot/x/ /tmp/d/passwd | cut -d: -f1; date +%Y | wc -c; find /etc -name passwd; tar cf /tmp/t.tar -C /tmp d && tar tf /tmp/t.tar | wc -l; printf x | sha256sum | cut -c1-6; echo "{\"a\":[1,2]}" | jq .a[1]; timeout 1 true; expr 6 \* 7; df /tmp >/dev/null && echo df; stat -c %a /tmp'
is "shell: coreutils and jq" "$RC $(printf '%s' "$OUT" | tr '\n' ' ')$ERR" "0 A 55 x 5 /etc/passwd 2 2d7116 2 42 df 1777"

java=$(ls -d /usr/lib/jvm/*/bin/java 2>/dev/null | head -1)
if [ -n "$java" ] && [ -x "${java%/*}/javac" ]; then
	mkdir -m 777 "$WORK/class"
	"${java%/*}/javac" -d "$WORK/class" "$TOP/tests/programs/Heavy.java"
	jail -p java -d bot="$WORK/class" -- "$java" -Xmx256m Heavy
	is "java: Heavy ends well" "$RC $OUT" "0 java 3999996000000 text 85"
	jail -p java -d bot="$WORK/class" -- java -Xmx256m Heavy
	is "java: by its name, through /etc/alternatives" "$RC" 0
else
	echo "# no java here: its policy is checked where there is one"
fi

# What the filter refused to programs that ended well, seen by strace from the program's exec on (the probe comes right
# before it). clone3 and pkey_alloc are refused to all, and sockets: names are looked up in files then.
refused() { # policy, program, arguments
	strace -f -qq -o "$WORK/trace" "$JAIL" -p "$1" -d bot="$WORK/bot" -- "$2" ${3:-} >/dev/null 2>&1 </dev/null
	sed '1,/clone3(NULL, 0)/d' "$WORK/trace" | grep -E '= -1 (EPERM|EACCES|ENOSYS)' | sed 's/^[0-9]* *//; s/^<\.\.\. //; s/[ (].*//' |
		sort -u | grep -vxE 'clone3|pkey_alloc|socket' | tr '\n' ' '
}
is "python is refused nothing that it needs" "$(refused python python3 'heavy.py subprocess')" ""
is "node is refused nothing that it needs" "$(refused node node heavy.js)" ""
is "a C program is refused nothing that it needs" "$(refused c ./dynamic)" ""
clean "runtimes"
done_testing
