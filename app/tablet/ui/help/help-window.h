/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/ui/help/help-topics.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * ShtHelpWindow:
 *
 * Short pages with pictures: a list of them, which can be searched, and the one that was chosen; beside each other where
 * there is room, else one after the other.
 */
#define SHT_TYPE_HELP_WINDOW (sht_help_window_get_type ())
G_DECLARE_FINAL_TYPE (ShtHelpWindow, sht_help_window, SHT, HELP_WINDOW, AdwWindow)

GtkWidget *sht_help_window_new (GtkWindow *parent, ShtHelpTopic topic) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
