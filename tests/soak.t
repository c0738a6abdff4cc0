#!/bin/sh
# Claim: a thousand jails in a row, eight at a time for a while, and two hundred killed at random moments leave the
# machine as it was.
. "$(dirname "$0")/lib/tap.sh"
needs_jail
HOST=$(inventory)
memory() { awk '/^Slab|^SUnreclaim/ { sum += $2 } END { print sum }' /proc/meminfo; }
jail -p agent -- true
before=$(memory)
as_user /usr/bin/python3 - "$JAIL" >"$WORK/tap" 2>"$WORK/err" <<'P'
import os, random, signal, subprocess, sys, time
jail = sys.argv[1]
seed = int(os.environ.get("SOAK_SEED", time.time_ns() % 1000000))
print(f"# SOAK_SEED={seed}")
dice = random.Random(seed)
def claim(right, name):
    print(("ok " if right else "not ok ") + name, flush=True)
wrong = sum(subprocess.call([jail, "-p", "agent", "--", "true"]) != 0 for _ in range(1000))
claim(wrong == 0, f"1000 jails in a row: {wrong} failed")
wrong = 0
for _ in range(40):
    eight = [subprocess.Popen([jail, "-p", "agent", "--", "true"]) for _ in range(8)]
    wrong += sum(process.wait() != 0 for process in eight)
claim(wrong == 0, f"320 jails, eight at a time: {wrong} failed")
codes = {}
for _ in range(200):
    process = subprocess.Popen([jail, "-p", "agent", "--", "sleep", "60"], stderr=subprocess.DEVNULL)
    time.sleep(dice.uniform(0, 0.03))
    process.send_signal(dice.choice((signal.SIGKILL, signal.SIGKILL, signal.SIGTERM)))
    code = process.wait()
    codes[code] = codes.get(code, 0) + 1
claim(set(codes) <= {-9, -15, 143}, f"200 killed at random moments: {codes}")
claim(subprocess.call([jail, "-p", "agent", "--", "true"]) == 0, "and the next start works")
print("# end")
P
relay "$WORK/tap" "$WORK/err"
# A jail whose uid is still held when the next one starts is cleared away by the one after that.
await 30 no_processes
jail -p agent -- true
clean "after 1500 jails"
after=$(memory)
ok "the kernel's own memory has not grown by more than 64 MiB ($before to $after KiB)" [ $((after - before)) -lt 65536 ]
done_testing
