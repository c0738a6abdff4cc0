/*
 * match-unpack ARCHIVE DIR: unpacks a submission inside the jail that match-build gives it. It reads a stranger's
 * archive by libarchive, so whatever it writes and says is data of a stranger to match-build. One line of JSON
 * tells what came of it. It alone knows libarchive.
 */
#include "buffer.h"
#include "common.h"
#include "submission.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#define EXIT_REFUSED 1
#define EXIT_OURS 75
#define DROPPED_TOLD 20
#define NESTED_DEPTH 4
#define BLOCK 65536

struct names {
	char **name;		/* "d" or "f" before the path */
	size_t count, room;
};

struct unpacking {
	const char *path;
	int out;		/* the folder */
	int64_t archive_bytes, bytes;
	int entries, headers;
	bool own_list;		/* the archive has a list of its own of what is to be left out */
	struct names names;
	char dropped[DROPPED_TOLD][SUBMISSION_PATH_BYTES];
	int dropped_count;	/* of all */
	char why[SUBMISSION_PATH_BYTES + 128];
};

static int
refuse(struct unpacking *work, const char *name, const char *why)
{
	if (*name)
		snprintf(work->why, sizeof(work->why), "'%s' %s", name, why);
	else
		snprintf(work->why, sizeof(work->why), "%s", why);
	return EXIT_REFUSED;
}

static void
support_filters(struct archive *archive)
{
	archive_read_support_filter_gzip(archive);
	archive_read_support_filter_bzip2(archive);
	archive_read_support_filter_xz(archive);
}

static struct archive *
open_archive(struct unpacking *work)
{
	struct archive *archive = archive_read_new();

	/* By its directory, as all others read it; what a file without one holds is a matter of opinion. */
	archive_read_support_format_zip_seekable(archive);
	archive_read_support_format_tar(archive);
	support_filters(archive);
	if (archive_read_open_filename(archive, work->path, BLOCK) == ARCHIVE_OK)
		return archive;
	(void)refuse(work, "", "it is no archive of the kinds .zip, .tar, .tar.gz, .tar.bz2, .tar.xz");
	archive_read_free(archive);
	return NULL;
}

/* The next header: 1; 0 at the end; -1: refused. */
static int
next(struct unpacking *work, struct archive *archive, struct archive_entry **entry)
{
	int result = archive_read_next_header(archive, entry);

	if (result == ARCHIVE_EOF)
		return 0;
	if (result < ARCHIVE_WARN || ++work->headers > SUBMISSION_HEADERS_MAX) {
		(void)refuse(work, "", result < ARCHIVE_WARN ? "the archive is damaged, or of another kind"
		    : "it has more than 50,000 entries");
		return -1;
	}
	return 1;
}

/* --- names */

static int
add_name(struct names *names, char kind, const char *path, size_t length)
{
	if (names->count == names->room) {
		size_t room = names->room ? 2 * names->room : 256;
		char **larger = realloc(names->name, room * sizeof(*larger));

		if (!larger)
			return EXIT_OURS;
		names->name = larger;
		names->room = room;
	}
	char *copy = malloc(length + 2);
	if (!copy)
		return EXIT_OURS;
	copy[0] = kind;
	memcpy(copy + 1, path, length);
	copy[length + 1] = '\0';
	names->name[names->count++] = copy;
	return 0;
}

/* A path and all folders that it is in. */
static int
add_path(struct names *names, bool folder, const char *path)
{
	int error = 0;

	for (const char *slash = strchr(path, '/'); slash && !error; slash = strchr(slash + 1, '/'))
		error = add_name(names, 'd', path, (size_t)(slash - path));
	return error ? error : add_name(names, folder ? 'd' : 'f', path, strlen(path));
}

static int
by_folded(const void *a, const void *b)
{
	const char *one = *(char *const *)a, *other = *(char *const *)b;
	int order = strcasecmp(one + 1, other + 1);

	return order ? order : strcmp(one + 1, other + 1);
}

/* Twice the same name, or two that are the same where case does not count. */
static int
check_names(struct unpacking *work)
{
	struct names *names = &work->names;

	if (names->count)
		qsort(names->name, names->count, sizeof(*names->name), by_folded);
	for (size_t i = 1; i < names->count; i++) {
		const char *one = names->name[i - 1], *other = names->name[i];

		if (strcasecmp(one + 1, other + 1) != 0 || strcmp(one, other) == 0)
			continue;
		return refuse(work, other + 1, strcmp(one + 1, other + 1) == 0 ? "is a file and a folder"
		    : "differs from another name by case only");
	}
	return 0;
}

/* --- archives in archives: nobody unpacks them here, but who does later should not drown */

struct memory {
	char *bytes;
	size_t length, room;
};

static bool
is_archive(const char *bytes, size_t length)
{
	static const struct {
		const char *magic;
		size_t length;
	} kinds[] = { { "PK\003\004", 4 }, { "\037\213", 2 }, { "BZh", 3 }, { "\3757zXZ", 5 } };

	for (size_t i = 0; i < COUNT(kinds); i++)
		if (length > kinds[i].length && memcmp(bytes, kinds[i].magic, kinds[i].length) == 0)
			return true;
	return false;
}

static bool
append(struct memory *memory, const char *bytes, size_t length)
{
	if (memory->length + length > memory->room) {
		size_t room = 2 * (memory->length + length);
		char *larger = realloc(memory->bytes, room);

		if (!larger)
			return false;
		memory->bytes = larger;
		memory->room = room;
	}
	memcpy(memory->bytes + memory->length, bytes, length);
	memory->length += length;
	return true;
}

static const char *scan(const char *bytes, size_t length, int depth, int64_t *left);

/* One member of an archive within: all of it is counted, and looked into if it is an archive again. */
static const char *
scan_member(struct archive *archive, int depth, int64_t *left)
{
	struct memory memory = { NULL, 0, 0 };
	char block[BLOCK];
	const char *why = NULL;
	ssize_t got;
	bool kept = true;

	while (!why && (got = archive_read_data(archive, block, sizeof(block))) > 0) {
		*left -= got;
		if (*left < 0)
			why = "is an archive that grows beyond 256 MiB: a bomb";
		if (memory.length == 0)
			kept = is_archive(block, (size_t)got);
		if (kept && !append(&memory, block, (size_t)got))
			why = "is an archive that takes too much memory";
	}
	if (!why && kept && memory.length)
		why = scan(memory.bytes, memory.length, depth + 1, left);
	free(memory.bytes);
	return why;
}

static const char *
scan(const char *bytes, size_t length, int depth, int64_t *left)
{
	if (depth > NESTED_DEPTH)
		return "has archives in archives in archives";
	struct archive *archive = archive_read_new();
	struct archive_entry *entry;
	const char *why = NULL;
	int headers = 0;

	if (*bytes == 'P')
		archive_read_support_format_zip_seekable(archive);
	else
		archive_read_support_format_raw(archive);	/* whatever is in it: a tar of zeros is an empty one */
	support_filters(archive);
	if (archive_read_open_memory(archive, bytes, length) == ARCHIVE_OK)
		while (!why && ++headers < SUBMISSION_HEADERS_MAX &&
		    archive_read_next_header(archive, &entry) >= ARCHIVE_WARN)
			why = scan_member(archive, depth, left);
	archive_read_free(archive);
	return why;
}

/* --- one entry */

static void
drop(struct unpacking *work, const char *path)
{
	if (work->dropped_count < DROPPED_TOLD)
		snprintf(work->dropped[work->dropped_count], SUBMISSION_PATH_BYTES, "%s", path);
	work->dropped_count++;
}

static int
make_folders(int out, const char *path, bool whole)
{
	char folder[SUBMISSION_PATH_BYTES];

	for (const char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
		snprintf(folder, sizeof(folder), "%.*s", (int)(slash - path), path);
		if (mkdirat(out, folder, 0755) && errno != EEXIST)
			return -1;
	}
	return whole && mkdirat(out, path, 0755) && errno != EEXIST ? -1 : 0;
}

/* Real bytes are counted, not those that the header promises. */
static int
write_data(struct unpacking *work, struct archive *archive, const char *path, int fd)
{
	char block[BLOCK];
	struct memory memory = { NULL, 0, 0 };
	const char *why = NULL;
	ssize_t got;
	bool kept = true;

	for (off_t at = 0; !why && (got = archive_read_data(archive, block, sizeof(block))) > 0; at += got) {
		work->bytes += got;
		why = submission_growth(work->archive_bytes, work->bytes);
		if (at == 0)
			kept = is_archive(block, (size_t)got);
		if (!why && write(fd, block, (size_t)got) != got)
			why = "there is no room for it";
		if (!why && kept && !append(&memory, block, (size_t)got))
			why = "there is no memory for it";
	}
	if (why || got < 0) {
		free(memory.bytes);
		return refuse(work, why ? "" : path, why ? why : "is damaged");
	}
	int64_t left = SUBMISSION_BYTES_MAX;
	why = kept && memory.length ? scan(memory.bytes, memory.length, 1, &left) : NULL;
	free(memory.bytes);
	return why ? refuse(work, path, why) : 0;
}

static int
write_file(struct unpacking *work, struct archive *archive, const char *path, bool executable)
{
	if (make_folders(work->out, path, false))
		return refuse(work, path, "is a file and a folder");
	cleanup_close int fd = openat(work->out, path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
	    executable ? 0755 : 0644);
	if (fd < 0)
		return refuse(work, path, errno == EEXIST ? "is there twice"
		    : errno == ENOTDIR ? "is a file and a folder" : strerror(errno));
	return write_data(work, archive, path, fd);
}

/* Why an entry is refused for what it is; NULL. */
static const char *
kind_wrong(struct archive_entry *entry)
{
	if (archive_entry_hardlink(entry))
		return "is a hard link";
	if (archive_entry_filetype(entry) == AE_IFLNK)
		return "is a symbolic link";
	if (archive_entry_filetype(entry) != AE_IFREG && archive_entry_filetype(entry) != AE_IFDIR)
		return "is neither file nor folder";
	return archive_entry_is_encrypted(entry) ? "is encrypted" : NULL;
}

static int
take(struct unpacking *work, struct archive *archive, struct archive_entry *entry)
{
	char path[SUBMISSION_PATH_BYTES];
	const char *name = archive_entry_pathname(entry), *why = submission_path(name, path);
	bool folder = archive_entry_filetype(entry) == AE_IFDIR;

	if (why)
		return refuse(work, name && *name ? name : "it", why);
	if (!*path)
		return 0;
	if (submission_is_junk(path) || (!work->own_list && submission_is_ignored(path))) {
		drop(work, path);
		return 0;
	}
	why = kind_wrong(entry);
	if (!why)
		why = submission_check(path);
	if (!why && ++work->entries > SUBMISSION_ENTRIES_MAX)
		return refuse(work, "", "it has more than 2,000 files and folders");
	if (why)
		return refuse(work, path, why);
	if (add_path(&work->names, folder, path))
		return EXIT_OURS;
	if (folder)
		return make_folders(work->out, path, true) ? refuse(work, path, "is a file and a folder") : 0;
	return write_file(work, archive, path, archive_entry_perm(entry) & 0111);
}

/* --- the whole archive */

/* Is that path in another part of the root than the first one, whose part is kept in `top`? */
static bool
is_beside(char top[SUBMISSION_PATH_BYTES], const char *path)
{
	size_t length = strcspn(path, "/");

	if (!*top)
		snprintf(top, SUBMISSION_PATH_BYTES, "%.*s", (int)length, path);
	return strlen(top) != length || strncmp(top, path, length) != 0;
}

/*
 * Has it a list of its own, at the root or in the only folder there? All headers are looked at; compressed tars are
 * only unpacked as far as is allowed.
 */
static int
look_for_list(struct unpacking *work)
{
	struct archive *archive = open_archive(work);
	struct archive_entry *entry;
	bool at_root = false, below = false, beside = false;
	char top[SUBMISSION_PATH_BYTES] = "";
	int more = -1;
	const char *why = NULL;

	while (archive && !why && (more = next(work, archive, &entry)) > 0) {
		char path[SUBMISSION_PATH_BYTES], block[BLOCK];
		bool packed = (archive_format(archive) & ARCHIVE_FORMAT_BASE_MASK) != ARCHIVE_FORMAT_ZIP;
		ssize_t got;

		if (!submission_path(archive_entry_pathname(entry), path) && *path && !submission_is_junk(path)) {
			at_root |= strcmp(path, SUBMISSION_IGNORE_FILE) == 0;
			below |= submission_is_list(path);
			beside |= is_beside(top, path);
		}
		while (packed && !why && (got = archive_read_data(archive, block, sizeof(block))) > 0)
			why = submission_growth(work->archive_bytes, archive_filter_bytes(archive, 0));
	}
	if (archive)
		archive_read_free(archive);
	work->own_list = at_root || (below && !beside);
	work->headers = 0;
	return why ? refuse(work, "", why) : more < 0 ? EXIT_REFUSED : 0;
}

static int
unpack(struct unpacking *work)
{
	struct archive *archive = open_archive(work);
	struct archive_entry *entry;
	int more = -1, wrong = 0;

	while (archive && !wrong && (more = next(work, archive, &entry)) > 0)
		wrong = take(work, archive, entry);
	if (archive)
		archive_read_free(archive);
	if (wrong || more < 0)
		return wrong ? wrong : EXIT_REFUSED;
	return check_names(work);
}

static int
tell(const struct unpacking *work, int status)
{
	struct buffer line;

	buffer_init(&line, 1 << 20);
	if (status) {
		const char *why = *work->why ? work->why : "out of memory";

		buffer_put(&line, "{\"refused\":");
		buffer_put_string(&line, why, strlen(why));
	} else {
		buffer_putf(&line, "{\"files\":%d,\"bytes\":%lld,\"dropped_count\":%d,\"dropped\":[", work->entries,
		    (long long)work->bytes, work->dropped_count);
		for (int i = 0; i < work->dropped_count && i < DROPPED_TOLD; i++) {
			buffer_put(&line, i ? "," : "");
			buffer_put_string(&line, work->dropped[i], strlen(work->dropped[i]));
		}
		buffer_put(&line, "]");
	}
	buffer_put(&line, "}");
	const char *text = buffer_text(&line);
	if (!text || puts(text) < 0 || fflush(stdout))
		status = EXIT_OURS;
	buffer_free(&line);
	return status;
}

int
main(int argc, char *argv[])
{
	static struct unpacking work;
	struct stat st;

	if (argc != 3)
		return 2;
	(void)setlocale(LC_CTYPE, "C.UTF-8");	/* without it libarchive has no name for a file called so */
	work.path = argv[1];
	work.out = open(argv[2], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (work.out < 0 || stat(work.path, &st)) {
		fprintf(stderr, "match-unpack: %s: %s\n", work.out < 0 ? argv[2] : work.path, strerror(errno));
		return EXIT_OURS;
	}
	work.archive_bytes = st.st_size;
	int status = look_for_list(&work);
	return tell(&work, status ? status : unpack(&work));
}
