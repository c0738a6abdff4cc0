/* match-gate: what it runs, and for whom. gate.c is the loop, gate_run.c what runs, gate_route.c what is asked. */
#ifndef GATE_H
#define GATE_H

#include "buffer.h"
#include "command.h"
#include "crew.h"
#include "http.h"
#include "job.h"
#include "language.h"
#include "oneshot.h"
#include "settings.h"
#include "site.h"

#define RUN_ID_BYTES 24
#define LATENCIES 12		/* limits of a histogram's parts, and one for all above */

enum gate_setting {
	GATE_BEGIN = SITE_SETTINGS - 1,
#define SETTING(id, name, environment, fallback, least, most, value, what) GATE_##id,
#include "gate.def"
#undef SETTING
	GATE_SETTINGS
};

/* Who reaches the socket: others, whoever is on this machine, or whom the mode of its file lets. */
enum reach { REACH_OTHERS, REACH_MACHINE, REACH_FILE };

enum run_kind { RUN_PROGRAM, RUN_MATCH, RUN_KINDS };
enum run_state { RUN_WAITING, RUN_RUNNING, RUN_OVER };

struct gate;

/* Somebody who follows a run as it goes. */
struct follower {
	struct follower *next;
	struct run *run;
	bool events;			/* server-sent events; else the bytes as they come */
	struct http_stream stream;
};

/* A program or a match that was asked for. */
struct run {
	struct run *next, *previous;	/* by age, the oldest first */
	struct gate *gate;
	char id[RUN_ID_BYTES];
	enum run_kind kind;
	enum run_state state;
	struct request *request;	/* of who waits for its end; NULL */
	int64_t asked_us, began_us, ended_us;
	bool cancelled, stuck, killed;

	/* a program */
	const struct language *language;
	int64_t timeout_ms;
	char *code, *input, *variable;	/* variable: INPUT_DATA=... */
	char dir[PATH_BYTES], wall[32];
	struct program program;
	struct oneshot shot;
	bool started;			/* its jail was seen */
	struct buffer out, err;
	bool cut;			/* it printed more than is kept */
	struct begun {			/* a character that is not whole yet, of each of the two */
		char bytes[4];
		size_t count;
	} begun[2];

	/* a match */
	char *job;			/* the text */
	int worker;			/* of the crew; -1 */
	struct buffer lines;

	/* for followers: what was printed, in order, and the same as events */
	struct buffer log, events;
	struct follower *followers;
	struct js *result;		/* once it is over */
	size_t bytes;			/* that it takes then, about */
};

/* Cumulative, as Prometheus has it. */
struct histogram {
	uint64_t part[LATENCIES + 1], count;
	double sum;
};

struct counters {
	uint64_t ended[LANGUAGES_MAX + 1][12];	/* by language, the last one for matches; by status */
	uint64_t answered[600];			/* by HTTP status */
	uint64_t stuck;
	struct histogram duration, start;
};

struct gate {
	struct settings settings;
	struct languages languages;
	int64_t wall_ms[LANGUAGES_MAX];	/* the most that each language's policy allows; 0: not known */
	const char *helper;
	struct http *http;
	struct room room;
	struct crew crew;
	struct run *first, *last;
	int running[RUN_KINDS], waiting[RUN_KINDS], most[RUN_KINDS];
	int kept;
	size_t kept_bytes;
	char *tokens;			/* NULL: anybody may ask */
	int64_t ready_us;		/* when it was last tried */
	char unready[256];		/* why no jail can be had; "" */
	struct counters counters;
	int64_t began_us;
	int signals;
	bool managed;			/* the socket is a service manager's */
	enum reach reach;
	bool stopping;			/* nothing more is taken */
	int64_t stop_us;		/* and what still runs then is cancelled */
};

extern const char *const run_statuses[12];	/* ended by NULL */

/* --- gate_run.c */

/* A new run that waits; the caller fills in what it is. NULL: there is no memory. */
struct run *run_new(struct gate *gate, enum run_kind kind);

/* May one more of that kind be taken? */
bool run_fits(const struct gate *gate, enum run_kind kind);

struct run *run_find(struct gate *gate, enum run_kind kind, const char *id);

/* Begins what can begin, ends what is due, and forgets what is old. */
void runs_turn(struct gate *gate);

/* Descriptors of all runs; returns how many. `fds` has room for all that may run. */
int runs_polls(struct gate *gate, struct pollfd *fds);
void runs_look(struct gate *gate, const struct pollfd *fds);

void run_cancel(struct run *run);
void runs_stop(struct gate *gate);	/* all, at once, and answers who waits */

/* What is known of it, as JSON. */
struct js *run_describe(const struct run *run);

/* Answers a request with what comes of it as it comes. */
void run_follow(struct run *run, struct request *request, bool events);

/* --- gate_route.c */

void gate_handle(void *owner, struct request *request);
void gate_refused(void *owner, int status);
int gate_admit(void *owner, struct request *request);

/* Answers with a document, which it frees. */
void gate_answer(struct gate *gate, struct request *request, int status, struct js *document);

/* --- gate_metrics.c */

void histogram_add(struct histogram *histogram, double seconds);
void gate_metrics(struct gate *gate, struct buffer *text);

#endif
