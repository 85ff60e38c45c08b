/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * ShtSuspend:
 *
 * Hears from logind that the tablet is about to sleep, and holds it up until what has to be done before is done.
 */
typedef struct _ShtSuspend ShtSuspend;

typedef void (*ShtSuspendFunc) (gpointer data);

ShtSuspend *sht_suspend_new (ShtSuspendFunc func, gpointer data) G_GNUC_WARN_UNUSED_RESULT;
void sht_suspend_free (ShtSuspend *self);

G_END_DECLS
