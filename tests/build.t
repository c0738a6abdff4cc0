#!/bin/sh
# Claim: match-build makes of what strangers hand in a bot that plays, or says in one line why not; hostile archives are
# refused in no time, and nothing of them was ever on the host.
. "$(dirname "$0")/lib/tap.sh"
needs_jail
[ -x "$BINDIR/match-build" ] || skip_all "match-build is not installed: make install"
HOST=$(inventory)
mkdir "$WORK/in"
/usr/bin/python3 "$TOP/tests/helpers/archives.py" "$WORK/in" || exit 1
chmod -R a+rX "$WORK/in"
STORE=$WORK/home/store
as() { (cd "$WORK/home" && HOME=$WORK/home MATCH_STORE=$STORE TMPDIR=$WORK/home as_user "$@"); }
build() { # options and an archive's name: output in $OUT, errors in $ERR, status in $RC
	RC=0
	OUT=$(as "$BINDIR/match-build" "$@" 2>"$WORK/err") || RC=$?
	ERR=$(cat "$WORK/err")
}
value() { printf '%s' "$OUT" | jq -c -r "$1"; }
files() { (cd "$1" && find . -type f | sort | tr '\n' ' '); }
entries() { ls -d "$STORE"/[0-9a-f][0-9a-f]/* 2>/dev/null | wc -l; }

# --- what people hand in
build "$WORK/in/plain.zip"
is "agent.py alone is a bot" "$RC $(files "$(printf '%s\n' "$OUT" | tail -1)")" "0 ./agent.py ./bot.json "
FIRST=$(printf '%s\n' "$OUT" | tail -1)
is "its folder is named by a digest, two levels deep" "$(printf '%s' "$FIRST" | grep -cE '/store/([0-9a-f]{2})/\1[0-9a-f]{62}/bot$')" 1
build --json --owner ann --name ann-1 "$WORK/in/plain.zip"
is "the same again is the same entry, not a new one" "$(value '[.status, .new, .dir]') $(entries)" "[\"built\",false,\"$FIRST\"] 1"
is "the manifest says what it is" "$(value '[.entry, .language, .command, .policy, .owner, .size]')" '["agent.py","python",["python3","-u","agent.py"],"python","ann",15]'
is "its digest is its place" "$(value .sha256)" "$(basename "$(dirname "$FIRST")")"
is "manifest.json is beside the bot" "$(jq -r .sha256 "$FIRST/../manifest.json")" "$(value .sha256)"
build "$WORK/in/tar.tar.gz"
is "a .tar.gz is taken, too" "$RC $(files "$(printf '%s\n' "$OUT" | tail -1)")" "0 ./agent.py ./bot.json ./lib/a.py "
build --json "$WORK/in/suffix.zip"
is "one file that ends in _agent.py is the entry" "$(value .entry)" my_agent.py
build "$WORK/in/top.zip"
is "one top folder is taken away, and what nobody wants is left out" "$(files "$(printf '%s\n' "$OUT" | tail -1)")" "./agent.py ./bot.json ./lib/a.py "
like "both are told" "$OUT" '^taken out of its folder club-bot$'
like "by name" "$OUT" '^left out: .*club-bot/.DS_Store'
build "$WORK/in/own-list.zip"
is "a list of its own replaces the default one" "$(files "$(printf '%s\n' "$OUT" | tail -1)")" "./.botignore ./.env ./agent.py ./bot.json ./data/small.bin "
build "$WORK/in/list-below.zip"
is "one that is neither at the root nor in the only folder is none" "$(files "$(printf '%s\n' "$OUT" | tail -1)")" "./agent.py ./bot.json ./vendor/.botignore ./vendor/a.py "
build --json "$WORK/in/many-ignored.zip"
is "what is left out does not count" "$(value .files)" 1
build --json "$WORK/in/npz.zip"
is "archives as data are no bombs" "$(value .files)" 2
build --language python - <"$TOP/examples/bots/random/bot.py"
is "one source file, by standard input" "$RC $(files "$(printf '%s\n' "$OUT" | tail -1)")" "0 ./agent.py ./bot.json "
build -q --language cobol "$WORK/in/plain.zip"
is "a language that is not there" "$RC $ERR" "2 match-build: language cobol not supported"

# --- languages: built, and then run as a match would
languages="c cpp java node shell"
if [ -x /usr/bin/rustc ]; then languages="$languages rust"; else skip "rust" "package rustc is not installed"; fi
for language in $languages; do
	build --json "$WORK/in/hello-$language.zip"
	is "$language: it is built" "$(value '[.status, .language]')" "[\"built\",\"$language\"]"
	dir=$(value .dir)
	set -- $(value '.command | join(" ")')
	jail -p "$(value .policy)" -d bot="$dir" -- "$@"
	is "$language: and runs in the jail of its policy" "$OUT" "$language"
done
build "$WORK/in/wrong-c.zip"
like "what does not compile is refused with the compiler's words" "$RC $ERR" '^1 match-build: compiling failed:'
like "and the line" "$ERR" "agent.c:1:.*missing"
build "$WORK/in/syntax.zip"
like "so is a syntax error" "$RC $ERR" '^1 match-build: the syntax check failed:'
like "with the line" "$ERR" 'agent.py", line 1'
build --json "$WORK/in/makefile.zip"
is "what a Makefile leaves besides files is left there" "$RC $(files "$(value .dir)")" "0 ./Makefile ./agent ./agent.c ./bot.json "
build "$WORK/in/makes-folder.zip"
like "a folder where bot.json goes is the submission's fault" "$RC $ERR" '^1 .*bot.json: what was built is a folder'
build "$WORK/in/reads-passwd.zip"
like "a compiler reads nothing of the host's" "$RC $ERR" 'No such file'
build "$WORK/in/network.zip"
like "and has no network" "$RC $ERR" "(Permission denied|unreachable)"

# --- bot.json
build --json "$WORK/in/json.zip"
is "bot.json names language and command" "$(value '[.language, .command]')" '["python",["python3","play.py"]]'
is "and keeps how it talks" "$(jq -c . "$(value .dir)/bot.json")" '{"command":["python3","play.py"],"policy":"python","limits":[],"prefix":"> "}'
build --json "$WORK/in/limits-kept.zip"
is "and limits that its policy grants" "$(jq -c .limits "$(value .dir)/bot.json")" '["memory=64M"]'
for limits in "loose looser than policy python" "nonsense no limit is called memroy" "wall wall is its match's to say"; do
	build "$WORK/in/limits-${limits%% *}.zip"
	like "limits that would end every match without a verdict are refused: ${limits%% *}" "$RC $ERR" "^1 .*bot.json: limits: .*${limits#* }"
done
build --json "$WORK/in/json-entry.zip"
is "or an entry" "$(value .command)" '["python3","-u","play.py"]'
refused() { # archive, pattern
	before=$(entries)
	start=$(date +%s%N)
	build --name "x-$(basename "$1" | tr . -)" "$WORK/in/$1"
	took=$((($(date +%s%N) - start) / 1000000))
	like "$1 is refused" "$RC $ERR" "^1 match-build: $2"
	is "$1: in one line, with nothing in the store" "$(printf '%s\n' "$ERR" | wc -l) $(($(entries) - before))" "1 0"
	[ "$took" -lt 1000 ] || comment "$1 took $took ms"
	SLOWEST=$((took > ${SLOWEST:-0} ? took : SLOWEST))
}
refused json-policy.zip 'bot.json: policy game is not that of python'
refused json-language.zip 'bot.json: language cobol not supported; there are c, cpp, java'
refused json-typo.zip "bot.json: unknown key 'langauge'; did you mean 'language'"
refused json-broken.zip 'bot.json: '
refused json-command.zip 'bot.json: command must be an array'
refused json-loose.zip "bot.json: protocol './own.dialect'"

# --- what is missing
refused none.zip "No agent entry file found. Expected 'agent.py' or a file ending with '_agent.py' at the root of the ZIP$"
refused deeper.zip "No agent entry file found"
refused two.zip 'Multiple agent entry files found: agent.py, x_agent.py. Provide exactly one file.$'

# --- hostile ones
refused slip.zip "'../../escaped.py' leads out of the archive"
refused slip-inside.zip ".*leads out of the archive"
refused absolute.zip ".*is an absolute path"
refused backslash.zip ".*(leads out of the archive|characters)"
refused drive.zip "'C:/escaped.py' is an absolute path"
refused symlink.zip "'data' is a symbolic link"
refused through-symlink.zip "'data' is a symbolic link"
refused space.zip "'my bot.py' has characters other than"
refused hyphen.zip ".*begins with a hyphen"
refused unicode.zip ".*has characters other than"
refused newline.zip ".*has characters other than"
refused escape.zip ".*has characters other than"
unlike "no escape of a stranger's reaches a terminal" "$ERR" "$(printf '\033')"
refused case.zip ".*differs from another name by case only"
refused twice.zip "'agent.py' is there twice"
refused file-and-folder.zip ".*is a file and a folder"
refused deep.zip ".*is in more than 16 folders"
refused many.zip "it has more than 2,000 files and folders"
refused bomb.zip ".*a bomb"
refused nested-bomb.zip "'inner.zip' is an archive that grows beyond 256 MiB"
refused nested-deep-bomb.zip "'inner.zip' is an archive that grows beyond 256 MiB"
refused gzip-bomb.zip "'inner.gz' is an archive that grows beyond 256 MiB"
refused encrypted.zip ".*is encrypted"
refused cut.zip ".*(damaged|no archive)"
refused empty.zip ".*(damaged|no archive|No agent)"
refused noise.zip ".*(damaged|no archive)"
refused large.zip "it is larger than 50 MiB"
refused tar-symlink.tar.gz "'data' is a symbolic link"
refused tar-hardlink.tar.gz "'other.py' is a hard link"
refused tar-device.tar.gz "'null' is neither file nor folder"
refused tar-fifo.tar.gz "'pipe' is neither file nor folder"
refused tar-slip.tar.gz ".*leads out of the archive"
refused tar-bomb.tar.gz ".*a bomb"
refused tar-bomb-ignored.tar.gz ".*a bomb"
build "$WORK/in/lying.zip"
like "headers that lie about sizes do no harm" "$RC" '^[01]$'
ok "the slowest refusal took less than 20 s (a second on an idle machine): $SLOWEST ms" [ "$SLOWEST" -lt 20000 ]
is "nothing escaped" "$(ls -d /tmp/bot-jail-escaped.py "$WORK"/escaped.py "$WORK"/*/escaped.py 2>/dev/null)" ""
is "no temporary folder is left" "$(ls -d "$WORK"/home/match-run.* 2>/dev/null)" ""
is "refused ones got no name" "$(ls "$STORE/names" | grep -c '^x-')" 0

# --- what runs in the jail is not believed: a match-unpack that was taken over
mkdir "$WORK/lib"
hijack() { # script: what the jail does instead of unpacking
	printf '#!/bin/sh\n%s\n' "$1" >"$WORK/lib/match-unpack"
	chmod -R a+rX "$WORK/lib"
	chmod 755 "$WORK/lib/match-unpack"
	RC=0
	ERR=$(unshare -m sh -c "mount --bind '$WORK/lib' '${BINDIR%/bin}/lib/bot-jail' && cd '$WORK/home' && HOME='$WORK/home' MATCH_STORE='$STORE' TMPDIR='$WORK/home' exec setpriv --reuid=$TEST_UID --regid=$TEST_UID --groups=$GROUP_ID '$BINDIR/match-build' '$WORK/in/plain.zip'" 2>&1) || RC=$?
}
hijack 'ln -s /etc/passwd /out/agent.py'
like "taken over, it leaves a link" "$RC $ERR" "^1 match-build: 'agent.py' is neither file nor folder"
hijack 'mkfifo /out/agent.py'
like "a pipe, which it cannot even make" "$RC $ERR" "^1 match-build: unpacking failed:"
hijack 'echo x >/out/agent.py; echo x >"/out/a b"'
like "a name that is not allowed" "$RC $ERR" "^1 match-build: 'a b' has characters"
hijack 'echo x >/out/agent.py; truncate -s 500M /out/holes'
like "holes" "$RC $ERR" "^1 match-build: it is larger than 256 MiB"
hijack 'i=0; while [ $i -lt 2100 ]; do echo >/out/f$i; i=$((i + 1)); done'
like "too many files" "$RC $ERR" "^1 match-build: it has too many"
hijack 'd=/out; i=0; while [ $i -lt 40 ]; do d=$d/d; mkdir $d; i=$((i + 1)); done'
like "too many folders" "$RC $ERR" "^1 match-build: .*more than 16 folders"
hijack 'echo x >/out/agent.py; chmod 0 /out/agent.py'
like "a file that cannot be read" "$RC $ERR" "^1 match-build: 'agent.py' cannot be read"
hijack 'printf "\033[2J{\"refused\":\"\\\\u001b[2Jha\"}\n"; exit 1'
like "words with escapes" "$RC" "^1"
unlike "which reach no terminal" "$ERR" "$(printf '\033')"
hijack 'dd if=/dev/zero of=/out/full bs=1M count=700 2>/dev/null; echo done; exit 0'
like "a full /out" "$RC $ERR" "^1 match-build: "
hijack 'sleep 100 & exec kill -9 1'
like "or nothing at all" "$RC" "^[0-9]"

# --- the store
build --json --owner ben "$WORK/in/plain.zip"
is "a second owner of the same bot" "$(value .owners)" '["ann","ben"]'
build list --owner ben
is "list --owner" "$(printf '%s\n' "$OUT" | wc -l)" 1
build show ann-1
is "show by name" "$(value .dir)" "$FIRST"
build show "$(value .sha256 | cut -c1-12)"
is "show by the first digits" "$RC $(value .dir)" "0 $FIRST"
build remove --owner ann ann-1
is "removing what others own too leaves it" "$RC $([ -d "$FIRST" ] && echo there)" "0 there"
build remove --owner ann ann-1
is "twice is told" "$RC" 1
build remove --owner ben
is "its last owner's removal removes it" "$RC $([ -d "$FIRST" ] && echo there)" "0 "
build show ann-1
like "and its name" "$RC $ERR" '^1 match-build: there is no bot ann-1'
build --owner ../x "$WORK/in/plain.zip"
is "an owner is no path" "$RC" 2
before=$(entries)
build gc --days 0
is "gc removes what nobody owns" "$RC $(entries)" "0 0"
as mkdir -p "$STORE/ab/abc.part-x"
build gc
is "and what killed builds left" "$OUT $(ls "$STORE/ab")" "removed 0 bots and 1 leftovers "

# --- a store of several users, whose umask is a service's
OTHER_UID=$((TEST_UID + 1))
SHARED=$WORK/shared
install -d -o root -g "$GROUP_ID" -m 2770 "$SHARED" && install -d -m 700 -o "$OTHER_UID" "$WORK/other"
of_two() { # uid, umask, home, command...
	two_uid=$1 two_mask=$2 two_home=$3
	shift 3
	(cd "$two_home" && umask "$two_mask" && HOME=$two_home MATCH_STORE=$SHARED TMPDIR=$two_home \
		setpriv --reuid="$two_uid" --regid="$two_uid" --groups="$GROUP_ID" -- "$@" 2>&1)
}
one() { of_two "$TEST_UID" 077 "$WORK/home" "$@"; }
other() { of_two "$OTHER_UID" 007 "$WORK/other" "$@"; }
BOT=$(one "$BINDIR/match-build" -q --name ann-1 --owner ann "$WORK/in/plain.zip")
is "shared: what one user builds another has" "$(other "$BINDIR/match-build" show ann-1 | jq -r .dir)" "$BOT"
is "shared: and plays" "$(other "$JAIL" -p python -d bot="$BOT" -- cat agent.py)" "$(cat "$BOT/agent.py")"
is "shared: the other hands it in, too, for an owner and a name of his" \
	"$(other "$BINDIR/match-build" -q --name ann-1 --owner ben "$WORK/in/plain.zip") $(jq -c .owners "$BOT/../manifest.json")" "$BOT [\"ann\",\"ben\"]"
shard=$(dirname "$(dirname "$BOT")")
is "shared: each builds beside the other's" "$(other sh -c "mkdir '$shard/x' '$SHARED/names/x' && rmdir '$shard/x' '$SHARED/names/x'")" ""
other "$BINDIR/match-build" remove --owner ann ann-1 >/dev/null
like "shared: only who built it removes it" "$(other "$BINDIR/match-build" remove --owner ben ann-1)" 'Permission denied'
is "shared: nothing of it is gone" "$(ls "$BOT" | tr '\n' ' ')$(other "$BINDIR/match-build" show ann-1 | jq -r .dir)" "agent.py bot.json $BOT"
one "$BINDIR/match-build" remove --owner ben ann-1 >/dev/null
is "shared: and does" "$(ls -A "$shard")" ""
is "a store of one's own under umask 077 is one's own" "$(umask 077; as "$BINDIR/match-build" -q --store new/store "$WORK/in/plain.zip" >/dev/null; stat -c %a "$WORK/home/new/store")" 700

# --- killed at any moment: an entry is whole, or not there
for delay in 0.01 0.02 0.03 0.05 0.07 0.09 0.11 0.14; do
	(cd "$WORK/home" && HOME=$WORK/home MATCH_STORE=$STORE TMPDIR=$WORK/home exec setpriv --reuid="$TEST_UID" --regid="$TEST_UID" --groups="$GROUP_ID" \
		timeout -s KILL "$delay" "$BINDIR/match-build" -q "$WORK/in/top.zip") >/dev/null 2>&1 &
	wait $! 2>/dev/null
done 2>/dev/null
build -q "$WORK/in/top.zip"
is "after eight kills it is whole" "$RC $(files "$OUT")" "0 ./agent.py ./bot.json ./lib/a.py "
is "many at once make one entry" "$(for i in 1 2 3 4 5 6; do as "$BINDIR/match-build" -q "$WORK/in/suffix.zip" & done; wait)" \
	"$(d=$(as "$BINDIR/match-build" -q "$WORK/in/suffix.zip"); for i in 1 2 3 4 5 6; do echo "$d"; done)"

# --- a scanner of the site's
printf '#!/bin/sh\ngrep -rq hello "$1" && { echo "no greetings, $3"; exit 1; }\nexit 0\n' >"$WORK/scan"
chmod 755 "$WORK/scan"
build --hook "$WORK/scan" --owner ann "$WORK/in/plain.zip"
is "a hook may refuse" "$RC $ERR" "1 match-build: refused by the site: no greetings, ann"
build --hook "$WORK/nothing" "$WORK/in/plain.zip"
is "one that cannot be run is ours" "$RC" 75
build --hook "$WORK/scan" "$WORK/in/hello-shell.zip"
is "and let pass" "$RC" 0
clean "builds"
done_testing
