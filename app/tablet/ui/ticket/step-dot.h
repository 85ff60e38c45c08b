/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef enum
{
  SHT_DOT_PASSED,
  SHT_DOT_CURRENT,
  SHT_DOT_AHEAD
} ShtDot;

/**
 * ShtStepDot:
 *
 * One dot of a line of steps, with its part of the line to both neighbours.
 */
#define SHT_TYPE_STEP_DOT (sht_step_dot_get_type ())
G_DECLARE_FINAL_TYPE (ShtStepDot, sht_step_dot, SHT, STEP_DOT, GtkWidget)

GtkWidget *sht_step_dot_new (ShtDot dot, gboolean first, gboolean last);

G_END_DECLS
