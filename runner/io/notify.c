/* Owns the talk with a service manager. */
#include "notify.h"

#include "common.h"

#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#define LISTEN_FD 3

void
notify(const char *state)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	if (!path || (*path != '/' && *path != '@') || strlen(path) >= sizeof(address.sun_path))
		return;
	strcpy(address.sun_path, path);
	if (*path == '@')
		address.sun_path[0] = '\0';
	cleanup_close int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	/* Who does not listen is not told. */
	(void)sendto(fd, state, strlen(state), MSG_NOSIGNAL, (struct sockaddr *)&address,
	    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(path)));
}

/* Meant for this process, and not for one that started it? */
static int64_t
mine(const char *pid, const char *value)
{
	const char *whose = getenv(pid), *text = getenv(value);

	return text && (!whose || strtoll(whose, NULL, 10) == getpid()) ? strtoll(text, NULL, 10) : 0;
}

int64_t
notify_watchdog_us(void)
{
	return mine("WATCHDOG_PID", "WATCHDOG_USEC") / 2;
}

int
notify_socket(void)
{
	int count = (int)mine("LISTEN_PID", "LISTEN_FDS");

	if (count < 1 || fcntl(LISTEN_FD, F_SETFD, FD_CLOEXEC))
		return -1;
	return LISTEN_FD;
}
