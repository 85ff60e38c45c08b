/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * ShtMomentEntry:
 *
 * A date and time by large buttons: now, and from there by days, hours and minutes. Nothing is typed.
 *
 * ::changed (self): a person has changed it
 */
#define SHT_TYPE_MOMENT_ENTRY (sht_moment_entry_get_type ())
G_DECLARE_FINAL_TYPE (ShtMomentEntry, sht_moment_entry, SHT, MOMENT_ENTRY, GtkBox)

GtkWidget *sht_moment_entry_new (const char *label);
char *sht_moment_entry_get (ShtMomentEntry *self) G_GNUC_WARN_UNUSED_RESULT;
void sht_moment_entry_set (ShtMomentEntry *self, const char *iso8601);

G_END_DECLS
