#!/bin/sh
# Claim: a slot shows the caller's directory as it is to the caller, even where all others are shut out; what the bot
# writes belongs to the caller; and no trick with files reaches beyond it.
. "$(dirname "$0")/lib/tap.sh"
needs_jail
# shellcheck disable=SC2016
HOME_DIR=$WORK/home
as_user sh -c "cd $HOME_DIR && mkdir -m 700 bot out && echo mine >bot/file && chmod 600 bot/file && printf '#!/bin/sh\necho ran\n' >bot/run &&
	chmod 700 bot/run && ln -s /etc/passwd bot/link && ln -s ../bot bot/loop && mkfifo bot/fifo && mkdir bot/sub"
echo foreign >"$HOME_DIR/bot/foreign"	# of root's, readable by all
echo closed >"$HOME_DIR/bot/closed"
chmod 600 "$HOME_DIR/bot/closed"
cp /usr/bin/id "$HOME_DIR/bot/setuid-id"
chmod 6755 "$HOME_DIR/bot/setuid-id"
mknod "$HOME_DIR/bot/disk" b 254 0
chmod 666 "$HOME_DIR/bot/disk"
HOST=$(inventory)

mapped=1	# does the file system under $HOME_DIR map owners?
jail -p agent -d out="$HOME_DIR/out" -- true
[ "$RC" = 0 ] || mapped=0

if [ $mapped = 1 ]; then
	jail -p agent -d bot="$HOME_DIR/bot" -- cat file
	is "a 0600 file in a 0700 directory of the caller's can be read" "$RC $OUT" "0 mine"
	jail -p agent -d bot="$HOME_DIR/bot" -- stat -c '%u %g' file .
	is "and shows as the bot's own" "$(printf '%s' "$OUT" | tr '\n' ' ')" "1000 1000 1000 1000"
	jail -p agent -d bot="$HOME_DIR/bot" -- ./run
	is "a program in it runs" "$OUT" ran
	jail -p agent -d bot="$HOME_DIR/bot" -- cat foreign closed
	is "others' files by their permission for others" "$OUT" foreign
	like "and no further" "$ERR" 'closed: Permission denied'
	jail -p agent -d bot="$HOME_DIR/bot" -- ./setuid-id -u
	is "a setuid program in it gives nothing" "$OUT" 1000
	jail -p agent -d bot="$HOME_DIR/bot" -- head -c 1 disk
	like "a device in it is dead" "$ERR" 'disk'
	is "no byte of it is read" "$OUT" ""
	jail -p agent -d bot="$HOME_DIR/bot" -- sh -c 'cat link; cat loop/file; ls -L loop'
	is "symbolic links in it are not followed" "$OUT" ""
	jail -p agent -d bot="$HOME_DIR/bot" -- sh -c 'echo x >new; rm file; chmod 777 file; touch file; mkdir d' </dev/null
	is "a read-only slot stays as it is" "$(cat "$HOME_DIR/bot/file") $(ls "$HOME_DIR/bot" | wc -l)" "mine 10"

	jail -p agent -d bot="$HOME_DIR/bot" -d out="$HOME_DIR/out" -- sh -c 'echo result >/out/result; mkdir /out/dir; echo x >/out/dir/x
		ln -s /etc/shadow /out/evil; mkfifo /out/fifo; chmod 4755 /out/result; chmod 2777 /out/dir; ls -ln /out >/out/list'
	is "the writable slot took the result" "$(cat "$HOME_DIR/out/result")" result
	is "everything in it is the caller's" "$(find "$HOME_DIR/out" ! -uid "$TEST_UID" -o ! -gid "$TEST_UID")" ""
	is "nothing in it is setuid or setgid" "$(find "$HOME_DIR/out" -perm /6000)" ""
	jail -p agent -d out="$HOME_DIR/out" -- sh -c 'cat /out/evil; echo >/out/evil'
	like "a link it made there leads nowhere, inside too" "$ERR" 'evil'
	jail -p agent -d out="$HOME_DIR/out" -- sh -c 'echo "cp /usr/bin/true /out/t && /out/t && echo ran" | sh'
	is "a writable slot is noexec unless the policy says exec" "$OUT" ""
	jail -p build -d src="$HOME_DIR/bot" -- sh -c 'cp /usr/bin/true /out/t && /out/t && echo ran; pwd'
	like "and exec where it does" "$OUT" ran
	rm -rf "$HOME_DIR/out"
	as_user mkdir -m 700 "$HOME_DIR/out"
	jail -p agent -d out="$HOME_DIR/out" -- python3 -c 'import os
os.chdir("/out")
for i in range(300): os.mkdir("d"); os.chdir("d")
print(i + 1)'
	is "a deep tree is the caller's to remove" "$OUT" 300
	as_user rm -rf "$HOME_DIR/out/d"
	is "and he can" "$(ls "$HOME_DIR/out")" ""
	jail -p agent -d out="$HOME_DIR/out" -l file-size=1M -- sh -c 'head -c 3M /dev/zero >/out/big'
	is "what it writes there is bounded by file-size" "$(stat -c %s "$HOME_DIR/out/big")" 1048576
	umask 077
	jail -p agent -d out="$HOME_DIR/out" -- sh -c 'umask 0; echo x >/out/open; chmod 666 /out/open'
	umask 022
	jail -p agent -d bot="$HOME_DIR/bot/sub/.." -d out="$HOME_DIR/out" -- cat /bot/file
	is "a path with .. is the caller's way of naming" "$OUT" mine
	mount -t tmpfs none "$HOME_DIR/bot/sub"
	echo below >"$HOME_DIR/bot/sub/file"
	jail -p agent -d bot="$HOME_DIR/bot" -- ls /bot/sub
	is "what is mounted below a slot does not show" "$OUT" ""
	umount "$HOME_DIR/bot/sub"
else
	jail -p agent -d out="$HOME_DIR/out" -- true
	like "a writable slot without mapped owners is refused with the cure" "$RC $ERR" '^125 .*slot out: its file system cannot map owners'
	jail -p agent -d bot="$HOME_DIR/bot" -- true
	like "a closed read-only slot, too" "$RC $ERR" '^125 .*slot bot: .*mode o\+rx'
	chmod 755 "$HOME_DIR/bot"
	jail -p agent -d bot="$HOME_DIR/bot" -- cat foreign closed
	is "an open one shows what everybody may read" "$OUT" foreign
fi

# Sources and names that look like something else in mountinfo, and more of it than the kernel gives at once.
mkdir -m 755 "$WORK/source" "$WORK/$(printf '%200s' ' ')"
mount -t tmpfs master:/shared:1 "$WORK/source"
chmod 755 "$WORK/source"
jail -p agent -d bot="$WORK/source" -- echo fine
is "a file system whose source is called master: does no harm" "$RC $OUT" "0 fine"
umount "$WORK/source"
long=$WORK
for _ in 1 2 3 4 5 6; do long="$long/$(printf '%200s' ' ')"; mkdir -p -m 755 "$long"; done
jail -p agent -d bot="$long" -- sh -c 'wc -c </proc/self/mountinfo'
ok "a mount list longer than a page ($OUT bytes) is proven to its end" [ "$OUT" -gt 4096 ]

# The host's mounts are shared where systemd runs: what is mounted later must not come into a running jail.
mkdir -m 755 "$WORK/shared"
mount --bind "$WORK/shared" "$WORK/shared"
mount --make-shared "$WORK/shared"
mkdir -m 755 "$WORK/shared/late"
hold 1 -p agent -d bot="$WORK/shared" -- sh -c 'cat; ls late; cat /proc/self/mountinfo' >"$WORK/late" 2>&1
mount -t tmpfs none "$WORK/shared/late"
echo x >"$WORK/shared/late/file"
release
wait $HELD
unlike "what the host mounts below a slot later does not come in" "$(cat "$WORK/late")" '^file|shared:|master:|/bot/late'
umount -R "$WORK/shared"

install -d -m 755 "$WORK/rootbot"
echo rooted >"$WORK/rootbot/file"
"$JAIL" -p agent -d bot="$WORK/rootbot" -- cat file >"$WORK/out" 2>&1
is "root may give a read-only slot" "$(cat "$WORK/out")" rooted
"$JAIL" -p agent -d out="$WORK/rootbot" -- true >"$WORK/out" 2>&1
like "but no writable one" "$? $(cat "$WORK/out")" "^125 .*root gets no writable slot"
clean "slots"
done_testing
