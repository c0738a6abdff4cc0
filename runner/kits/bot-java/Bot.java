/** A bot for match-run. Your part is choose(); the protocol is in MatchBot.java, which you need not read. */
public class Bot extends MatchBot {

	// ------------------------------ YOUR STRATEGY ------------------------------

	/**
	 * Returns your action for one turn: a Json, a String, a number, a boolean, or a List or Map of these.
	 *
	 * view is what the game shows you, e.g. {"you": 0, "legal": ["up", "left"], ...};
	 * System.out.println(view) shows it in the log. Json.java says how to read it.
	 * Any element of view.get("legal") is an action; the game's description may know others:
	 * return Map.of("column", 3).
	 * dice is a java.util.Random that BOT_SEED makes the same again.
	 */
	@Override
	protected Object choose(Json view) {
		Json legal = view.get("legal");
		return legal.get(dice.nextInt(legal.size()));
	}

	/** Called once after the match if bot.json says "final": true; end is {"you": 0, "ranks": [1, 2], ...}. */
	@Override
	protected void finished(Json end) {
	}

	// ---------------------------------------------------------------------------

	public static void main(String[] args) {
		new Bot().play();
	}
}
