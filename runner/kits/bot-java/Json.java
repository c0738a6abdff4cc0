import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

/**
 * A value of JSON. What is not there throws, with the name of what was missing.
 *	int me = view.get("you").integer();
 *	for (Json row : view.get("board")) ... row.text() ...
 *	for (String name : view.keys()) ... view.get(name) ...
 */
final class Json implements Iterable<Json> {
	private final String raw;	// as it stood in the line
	private final Object value;	// Map<String, Json>, List<Json>, String, or null for numbers and words

	Json(String raw, Object value) {
		this.raw = raw;
		this.value = value;
	}

	static Json parse(String line) {
		return new JsonParser(line).value();
	}

	@Override
	public String toString() { return raw; }
	boolean isObject() { return value instanceof Map; }
	boolean isArray() { return value instanceof List; }
	boolean isText() { return value instanceof String; }
	boolean isNull() { return raw.equals("null"); }
	boolean truth() { return raw.equals("true"); }
	int integer() { return Integer.parseInt(raw); }
	double number() { return Double.parseDouble(raw); }
	String text() { return (String) there(isText() ? value : null, "a string"); }

	@SuppressWarnings("unchecked")
	private Map<String, Json> members() { return isObject() ? (Map<String, Json>) value : Map.of(); }
	@SuppressWarnings("unchecked")
	private List<Json> elements() { return isArray() ? (List<Json>) value : List.of(); }

	boolean has(String name) { return members().containsKey(name); }
	Iterable<String> keys() { return members().keySet(); }
	Json get(String name) { return (Json) there(members().get(name), name); }
	Json get(int index) { return elements().get(index); }
	int size() { return isObject() ? members().size() : elements().size(); }
	@Override
	public Iterator<Json> iterator() { return elements().iterator(); }

	private Object there(Object found, String what) {
		if (found == null)
			throw new NoSuchElementException(
			    "no " + what + " in " + raw.substring(0, Math.min(raw.length(), 60)));
		return found;
	}

	/** The JSON text, in ASCII, of a Json, String, number, boolean, or a List or Map of these. */
	static String write(Object o) {
		StringBuilder out = new StringBuilder();
		if (o instanceof Map) {
			for (Map.Entry<?, ?> e : ((Map<?, ?>) o).entrySet()) {
				out.append(out.length() > 0 ? "," : "").append(quote(e.getKey().toString()));
				out.append(':').append(write(e.getValue()));
			}
			return "{" + out + "}";
		}
		if (o instanceof Iterable && !(o instanceof Json)) {
			for (Object element : (Iterable<?>) o)
				out.append(out.length() > 0 ? "," : "").append(write(element));
			return "[" + out + "]";
		}
		if (o instanceof CharSequence || o instanceof Character || o instanceof Enum)
			return quote(o.toString());
		if (o instanceof Json || o instanceof Boolean || o == null
		    || o instanceof Number && Double.isFinite(((Number) o).doubleValue()))
			return String.valueOf(o);
		throw new IllegalArgumentException("JSON has no form for " + o);
	}

	private static String quote(String text) {
		StringBuilder out = new StringBuilder("\"");
		for (char c : text.toCharArray())
			if (c < ' ' || c > '~')
				out.append("\\u").append(Integer.toHexString(0x10000 | c).substring(1));
			else
				out.append(c == '"' || c == '\\' ? "\\" : "").append(c);
		return out.append('"').toString();
	}
}
