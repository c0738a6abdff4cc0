/*
 * One program of a match while it runs: its jail, its streams, the talk with it, and what is on the
 * way in either direction.
 */
#ifndef PARTY_H
#define PARTY_H

#include "buffer.h"
#include "child.h"
#include "dialog.h"
#include "log.h"
#include "meter.h"
#include "setup.h"

#define PENDING_CAP (4 << 20)		/* what may wait for a bot to read it */
#define GAME_PENDING_CAP (32 << 20)	/* for the game: the answers of all */

enum stream { STREAM_IN, STREAM_OUT, STREAM_ERR, STREAM_STATUS, STREAM_CONTROL, STREAMS };

/* What dialects can say besides the view: match-dialect(5), FIELDS OF LINES. */
struct facts {
	struct raw view;		/* of the present ask, or message; may be no part */
	const struct js *vars;
	int seat, players;
	uint64_t seed;
	int64_t turn_ms, increment_ms;	/* what he has for this answer; after it */
	int64_t time_ms[PLAYERS_MAX];	/* the banks */
};

struct party {
	const struct program *program;
	const struct caps *caps;
	uint64_t seed;
	struct child child;
	struct dialog dialog;
	struct meter meter;
	struct buffer pending, lines, status_line;
	struct log log;
	int unasked;			/* lines that nobody asked for */
	bool complained;			/* on its standard error */
	int64_t turn_bytes, match_bytes;	/* printed in this turn, and in all */
	size_t told_bytes;		/* to it, by the game, since the last ask */
	bool deaf;			/* its output is read, and thrown away */
	bool view_waits;		/* the view of the present ask, for a late answer to the one before */
	struct buffer answer;		/* JSON text of its last answer */
	struct js *status;		/* the status line, once it has come */
	char why[256];			/* words about its fault, or "" */
};

void party_init(struct party *party);

/* Starts it with an empty log file in the folder `dir`. -errno. */
int party_start(struct party *party, const struct program *program, const struct caps *caps,
    const char *helper, uint64_t seed, int dir);

/* A person at this terminal: nothing is started. */
void party_sit(struct party *party, const struct program *program, const struct caps *caps);
void party_end(struct party *party);

int party_fd(const struct party *party, enum stream stream);

/*
 * Queues a line and sends what the pipe takes. -EMSGSIZE when too much waits; a program that is
 * gone is no error.
 */
int party_send(struct party *party, const char *line, size_t length);
void party_flush(struct party *party);

/* Sends what a section of its dialect says, up to where it waits. As party_send(). */
int party_talk(struct party *party, enum section section, const struct facts *facts);

/* The same for a section that waits for nothing; whatever goes on goes on. */
int party_say(struct party *party, enum section section, const struct facts *facts);

/* Goes on with the section after HEARD_MORE. */
int party_go_on(struct party *party, const struct facts *facts);

/* Reads what there is. false at the end of the stream, which is closed then. */
bool party_read_log(struct party *party);
bool party_read_status(struct party *party);

/* The same for its output; *wrong says which cap was passed, or is NULL. */
bool party_read_lines(struct party *party, const char **wrong);

#endif
