#!/bin/sh
# Claim: a hostile caller gains nothing: whatever he names, passes on or inherits, root does for him only what the
# policy says, and refuses in one line that names the thing, with exit status 125.
. "$(dirname "$0")/lib/tap.sh"
needs_jail
mkdir "$WORK/home/bot"
echo 'secret' >"$WORK/secret"
chmod 600 "$WORK/secret"
mkdir -m 700 "$WORK/rootdir"
echo hidden >"$WORK/rootdir/file"
mkdir -m 755 "$WORK/rootdir/below"
echo deep >"$WORK/rootdir/below/file"
chown "$TEST_UID" "$WORK/home/bot"
HOST=$(inventory)

refused() { # name, pattern, bot-jail arguments...
	refused_name=$1 pattern=$2
	shift 2
	jail "$@"
	is "$refused_name is refused" "$RC $(status reason)" "125 refused"
	like "$refused_name is told in one line" "$ERR" "$pattern"
	is "$refused_name: it is one line" "$(printf '%s\n' "$ERR" | wc -l)" 1
}

# --- words
refused "a wrong option" 'bot-jail: -x: no such option' -p agent -x -- true
refused "an unknown limit" 'no limit is called memroy' -p agent -l memroy=1M -- true
refused "a value without unit" 'memory=512: 512 needs one of the units' -p agent -l memory=512 -- true
refused "an overflowing value" 'is too large' -p agent -l memory=99999999999T -- true
refused "an unknown policy" 'no policy is called nonsense' -p nonsense -- true
refused "a policy that is a path" 'not a policy name' -p ../../etc/passwd -- true
refused "an undeclared slot" 'policy agent has no slot nope' -p agent -d nope=/tmp -- true
refused "a missing directory" '/nowhere: No such file or directory' -p agent -d bot=/nowhere -- true
refused "a file as directory" '/etc/passwd: Not a directory' -p agent -d bot=/etc/passwd -- true
refused "no program" 'no program given' -p agent
jail -p agent -- echo -p other -l memory=9T --
is "options behind -- are the program's" "$RC $OUT" "0 -p other -l memory=9T --"
jail -p agent -- echo '$(id >/tmp/pwned)' '`id`' '; id' "$(printf 'a\nb')"
is "shell characters reach no shell" "$OUT" "$(printf '$(id >/tmp/pwned) `id` ; id a\nb')"

# --- directories
refused "a directory that the caller cannot read" 'Permission denied' -p agent -d bot="$WORK/rootdir" -- ls /bot
refused "one below a directory that he cannot search" 'Permission denied' -p agent -d bot="$WORK/rootdir/below" -- ls /bot
refused "one that he cannot write, as a writable slot" 'you may not read and write it' -p agent -d out=/usr -- true
refused "/root" 'Permission denied' -p agent -d bot=/root -- ls /bot
for place in /proc /proc/self /sys /sys/fs/cgroup/unified /dev/pts; do
	[ -d $place ] && refused "$place" 'never put in a jail|Permission denied' -p agent -d bot=$place -- ls /bot
done
refused "a slot twice" 'filled twice' -p agent -d bot=/usr -d bot=/usr -- true
as_user ln -s "$WORK/rootdir" "$WORK/home/link"
refused "a symbolic link to what he cannot read" 'Permission denied' -p agent -d bot="$WORK/home/link" -- true
jail -p agent -d bot=/ -- sh -c 'cat /bot/etc/shadow /bot/root/.bashrc 2>&1; ls /bot/proc | wc -l; cat /bot/etc/hostname >/dev/null && echo readable'
unlike "the host's root as a slot shows no byte of /etc/shadow" "$OUT" ':\*:|root:'
like "denied by the kernel" "$OUT" 'shadow: Permission denied'
like "and nothing that is mounted below" "$OUT" '^0$'
like "but what everybody may read" "$OUT" '^readable$'
(cd "$WORK/home" && jail -p agent -d bot=bot -- pwd && is "a relative directory is the caller's" "$OUT" /bot && echo "$TAP_COUNT" >"$WORK/count")
TAP_COUNT=$(cat "$WORK/count")
as_user sh -c "mkdir $WORK/home/gone && cd $WORK/home/gone && rmdir ../gone && exec $JAIL -p agent -- pwd" >"$WORK/out" 2>&1
is "a deleted working directory does not matter" "$(cat "$WORK/out")" "/"

# --- who may, and how it is started
# By way of sh: setpriv(1) itself still has capabilities when it executes its program.
setpriv --reuid="$TEST_UID" --regid="$TEST_UID" --clear-groups -- sh -c "$JAIL -p agent -- true" >"$WORK/out" 2>&1
is "without the group it cannot even be started" $? 126
cp "$JAIL" "$WORK/home/copy"
chown "$TEST_UID" "$WORK/home/copy"
chmod 755 "$WORK/home/copy"
as_user "$WORK/home/copy" -p agent -- true >"$WORK/out" 2>&1
is "a copy that is not setuid refuses" "$? $(cut -c1-60 "$WORK/out")" "125 bot-jail: this copy of bot-jail is not setuid root (capabili"
"$WORK/home/copy" -p agent -- true >"$WORK/out" 2>&1
is "for root, too" $? 125
if command -v setcap >/dev/null && install -m 755 "$JAIL" "$WORK/capped" && setcap cap_sys_admin,cap_setuid=ep "$WORK/capped" 2>/dev/null; then
	as_user "$WORK/capped" -p agent -- true >"$WORK/out" 2>&1
	is "a copy with file capabilities refuses" $? 125
else
	skip "a copy with file capabilities refuses" "no setcap"
fi
install -o root -g bot-jail -m 4757 "$JAIL" "$WORK/loose"
as_user "$WORK/loose" -p agent -- true >"$WORK/out" 2>&1
like "a copy that others can change refuses" "$? $(cat "$WORK/out")" '^125 .*can be changed by others'
setpriv --reuid="$TEST_UID" --regid="$TEST_UID" --groups="$GROUP_ID" --no-new-privs -- "$JAIL" -p agent -- true >"$WORK/out" 2>&1
like "no_new_privs is refused and named" "$? $(cat "$WORK/out")" '^125 .*no_new_privs'
as_user unshare -Ur "$JAIL" -p agent -- true >"$WORK/out" 2>&1
like "a user namespace is refused" "$? $(cat "$WORK/out")" '^125 '
jail -p agent -- sh -c 'ls /usr/local/bin/bot-jail; /usr/local/bin/bot-jail -p agent -- true; echo $?'
like "inside its own jail it cannot be started" "$OUT" '12[56]$'
as_user "$TOP/build/tests/argv0" "$JAIL" >"$WORK/out" 2>&1
# Linux 5.18 and later give such a program an empty name.
like "no argument at all, not even a name" "$? $(cat "$WORK/out")" '^125 bot-jail: (started without arguments|no policy)'

# --- what he leaves behind for us
as_user env LD_PRELOAD=/tmp/x.so LD_LIBRARY_PATH=/tmp GCONV_PATH=/tmp GLIBC_TUNABLES=glibc.malloc.check=3 LOCPATH=/tmp \
	TMPDIR=/nowhere MALLOC_CHECK_=3 PATH=/nowhere "$JAIL" -p agent -- env >"$WORK/out" 2>&1
is "a hostile environment goes nowhere" "$(sort "$WORK/out" | tr '\n' ' ')" \
	"HOME=/tmp LANG=C.UTF-8 PATH=/usr/bin:/bin PYTHONDONTWRITEBYTECODE=1 "
as_user sh -c "umask 0; exec $JAIL -p agent -- sh -c 'umask; touch /tmp/x; stat -c %a /tmp/x'" >"$WORK/out" 2>&1
is "a hostile umask is replaced" "$(tr '\n' ' ' <"$WORK/out")" "0022 644 "
is "and nothing of ours is writable by others" "$(find /run/bot-jail /var/lib/bot-jail -perm /022 ! -type l)" ""
as_user sh -c "umask 077; exec $JAIL -s 4 -p agent -- python3 -c '$(hog 700)' 4>&1" >"$WORK/out" 2>/dev/null
is "with umask 077 the evidence is the same" "$(jq -r '[.reason, .memory_peak != null, .cpu_us > 0] | join(" ")' "$WORK/out")" "memory true true"
"$SBINDIR/bot-jail-setup" --gc >/dev/null
for few in 3 4 5 6 7 8 9 10 12; do
	as_user sh -c "ulimit -Sn $few; exec $JAIL -p agent -- true" >/dev/null 2>&1
done
is "a caller with few descriptors has his ceilings all the same" \
	"$(jail -p agent -- true; echo "$RC" && cat /run/bot-jail/cgroup/unified/u$TEST_UID/cgroup.max.descendants)" \
	"0
$(cat /run/bot-jail/caller/unified:cgroup.max.descendants)"
mkfifo "$WORK/fifo" && chmod 666 "$WORK/fifo"
as_user sh -c "exec 5<>$WORK/fifo; head -c 65536 /dev/zero >&5; for i in 1 2 3; do $JAIL -n -p agent -- true >&5 & done; wait" &
waiting=$!
sleep 1
ok "who does not read what we print holds no uid" await 30 sh -c '! grep -q OFDLCK /proc/locks'
head -c 300000 "$WORK/fifo" >/dev/null &
reading=$!
wait $waiting
kill $reading 2>/dev/null
for stream in 0 1 2; do
	is "a directory as standard stream $stream is refused" \
		"$(as_user sh -c "exec 4>&1; $JAIL -s 4 -p agent -- true $stream</tmp" 2>/dev/null | jq -r .message)" \
		"standard input, output or error is a directory: give a file, a pipe or /dev/null"
done
(renice -n -5 -p "$(sh -c 'echo $PPID')" >/dev/null && as_user "$JAIL" -p agent -- nice) >"$WORK/out" 2>&1
is "an advantage in priority is lost" "$(cat "$WORK/out")" 0
(echo -500 >/proc/self/oom_score_adj && exec setpriv --reuid="$TEST_UID" --regid="$TEST_UID" --groups="$GROUP_ID" \
	"$JAIL" -p agent -- cat /proc/self/oom_score_adj) >"$WORK/out" 2>/dev/null
shield=$?
if [ $shield != 0 ] && ! sh -c 'echo -500 >/proc/self/oom_score_adj' 2>/dev/null; then
	comment "root may not shield a process from the memory killer here: tried in the virtual machine"
else
	is "and so is a shield from the memory killer" "$shield $(cat "$WORK/out")" "0 0"
fi
as_user sh -c "exec $JAIL -p agent -- ls /proc/self/fd 0<&- 2<&-" >"$WORK/out" 2>/dev/null
is "closed standard descriptors are filled" "$(tr '\n' ' ' <"$WORK/out")" "0 1 2 3 "
as_user sh -c "exec $JAIL -p agent -s 1 -- true 1>&-" >"$WORK/out" 2>&1
is "-s of a closed descriptor does no harm" $? 0
jail -p agent -c 0 -- true </dev/null
like "-c of something else than a socket is refused" "$RC $ERR" '^125 .*-c 0: not a Unix socket'
as_user "$JAIL" -p agent -s 99 -- true >"$WORK/out" 2>&1
like "-s of a descriptor that is not open is refused" "$? $(cat "$WORK/out")" '^125 .*-s 99: Bad file descriptor'
as_user sh -c "ulimit -n 8; exec $JAIL -p agent -- true" >"$WORK/out" 2>&1
like "too few descriptors: refused, not half done" "$? $(cat "$WORK/out")" '^125 '
as_user sh -c "ulimit -f 0; exec $JAIL -p agent -- sh -c 'echo x >/tmp/x; echo alive'" >/dev/null 2>"$WORK/out"
like "a file size of 0 does not kill the helper half-way" "$?" '^(0|125|1|2|153)$'
as_user sh -c "ulimit -t 1; exec $JAIL -p agent -s 3 -- sh -c 'while :; do :; done' 3>$WORK/home/status" >/dev/null 2>&1
like "an inherited CPU time is met, by us or by the kernel" "$? $(jq -r .reason "$WORK/home/status")" '^(124 cpu|137 signaled)$'
for signal in 1 2 3 13 15 17 25 31; do
	as_user "$TOP/build/tests/ignoring" $signal "$JAIL" -p agent -- grep SigIgn /proc/self/status >"$WORK/out" 2>&1
	is "signal $signal, ignored by the caller, is not by the program" "$(cut -f2 "$WORK/out")" 0000000000000000
done
as_user "$TOP/build/tests/spawning" "$JAIL" -p agent -- grep -E 'Sig(Ign|Blk)' /proc/self/status >"$WORK/out" 2>&1
is "nor what posix_spawn leaves ignored" "$(cut -f2 "$WORK/out" | sort -u)" 0000000000000000

# --- records and sources
stale() { # name, pattern: runs and wants a refusal
	jail -p agent -- true
	like "$1 is refused" "$RC $(status reason) $ERR" "^125 refused .*$2"
}
record=/var/lib/bot-jail/agent.record source=/usr/local/share/bot-jail/policies/agent.policy
cp -a $record "$WORK/record"
cp -a $source "$WORK/source"
echo '# changed' >>$source
stale "a record whose source has changed" "agent.policy has changed since it was compiled; run: bot-policy compile"
cp -a "$WORK/source" $source
mv $source $source.away
stale "a record whose source is gone" "has changed"
mv $source.away $source
mkdir -p /etc/bot-jail/policies
echo 'include base' >/etc/bot-jail/policies/agent.policy
stale "a record that another source overrides now" "has changed"
rm /etc/bot-jail/policies/agent.policy
chmod 664 $record
stale "a record that its group can write" "can be changed by others than root"
chmod 644 $record
chown "$TEST_UID" $record
stale "a record of somebody else's" "can be changed by others than root"
chown root $record
printf 'X' | dd of=$record bs=1 seek=200 conv=notrunc 2>/dev/null
stale "a damaged record" "damaged"
head -c 1000 "$WORK/record" >$record
stale "a cut record" "damaged|cannot be read whole|not a compiled"
: >$record
stale "an empty record" "not a compiled policy|cannot be read"
rm $record
ln -s "$WORK/record" $record
stale "a record that is a link" "Symbolic link"
rm $record
cp -a "$WORK/record" $record
chmod 777 /var/lib/bot-jail
stale "a folder that others can write" "chmod go-w /var/lib/bot-jail"
chmod 755 /var/lib/bot-jail
jail -p agent -- true
is "and then all is well again" "$RC" 0
cp -a $record /var/lib/bot-jail/other.record
jail -p other -- true
is "a record under another name is refused" "$RC" 125
rm /var/lib/bot-jail/other.record
chmod 700 "$WORK/home/bot"
jail -p agent -d bot="$WORK/home/bot" -- true
clean "refusals"
done_testing
