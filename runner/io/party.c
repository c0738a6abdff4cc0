/* Owns the streams of one program. It reads whatever comes, and keeps no more than the caps. */
#include "party.h"

#include "common.h"
#include "talk.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#define STATUS_CAP 16384
#define ANSWER_CAP (1 << 20)	/* as JSON: a text grows when it is quoted */
#define PIECE 65536

void
party_init(struct party *party)
{
	memset(party, 0, sizeof(*party));
	party->log.fd = -1;
	party->child = CHILD_NONE;
	meter_init(&party->meter);
}

static void
begin(struct party *party, const struct program *program, const struct caps *caps)
{
	party_init(party);
	party->program = program;
	party->caps = caps;
	buffer_init(&party->pending, caps->turn == INT64_MAX ? GAME_PENDING_CAP : PENDING_CAP);
	buffer_init(&party->lines, (size_t)caps->line + PIECE);
	buffer_init(&party->status_line, STATUS_CAP);
	buffer_init(&party->answer, ANSWER_CAP);
	dialog_init(&party->dialog, &program->dialect, ANSWER_CAP);
}

int
party_start(struct party *party, const struct program *program, const struct caps *caps,
    const char *helper, uint64_t seed, int dir)
{
	char name[NAME_MAX_BYTES + 8];

	begin(party, program, caps);
	snprintf(name, sizeof(name), "%s.err", program->name);
	party->seed = seed;
	int error = log_open(&party->log, dir, name, (size_t)caps->log);
	return error ? error : child_start(&party->child, helper, program, seed, NULL);
}

void
party_sit(struct party *party, const struct program *program, const struct caps *caps)
{
	begin(party, program, caps);
	party->child.out = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
}

void
party_end(struct party *party)
{
	child_end(&party->child);
	meter_free(&party->meter);
	dialog_free(&party->dialog);
	buffer_free(&party->pending);
	buffer_free(&party->lines);
	buffer_free(&party->status_line);
	buffer_free(&party->answer);
	log_close(&party->log);
	js_free(party->status);
	party->status = NULL;
}

int
party_fd(const struct party *party, enum stream stream)
{
	const int fds[STREAMS] = { party->child.in, party->child.out, party->child.err,
	    party->child.status, party->child.control };

	return fds[stream];
}

void
party_flush(struct party *party)
{
	struct buffer *pending = &party->pending;

	if (party->child.in < 0)	/* nobody reads it any more */
		buffer_drop(pending, pending->length);
	while (pending->length > 0) {
		ssize_t sent = write(party->child.in, buffer_bytes(pending), pending->length);

		if (sent < 0 && errno == EAGAIN)
			return;
		if (sent < 0) {	/* it is gone, and its status will tell why */
			buffer_drop(pending, pending->length);
			return;
		}
		buffer_drop(pending, (size_t)sent);
	}
}

int
party_send(struct party *party, const char *line, size_t length)
{
	int error = buffer_append(&party->pending, line, length);

	return error ? error : buffer_append(&party->pending, "\n", 1);
}

int
party_go_on(struct party *party, const struct facts *facts)
{
	const struct step *step;
	int error = 0;

	while (!error && (step = dialog_next(&party->dialog)))
		error = talk_send(step, &party->dialog, facts, &party->pending);
	party_flush(party);
	return error;
}

int
party_talk(struct party *party, enum section section, const struct facts *facts)
{
	party->turn_bytes = 0;
	dialog_begin(&party->dialog, section);
	return party_go_on(party, facts);
}

int
party_say(struct party *party, enum section section, const struct facts *facts)
{
	const struct dialect *dialect = party->dialog.dialect;
	int error = 0;

	for (int i = 0; !error && i < dialect->count[section]; i++)
		error = talk_send(&dialect->step[dialect->first[section] + i], &party->dialog, facts,
		    &party->pending);
	party_flush(party);
	return error;
}

/* One read. 0 at the end of the stream, which is closed; -EAGAIN when nothing is there. */
static ssize_t
read_some(int *fd, char *bytes, size_t size)
{
	ssize_t length = read(*fd, bytes, size);

	if (length < 0 && (errno == EAGAIN || errno == EINTR))
		return -EAGAIN;
	if (length > 0)
		return length;
	close_fd(fd);
	return 0;
}

bool
party_read_log(struct party *party)
{
	char bytes[PIECE];
	ssize_t length = read_some(&party->child.err, bytes, sizeof(bytes));

	if (length > 0)
		log_write(&party->log, bytes, (size_t)length);
	party->complained |= length > 0;
	return length != 0;
}

bool
party_read_status(struct party *party)
{
	char bytes[4096], error[JS_ERROR_BYTES];
	ssize_t length = read_some(&party->child.status, bytes, sizeof(bytes));

	if (length > 0)
		/* what is too long does not parse */
		(void)buffer_append(&party->status_line, bytes, (size_t)length);
	if (length == 0)
		party->status = js_parse(party->status_line.length
		    ? buffer_bytes(&party->status_line) : "", party->status_line.length, error);
	return length != 0;
}

static const char *
passed_cap(const struct party *party)
{
	if (party->turn_bytes > party->caps->turn)
		return "more output in one turn than allowed (caps.turn)";
	if (party->match_bytes > party->caps->match)
		return party->caps->game ? "more output in one match than allowed (caps.match)"
		    : "more output in one match than allowed (caps.game)";
	return NULL;
}

bool
party_read_lines(struct party *party, const char **wrong)
{
	char unheard[PIECE], *space = party->deaf ? unheard : buffer_space(&party->lines, PIECE);
	ssize_t length = read_some(&party->child.out, space ? space : unheard, PIECE);

	*wrong = NULL;
	if (length <= 0 || party->deaf)
		return length != 0;
	buffer_grew(&party->lines, space ? (size_t)length : 0);
	party->turn_bytes += length;
	party->match_bytes += length;
	*wrong = space ? passed_cap(party) : "out of memory";
	return true;
}
