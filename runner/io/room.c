/* Owns the reckoning of CPUs and memory for matches that run at the same time. */
#include "room.h"

#include "common.h"
#include "pin.h"
#include "plan.h"

#include <errno.h>
#include <string.h>

#define RUNNER_BYTES (16 << 20)		/* match-run's own bound */

/* What one program's jail may use. */
struct need {
	char key[PATH_BYTES];		/* policy and limits: the same ones need the same */
	int64_t bytes;
	int percent;			/* of one CPU; 100 where the policy gives no rate */
};

struct survey {
	const struct tourney *tourney;
	const bool *gone;		/* by bot */
	const char *helper;
	struct need last;
	char *wrong;			/* of the first program that cannot be started; "" */
};

static void
complain(struct survey *survey, const char *name, const char *why)
{
	if (!*survey->wrong)
		snprintf(survey->wrong, SETUP_ERROR_BYTES, "%s: %.*s", name, (int)strcspn(why, "\n"), why);
}

/* Reads a program's policy as its jail would have it. */
static struct need
need_of(struct survey *survey, const struct program *program, const char *name)
{
	char plan[PLAN_BYTES];
	struct need need = { .percent = 100 };
	size_t used = (size_t)snprintf(need.key, sizeof(need.key), "%s", program->policy);

	for (int i = 0; program->limits[i] && used < sizeof(need.key); i++)
		used += (size_t)snprintf(need.key + used, sizeof(need.key) - used, " %s", program->limits[i]);
	if (strcmp(need.key, survey->last.key) == 0)
		return survey->last;
	if (plan_read(survey->helper, program, plan) == 0) {
		int64_t rate = plan_limit_number(plan, "cpu-rate");

		need.bytes = plan_limit_number(plan, "memory");
		need.percent = rate > 0 ? (int)rate : 100;
	} else
		complain(survey, name, plan);
	return survey->last = need;
}

/* A command with a path of its own that is not there: not built, or not executable. */
static void
check_command(struct survey *survey, const struct program *program, const char *name)
{
	char path[2 * PATH_BYTES], why[160];
	const char *command = program->command[0];

	if (command[0] == '/' || !strchr(command, '/'))
		return;
	snprintf(path, sizeof(path), "%s/%s", program->dir, command);
	if (access(path, X_OK) == 0)
		return;
	snprintf(why, sizeof(why), "its command %.80s cannot be executed (%s): is it built?", command, strerror(errno));
	complain(survey, name, why);
}

static struct need
read_need(struct survey *survey, const struct js *object, const char *manifest, const char *name, bool *one_by_one)
{
	char why[SETUP_ERROR_BYTES];
	struct reader reader = { .path = survey->tourney->title, .base = "/", .error = why };
	struct program program = { .manifest = NULL };
	struct need need = { .percent = 100 };

	if (program_read(&reader, object, "it", manifest, &program) == 0) {
		const char *turns = js_string(program_setting(&program, object, "turns"));

		need = need_of(survey, &program, name);
		*one_by_one = turns && strcmp(turns, "one") == 0;
		check_command(survey, &program, name);
	} else
		complain(survey, name, why);
	program_free(&program);
	return need;
}

/* The match of the game that takes most, with the bots that take most. Who was withdrawn takes nothing. */
static void
measure_need(struct survey *survey, struct room *room)
{
	const struct lineup *lineup = &survey->tourney->lineup;
	struct need bot = { .percent = 0 };
	int64_t game_bytes = 0;
	bool each;

	for (int i = 0; i < lineup->bots; i++) {
		if (survey->gone[i])
			continue;
		struct need need = read_need(survey, lineup->bot[i].object, "bot.json", lineup->bot[i].title, &each);

		bot.bytes = need.bytes > bot.bytes ? need.bytes : bot.bytes;
		bot.percent = need.percent > bot.percent ? need.percent : bot.percent;
	}
	room->one_by_one = true;
	for (int i = 0; i < lineup->games; i++) {
		struct need need = read_need(survey, lineup->game[i].object, "game.json", lineup->game[i].name, &each);

		game_bytes = need.bytes > game_bytes ? need.bytes : game_bytes;
		room->one_by_one &= each;
	}
	room->bytes_needed = game_bytes + survey->tourney->rules.seats * bot.bytes + RUNNER_BYTES;
	room->cpus_needed = room->one_by_one || !bot.percent ? 1
	    : (survey->tourney->rules.seats * bot.percent + 99) / 100;
}

static int64_t
available_bytes(void)
{
	cleanup_file FILE *file = fopen("/proc/meminfo", "re");
	char line[128];
	long long kib = 0;

	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "MemAvailable: %lld", &kib) == 1)
			break;
	return (int64_t)kib * 1024;
}

static void
take_cpus(struct room *room)
{
	cpu_set_t allowed;

	if (sched_getaffinity(0, sizeof(allowed), &allowed))
		return;
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, &allowed) && pin_claim(cpu))
			room->cpu[room->cpus++] = cpu;
}

int
room_measure(const struct tourney *tourney, const bool *gone, const char *helper, struct room *room)
{
	struct survey survey = { .tourney = tourney, .gone = gone, .helper = helper, .wrong = room->wrong };

	memset(room, 0, sizeof(*room));
	measure_need(&survey, room);
	room->bytes = available_bytes();
	take_cpus(room);
	return *room->wrong ? -1 : 0;
}

int
room_fits(const struct room *room)
{
	int64_t by_cpu = room->cpus / (room->cpus_needed ? room->cpus_needed : 1),
	    by_memory = room->bytes / room->bytes_needed, fits = by_cpu < by_memory ? by_cpu : by_memory;

	return fits < 1 ? 1 : fits > CREW_MAX ? CREW_MAX : (int)fits;
}
