#!/bin/sh
# Claim: the privileged program is small and links nothing but the C library; the binary is hardened.
. "$(dirname "$0")/lib/tap.sh"
size=$(cd "$TOP" && make -s size)
lines=$(printf '%s\n' "$size" | sed -n 's/^code lines in bot-jail: \([0-9]*\)$/\1/p')
ok "bot-jail has at most 1500 code lines: ${lines:-none counted}" [ "${lines:-9999}" -le 1500 ]
is "no library is loaded at run time" "$(readelf -d "$TOP/build/bot-jail" | grep -c NEEDED)" 0
physical=$(printf '%s\n' "$size" | sed -n 's/^physical lines in bot-jail: \([0-9]*\)$/\1/p')
ok "and at most 2200 physical ones: ${physical:-none counted}" [ "${physical:-9999}" -le 2200 ]
is "archives it is linked with: the C library and the compiler's" "$(printf '%s\n' "$size" | sed -n 's/^linked with: //p')" "libc libgcc"
like "it is position-independent" "$(readelf -h "$TOP/build/bot-jail")" 'Type: +DYN'
like "its relocations are read-only" "$(readelf -lW "$TOP/build/bot-jail")" GNU_RELRO
unlike "it has no executable stack" "$(readelf -lW "$TOP/build/bot-jail" | grep GNU_STACK)" 'E  *0x10$|RWE'
is "no segment is writable and executable" "$(readelf -lW "$TOP/build/bot-jail" | grep -cE 'LOAD.*RWE')" 0
like "it guards its stack" "$(nm "$TOP/build/bot-jail")" __stack_chk_fail
is "it starts no interpreter of its own" "$(readelf -lW "$TOP/build/bot-jail" | grep -c INTERP)" 0
done_testing
