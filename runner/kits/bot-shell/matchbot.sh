# The bot's side of match-protocol(7): one view a line in, one action a line out. It never plays.
# Answers get descriptor 3, and 1 becomes the log, so that no echo can be taken for an answer.
# A POSIX shell, awk, cksum and od are enough.

exec 3>&1 1>&2

newline='
'

die() {
	echo "bot: $*"
	exit 1
}

# The elements of a member of the view, one a line, as JSON text; what is no array is one element.
member() {
	printf '%s\n' "$view" | LC_ALL=C awk -v want="$1" -f member.awk
}

# A linear congruential generator; its upper bits are the better ones. BOT_SEED may be any text.
dice_state=$(printf %s "${BOT_SEED-$(od -An -N8 -tx1 /dev/urandom)}" | cksum)
dice_state=$((${dice_state%% *} % 2147483648))

dice() {
	dice_state=$(((dice_state * 1103515245 + 12345) % 2147483648))
	rolled=$(((dice_state >> 8) % $1))
}

# Quotes and globs in a list are safe: it is split at line ends only.
pick() {
	[ "$1" ] || die 'there is nothing to pick from'
	set -f
	IFS=$newline
	set -- $1
	unset IFS
	set +f
	dice $#
	shift "$rolled"
	answer=$1
}

play() {
	set -u
	trap '[ $? = 0 ] || exit 1' EXIT	# the shell's own errors end it with 2
	echo __READY__ >&3
	while IFS= read -r view; do
		case $view in
		'{"end":'*|'{"end" :'*)
			end=${view#*:}
			end=${end%\}}
			finished
			continue
		esac
		answer=
		choose 3>&- </dev/null || die "choose() ended with status $?"
		case $answer in
		'')		die 'choose() set no answer' ;;
		*"$newline"*)	die 'an answer has a line break in it' ;;
		esac
		printf '%s\n' "$answer" >&3
	done
	exit 0
}
