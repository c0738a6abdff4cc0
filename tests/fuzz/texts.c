/* The smaller texts: /proc/self/limits, /proc/self/status, setup.conf, values with units. */
#include "fuzz.h"
#include "proc_text.h"
#include "setup_conf.h"
#include "value.h"

#include <stdlib.h>
#include <string.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct complaint complaint;
	struct setup_conf conf;
	uint64_t hard[LIMITS];
	char *text = malloc(size + 1);

	memcpy(text, data, size);
	text[size] = '\0';
	(void)limits_text(text, hard);
	(void)ignored_text(text);
	(void)status_is_bare(text);
	setup_conf_default(&conf, 1ULL << 34);
	if (setup_conf_parse(&conf, text, size, 1ULL << 34, &complaint))
		PROMISE(complaint.text[0] >= '0' && complaint.text[0] <= '9');
	free(text);
	return 0;
}
