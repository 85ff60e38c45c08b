/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/ui/common/page.h"
#include "tablet/ui/work/ticket-list.h"

G_BEGIN_DECLS

/**
 * ShtWorkPage:
 *
 * My work: filter chips with counts, and the tickets as cards.
 */
#define SHT_TYPE_WORK_PAGE (sht_work_page_get_type ())
G_DECLARE_FINAL_TYPE (ShtWorkPage, sht_work_page, SHT, WORK_PAGE, AdwBin)

void sht_work_page_set_search (ShtWorkPage *self, const char *search);
void sht_work_page_set_filter (ShtWorkPage *self, ShtFilter filter);
ShtFilter sht_work_page_get_filter (ShtWorkPage *self);
void sht_work_page_set_current (ShtWorkPage *self, const char *ticket);
gboolean sht_work_page_has_cards (ShtWorkPage *self);
ShtTicketList *sht_work_page_get_list (ShtWorkPage *self);

G_END_DECLS
