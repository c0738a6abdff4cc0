/*
 * Where things are. The Makefile gives the directories; a setuid program takes none from its
 * environment. Every directory here and each of its parents must belong to root and be writable by
 * nobody else.
 */
#ifndef CONFIG_H
#define CONFIG_H

#ifndef STATE_DIR
#define STATE_DIR "/var/lib/bot-jail"		/* compiled policies */
#endif
#ifndef RUN_DIR
#define RUN_DIR "/run/bot-jail"			/* made by bot-jail-setup at boot */
#endif
#ifndef ADMIN_DIR
#define ADMIN_DIR "/etc/bot-jail/policies"	/* the administrator's policy sources, which win */
#endif
#ifndef VENDOR_DIR
#define VENDOR_DIR "/usr/local/share/bot-jail/policies"
#endif
#ifndef VERSION
#define VERSION "unreleased"
#endif

#define CGROUP_DIR RUN_DIR "/cgroup"		/* links to our group in each hierarchy */
#define CALLER_DIR RUN_DIR "/caller"		/* ceilings of one caller, a file for each cgroup file */
#define MOUNT_POINT RUN_DIR "/root"		/* empty; a jail's root is mounted here in its own namespace */
#define UIDS_FILE RUN_DIR "/uids"		/* one lock and one word for each jail uid */

/*
 * Uids (and gids of the same number) of live jails. Above systemd's container range and below 2^31,
 * where nothing else allocates (systemd: docs/UIDS-GIDS.md); `bot-jail-setup --check` looks for
 * clashes.
 */
#define UID_FIRST 1900000000u
#define UID_COUNT 1000u

#define OOM_FILE "/proc/self/oom_score_adj"	/* negative: shielded from the memory killer */

#define INSIDE_ID 1000u				/* what a bot sees as its own uid and gid */

#endif
