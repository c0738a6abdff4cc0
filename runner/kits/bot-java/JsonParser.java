import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Walks through one line of JSON, once. */
final class JsonParser {
	private static final String NAMED = "bfnrt", MEANT = "\b\f\n\r\t";
	private final String line;
	private int at;

	JsonParser(String line) {
		this.line = line;
	}

	Json value() {
		char c = look();
		int start = at;
		Object value = c == '{' ? object() : c == '[' ? array() : c == '"' ? string() : word();
		return new Json(line.substring(start, at), value);
	}

	private IllegalArgumentException bad(String what) {
		return new IllegalArgumentException("JSON: " + what + " at character " + at);
	}

	/** The next character that is no blank. */
	private char look() {
		while (at < line.length() && line.charAt(at) <= ' ')
			at++;
		if (at >= line.length())
			throw bad("it ends too early");
		return line.charAt(at);
	}

	private void expect(char wanted) {
		if (look() != wanted)
			throw bad("no " + wanted);
		at++;
	}

	/** Whether one more element follows; moves behind the comma before it, or the closing bracket. */
	private boolean more(char close, boolean first) {
		if (look() == close) {
			at++;
			return false;
		}
		if (!first)
			expect(',');
		return true;
	}

	private Map<String, Json> object() {
		Map<String, Json> members = new LinkedHashMap<>();
		expect('{');
		while (more('}', members.isEmpty())) {
			String name = string();
			expect(':');
			members.put(name, value());
		}
		return members;
	}

	private List<Json> array() {
		List<Json> elements = new ArrayList<>();
		expect('[');
		while (more(']', elements.isEmpty()))
			elements.add(value());
		return elements;
	}

	private String string() {
		StringBuilder out = new StringBuilder();
		expect('"');
		while (next() != '"') {
			char c = line.charAt(at++);
			out.append(c == '\\' ? escape() : c);
		}
		at++;
		return out.toString();
	}

	private char next() {
		if (at >= line.length())
			throw bad("a string does not end");
		return line.charAt(at);
	}

	private char escape() {
		char name = next();
		at++;
		if (name == 'u' && at + 4 <= line.length()) {
			at += 4;
			return (char) Integer.parseInt(line.substring(at - 4, at), 16);
		}
		int index = NAMED.indexOf(name);
		return index < 0 ? name : MEANT.charAt(index);
	}

	/** A number, true, false or null: its text is enough. */
	private Object word() {
		int start = at;
		while (at < line.length() && ",:]} \t\r\n".indexOf(line.charAt(at)) < 0)
			at++;
		if (at == start)
			throw bad("no value");
		return null;
	}
}
