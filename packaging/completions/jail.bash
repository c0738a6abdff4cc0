# Completion of bot-jail, bot-policy and bot-jail-setup for bash: commands, options and limits are what the programs' own
# --help says, policies what bot-policy does.
_jail_words() { # program, first word or nothing
	"$1" --help 2>/dev/null | sed -n "s/^  \($2[a-z-]*\) .*/\1/p"
}

_jail() {
	local program=$1 word=$2 before=$3 words=
	case ${program##*/}:$before in
	bot-jail:-p | bot-policy:compile | bot-policy:show | bot-policy:diff | bot-policy:explain)
		words=$(bot-policy list 2>/dev/null | cut -d' ' -f1) ;;
	bot-jail:-l) words=$(_jail_words "$program" '[a-z]' | sed 's/$/=/') ;;
	bot-policy:bot-policy | bot-policy:"$program") words="$(_jail_words "$program" '[a-z]') -d" ;;
	*) [[ $word != -* ]] || words=$(_jail_words "$program" '-') ;;
	esac
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word"; [ -n "$words" ] || compgen -f -- "$word")
}

complete -o filenames -F _jail bot-jail bot-policy bot-jail-setup
