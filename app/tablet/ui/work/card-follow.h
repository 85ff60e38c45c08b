/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * ShtCardAnchor:
 * @before: where it stood
 * @now: where it stands
 *
 * The first row that was seen and is still there, when the list has changed: by it the rest is kept where it is.
 */
typedef struct
{
  guint before;
  guint now;
  gboolean known;
} ShtCardAnchor;

GPtrArray *sht_card_follow (GPtrArray *rows, guint position, guint removed, guint added, guint top, ShtCardAnchor *anchor) G_GNUC_WARN_UNUSED_RESULT;
void sht_card_follow_moved (GPtrArray *rows, GPtrArray *gone, GListModel *model, guint position, guint added, guint from, guint to, ShtCardAnchor *anchor);

G_END_DECLS
