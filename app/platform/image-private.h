/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "platform/image.h"

#include <sys/types.h>

G_BEGIN_DECLS

const char *sht_image_error_name (ShtImageError code);
gboolean sht_image_error_from_name (const char *name, ShtImageError *code);

GBytes *sht_image_source_read (const char *path,
                               char **sha256,
                               GCancellable *cancellable,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
GBytes *sht_image_source_read_fd (int fd,
                                  gint64 size,
                                  const char *name,
                                  char **sha256,
                                  GCancellable *cancellable,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
char *sht_image_display_name (const char *path) G_GNUC_WARN_UNUSED_RESULT;

/**
 * ShtHelper:
 * @pidfd: (owned): or -1
 * @input: (owned): our end of its stdin, a socket, or -1 once all is sent
 * @output: (owned): our end of its stdout, or -1 at its end
 *
 * A program that is confined, and that we speak with.
 */
typedef struct
{
  pid_t pid;
  int pidfd;
  int input;
  int output;
} ShtHelper;

gboolean sht_helper_start (ShtHelper *child, const char *const *argv, const char *name, GError **error);
gboolean sht_helper_end (ShtHelper *child, gint64 deadline);

GBytes *sht_image_process_run (const char *const *argv,
                               GBytes *input,
                               guint timeout_ms,
                               const char *name,
                               GCancellable *cancellable,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

ShtImage *sht_image_reply_parse (GBytes *reply,
                                 const char *name,
                                 GTimeZone *timezone,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
