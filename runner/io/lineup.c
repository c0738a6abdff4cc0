/* Owns the form of games and bots in a tournament file. */
#include "lineup.h"

#include "common.h"
#include "utf8.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>

#define POOL_MAX 10000

/* --- games */

/* An array of options, or the path of a file that holds one. */
static int
take_pool(const struct reader *reader, const struct js *pool, struct game *game)
{
	char path[2 * PATH_BYTES], why[JS_ERROR_BYTES];
	size_t length;

	if (js_string(pool)) {
		reader_path(reader, js_string(pool), path);
		cleanup_free char *text = read_small(path, 0, &length);
		if (!text)
			return reader_wrong_key(reader, "pool", "pool '%s': %s", js_string(pool), strerror(errno));
		game->pool = js_parse(text, length, why);
		if (!game->pool)
			return reader_wrong_key(reader, "pool", "pool %s:%s", path, why);
	} else {
		game->pool = js_copy(pool);
	}
	size_t count = js_is_array(game->pool) ? js_count(game->pool) : 0;
	if (count < 1 || count > POOL_MAX)
		return reader_wrong_key(
		    reader, "pool", "pool must be an array of 1 to %d objects of options", POOL_MAX);
	for (size_t i = 0; i < count; i++)
		if (!js_is_object(js_at(game->pool, i)))
			return reader_wrong_key(reader, "pool", "pool[%zu] is no object of options", i);
	return 0;
}

/* A copy with its folder absolute, whatever it was. */
static struct js *
located(const struct js *object, const char *dir)
{
	struct js *copy = js_string(object) ? js_new_object() : js_copy(object);

	js_set(copy, "dir", js_new_string(dir));
	return copy;
}

static int
find_dir(const struct reader *reader, const char *dir, const char *where, char absolute[PATH_BYTES])
{
	if (!reader->stored)
		return reader_dir(reader, dir, where, absolute);
	snprintf(absolute, PATH_BYTES, "%s", dir);
	return 0;
}

static int
take_stored_game(const struct reader *reader, struct game *game, const char *where)
{
	const char *name = js_string(js_get(game->object, "name"));

	if (!is_name(name))
		return reader_wrong(reader, "%s has no name", where);
	snprintf(game->name, sizeof(game->name), "%s", name);
	game->least = 1;
	game->most = PLAYERS_MAX;
	return 0;
}

static int
take_game(const struct reader *reader, const struct js *object, const char *where, struct game *game)
{
	const char *dir = js_string(object) ? js_string(object) : js_string(js_get(object, "dir"));
	const struct js *pool = js_get(object, "pool");
	struct program program = { .manifest = NULL };
	char absolute[PATH_BYTES];
	int64_t least = 1, most = PLAYERS_MAX;

	if (!dir)
		return reader_wrong(reader, "%s needs a dir", where);
	if (find_dir(reader, dir, where, absolute) || (pool && take_pool(reader, pool, game)))
		return -1;
	game->object = located(object, absolute);
	js_drop(game->object, "pool");
	game->options = js_copy(js_get(game->object, "options"));
	if (reader->stored)
		return take_stored_game(reader, game, where);
	int wrong = program_read(reader, game->object, where, "game.json", &program);
	if (!wrong) {
		js_set(game->object, "name", js_new_string(program.name));
		(void)js_integer(js_at(js_get(program.manifest, "players"), 0), &least);	/* it may say nothing */
		(void)js_integer(js_at(js_get(program.manifest, "players"), 1), &most);
		snprintf(game->name, sizeof(game->name), "%s", program.name);
	}
	game->least = (int)least;
	game->most = (int)most;
	program_free(&program);
	return wrong;
}

static int
take_games(const struct reader *reader, const struct js *document, struct lineup *lineup)
{
	const struct js *one = js_get(document, "game"), *games = js_get(document, "games");
	char where[32];

	if (!one == !games)
		return reader_wrong(reader, "the tournament needs a game, or games");
	if (games && (!js_is_array(games) || js_count(games) < 1 || js_count(games) > GAMES_MAX))
		return reader_wrong_key(reader, "games", "games must be an array of 1 to %d", GAMES_MAX);
	size_t count = one ? 1 : js_count(games);
	for (size_t i = 0; i < count; i++) {
		snprintf(where, sizeof(where), one ? "game" : "games[%zu]", i);
		lineup->games++;
		if (take_game(reader, one ? one : js_at(games, i), where, &lineup->game[i]))
			return -1;
		for (size_t j = 0; j < i; j++)
			if (strcmp(lineup->game[j].name, lineup->game[i].name) == 0)
				return reader_wrong_key(reader, "games", "two games are called '%s': give one a name",
				    lineup->game[i].name);
	}
	return 0;
}

/* --- bots */

/* A name for files out of any text. */
static void
make_name(const struct lineup *lineup, const char *title, char name[NAME_MAX_BYTES])
{
	size_t length = 0;

	for (const char *at = title; *at && length < NAME_MAX_BYTES - 8; at++) {
		bool plain = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') || (*at >= '0' && *at <= '9');

		if (plain || (length > 0 && strchr("._-", *at)))
			name[length++] = *at;
		else if (length > 0 && name[length - 1] != '-')
			name[length++] = '-';
	}
	while (length > 0 && name[length - 1] == '-')
		length--;
	name[length] = '\0';
	if (length == 0)
		length = (size_t)snprintf(name, NAME_MAX_BYTES, "bot");
	for (int number = 2; lineup_find(lineup, name) >= 0; number++)
		snprintf(name + length, NAME_MAX_BYTES - length, "-%d", number);
}

static const char *
base_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash && slash[1] ? slash + 1 : path;
}

static int
name_bot(const struct reader *reader, const struct js *object, const char *dir, const struct lineup *lineup,
    struct contestant *bot)
{
	const char *title = js_string(js_get(object, "title")), *name = js_string(js_get(object, "name"));

	title = title ? title : name ? name : base_of(dir);
	if (!*title || strlen(title) >= TITLE_BYTES)
		return reader_wrong(reader, "the name of a bot has 1 to %d bytes", TITLE_BYTES - 1);
	int twin = lineup_find(lineup, title);
	if (twin >= 0)
		return reader_wrong_key(reader, "bots", "two bots are called '%s': give one a name", title);
	snprintf(bot->title, sizeof(bot->title), "%s", title);
	utf8_make_plain(bot->title);
	if (is_name(name ? name : title))
		snprintf(bot->name, sizeof(bot->name), "%s", name ? name : title);
	else
		make_name(lineup, title, bot->name);
	return 0;
}

int
lineup_add(const struct reader *reader, const struct js *object, struct lineup *lineup)
{
	const char *dir = js_string(object) ? js_string(object) : js_string(js_get(object, "dir"));
	struct contestant *bot = &lineup->bot[lineup->bots];
	struct program program = { .manifest = NULL };
	char absolute[PATH_BYTES], where[TITLE_BYTES + 8];

	if (lineup->bots == BOTS_MAX)
		return reader_wrong(reader, "there may be %d bots", BOTS_MAX);
	snprintf(where, sizeof(where), "bots[%d]", lineup->bots);
	if (!dir)
		return reader_wrong(reader, "%s needs a dir", where);
	if (find_dir(reader, dir, where, absolute) || name_bot(reader, object, absolute, lineup, bot))
		return -1;
	bot->object = located(object, absolute);
	js_drop(bot->object, "title");
	js_set(bot->object, "name", js_new_string(bot->name));
	lineup->bots++;
	snprintf(where, sizeof(where), "bot %s", bot->title);
	if (reader->stored)
		return 0;
	int wrong = program_read(reader, bot->object, where, "bot.json", &program);
	program_free(&program);
	for (int i = 0; i < lineup->games && !wrong; i++)
		if (strcmp(lineup->game[i].name, bot->name) == 0)
			wrong = reader_wrong(
			    reader, "a bot and a game are both called '%s': give one a name", bot->name);
	return wrong;
}

static int
is_bot_folder(const struct dirent *entry)
{
	return entry->d_name[0] != '.' && (entry->d_type == DT_DIR || entry->d_type == DT_UNKNOWN);
}

/* Every folder in a folder is a bot, in the order of their names. */
static int
take_folder(const struct reader *reader, const char *dir, struct lineup *lineup)
{
	char absolute[PATH_BYTES], path[PATH_BYTES + 256];
	struct dirent **list;
	int wrong = 0;

	if (reader_dir(reader, dir, "bots", absolute))
		return -1;
	int count = scandir(absolute, &list, is_bot_folder, alphasort);
	if (count < 0)
		return reader_wrong_key(reader, "bots", "bots: '%s': %s", dir, strerror(errno));
	for (int i = 0; i < count; i++) {
		struct js *bot = js_new_object();

		snprintf(path, sizeof(path), "%s/%s", absolute, list[i]->d_name);
		js_set(bot, "dir", js_new_string(path));
		wrong = wrong ? wrong : lineup_add(reader, bot, lineup);
		js_free(bot);
		free(list[i]);
	}
	free(list);
	return wrong;
}

static int
take_bots(const struct reader *reader, const struct js *bots, struct lineup *lineup)
{
	if (js_string(bots))
		return take_folder(reader, js_string(bots), lineup);
	if (!js_is_array(bots))
		return reader_wrong_key(reader, "bots", "bots must be an array, or a folder of folders");
	for (size_t i = 0; i < js_count(bots); i++)
		if (lineup_add(reader, js_at(bots, i), lineup))
			return -1;
	return 0;
}

int
lineup_take(const struct reader *reader, const struct js *document, struct lineup *lineup)
{
	lineup->games = lineup->bots = 0;
	if (take_games(reader, document, lineup) || take_bots(reader, js_get(document, "bots"), lineup))
		return -1;
	return lineup->bots ? 0 : reader_wrong_key(reader, "bots", "there are no bots");
}

int
lineup_find(const struct lineup *lineup, const char *name)
{
	for (int i = 0; i < lineup->bots; i++)
		if (strcmp(lineup->bot[i].title, name) == 0 || strcmp(lineup->bot[i].name, name) == 0)
			return i;
	return -1;
}

struct js *
lineup_new_bot(const struct contestant *bot)
{
	struct js *object = js_copy(bot->object);

	js_set(object, "title", js_new_string(bot->title));
	return object;
}

struct js *
lineup_new_games(const struct lineup *lineup)
{
	struct js *games = js_new_array();

	for (int i = 0; i < lineup->games; i++) {
		struct js *game = js_copy(lineup->game[i].object);

		if (lineup->game[i].pool)
			js_set(game, "pool", js_copy(lineup->game[i].pool));
		js_add(games, game);
	}
	return games;
}

void
lineup_free(struct lineup *lineup)
{
	for (int i = 0; i < lineup->games; i++) {
		js_free(lineup->game[i].object);
		js_free(lineup->game[i].options);
		js_free(lineup->game[i].pool);
	}
	for (int i = 0; i < lineup->bots; i++)
		js_free(lineup->bot[i].object);
	lineup->games = lineup->bots = 0;
}
