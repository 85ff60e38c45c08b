/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * ShtEntitySink:
 * @data: (nullable): whatever the receiver asked to be given back
 * @json: one entity of the data model: one line without its newline, "t" first, then "id", and
 *   without "rev" and "v", which the hub adds. Only valid during the call
 *
 * Takes the entities that a source makes, one by one, those that others refer to before those that
 * refer to them.
 *
 * Returns: %FALSE with @error set to stop the source, which hands the error on
 */
typedef gboolean (*ShtEntitySink) (gpointer data, const char *json, GError **error);

G_END_DECLS
