/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * ShtDocMark:
 * @SHT_DOC_MARK_RESIDENT: it says who a resident is
 * @SHT_DOC_MARK_ABOUT_RESIDENT: a step of the journey that tells of that under other names
 * @SHT_DOC_MARK_NOTE: a step that is a note
 * @SHT_DOC_MARK_CONFLICTS: a step that met others' work
 * @SHT_DOC_MARK_UNDECIDED: of which something waits for a person's word
 * @SHT_DOC_MARK_CONTRIBUTION: a step on what had been taken away
 *
 * What an entity's document has, anywhere in it.
 */
typedef enum
{
  SHT_DOC_MARK_RESIDENT = 1 << 0,
  SHT_DOC_MARK_ABOUT_RESIDENT = 1 << 1,
  SHT_DOC_MARK_NOTE = 1 << 2,
  SHT_DOC_MARK_CONFLICTS = 1 << 3,
  SHT_DOC_MARK_UNDECIDED = 1 << 4,
  SHT_DOC_MARK_CONTRIBUTION = 1 << 5,
} ShtDocMark;

guint sht_doc_marks (const char *doc, gsize length);

G_END_DECLS
