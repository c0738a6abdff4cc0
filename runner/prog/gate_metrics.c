/* Owns the figures of match-gate, as text for Prometheus. */
#include "gate.h"

#include "common.h"
#include "now.h"

#include <inttypes.h>

static const double limits[LATENCIES] = { 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30 };

void
histogram_add(struct histogram *histogram, double seconds)
{
	for (int i = 0; i < LATENCIES; i++)
		histogram->part[i] += seconds <= limits[i];
	histogram->count++;
	histogram->sum += seconds;
}

static void
put_head(struct buffer *text, const char *name, const char *type, const char *help)
{
	buffer_putf(text, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void
put_one(struct buffer *text, const char *name, const char *type, const char *help, double value)
{
	put_head(text, name, type, help);
	buffer_putf(text, "%s %.15g\n", name, value);
}

static void
put_histogram(struct buffer *text, const char *name, const char *help, const struct histogram *histogram)
{
	put_head(text, name, "histogram", help);
	for (int i = 0; i < LATENCIES; i++)
		buffer_putf(text, "%s_bucket{le=\"%g\"} %" PRIu64 "\n", name, limits[i], histogram->part[i]);
	buffer_putf(text, "%s_bucket{le=\"+Inf\"} %" PRIu64 "\n%s_sum %.6f\n%s_count %" PRIu64 "\n", name,
	    histogram->count, name, histogram->sum, name, histogram->count);
}

static void
put_ended(struct buffer *text, const struct gate *gate)
{
	put_head(text, "executions_total", "counter", "Programs and matches that have ended.");
	for (int i = 0; i <= LANGUAGES_MAX; i++)
		for (int j = 0; run_statuses[j]; j++) {
			const char *language = i < gate->languages.count ? gate->languages.language[i].name : "match";

			if (gate->counters.ended[i][j])
				buffer_putf(text, "executions_total{language=\"%s\",status=\"%s\"} %" PRIu64 "\n",
				    language, run_statuses[j], gate->counters.ended[i][j]);
		}
}

/* What all jails of programs hold now. */
static double
jail_memory(const struct gate *gate)
{
	double total = 0;

	for (const struct run *run = gate->first; run; run = run->next) {
		char number[32] = "";

		if (run->state == RUN_RUNNING && run->kind == RUN_PROGRAM && run->shot.memory >= 0 &&
		    pread(run->shot.memory, number, sizeof(number) - 1, 0) > 0)
			total += strtod(number, NULL);
	}
	return total;
}

void
gate_metrics(struct gate *gate, struct buffer *text)
{
	const struct counters *counters = &gate->counters;

	put_ended(text, gate);
	put_histogram(text, "execution_duration_seconds", "From the start of a program's jail to its end.",
	    &counters->duration);
	put_histogram(text, "execution_start_seconds", "From the start of bot-jail until its jail is there.",
	    &counters->start);
	put_head(text, "executions_running", "gauge", "What runs now.");
	buffer_putf(text, "executions_running{kind=\"program\"} %d\nexecutions_running{kind=\"match\"} %d\n",
	    gate->running[RUN_PROGRAM], gate->running[RUN_MATCH]);
	put_head(text, "executions_waiting", "gauge", "What waits for its turn.");
	buffer_putf(text, "executions_waiting{kind=\"program\"} %d\nexecutions_waiting{kind=\"match\"} %d\n",
	    gate->waiting[RUN_PROGRAM], gate->waiting[RUN_MATCH]);
	put_one(text, "executions_stuck_total", "counter", "What was killed because it did not end.",
	    (double)counters->stuck);
	put_one(text, "jail_memory_bytes", "gauge", "Memory of the programs' jails.", jail_memory(gate));
	put_one(text, "executions_kept", "gauge", "What has ended and is remembered.", gate->kept);
	put_one(text, "http_connections", "gauge", "Open connections.", http_connections(gate->http));
	put_one(text, "ready", "gauge", "1 when a jail could be had at the last try.", *gate->unready ? 0 : 1);
	put_one(text, "uptime_seconds", "gauge", "Since the gate began.", (double)(now_us() - gate->began_us) / 1e6);
	put_head(text, "http_requests_total", "counter", "Requests that were answered.");
	for (int status = 100; status < 600; status++)
		if (counters->answered[status])
			buffer_putf(text, "http_requests_total{code=\"%d\"} %" PRIu64 "\n", status,
			    counters->answered[status]);
}
