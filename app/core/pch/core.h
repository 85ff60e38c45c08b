/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What nearly each file of core includes, read once by the compiler. Each still includes what it uses. */
#include <json-glib/json-glib.h>
#include <string.h>
