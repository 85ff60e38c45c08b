/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/store/store.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * ShtChoiceDialog:
 *
 * One question with large answers, one tap each, and room for some words.
 *
 * ::chosen (id, words): an answer was tapped; words is %NULL when there are none
 */
#define SHT_TYPE_CHOICE_DIALOG (sht_choice_dialog_get_type ())
G_DECLARE_FINAL_TYPE (ShtChoiceDialog, sht_choice_dialog, SHT, CHOICE_DIALOG, AdwWindow)

ShtChoiceDialog *sht_choice_dialog_new (GtkWidget *parent, const char *title, const char *words_title);
void sht_choice_dialog_ask_digits (ShtChoiceDialog *self);
void sht_choice_dialog_add (ShtChoiceDialog *self, const char *id, const char *title, const char *subtitle, const char *icon);
void sht_choice_dialog_add_entities (ShtChoiceDialog *self, ShtStore *store, const char *type, const char *except, const char *only_department);
void sht_choice_dialog_add_crews (ShtChoiceDialog *self, ShtStore *store, const char *except, const char *department);

G_END_DECLS
