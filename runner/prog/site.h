/* The settings of site.def by number; other tables begin with them. */
#ifndef SITE_H
#define SITE_H

#include "settings.h"

enum site_setting {
#define SETTING(id, name, environment, fallback, least, most, value, what) SITE_##id,
#include "site.def"
#undef SETTING
	SITE_SETTINGS
};

#endif
