/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/geometry.h"
#include "tablet/store/store.h"

G_BEGIN_DECLS

/**
 * ShtLayerStyle:
 * @id: (owned): its id
 * @name: (owned): what people call it; its id where it has none
 * @is_district: whether its areas are districts
 * @colour: 0xrrggbb
 * @width: of its lines, logical pixels
 * @icon: (transfer none) (nullable): the name of the icon on its points
 * @min_zoom: from which zoom on it is shown
 *
 * How a layer of places is drawn.
 */
typedef struct
{
  char *id;
  char *name;
  gboolean is_district;
  guint32 colour;
  int width;
  const char *icon;
  double min_zoom;
} ShtLayerStyle;

void sht_layer_style_free (ShtLayerStyle *layer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShtLayerStyle, sht_layer_style_free)

/* Of a place's row, in SQL; no text has a quote that is not escaped. */
#define SHT_PLACE_IS_REPORTED "instr (doc, '\"report\":{') > 0"

gboolean sht_store_put_place (
  ShtStore *store, const char *id, const char *doc, gsize length, gint64 generation, GError **error);
GByteArray *sht_place_box_of (const char *place, gsize length) G_GNUC_WARN_UNUSED_RESULT;
GByteArray *sht_place_words_of (const char *place, gsize length) G_GNUC_WARN_UNUSED_RESULT;

GPtrArray *sht_place_layers (ShtDb *db, GError **error) G_GNUC_WARN_UNUSED_RESULT;
char *sht_place_district_of (ShtDb *db,
                             const char *code,
                             gboolean has_position,
                             gint64 lat_e7,
                             gint64 lon_e7) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray *sht_place_tickets (ShtDb *db, const char *place, guint limit, guint *all, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
