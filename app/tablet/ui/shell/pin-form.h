/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tablet/ui/shell/lock.h"

G_BEGIN_DECLS

/**
 * ShtPinTask:
 * @SHT_PIN_TASK_OPEN: the PIN is asked for
 * @SHT_PIN_TASK_ANSWER: a supervisor's answer is asked for, with the challenge that it answers
 * @SHT_PIN_TASK_SET: a new PIN is asked for, twice, and kept
 */
typedef enum
{
  SHT_PIN_TASK_OPEN,
  SHT_PIN_TASK_ANSWER,
  SHT_PIN_TASK_SET
} ShtPinTask;

/**
 * ShtPinForm:
 *
 * One question about the PIN, with its pad, what was wrong with the last try, and how long until the next.
 *
 * ::done: it was answered rightly
 */
#define SHT_TYPE_PIN_FORM (sht_pin_form_get_type ())
G_DECLARE_FINAL_TYPE (ShtPinForm, sht_pin_form, SHT, PIN_FORM, AdwBin)

GtkWidget *sht_pin_form_new (ShtLock *lock, ShtPinTask task, const char *title);
gboolean sht_pin_form_take_key (ShtPinForm *self, guint key);

G_END_DECLS
