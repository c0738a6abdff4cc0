/*
 * Owns staying: systemd removes a unit's cgroup, delegated or not, as soon as no process is in it.
 */
#include "hold.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/*
 * sd_notify(3): one datagram to the socket that is named; '@' stands for the zero byte of an
 * abstract one.
 */
static void
notify(const char *name, const char *text)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	size_t length = strlen(name);
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || length >= sizeof(to.sun_path))
		return;
	memcpy(to.sun_path, name, length);
	if (name[0] == '@')
		to.sun_path[0] = '\0';
	/* Unheard, systemd ends us when the start times out, and says so. */
	(void)sendto(fd, text, strlen(text), 0, (struct sockaddr *)&to,
	    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length));
	(void)close(fd);
}

void
hold(void)
{
	const char *name = getenv("NOTIFY_SOCKET");

	if (name)
		notify(name, "READY=1");
	for (;;)
		(void)pause();	/* the signal that ends us is the return */
}
