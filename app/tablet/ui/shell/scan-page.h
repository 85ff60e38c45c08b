/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * ShtScanPage:
 *
 * The camera in front of the page that asks for a code, see #ShtCover: it goes by itself once it has seen one.
 *
 * ::found (hub: string, code: string): an enrolment was scanned; the page has gone
 */
#define SHT_TYPE_SCAN_PAGE (sht_scan_page_get_type ())
G_DECLARE_FINAL_TYPE (ShtScanPage, sht_scan_page, SHT, SCAN_PAGE, AdwBin)

ShtScanPage *sht_scan_page_open (GtkWidget *page);

G_END_DECLS
