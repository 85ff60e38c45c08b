/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SHT_HELP_MAX_STEPS 4

/**
 * ShtHelpSteps:
 *
 * Signs with their words, and arrows from one to the next. Where there is room they stand beside each other, the signs in one
 * line and the words below them in another; else all of them stand below each other, each with its words beside it. There is
 * no second row, so no arrow points to nothing.
 */
#define SHT_TYPE_HELP_STEPS (sht_help_steps_get_type ())
G_DECLARE_FINAL_TYPE (ShtHelpSteps, sht_help_steps, SHT, HELP_STEPS, GtkWidget)

GtkWidget *sht_help_steps_new (void) G_GNUC_WARN_UNUSED_RESULT;
void sht_help_steps_append (ShtHelpSteps *self, GtkWidget *sign, const char *words, gboolean leads);

G_END_DECLS
