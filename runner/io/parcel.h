/* A message with descriptors, as bot-jail sends them by its control socket: bot-jail(1), CONTROL SOCKET. */
#ifndef PARCEL_H
#define PARCEL_H

#include "raw.h"

#include <sys/types.h>

#define PARCEL_FDS 16

struct parcel {
	char text[4096];
	struct raw message;	/* in it; {} when it is not JSON */
	int fds[PARCEL_FDS];	/* whose owner is who received them */
	int count;
};

/* Takes the next one. Its length; 0 at the end of the stream; -errno: -EAGAIN when none has come. */
ssize_t parcel_receive(int socket, struct parcel *parcel);

#endif
