/* match-run new and init: folders to begin with. What is there already is never touched. */
#include "command.h"
#include "common.h"
#include "tree.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

/* Prints the kits that there are: "bot-python" is `bot python`. */
static void
print_kits(FILE *out)
{
	DIR *dir = opendir(KIT_DIR);
	struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		const char *dash = strchr(entry->d_name, '-');

		if (dash)
			fprintf(out, "  match-run new %.*s %s DIR\n", (int)(dash - entry->d_name), entry->d_name,
			    dash + 1);
	}
	if (dir)
		closedir(dir);
}

static bool
is_empty(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	int count = 0;

	if (!dir)
		return errno == ENOENT;
	while ((entry = readdir(dir)))
		count++;
	closedir(dir);
	return count <= 2;
}

static int
copy_kit(const char *kit, const char *to)
{
	char from[PATH_BYTES], trouble[4096];

	snprintf(from, sizeof(from), KIT_DIR "/%s", kit);
	int made = tree_copy(from, to, trouble);
	if (made < 0)
		fprintf(stderr, "match-run: %s: %s\n", trouble, strerror(-made));
	return made;
}

int
new_run(int argc, char *argv[])
{
	char kit[NAME_MAX_BYTES], path[PATH_BYTES];

	if (argc != 4 || !is_name(argv[1]) || !is_name(argv[2])) {
		(void)command_usage("new needs bot or game, a language and a folder; there are:");
		print_kits(stderr);
		return EXIT_USAGE;
	}
	snprintf(kit, sizeof(kit), "%.20s-%.20s", argv[1], argv[2]);
	snprintf(path, sizeof(path), "%s/%s", KIT_DIR, kit);
	if (access(path, F_OK)) {
		fprintf(stderr, "match-run: there is no kit for %s %s; there are:\n", argv[1], argv[2]);
		print_kits(stderr);
		return EXIT_USAGE;
	}
	if (!is_empty(argv[3])) {
		fprintf(stderr, "match-run: %s is there already\n", argv[3]);
		return EXIT_USAGE;
	}
	if (copy_kit(kit, argv[3]) < 0)
		return EXIT_OURS;
	printf("%s is made; %s/README tells how to go on\n", argv[3], argv[3]);
	return fflush(stdout) ? EXIT_OURS : 0;
}

int
init_run(int argc, char *argv[])
{
	static const char *const folders[] = { "", "/api", "/maps", "/bots", "/sample_bots", "/arena",
	    "/out", "/out/errors", "/out/debug", "/out/replays", "/out/moves" };
	int made = 0;

	if (argc != 2)
		return command_usage("init needs one folder");
	for (size_t i = 0; i < COUNT(folders); i++) {
		char path[PATH_BYTES];

		snprintf(path, sizeof(path), "%s%s", argv[1], folders[i]);
		if (mkdir(path, 0755) == 0)
			made++;
		else if (errno != EEXIST)
			return fprintf(stderr, "match-run: %s: %s\n", path, strerror(errno)), EXIT_USAGE;
	}
	char arena[PATH_BYTES];
	snprintf(arena, sizeof(arena), "%s/arena", argv[1]);
	int copied = copy_kit("event", argv[1]),
	    game = copied < 0 ? -1 : copy_kit("../examples/games/connect4", arena);
	if (game < 0)
		return EXIT_OURS;
	if (made + copied + game == 0)
		printf("nothing to do\n");
	else
		printf("%s is laid out; try: match-run %s/game_config.json\n", argv[1], argv[1]);
	return fflush(stdout) ? EXIT_OURS : 0;
}
