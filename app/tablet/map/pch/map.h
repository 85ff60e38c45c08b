/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What nearly each file of the map includes, read once by the compiler. Each still includes what it uses. */
#include <gtk/gtk.h>
#include <json-glib/json-glib.h>
#include <shumate/shumate.h>
#include <sqlite3.h>
#include <string.h>
