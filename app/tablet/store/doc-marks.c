/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/store/doc-marks.h"

#include <string.h>

#define MEMBER(name, value) "\"" name "\"", sizeof name + 1, value, sizeof value - 1

static const struct
{
  const char *name; /* with its quotes */
  gsize name_length;
  const char *value; /* how it begins */
  gsize value_length;
  ShtDocMark mark;
} members[] = {
  { MEMBER ("resident", "{"), SHT_DOC_MARK_RESIDENT },
  { MEMBER ("field", "\"resident\""), SHT_DOC_MARK_ABOUT_RESIDENT },
  { MEMBER ("kind", "\"note\""), SHT_DOC_MARK_NOTE },
  { MEMBER ("conflicts", "["), SHT_DOC_MARK_CONFLICTS },
  { MEMBER ("undecided", ""), SHT_DOC_MARK_UNDECIDED },
  { MEMBER ("contribution", "true"), SHT_DOC_MARK_CONTRIBUTION },
};

/**
 * sht_doc_marks:
 * @doc: an entity as a JSON object without spaces, as hub and tablet write it
 * @length: its length in bytes
 *
 * Tells in one go, by its bytes, what a document has to be looked at for: most have none of it, and need not be read as JSON.
 * In JSON these bytes are a member's name: within a text each quote has a backslash before it.
 *
 * Returns: a set of #ShtDocMark
 */
guint
sht_doc_marks (const char *doc, gsize length)
{
  const char *end = doc + length;
  guint marks = 0;

  for (const char *at = memchr (doc, ':', length); at != NULL; at = memchr (at + 1, ':', (gsize) (end - at - 1)))
    for (guint i = 0; i < G_N_ELEMENTS (members); i++)
      if ((gsize) (at - doc) >= members[i].name_length && (gsize) (end - at - 1) >= members[i].value_length
          && memcmp (at - members[i].name_length, members[i].name, members[i].name_length) == 0
          && memcmp (at + 1, members[i].value, members[i].value_length) == 0)
        marks |= members[i].mark;
  return marks;
}
