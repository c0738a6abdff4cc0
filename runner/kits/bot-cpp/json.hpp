/*
 * A reader of JSON for C++: json.h with exceptions instead of missing values. A Json is a slice of
 * the line that came in; it copies nothing, and lives as long as one call of choose().
 *	int me = view["you"].integer();
 *	for (Json row : view["board"]) ... row.string() ...
 *	for (const std::string &name : view.keys()) ... view[name] ...
 */
#ifndef JSON_HPP
#define JSON_HPP

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "json.h"

class Json {
public:
	explicit Json(struct json value, const std::string &what = "value") : v(value)
	{
		if (!v.text)
			throw std::out_of_range("JSON: there is no " + what);
	}

	/* The text itself: {...}  [...]  "..."  number  true  false  null */
	std::string raw() const { return std::string(v.text, v.length); }

	bool is_object() const { return *v.text == '{'; }
	bool is_array() const { return *v.text == '['; }
	bool is_string() const { return *v.text == '"'; }
	bool is_null() const { return *v.text == 'n'; }

	bool boolean() const { return json_true(v); }
	double number() const { return std::stod(raw()); }	/* these two throw if it is none */
	long integer() const { return std::stol(raw()); }

	/* The characters of a string, in UTF-8. */
	std::string string() const
	{
		std::string out(v.length, '\0');

		if (!json_string(v, out.data(), out.size()))
			throw std::invalid_argument("JSON: no string: " + raw().substr(0, 40));
		return out.c_str();
	}

	/* Objects. */
	bool has(const std::string &name) const { return json_member(v, name.c_str()).text; }
	Json operator[](const std::string &name) const
	{
		return Json(json_member(v, name.c_str()), "member " + name);
	}
	Json operator[](const char *name) const { return (*this)[std::string(name)]; }

	std::vector<std::string> keys() const
	{
		std::vector<std::string> names;

		for (struct json k = json_first(v); is_object() && k.text; k = json_next(json_value(k)))
			names.push_back(Json(k).string());
		return names;
	}

	/* Arrays. [i] walks from the first element, so prefer for (Json e : array). */
	std::size_t size() const { return is_array() ? json_count(v) : 0; }
	Json operator[](int index) const { return at(index); }
	Json at(std::size_t index) const
	{
		struct json element = is_array() ? json_at(v, index) : json{nullptr, 0};
		return Json(element, "element " + std::to_string(index));
	}

	struct iterator {
		struct json element;

		Json operator*() const { return Json(element); }
		bool operator!=(const iterator &other) const { return element.text != other.element.text; }
		iterator &operator++()
		{
			element = json_next(element);
			return *this;
		}
	};
	iterator begin() const { return iterator{is_array() ? json_first(v) : json{nullptr, 0}}; }
	iterator end() const { return iterator{{nullptr, 0}}; }

private:
	struct json v;
};

/* The JSON text of a string. */
inline std::string
quoted(std::string_view text)
{
	static const char digits[] = "0123456789abcdef";
	std::string out = "\"";

	for (unsigned char c : text) {
		if (c < ' ')
			out += {'\\', 'u', '0', '0', digits[c >> 4], digits[c & 15]};
		else if (c == '"' || c == '\\')
			out += {'\\', static_cast<char>(c)};
		else
			out += static_cast<char>(c);
	}
	return out + '"';
}

#endif
