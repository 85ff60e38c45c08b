/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define SHT_LAYER_ERROR (sht_layer_error_quark ())
GQuark sht_layer_error_quark (void);

/** ShtLayerError: %SHT_LAYER_ERROR_VALUE: a layer cannot be drawn like that; the message says what
 * can be */
typedef enum
{
  SHT_LAYER_ERROR_VALUE
} ShtLayerError;

/* The kind of a layer whose areas are the town's districts, with the notes on their communities. */
#define SHT_LAYER_DISTRICT "district"

#define SHT_LAYER_USUAL_WIDTH 3

gboolean sht_layer_set (JsonObject *layer, const char *member, const char *text, GError **error);
guint32 sht_layer_colour (const char *colour, const char *layer);
const char *sht_layer_icon (const char *symbol);

G_END_DECLS
