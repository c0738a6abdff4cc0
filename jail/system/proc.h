/* The host's /proc, as root uses it on a process of ours. */
#ifndef PROC_H
#define PROC_H

#include <sys/types.h>

/* Opens /proc and sees that it is one. -1 with errno. */
int proc_open(void);

/* Writes a file of a process, through no link and no other mount. -1 with errno. */
int proc_write(int proc, pid_t pid, const char *file, const char *text);

/* uid_map and gid_map: `inside` becomes `outside`, nothing else is mapped. -1 with errno. */
int proc_map_ids(int proc, pid_t pid, uid_t inside_uid, gid_t inside_gid, uid_t outside);

#endif
