# Prints the elements of member `want` of the object in each line, as they lie there, one a line.
# A member that is no array is printed as one element.

# From the opening quote at i to the closing one.
function string_end(i,	c)
{
	while ((c = substr($0, ++i, 1)) != "\"" && c != "")
		if (c == "\\")
			i++
	return i
}

function trimmed(from, to,	text)
{
	text = substr($0, from, to - from)
	gsub(/^[ \t]+|[ \t\r]+$/, "", text)
	return text
}

# Depth 1 is inside the object, depth 2 inside its members. An element ends at a comma or a closing
# bracket of the depth where the wanted elements are: 1, or 2 when the member is an array.
{
	depth = 0
	wanted = 0
	length_of_line = length($0)
	for (i = 1; i <= length_of_line; i++) {
		c = substr($0, i, 1)
		if (c == "\"")
			i = string_end(i)
		else if (c == ":" && depth == 1) {
			wanted = trimmed(start, i) == "\"" want "\"" ? 1 : 0
			start = i + 1
		} else if (c == "[" || c == "{") {
			depth++
			if (depth == 1)
				start = i + 1
			else if (depth == 2 && wanted && c == "[" && trimmed(start, i) == "") {
				wanted = 2
				start = i + 1
			}
		} else if (c == "," || c == "]" || c == "}") {
			if (depth == wanted) {
				if (trimmed(start, i) != "")
					print trimmed(start, i)
				if (wanted == 1 || c != ",")
					next
			}
			if (depth == 1 || depth == wanted)
				start = i + 1
			if (c != ",")
				depth--
		}
	}
}
