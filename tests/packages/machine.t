#!/bin/sh
# Claim: on a machine with systemd and pure cgroup v2 the packages are installed, used, upgraded with jails running, kept
# over a reboot, removed and purged, as apt and dpkg do it; and on one without systemd, too.
#
# The machines are those of tests/vm/boot. What is claimed in them is in guest/.
. "$(dirname "$0")/../lib/tap.sh"
TOP=$(cd "$(dirname "$0")/../.." && pwd)
cd "$TOP" || exit
[ "$(id -u)" = 0 ] || skip_all "systemd in the machine reads files of root's: needs root"
command -v linux.uml >/dev/null || skip_all "no linux.uml: package user-mode-linux"
[ -e build/packages/made ] || skip_all "no packages: make deb"
WORK=$(mktemp -d "${TMPDIR:-/tmp}/bot-jail-test.XXXXXX")
OTHERS=build/packages-of-tests	# where the machines see it, at /mnt
trap 'rm -rf "$WORK" "$OTHERS"' EXIT
trap 'exit 130' INT TERM HUP
rm -rf "$OTHERS"
mkdir -p "$OTHERS"

# The version before this one: there is none yet, so it is this one by another number, with an older policy.
for deb in build/packages/*.deb; do
	rm -rf "$WORK/old"
	dpkg-deb -R "$deb" "$WORK/old"
	version=$(dpkg-deb -f "$deb" Version)
	sed -i "s/^Version: .*/Version: 0.0.9/; s/(= $version)/(= 0.0.9)/" "$WORK/old/DEBIAN/control"
	policy=$WORK/old/usr/share/bot-jail/policies/c.policy
	[ ! -e "$policy" ] || echo "# as it was" >>"$policy"
	dpkg-deb --root-owner-group -b "$WORK/old" "$OTHERS" >/dev/null
done
# A club's own package, which brings a policy.
mkdir -p "$WORK/club/DEBIAN" "$WORK/club/etc/bot-jail/policies"
printf 'Package: club-policies\nVersion: 1\nArchitecture: all\nMaintainer: nobody <nobody@localhost>\nDescription: a policy\n' \
	>"$WORK/club/DEBIAN/control"
printf 'include agent\nlimit memory 100M\n' >"$WORK/club/etc/bot-jail/policies/club.policy"
chmod -R u=rwX,go=rX "$WORK/club"
dpkg-deb --root-owner-group -b "$WORK/club" "$OTHERS" >/dev/null

# Passes on what a machine claimed; it must have got to its end.
machine() { # name, its output
	sed -n 's/^\(not ok\|ok\) [0-9]* - /\1 /p; /^#/p; s/^Bail/# Bail/p' "$2" >"$WORK/claims"
	while IFS= read -r line; do
		case $line in
		"ok "*) result 1 "$1: ${line#ok }" ;;
		"not ok "*) result 0 "$1: ${line#not ok }" ;;
		*) echo "$line" ;;
		esac
	done <"$WORK/claims"
	like "$1: the machine got to its end" "$(grep '^1\.\.' "$2")" .
}

truncate -s 4G "$WORK/disk"
mkfs.ext4 -q -F -E lazy_itable_init=1,lazy_journal_init=1 "$WORK/disk"
export VM_MEMORY=1536 VM_TIMEOUT=1500
for boot in first second; do
	VM_DISK=$WORK/disk tests/vm/boot -s . "sh /mnt/tests/packages/guest/$boot" >"$WORK/output" 2>&1
	machine "$boot boot" "$WORK/output"
done
VM_ROOT=1 tests/vm/boot . "sh /mnt/tests/packages/guest/plain" >"$WORK/output" 2>&1
machine "without systemd" "$WORK/output"
done_testing
