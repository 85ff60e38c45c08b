/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/operation.h"

G_BEGIN_DECLS

/* Returns: (transfer full) (nullable): the line of a person, or %NULL for none of that id */
typedef char *(*ShtPersonFunc) (gpointer data, const char *id);

JsonArray *sht_people_tell (const ShtOperation *op, ShtPersonFunc find, gpointer data) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
