#!/bin/sh
# Claim: the Debian packages hold what they should and nothing else, need no more than they use, keep Debian's rules, and
# come out the same whoever builds them.
. "$(dirname "$0")/../lib/tap.sh"
TOP=$(cd "$(dirname "$0")/../.." && pwd)
cd "$TOP" || exit
DEBS=${PACKAGES:-build/packages}
set -- "$DEBS"/*.deb
[ -e "$1" ] || skip_all "no packages: make deb"
WORK=$(mktemp -d /tmp/bot-jail-test.XXXXXX)
trap 'rm -rf "$WORK"' EXIT
trap 'exit 130' INT TERM HUP

deb() { echo "$DEBS/$1"_*.deb; }
files() { dpkg-deb -c "$(deb "$1")" | sed 's/ -> .*//; s/.* \.\///'; }
field() { dpkg-deb -f "$(deb "$1")" "$2"; }

# Another folder, umask, zone and home.
mkdir -m 755 "$WORK/elsewhere" "$WORK/again"
(umask 077; HOME=/nonexistent TZ=Pacific/Kiritimati TMPDIR=$WORK/elsewhere \
	packaging/build-deb "$WORK/again" --build=binary) >"$WORK/log" 2>&1 &
again=$!

is "there are five packages" "$(for deb; do dpkg-deb -f "$deb" Package; done | sort | tr '\n' ' ')" "bot-jail bot-jail-tests match-gate match-run match-worker "

for deb; do
	name=$(dpkg-deb -f "$deb" Package)
	dpkg-deb -x "$deb" "$WORK/root"
	dpkg-deb -x "$deb" "$WORK/$name"
	is "$name: everything is root's, and nobody else can write it" \
		"$(dpkg-deb -c "$deb" | grep -v '^l' | awk '$2 != "root/root" || $1 ~ /^.....w|^........w|[sStT]/')" ""
done
is "the helper's setuid bit is not in the package: postinst sets it, or the administrator's statoverride" \
	"$(dpkg-deb -c "$(deb bot-jail)" | awk '$6 == "./usr/bin/bot-jail" { print $1 }')" "-rwxr-xr-x"
is "and the helper is static" "$(readelf -d "$WORK/root/usr/bin/bot-jail" | grep -c NEEDED)" 0

while read -r package programs; do
	is "$package brings its programs" \
		"$(files "$package" | grep -E '^usr/(s?bin/.|lib/bot-jail/match-)' | sed 's/.*\///' | sort | tr '\n' ' ')" "$programs "
done <<'P'
bot-jail bot-jail bot-jail-setup bot-policy
bot-jail-tests bot-jail-tests
match-gate match-gate
match-run match-build match-perform match-relay match-run match-tournament match-unpack
match-worker match-worker
P

# Libraries, by the packages' own fields.
foreign() { printf '%s %s\n' "$(field "$1" Pre-Depends)" "$(field "$1" Depends)" | grep -oE "$2" | sort -u | tr '\n' ' '; }
is "bot-jail needs no library of the others" "$(foreign bot-jail 'lib(archive|curl|hiredis|microhttpd|rabbitmq|sqlite3)[^ ,]*|python3|nodejs')" ""
is "nor does match-run need those of the services" "$(foreign match-run 'lib(curl|microhttpd)[^ ,]*')" ""
is "nor match-worker those of the gate" "$(foreign match-worker 'lib(microhttpd|sqlite3|archive)[^ ,]*')" ""
is "nor match-gate those of the worker" "$(foreign match-gate 'lib(curl|hiredis|rabbitmq|sqlite3|archive)[^ ,]*')" ""

for program in "$WORK"/root/usr/bin/* "$WORK"/root/usr/sbin/*; do
	name=${program##*/}
	ok "$name has a manual page" test -n "$(find "$WORK/root/usr/share/man" -name "$name.[18].gz")"
done
is "every manual page is in order" "$(for page in "$WORK"/root/usr/share/man/man?/*; do gunzip -c "$page" | mandoc -Tlint -W error; done 2>&1)" ""
is "nothing speaks of /usr/local" "$(cd "$WORK/root" && { zgrep -l /usr/local usr/share/man/*/*; grep -rl /usr/local lib usr/bin usr/sbin; })" ""
is "and nothing of npm's is in" "$(files match-run | grep node_modules)" ""

for unit in "$WORK"/root/lib/systemd/system/*.service; do
	program=$(sed -n 's/^ExecStart=\([^ ]*\).*/\1/p' "$unit")
	package=$(cd "$WORK" && ls -d ./*/"lib/systemd/system/${unit##*/}" | grep -v '^./root/' | cut -d/ -f2)
	ok "${unit##*/} starts a program of its own package" test -x "$WORK/$package$program"
done
is "no unit asks for what a setuid program does not survive" "$(cd "$WORK/root/lib/systemd/system" && grep -lE '^User=' -- * | xargs grep -nE \
	'^(NoNewPrivileges=(yes|true)|SystemCall|Restrict(Addr|Name|Real|SUID)|MemoryDeny|LockPers|Private(Dev|Users)|Protect(Clock|Hostname|Kernel|Control)|DynamicUser)')" ""
library=/usr/lib/$(dpkg-architecture -qDEB_HOST_MULTIARCH)/libseccomp.so.2
dpkg-deb -e "$(deb bot-jail)" "$WORK/control"
ok "policies are compiled anew when libseccomp changes" grep -q "^interest-noawait $library\$" "$WORK/control/triggers"
ok "which is where libseccomp2 has it" dpkg-query -S "$library"

is "what packaging/deps says that building takes, the source package says, too" "$(
	names=$(sed -n 's/^build="\(.*\)"$/\1/p; /^build="[^"]*$/,/"$/{s/^build="//; s/"//; p}' packaging/deps)
	for name in $names; do case $name in gcc | libc6-dev) ;; *) grep -qE "^(Build-Depends:)? +$name\b" packaging/debian/control || echo "$name" ;; esac; done)" ""
lintian=$(lintian --allow-root --display-info --pedantic "$DEBS"/*.changes 2>&1)
is "lintian is content, down to what is pedantic" "$(printf '%s\n' "$lintian" | grep -E '^[EWIP]:|rror')" ""

wait $again
is "they can be built again" "$?" 0
for deb; do
	ok "${deb##*/} is the same, byte for byte" cmp "$deb" "$WORK/again/${deb##*/}"
done
sed "s/^/# /" "$WORK/log"
done_testing
