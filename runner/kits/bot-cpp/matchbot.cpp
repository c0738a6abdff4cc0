/*
 * The bot's side of match-protocol(7): one view a line in, one action a line out. It never plays.
 * Answers get a descriptor of their own; descriptor 1 becomes the log, so that neither std::cout
 * nor printf() can be taken for an answer.
 */
#include "matchbot.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fcntl.h>
#include <iostream>
#include <random>
#include <stdexcept>
#include <unistd.h>

static std::uint64_t
dice_start(const char *seed)
{
	std::uint64_t state = 0xcbf29ce484222325;	/* FNV-1a: any text will do as a seed */

	if (!seed)
		return std::random_device()() * state;
	for (; *seed; seed++)
		state = (state ^ static_cast<unsigned char>(*seed)) * 0x100000001b3;
	return state;
}

unsigned
dice(unsigned sides)
{
	static std::uint64_t state = dice_start(std::getenv("BOT_SEED"));
	std::uint64_t mixed = state += 0x9e3779b97f4a7c15;	/* splitmix64 */

	mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9;
	mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111eb;
	return (mixed ^ mixed >> 31) % sides;
}

Json
pick(Json array)
{
	std::size_t count = array.size();

	if (count == 0)
		throw std::out_of_range("there is nothing to pick from");
	return array.at(dice(count));
}

static std::FILE *
keep_answers()
{
	int fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
	std::FILE *answers = fd < 0 ? nullptr : fdopen(fd, "w");

	if (!answers || dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
		throw std::runtime_error("no descriptor for answers");
	std::setvbuf(stdout, nullptr, _IOLBF, 0);
	return answers;
}

static void
say(std::FILE *answers, std::string text)
{
	if (text.empty() || text.find('\n') != std::string::npos)
		throw std::runtime_error("choose() must return one line of JSON");
	text += '\n';
	if (std::fputs(text.c_str(), answers) < 0 || std::fflush(answers))
		throw std::runtime_error("cannot write an answer");
}

static void
serve()
{
	std::FILE *answers = keep_answers();
	std::string line;

	say(answers, "__READY__");
	while (std::getline(std::cin, line)) {
		Json view(json_parse(line.c_str()));
		if (view.keys() == std::vector<std::string>{"end"})
			finished(view["end"]);
		else
			say(answers, choose(view));
	}
}

int
main()
{
	try {
		serve();
	} catch (const std::exception &e) {
		std::cerr << "bot: exception: " << e.what() << "\n"
			     "(for a traceback: gdb ./bot, catch throw, run < views)\n";
		return 1;
	}
	return 0;
}
