/* SPDX-License-Identifier: GPL-3.0-or-later */
/* In the place of tablet/store/figures.c: the same tablet, which keeps no facts. For a bench to see what they cost. */
#include "tablet/store/store.h"

gboolean
sht_store_add_fact (ShtStore *store, gint64 row, const ShtJsonSlice *members, GError **error)
{
  return TRUE;
}

gboolean
sht_store_renew_fact (ShtStore *store, gint64 row, const ShtJsonSlice *members, GError **error)
{
  return TRUE;
}

gboolean
sht_store_remove_fact (ShtStore *store, gint64 row, GError **error)
{
  return TRUE;
}

ShtFigures *
sht_store_figures (ShtStore *store, const char *from, const char *to, const char *by, GError **error)
{
  return NULL;
}
