/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/session/session.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * ShtEnrolPage:
 *
 * What a tablet shows that belongs to no crew yet.
 *
 * ::enrolled (page): it does now
 */
#define SHT_TYPE_ENROL_PAGE (sht_enrol_page_get_type ())
G_DECLARE_FINAL_TYPE (ShtEnrolPage, sht_enrol_page, SHT, ENROL_PAGE, AdwBin)

GtkWidget *sht_enrol_page_new (ShtSession *session) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
