/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/ui/help/help-topics.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

const char *sht_help_mark_icon (ShtMark mark);
GtkWidget *sht_help_figure_new (ShtHelpTopic topic) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
