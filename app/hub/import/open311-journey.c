/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/id.h"
#include "hub/import/open311-private.h"

#include <string.h>

static GString *
begin_event (ShtOpen311Row *row, const char *name, const char *kind, gint64 at)
{
  g_autofree char *unique = g_strconcat (row->base, "/", name, NULL);
  g_autofree char *id = sht_id_from_name (unique);
  GString *line = g_string_new ("{\"t\":\"event\"");

  sht_json_append_member (line, "id", id);
  sht_json_append_member (line, "ticket", row->ticket);
  sht_json_append_member (line, "kind", kind);
  sht_json_append_member_int (line, "at", at);
  sht_json_append_member_int (line, "received_at", at);
  sht_json_append_key (line, "data");
  g_string_append_c (line, '{');
  return line;
}

static void
end_event (ShtOpen311Row *row, GString *line)
{
  g_string_append (line, "}}");
  g_ptr_array_add (row->events, g_string_free (line, FALSE));
}

static const char *
open_status (ShtOpen311Row *row)
{
  return row->options->crew != NULL ? "assigned" : "new";
}

static void
append_closing (ShtOpen311Row *row, GString *line)
{
  g_autofree char *reason = sht_open311_text (sht_json_slice_member (row->row, "status_notes"));

  sht_json_append_member (line, "from", open_status (row));
  sht_json_append_member (line, "to", "closed");
  sht_json_append_member (line, "reason", reason);
}

static char *
text_of (ShtJsonSlice note)
{
  g_autofree char *summary = sht_open311_text (sht_json_slice_member (note, "summary"));
  g_autofree char *description = sht_open311_text (sht_json_slice_member (note, "description"));

  if (summary != NULL && description != NULL)
    return g_strconcat (summary, ": ", description, NULL);
  return summary != NULL ? g_steal_pointer (&summary) : g_steal_pointer (&description);
}

/* A note is known by what it says: a city may list the newest first, or take one out. Of those that say the same each has
 * its number. */
static GString *
begin_note (ShtOpen311Row *row, const char *kind, gint64 at, const char *type, const char *text)
{
  char *says = g_strdup_printf ("note/%" G_GINT64_FORMAT "/%s/%s", at, type != NULL ? type : "", text != NULL ? text : "");
  guint number = GPOINTER_TO_UINT (g_hash_table_lookup (row->notes, says));
  g_autofree char *name = g_strdup_printf ("%s/%u", says, number);

  g_hash_table_replace (row->notes, says, GUINT_TO_POINTER (number + 1));
  return begin_event (row, name, kind, at);
}

/* What a note has beside its own members goes into data.extra, as the text that it was: nothing of it is
 * lost, and no reader on the way can give a number other digits. */
static void
append_note_extra (ShtOpen311Row *row, GString *line, ShtJsonSlice note, gboolean dated)
{
  static const char *const homes[] = { "datetime", "summary", "description", "type" };
  g_autoptr (GString) extra = g_string_new ("{");
  ShtJsonIter iter;
  ShtJsonSlice key, value;

  sht_json_iter_init (&iter, note);
  while (sht_json_iter_next (&iter, &key, &value))
    {
      gboolean home = FALSE;

      for (guint i = dated ? 0 : 1; i < G_N_ELEMENTS (homes); i++)
        home |= sht_json_slice_equals (key, homes[i])
                && sht_json_slice_kind (value) == SHT_JSON_STRING
                && value.at == sht_json_slice_member (note, homes[i]).at;
      if (home || sht_json_slice_kind (value) == SHT_JSON_ABSENT)
        continue;
      if (!sht_json_slice_equals (key, "extended_attributes"))
        sht_open311_unhomed (row->report, "notes.", key);
      g_string_append (extra, extra->len > 1 ? "," : "");
      sht_json_append_slice (extra, key);
      g_string_append_c (extra, ':');
      sht_json_append_slice (extra, value);
    }
  if (extra->len == 1)
    return;
  sht_json_append_key (line, "extra");
  g_string_append_c (extra, '}');
  sht_json_append_string (line, extra->str);
}

typedef enum {
  NOTE_PLAIN,
  NOTE_OPENING,
  NOTE_CLOSING,
} NoteKind;

static NoteKind
note_kind (ShtJsonSlice note)
{
  ShtJsonSlice type = sht_json_slice_member (note, "type");

  if (sht_json_slice_equals (type, "opened") || sht_json_slice_equals (type, "submitted"))
    return NOTE_OPENING;
  return sht_json_slice_equals (type, "closed") ? NOTE_CLOSING : NOTE_PLAIN;
}

static void
add_note (ShtOpen311Row *row, ShtJsonSlice note, NoteKind kind)
{
  static const char *const kinds[] = { "note", "created", "status" };
  g_autofree char *text = text_of (note);
  g_autofree char *type = sht_open311_text (sht_json_slice_member (note, "type"));
  gint64 at = row->created_at;
  gboolean dated = sht_open311_moment (sht_json_slice_member (note, "datetime"), &at);
  GString *line = begin_note (row, kinds[kind], at, type, text);

  if (kind == NOTE_CLOSING)
    append_closing (row, line);
  sht_json_append_member (line, "text", text);
  sht_json_append_member (line, "type", type);
  append_note_extra (row, line, note, dated);
  end_event (row, line);
}

/* A note that is no object, kept as it is. */
static void
add_odd_note (ShtOpen311Row *row, ShtJsonSlice note)
{
  static const char quoted[] = "\"notes\"";
  g_autofree char *kept = g_strndup (note.at, note.length);
  GString *line = begin_note (row, "note", row->created_at, NULL, kept);

  sht_open311_unhomed (row->report, "", (ShtJsonSlice) { quoted, sizeof quoted - 1 });
  sht_json_append_member (line, "extra", kept);
  end_event (row, line);
}

/* @opening and @closing: which notes made and closed the ticket, -1 for none. A list of cities' own
 * making has an opening more than once (submitted, then opened), and closings that did not last. */
static void
find_ends (ShtOpen311Row *row, ShtJsonSlice notes, int *opening, int *closing)
{
  ShtJsonIter iter;
  ShtJsonSlice note;

  *opening = *closing = -1;
  sht_json_iter_init (&iter, notes);
  for (int i = 0; sht_json_iter_next (&iter, NULL, &note); i++)
    {
      if (note_kind (note) == NOTE_OPENING && *opening < 0)
        *opening = i;
      if (note_kind (note) == NOTE_CLOSING && row->closed)
        *closing = i;
    }
}

static void
add_media (ShtOpen311Row *row)
{
  ShtJsonSlice media = sht_json_slice_member (row->row, "media_url");
  g_autofree char *text = sht_open311_text (media);
  GString *line;

  if (sht_json_slice_kind (media) == SHT_JSON_ABSENT || (text != NULL && *text == '\0'))
    return;
  line = begin_event (row, "media", "note", row->created_at);
  if (text == NULL)
    {
      GString *raw = g_string_new (NULL);

      sht_json_append_slice (raw, media);
      text = g_string_free (raw, FALSE);
    }
  sht_json_append_member (line, "text", text);
  sht_json_append_member (line, "type", "media_url");
  end_event (row, line);
}

/**
 * sht_open311_journey:
 * @row: a row whose ticket is known; its events are added
 *
 * Makes the journey: one `created`, the notes in the order of the list, the picture's address, the
 * closing, and one `imported`.
 */
void
sht_open311_journey (ShtOpen311Row *row)
{
  ShtJsonSlice notes = sht_json_slice_member (row->row, "notes");
  int opening, closing;
  ShtJsonIter iter;
  ShtJsonSlice note;
  GString *line;

  if (sht_json_slice_kind (notes) != SHT_JSON_ARRAY)
    notes = (ShtJsonSlice) { NULL, 0 };
  find_ends (row, notes, &opening, &closing);
  if (opening < 0)
    end_event (row, begin_event (row, "created", "created", row->created_at));
  add_media (row);
  sht_json_iter_init (&iter, notes);
  for (int i = 0; sht_json_iter_next (&iter, NULL, &note); i++)
    {
      if (sht_json_slice_kind (note) != SHT_JSON_OBJECT)
        add_odd_note (row, note);
      else
        add_note (row, note,
                  i == opening ? NOTE_OPENING : i == closing ? NOTE_CLOSING : NOTE_PLAIN);
    }
  if (row->closed && closing < 0)
    {
      line = begin_event (row, "closed", "status", row->updated_at);
      append_closing (row, line);
      end_event (row, line);
    }
  line = begin_event (row, "imported", "imported",
                      row->options->imported_at != 0 ? row->options->imported_at : row->updated_at);
  sht_json_append_member (line, "system", "open311");
  sht_json_append_member (line, "jurisdiction", row->options->jurisdiction);
  sht_json_append_member (line, "ref", row->request);
  end_event (row, line);
}
