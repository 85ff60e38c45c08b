/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * ShtFilter:
 *
 * Which tickets a list shows. Those up to %SHT_FILTER_ALL are ranges of the store's index of order.
 */
typedef enum
{
  SHT_FILTER_OPEN,
  SHT_FILTER_LATE,
  SHT_FILTER_DONE,
  SHT_FILTER_ALL,
  SHT_FILTER_WAITING,
  SHT_FILTER_NEW,
  SHT_FILTER_CREW,
  SHT_N_FILTERS
} ShtFilter;

/**
 * ShtLook:
 * @counts: tickets by filter
 * @rows: (owned) (nullable): rows in order, for what no index gives: words, and statuses
 */
typedef struct
{
  gint64 counts[SHT_N_FILTERS];
  GArray *rows;
} ShtLook;

void sht_look_free (ShtLook *look);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShtLook, sht_look_free)

/**
 * ShtTicketLook:
 *
 * Looks through the store on a thread, for what would keep the window waiting.
 */
#define SHT_TYPE_TICKET_LOOK (sht_ticket_look_get_type ())
G_DECLARE_FINAL_TYPE (ShtTicketLook, sht_ticket_look, SHT, TICKET_LOOK, GObject)

ShtTicketLook *sht_ticket_look_new (const char *folder) G_GNUC_WARN_UNUSED_RESULT;
void sht_ticket_look_async (ShtTicketLook *self, ShtFilter filter, const char *crew, const char *search, gint64 now_ms, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);
ShtLook *sht_ticket_look_finish (ShtTicketLook *self, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
