/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/json-slice.h"

G_BEGIN_DECLS

/* Deeper than any message of ours, and far from where a recursive reader runs out of stack. */
#define SHT_JSON_MAX_DEPTH 64

/**
 * ShtJsonError:
 * @SHT_JSON_ERROR_UTF8: bytes that are not UTF-8, or an escape that is no character
 * @SHT_JSON_ERROR_DEPTH: nested deeper than allowed
 * @SHT_JSON_ERROR_SYNTAX: not JSON as RFC 8259 has it, or cut short
 */
typedef enum {
  SHT_JSON_ERROR_UTF8,
  SHT_JSON_ERROR_DEPTH,
  SHT_JSON_ERROR_SYNTAX,
} ShtJsonError;

#define SHT_JSON_ERROR (sht_json_error_quark ())
GQuark sht_json_error_quark (void);

gboolean sht_json_guard (const char *bytes, gsize length, guint max_depth, GError **error);
gboolean sht_json_guard_members (const char *bytes, gsize length, guint max_depth, const ShtJsonName *names, guint n,
                                 ShtJsonSlice *values, GError **error);

G_END_DECLS
