#!/bin/sh
# Claim: the privileged program is small and links libc and libcap-ng only; the binary is hardened.
. "$(dirname "$0")/lib/tap.sh"
size=$(cd "$TOP" && make -s size)
lines=$(printf '%s\n' "$size" | sed -n 's/^code lines in bot-jail: \([0-9]*\)$/\1/p')
ok "bot-jail has at most 1500 code lines: ${lines:-none counted}" [ "${lines:-9999}" -le 1500 ]
is "libraries it is linked with at run time: none, or libc and libcap-ng" \
	"$(readelf -d "$TOP/build/bot-jail" | sed -n 's/.*NEEDED.*\[\(.*\)\]/\1/p' | grep -vE '^(libc\.so\.6|libcap-ng\.so\.0)$' | tr '\n' ' ')" ""
is "archives it is linked with: libc and libcap-ng" "$(printf '%s\n' "$size" | sed -n 's/^linked with: //p')" "libc libcap-ng libgcc"
like "it is position-independent" "$(readelf -h "$TOP/build/bot-jail")" 'Type: +DYN'
like "its relocations are read-only" "$(readelf -lW "$TOP/build/bot-jail")" GNU_RELRO
unlike "it has no executable stack" "$(readelf -lW "$TOP/build/bot-jail" | grep GNU_STACK)" 'E  *0x10$|RWE'
is "no segment is writable and executable" "$(readelf -lW "$TOP/build/bot-jail" | grep -cE 'LOAD.*RWE')" 0
like "it guards its stack" "$(nm "$TOP/build/bot-jail")" __stack_chk_fail
is "it starts no interpreter of its own" "$(readelf -lW "$TOP/build/bot-jail" | grep -c INTERP)" 0
done_testing
