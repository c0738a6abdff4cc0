import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/** The bot's side of match-protocol(7): one view a line in, one action a line out. It never plays. */
abstract class MatchBot {
	protected final Random dice;
	private final OutputStream answers = new FileOutputStream(FileDescriptor.out);

	protected abstract Object choose(Json view) throws Exception;

	protected abstract void finished(Json end) throws Exception;

	MatchBot() {
		System.setOut(System.err);	// prints go to the log; say() alone writes answers
		String seed = System.getenv("BOT_SEED");
		dice = seed == null ? new Random() : new Random(seed.hashCode());
	}

	private void say(String line) throws IOException {
		answers.write((line + "\n").getBytes(StandardCharsets.UTF_8));
		answers.flush();
	}

	/** Answers every view until the end of input. An exception in choose() ends the bot with status 1. */
	final void play() {
		try {
			serve();
		} catch (Throwable trouble) {
			trouble.printStackTrace();
			System.exit(1);		// even while threads of the author's run
		}
		System.exit(0);
	}

	private void serve() throws Exception {
		BufferedReader views = new BufferedReader(
		    new InputStreamReader(System.in, StandardCharsets.UTF_8));
		say("__READY__");
		for (String line = views.readLine(); line != null; line = views.readLine()) {
			Json view = Json.parse(line);
			if (view.size() == 1 && view.has("end")) {
				finished(view.get("end"));
				continue;
			}
			Object action = choose(view);
			if (action == null)
				throw new NullPointerException("choose() returned null");
			say(Json.write(action));
		}
	}
}
