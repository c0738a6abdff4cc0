/* Starts a program with no argument at all, argv[0] included, as a caller with bad intentions may. */
#include <unistd.h>

int
main(int argc, char *argv[])
{
	char *none[] = { NULL };

	if (argc > 1)
		execve(argv[1], none, none);
	return 127;
}
