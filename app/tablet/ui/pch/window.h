/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What nearly each file of the window includes: read once by the compiler. Each still includes what it uses. */
#include <adwaita.h>
#include <glib/gi18n.h>
#include <json-glib/json-glib.h>
#include <sqlite3.h>
