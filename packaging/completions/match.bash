# Completion of match-run and its kin for bash: commands and options are what the programs' own --help says.
_match_words() { # program, command or nothing: its options, or its commands
	if [ $# = 1 ]; then
		"$1" --help 2>/dev/null | sed -n '/COMMAND \[ARG/,/^Options of/s/^  \([a-z][a-z-]*\) .*/\1/p'
	else
		"$1" "$2" --help 2>/dev/null | sed -n 's/^  .*--\([a-z][a-z-]*\) .*/--\1/p'
	fi
}

_match() {
	local program=$1 word=$2 first=${COMP_WORDS[1]} words=
	if [[ $word == -* ]] && [ -z "$(_match_words "$program")" ]; then	# a program without commands
		words=$("$program" --help 2>/dev/null | sed -n 's/^  .*--\([a-z][a-z-]*\) .*/--\1/p')
	elif [[ $word == -* ]]; then
		# Options before any command are those of the one that is meant without its name.
		[[ $COMP_CWORD -gt 1 && $first != -* ]] || first=$(_match_words "$program" | head -n 1)
		words="$(_match_words "$program" "$first") --help"
	elif [ "$COMP_CWORD" = 1 ]; then
		words=$(_match_words "$program")
	fi
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word"; [[ $word == -* ]] || compgen -f -- "$word")
}

complete -o filenames -F _match match-run match-tournament match-build match-worker match-gate
