/* Owns the two messages of the control socket: bot-jail(1), CONTROL SOCKET. */
#include "control.h"

#include "file.h"
#include "report.h"

#include <fcntl.h>
#include <string.h>

_Static_assert(CGROUP_FILES <= FDS_MAX && SLOTS_MAX <= FDS_MAX, "one message holds either kind");

struct parcel {
	char text[1024];
	int fds[FDS_MAX];
	size_t count;
};

static void
add_text(struct parcel *parcel, const char *text)
{
	strncat(parcel->text, text, sizeof(parcel->text) - strlen(parcel->text) - 1);
}

/* Adds "name", behind a comma unless it is the first of its list. */
static void
add_name(struct parcel *parcel, const char *name)
{
	add_text(parcel, parcel->text[strlen(parcel->text) - 1] == '[' ? "\"" : ",\"");
	add_text(parcel, name);
	add_text(parcel, "\"");
}

/* A caller who does not read what he asked for gets no jail. */
static int
send_parcel(int socket, struct parcel *parcel)
{
	add_text(parcel, "]}\n");
	int wrong = message_send(socket, parcel->text, strlen(parcel->text), parcel->fds,
	    parcel->count);
	while (parcel->count > 0)
		(void)file_close(parcel->fds[--parcel->count]);
	return wrong;
}

int
control_send_cgroup(int socket, struct cgroup *cgroup)
{
	struct cgroup_file files[CGROUP_FILES];
	struct parcel parcel = { .text = "{\"cgroup\":[" };

	cgroup_open_files(cgroup, files);
	for (int i = 0; i < CGROUP_FILES; i++)
		if (files[i].fd >= 0) {
			add_name(&parcel, files[i].name);
			parcel.fds[parcel.count++] = files[i].fd;
		}
	add_text(&parcel, "],\"absent\":[");
	for (int i = 0; i < CGROUP_FILES; i++)
		if (files[i].fd < 0)
			add_name(&parcel, files[i].name);
	return send_parcel(socket, &parcel);
}

/* By now the mount belongs to no namespace any more, and ".." of its root is itself. */
int
control_send_slots(int socket, const struct plan *plan, const struct slot_mounts *mounts)
{
	const struct record_slot *slot = record_part(plan->record, PART_SLOTS);
	struct parcel parcel = { .text = "{\"slots\":[" };

	for (uint32_t i = 0; i < plan->record->part[PART_SLOTS].count; i++) {
		int fd = slot[i].kind == SLOT_TMP
		    ? openat(mounts->fd[i], ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;

		if (fd < 0)
			continue;
		add_name(&parcel, record_string(plan->record, slot[i].name));
		parcel.fds[parcel.count++] = fd;
	}
	return parcel.count ? send_parcel(socket, &parcel) : 0;
}
