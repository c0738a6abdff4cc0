#!/bin/sh
# Claim: dependencies point one way. In jail/ and runner/ a file includes headers of its own layer or of a lower one;
# the layers are in LAYERS, lowest first. Nothing of runner/ is part of bot-jail, and one file alone owns each library.
. "$(dirname "$0")/lib/tap.sh"

# Includes that point upwards or nowhere, of the tree in this folder.
upwards() {
	awk 'FILENAME == "LAYERS" { rank[$1] = FNR; next }
	    FNR == 1 { split(FILENAME, path, "/"); layer[path[2]] = path[1] }
	    /^#include "/ { split($0, word, "\""); from[++n] = FILENAME; header[n] = word[2] }
	    END {
		for (i = 1; i <= n; i++) {
			split(from[i], path, "/")
			if (!(header[i] in layer) || rank[layer[header[i]]] > rank[path[1]])
				print from[i] "->" header[i]
		}
	    }' LAYERS */*.def */*.[ch]
}

for tree in jail runner; do
	is "$tree: every include points to its own layer or a lower one" "$(cd "$TOP/$tree" && upwards)" ""
	is "$tree: every folder with code is a layer" "$(cd "$TOP/$tree" && for d in */; do ! ls "$d"*.[ch] >/dev/null 2>&1 || grep -qx "${d%/}" LAYERS || echo "$d"; done)" ""
done
is "runner/pure reads no clock and has no descriptor" \
	"$(grep -lE '#include <(time|unistd|fcntl|poll|stdio|sys/.*)\.h>|clock_gettime|malloc\(' "$TOP"/runner/pure/*.[ch])" ""
is "jail/data and the meet allocate nothing" "$(grep -lE 'malloc\(|calloc\(|open\(|clock_gettime' "$TOP"/jail/data/*.c)" ""
for library in jansson.h:runner/io/js.c libcgroup.h: cap-ng.h: archive.h: sqlite3.h: hiredis/hiredis.h: amqp.h: curl/curl.h: microhttpd.h:; do
	header=${library%%:*}
	owners=$(cd "$TOP" && grep -l "#include <$header>" jail/*/*.c runner/*/*.c 2>/dev/null | tr '\n' ' ')
	case $header in
	jansson.h) is "jansson in the runner belongs to one file" "$(printf '%s' "$owners" | tr ' ' '\n' | grep runner/)" "runner/io/js.c" ;;
	libcgroup.h) is "libcgroup is bot-jail-setup's" "$owners" "jail/system/hierarchy.c jail/system/parents.c " ;;
	sqlite3.h) is "SQLite belongs to one file" "$owners" "runner/io/store.c " ;;
	archive.h) is "libarchive is what runs in a jail" "$owners" "runner/prog/match-unpack.c " ;;
	hiredis/hiredis.h) is "hiredis belongs to one file" "$owners" "runner/queue/redis.c " ;;
	amqp.h) is "librabbitmq belongs to one file" "$owners" "runner/queue/rabbit.c " ;;
	curl/curl.h) is "libcurl belongs to one file" "$owners" "runner/io/backend.c " ;;
	microhttpd.h) is "libmicrohttpd belongs to one file" "$owners" "runner/io/http.c " ;;
	cap-ng.h) is "libcap-ng is the doctor's" "$owners" "jail/act/doctor_host.c " ;;
	esac
done
is "the helper includes nothing of the runner" "$(cat "$TOP"/build/helper/*/*.d | tr ' ' '\n' | grep -c '^runner/')" 0
is "the helper calls no shell, no name service, no parser of JSON, and allocates nothing" \
	"$(nm "$TOP/build/bot-jail" | awk '{ print $3 }' | grep -xE 'system|popen|execvp|execlp|getpwnam|getgrnam|getenv|secure_getenv|dlopen|malloc|json_loads|seccomp_load' | tr '\n' ' ')" ""
is "no line of the sources is longer than 120 columns" \
	"$(awk '{ gsub(/\t/, "        ") } length > 120 { print FILENAME ":" FNR }' "$TOP"/jail/*/*.[ch] "$TOP"/runner/*/*.[ch])" ""
done_testing
