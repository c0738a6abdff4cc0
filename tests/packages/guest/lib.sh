# Sourced by what runs in the machines: tap.sh, this machine made fresh, and what is done more than once.
BINDIR=/usr/bin SBINDIR=/usr/sbin TOP=/mnt
export PATH=/usr/sbin:/usr/bin:/sbin:/bin	# nothing of /usr/local, where the host has another bot-jail
. /mnt/tests/lib/tap.sh
export DEBIAN_FRONTEND=noninteractive
DEBS=/mnt/build/packages OTHERS=/mnt/build/packages-of-tests
OURS="bot-jail bot-jail-tests match-gate match-run match-worker"

# The files are the host's, where `make install` may have been, and hooks of apt's that are not for here. Every file that is
# looked at takes a descriptor of user-mode-linux, and there are more manual pages than descriptors.
fresh() {
	rm -f /var/lib/man-db/auto-update
	printf '#clear %s;\n' DPkg::Pre-Invoke DPkg::Post-Invoke DPkg::Post-Invoke-Success DPkg::Pre-Install-Pkgs \
		APT::Update::Post-Invoke APT::Update::Post-Invoke-Success >/etc/apt/apt.conf.d/zz-test
	# Lists of what mirrors have would be read for a minute, and there is no network.
	mkdir -p /run/lists/partial
	printf '%s\n' 'APT::Sandbox::User "root";' 'Dir::State::Lists "/run/lists";' 'Dir::Cache::pkgcache "";' \
		'Dir::Cache::srcpkgcache "";' >>/etc/apt/apt.conf.d/zz-test
	echo force-unsafe-io >/etc/dpkg/dpkg.cfg.d/zz-test	# nobody pulls the plug
	for name in $OURS; do
		! dpkg-query -W "$name" >/dev/null 2>&1 || dpkg --purge --force-depends "$name"
	done
	sh /mnt/packaging/deactivate /usr/local/sbin /var/lib/bot-jail /run/bot-jail /etc/bot-jail
	rm -rf /etc/bot-jail /usr/local/share/bot-jail /usr/local/lib/bot-jail /usr/local/lib/systemd/system/*bot-jail* \
		/usr/local/lib/systemd/system/match-* /usr/local/bin/bot-jail* /usr/local/bin/bot-policy /usr/local/bin/match-* \
		/usr/local/sbin/bot-jail* /usr/local/sbin/match-* /var/lib/match-*
	# A folder that was removed and made anew hides the host's, also what `make install` puts there from now on: units of
	# /usr/local win over those of packages.
	rm -rf /usr/local/lib/systemd /usr/local/lib/sysusers.d
	mkdir -p /usr/local/lib/systemd/system /usr/local/lib/sysusers.d
	[ ! -d /run/systemd/system ] || systemctl daemon-reload
} >/dev/null 2>&1

# Tells what took long, too: a machine like this takes its time.
run() {
	run_since=$(date +%s) RC=0
	OUT=$("$@" 2>&1) || RC=$?
	run_took=$(($(date +%s) - run_since))
	[ "$run_took" -lt 5 ] || comment "$run_took s: $(printf '%s ' "$@" | cut -c 1-80)"
}
user() { run su "$1" -c "cd && $2"; }	# with the groups of /etc/group, as a login has them

# Two users: alice may start jails, bob may not.
users() {
	useradd -M -d /home/alice -s /bin/sh alice
	useradd -M -d /home/bob -s /bin/sh bob
	install -d -m 700 -o alice -g alice /home/alice
	install -d -m 700 -o bob -g bob /home/bob
}
