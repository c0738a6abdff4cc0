#!/bin/sh
# Claim: the RPM packages are split as the Debian ones are, with the same modes.
. "$(dirname "$0")/../lib/tap.sh"
TOP=$(cd "$(dirname "$0")/../.." && pwd)
cd "$TOP" || exit
for rpm in build/packages/*.rpm; do [ -e "$rpm" ] || { echo "1..0 # SKIP no RPM packages: make rpm"; exit 0; }; done

rpm_of() { echo build/packages/"$1"-[0-9]*.rpm; }
# Modes and names of files; documentation and links to it are each distribution's own.
plain() { sed 's|/usr/lib/systemd|/lib/systemd|; s|zsh/vendor-completions|zsh/site-functions|; s/\.gz$//' | grep -vE '/(doc|licenses|lintian|\.build-id|init\.d|match-relay\.1)(/|$)' | sort; }
for name in bot-jail match-run match-worker match-gate; do
	is "$name has the same files as the Debian package" \
		"$(rpm -qp --nosignature --qf '[%{FILEMODES:perms} %{FILENAMES}\n]' "$(rpm_of $name)" 2>/dev/null | sed -n 's/^-[^ ]* //p' | plain)" \
		"$(dpkg-deb -c build/packages/${name}_*.deb | sed -n 's/^-.* \.\//\//p' | plain)"
	is "$name is root's" "$(rpm -qp --nosignature --qf '[%{FILEUSERNAME}\n]' "$(rpm_of $name)" 2>/dev/null | sort -u)" root
done
is "the helper is 4750 root:bot-jail" \
	"$(rpm -qp --nosignature --qf '[%{FILEMODES:perms} %{FILEUSERNAME}:%{FILEGROUPNAME} %{FILENAMES}\n]' "$(rpm_of bot-jail)" 2>/dev/null | grep ' /usr/bin/bot-jail$')" \
	"-rwsr-x--- root:bot-jail /usr/bin/bot-jail"
like "policies are compiled when libseccomp changes" "$(rpm -qp --nosignature --triggers "$(rpm_of bot-jail)" 2>/dev/null)" 'libseccomp'
lint=$(rpmlint -c packaging/rpm/rpmlint.toml build/packages/*.rpm 2>&1)
is "what rpmlint says is explained" "$(printf '%s\n' "$lint" | grep -E ': [EW]: ')" ""
done_testing
