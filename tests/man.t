#!/bin/sh
# Claim: the manual pages say what the programs' own tables say, are clean mdoc, and their examples run.
. "$(dirname "$0")/lib/tap.sh"
man=$TOP/man build=$TOP/build
page() { mandoc -T utf8 "$man/$1" 2>/dev/null | col -b; }
flat() { sed 's/^\.[A-Z][a-z] //; s/ ,/,/g; s/ \././g' "$man/$1" | tr '\n' ' ' | tr -s ' '; }

if command -v mandoc >/dev/null; then
	for file in "$man"/*.[1-8]; do
		is "${file##*/} is clean mdoc" "$(mandoc -T lint -W style "$file" 2>&1 | grep -v 'outdated mandoc.db')" ""
	done
	# bot-jail: options, limits, steps, reasons
	options=$(sed -n "s/^OPTION('\(.\)'.*/\1/p" "$TOP/jail/data/options.def" | sort | tr '\n' ' ')
	is "bot-jail(1) has every option" "$(sed -n 's/^\.It Fl \(.\)\( .*\)\{0,1\}$/\1/p' "$man/bot-jail.1" | sort | tr '\n' ' ')" "$options"
	is "bot-jail -h, too" "$("$build/bot-jail" -h | sed -n 's/^  -\(.\) .*/\1/p' | sort | tr '\n' ' ')" "$options"
	for limit in $(sed -n 's/^LIMIT([a-z_]*, *"\([a-z-]*\)".*/\1/p' "$TOP/jail/data/limits.def"); do
		like "bot-jail(1) has limit $limit" "$(sed -n '/^\.Sh LIMITS/,/^\.Sh ORDER/p' "$man/bot-jail.1" | tr '\n' ' ')" "It Sy [a-z ,-]*$limit"
		like "bot-jail -h has limit $limit" "$("$build/bot-jail" -h)" "^  $limit "
	done
	steps=$(sed -n 's/^STEP([a-z]*, *"\([a-z]*\)".*/\1/p' "$TOP/jail/data/steps.def" | tr '\n' ' ')
	is "bot-jail(1) has the steps in their order" \
		"$(sed -n '/^\.Sh ORDER/,/^\.El/s/^\.Sy \([a-z]*\) :$/\1/p' "$man/bot-jail.1" | tr '\n' ' ')" "$steps"
	for reason in $(sed -n 's/^REASON(\([a-z]*\),.*/\1/p' "$TOP/jail/data/reasons.def"); do
		like "bot-jail(1) has reason $reason" "$(sed -n '/^\.Sh STATUS LINE/,/^\.Sh CONTROL/p' "$man/bot-jail.1")" "It Sy ([a-z]* , )*$reason"
	done
	# bot-policy: commands and keys
	for command in check compile list show diff explain help; do
		like "bot-policy(1) has $command" "$(cat "$man/bot-policy.1")" "^\.It Ic $command"
		like "bot-policy help has $command" "$("$build/bot-policy" help)" "^  $command"
	done
	for key in $(sed -n 's/^	{ "\([a-z]*\)", *[0-9W].*key_.*/\1/p' "$TOP"/jail/parse/policy_*.c); do
		like "bot-policy(5) has key $key" "$(cat "$man/bot-policy.5")" "^\.It Ic $key"
	done
	# bot-jail-setup and match-run
	for option in gc check json remove help version; do
		like "bot-jail-setup(8) has --$option" "$(cat "$man/bot-jail-setup.8")" "^\.It Fl -($option|help , -version)"
		like "bot-jail-setup --help has --$option" "$("$build/bot-jail-setup" --help)" "^  --$option"
	done
	is "match-run(1) has every long option of play" \
		"$(sed -n '/^\.Sh OPTIONS/,/^\.Sh MATCH/p' "$man/match-run.1" | sed -n 's/^\.It Fl [a-zA-Z] , Fl -\([a-z]*\).*/\1/p; s/^\.It Fl [a-zA-Z] , -\([a-z]*\).*/\1/p; s/^\.It Fl -\([a-z]*\).*/\1/p' | grep -vx 'help\|version' | sort | tr '\n' ' ')" \
		"$("$build/match-run" -h | sed -n 's/^  .*--\([a-z][a-z]*\) .*/\1/p' | grep -vx 'input\|help\|clock' | sort | tr '\n' ' ')"
	for command in $("$build/match-run" -h | sed -n '/COMMAND/,/Options of/s/^  \([a-z][a-z-]*\) .*/\1/p' | sort -u); do
		like "match-run(1) has the command $command" "$(cat "$man/match-run.1")" "^\.It Ic $command"
	done
	for command in $("$build/match-tournament" -h | sed -n '/COMMAND/,/Options of/s/^  \([a-z][a-z-]*\) .*/\1/p' | sort -u); do
		like "match-tournament(1) has the command $command" "$(cat "$man/match-tournament.1")" "^\.It Ic $command"
		for option in $("$build/match-tournament" "$command" --help | sed -n 's/^  .*--\([a-z][a-z-]*\) .*/\1/p'); do
			like "match-tournament(1) has $command --$option" "$(cat "$man/match-tournament.1")" "Fl ([a-z] , )?-$option"
		done
	done
	for key in $(sed -n '/^	static const char \*const known\[\] = { "name"/,/};/p' "$TOP/runner/io/tourney.c" | grep -o '"[a-z0-9_]*"' | tr -d '"') \
		elo0 elo1 alpha beta system prior tau pool; do
		like "tournament.json(5) has $key" "$(sed -n '/^\.Sh DESCRIPTION/,/^\.Sh EXAMPLES/p' "$man/tournament.json.5")" "^\.(It )?Sy ([a-z_]+ , )*$key"
	done
	for format in $(sed -n '/format_names\[FORMATS\]/,/};/p' "$TOP/runner/pure/format.c" | grep -o '"[a-z-]*"' | tr -d '"'); do
		like "tournament.json(5) has $format" "$(cat "$man/tournament.json.5")" "^\.It Sy $format"
	done
	for key in $(sed -n 's/^	{ "\([a-z]*\)", offsetof.*/\1_ms/p' "$TOP/runner/io/rules.c") kind game_ms; do
		like "match-run(1) has clock.$key" "$(sed -n '/^\.Sh CLOCKS/,/^\.Sh FAULTS/p' "$man/match-run.1")" "^\.It Sy $key"
	done
	for section in start turn tell late end; do
		like "match-dialect(5) has $section:" "$(cat "$man/match-dialect.5")" "^\.It Sy $section"
	done
	for dialect in "$TOP"/runner/dialects/*.dialect; do
		name=${dialect##*/}
		like "match-dialect(5) has ${name%.dialect}" "$(cat "$man/match-dialect.5")" "${name%.dialect}"
	done
	for fault in $(sed -n 's/^FAULT([a-z_]*, *"\([a-z-]*\)".*/\1/p' "$TOP/runner/pure/faults.def"); do
		like "match-run(1) has fault $fault" "$(cat "$man/match-run.1")" "^\.It Sy $fault"
	done
	for name in init ready ask acts tell bad frame out end; do
		like "match-protocol(7) has $name" "$(page match-protocol.7)" "\"t\":\"$name\""
	done
	# match-build, match-worker, match-gate: options are in the page, settings in its .conf(5)
	for command in build list show remove gc; do
		like "match-build(1) has the command $command" "$(cat "$man/match-build.1")" "^\.It Ic $command"
		for option in $("$build/match-build" "$command" --help | sed -n 's/^  .*--\([a-z][a-z-]*\) .*/\1/p'); do
			like "match-build(1) has $command --$option" "$(cat "$man/match-build.1")" "Fl ([a-z] , )?-$option"
		done
	done
	for service in worker gate; do
		for setting in $(sed -n 's/^SETTING([A-Z_]*, "\([a-z-]*\)".*/\1/p' "$TOP/runner/prog/site.def" "$TOP/runner/prog/$service.def"); do
			like "match-$service.conf(5) has $setting" "$(cat "$man/match-$service.conf.5")" "^\.It (Sy|Ic|Cm) ([a-z-]+ , )*$setting( |$)"
			like "match-$service --help has --$setting" "$("$build/match-$service" --help)" " --$setting "
		done
		for variable in $(sed -n 's/^SETTING([A-Z_]*, "[a-z-]*", "\([A-Z_]*\)".*/\1/p' "$TOP/runner/prog/$service.def"); do
			like "match-$service.conf(5) has $variable" "$(cat "$man/match-$service.conf.5")" "$variable"
		done
	done
	for route in $(jq -r '.paths | keys[]' "$TOP/runner/openapi.json"); do
		like "match-gate(8) has $route" "$(sed 's/\\[&e]//g; s/ Ns / /g' "$man/match-gate.8" | tr -d ' ')" "$(printf '%s' "$route" | sed 's|/{id}|/[A-Za-z.]*|')"
	done
	for name in bot-jail bot-policy bot-jail-setup match-run match-tournament match-build match-worker match-gate; do
		is "$name --version" "$("$build/$name" --version)" "$name $(sed -n 's/^VERSION *= //p' "$TOP/Makefile")"
	done
else
	skip_all "mandoc is not installed: packaging/deps test"
fi

# The examples, as they stand in the pages.
if [ "$(id -u)" = 0 ] && [ -u "$JAIL" ]; then
	needs_jail
	example() { sed -n '/^\.Sh EXAMPLES/,/^\.Sh [^E]/p' "$man/$1" | sed 's/\\e/\\/g' | sed -n "$2p"; }
	install -d -o "$TEST_UID" "$WORK/home/mybot"
	echo 'print("mine")' >"$WORK/home/mybot/bot.py"
	run() { (cd "$WORK/home" && HOME=$WORK/home PATH=$BINDIR:$SBINDIR:$PATH as_user sh -c "$1" 2>&1); }
	lines=$(sed -n '/^\.Sh EXAMPLES/,/^\.Sh SECURITY/p' "$man/bot-jail.1" | grep '^bot-jail ')
	is "bot-jail(1) has four examples" "$(printf '%s\n' "$lines" | wc -l)" 4
	is "the first runs" "$(run "$(printf '%s\n' "$lines" | sed -n 1p)")" mine
	like "the second ends in time" "$(run "$(printf '%s\n' "$lines" | sed -n 2p)")" 'out of time \(wall=500ms\)'
	like "the third shows a plan" "$(run "$(printf '%s\n' "$lines" | sed -n 3p)")" '^limit +memory +64M \(read back 64M\)'
	is "the fourth prints" "$(run "$(printf '%s\n' "$lines" | sed -n 4p)")" 42
	is "and writes a status" "$(jq -r .reason "$WORK/home/status.json")" exited
	like "bot-policy(1): explain" "$(run 'bot-policy explain arena clone')" 'EPERM'
	sed -n '/^\.Sh EXAMPLES/,/^\.Ed/p' "$man/bot-policy.5" | sed '1,2d;$d' >"$WORK/league.policy"
	ok "bot-policy(5): the example is a good policy" "$build/bot-policy" check "$WORK/league.policy"
	like "bot-jail-setup(8): both examples" "$(run 'bot-jail-setup --check; bot-jail-setup --check --json | jq ".[] | select(.state == \"fail\")"')" '^ok +jail'
	mkdir -p "$WORK/home/whole"
	sed -n '/^\.Sh EXAMPLES/,/^\.Ed/p' "$man/match-protocol.7" | sed '1,3d;$d' >"$WORK/home/whole/bot.py"
	jq --arg dir "$WORK/home/whole" '.bots[1].dir = $dir' "$TOP/examples/connect4.json" |
		sed "s|\"games/|\"$TOP/examples/games/|; s|\"bots/|\"$TOP/examples/bots/|" >"$WORK/home/match.json"
	chmod -R a+rX "$WORK/home/whole"
	chown -R "$TEST_UID" "$WORK/home"
	# README: the block of a match, line by line in one shell
	sed -n '/^## A match/,/^A match file/s/^    //p; /^## A tournament/,/^A tournament file/s/^    //p' "$TOP/README.md" | sed "s|/usr/local/share/bot-jail/examples|$TOP/examples|; s| *#.*||" >"$WORK/readme"
	[ -d "$TOP/examples/games/chess/node_modules" ] || sed -i '/chess/d' "$WORK/readme"
	like "README: the block of a match has its lines" "$(cat "$WORK/readme")" '^match-run -w connect4.json$'
	OUT=$(run "set -e; umask 022; $(cat "$WORK/readme"); echo all of it")
	like "README: they run as they stand" "$OUT" '^all of it$'
	like "README: and show a board, a result, and a check" "$(printf '%s\n' "$OUT" | tr '\n' '~')" 'X alphabeta.*alphabeta wins.*tron.*all 5 checks passed.*112/112.*0 matches left.*glicko2'
	for number in 1 2; do
		sed -n '/^\.Sh EXAMPLES/,/^\.Sh DIAG/p' "$man/tournament.json.5" | awk -v n=$number '/^\.Bd/ { i++; show = 1; next } /^\.Ed/ { show = 0 } show && i == n' |
			sed 's/\\(oq/‘/; s/\\(cq/’/' >"$WORK/home/examples/example$number.json"
		[ $number = 1 ] || [ -d "$TOP/examples/games/chess/node_modules" ] || break
		like "tournament.json(5): example $number has a plan" "$(run "match-tournament plan $WORK/home/examples/example$number.json | tail -1")" '"state":"planned"'
	done
	block() { # page, number: the literal text of one of its examples
		awk -v n="$2" '/^\.Sh EXAMPLES/ { on = 1 } on && /^\.Bd/ { i++; show = 1; next } /^\.Ed/ { show = 0 } show && i == n' "$man/$1"
	}
	mkdir -p "$WORK/home/stones"
	block match-protocol.7 2 >"$WORK/home/stones/game.py"
	block match-protocol.7 3 >"$WORK/home/stones/game.json"
	chown -R "$TEST_UID" "$WORK/home/stones"
	like "match-protocol(7): the whole game passes its check" "$(run 'match-run check-game stones')" '^all [0-9]+ checks passed'
	like "match-run(1) and match-protocol(7): the whole bot plays" "$(run 'match-run -q -o result match.json; jq .outcome result/result.json')" finished
fi
done_testing
