/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What nearly each file of platform, and of what stands on it, includes: read once by the compiler. Each still includes
 * what it uses. */
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <sqlite3.h>
#include <string.h>
