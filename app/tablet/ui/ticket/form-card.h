/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/session/session.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * ShtFormCard:
 *
 * What a ticket's service asks of who does the work. Each change is a draft on this tablet at once; leaving the page, the
 * ticket's next step and the button *Keep* make one operation of it.
 *
 * ::problem (self, error): what was filled in could not be kept, and is a draft still
 */
#define SHT_TYPE_FORM_CARD (sht_form_card_get_type ())
G_DECLARE_FINAL_TYPE (ShtFormCard, sht_form_card, SHT, FORM_CARD, GtkBox)

GtkWidget *sht_form_card_new (ShtSession *session);
void sht_form_card_update (ShtFormCard *self, const char *ticket, JsonObject *doc);
void sht_form_card_keep (ShtFormCard *self);
GPtrArray *sht_form_card_missing (ShtFormCard *self) G_GNUC_WARN_UNUSED_RESULT;
void sht_form_card_go_to (ShtFormCard *self, const char *code);

G_END_DECLS
