/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/service/hub.h"

#include "core/digest.h"
#include "core/json-slice.h"
#include "core/protocol.h"

#include <string.h>

#define CURSOR_PREFIX "1"
#define MOST_CURSOR_SCOPES 1000
/* Before and behind each of them in the order of bytes. */
#define BEFORE_ID_CHARS "!"
#define BEHIND_ID_CHARS "~"
/* A scope that is filled is gone through beside the others, these tickets of the town at a time. */
#define TICKETS_AT_A_TIME 512
#define ID_CHARS "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_.:"

typedef struct
{
  ShtHub *hub;
  GString *out;
  const char *scope;
  gint64 after;
  gint64 since; /* up to where the tablet was complete before the pages that now bring it up to date */
  gint64 reached;
  guint rows;
  guint limit;
  guint members; /* how many of the scope were looked at */
  gint64 row;    /* of the log, the one whose nonce is known */
  gint64 nonce;
  char *taken;   /* (owned): the last id of a scope that is filled */
  gboolean started; /* the scope's heading is written */
  gboolean full;
  GError *error;
} Page;

static gboolean
append_child (gpointer data, const char *type, const char *id, gint64 number, const char *doc)
{
  Page *page = data;

  g_string_append (page->out, doc);
  g_string_append_c (page->out, '\n');
  page->rows++;
  return TRUE;
}

static void
append_heading (Page *page)
{
  if (page->started)
    return;
  page->started = TRUE;
  g_string_append (page->out, "{\"t\":\"scope\",\"scope\":\"");
  g_string_append (page->out, page->scope);
  g_string_append (page->out, "\"}\n");
}

static gboolean
is_full (Page *page)
{
  page->full |= page->rows >= page->limit || page->out->len >= SHT_PULL_PAGE_BYTES;
  return page->full;
}

static gboolean
append_member (gpointer data, const ShtHubMember *member, const char *doc)
{
  Page *page = data;

  if (is_full (page))
    return FALSE;
  page->reached = member->number;
  page->members++;
  if (!member->present || doc == NULL)
    {
      /* What came and went since the cursor was never there for this tablet. */
      if (member->first_entered > page->after)
        return TRUE;
      append_heading (page);
      g_string_append_printf (page->out, "{\"t\":\"leave\",\"id\":\"%s\",\"of\":\"%s\"}\n", member->id,
                              member->type);
      page->rows++;
      return TRUE;
    }
  append_heading (page);
  append_child (page, member->type, member->id, member->number, doc);
  if (!sht_hub_has_children (member->type))
    return TRUE;
  /* Not `after`: between two pages a ticket may have moved from before the first to behind it, and what
   * hangs on it with a smaller number was in neither. */
  return page->hub->store->driver->each_child (page->hub->store, member->id,
                                               member->entered > page->since ? 0 : page->since, append_child,
                                               page, &page->error);
}

static gboolean
append_whole (gpointer data, const ShtHubMember *member, const char *doc)
{
  Page *page = data;

  if (is_full (page) && g_strcmp0 (member->id, page->taken) != 0)
    return FALSE;
  g_free (page->taken);
  page->taken = g_strdup (member->id);
  if (doc == NULL)
    return TRUE;
  append_heading (page);
  append_child (page, member->type, member->id, member->number, doc);
  return !sht_hub_has_children (member->type)
         || page->hub->store->driver->each_child (page->hub->store, member->id, 0, append_child, page, &page->error);
}

typedef struct
{
  gint64 number;
  gint64 since;
  char *filled; /* (owned) (nullable): while a scope is filled, up to which id it is, as it was at the number */
} Reached;

static void
reached_free (gpointer data)
{
  Reached *reached = data;

  g_free (reached->filled);
  g_free (reached);
}

/* Cuts a text off at the first such character; what is behind it, or NULL. */
static char *
cut (char *text, char at)
{
  char *found = text != NULL ? strchr (text, at) : NULL;

  if (found != NULL)
    *found++ = '\0';
  return found;
}

/* NUMBER.NONCE or NUMBER.NONCE~SINCE; with @ID behind it while it is filled */
static gboolean
read_reached (char *text, Reached *reached, gint64 *nonce)
{
  const char *filled = cut (text, '@');
  char *bits = cut (text, '.');
  const char *since = cut (bits, '~');
  guint64 n;

  reached->filled = g_strdup (filled);
  if ((filled != NULL && strspn (filled, ID_CHARS) != strlen (filled)) || bits == NULL
      || !g_ascii_string_to_signed (text, 10, 0, G_MAXINT64, &reached->number, NULL)
      || !g_ascii_string_to_unsigned (bits, 16, 0, G_MAXINT64, &n, NULL))
    return FALSE;
  *nonce = (gint64) n;
  reached->since = reached->number;
  return since == NULL || g_ascii_string_to_signed (since, 10, 0, reached->number, &reached->since, NULL);
}

/* Scopes are most often as far as each other. */
static gboolean
nonce_of (Page *page, gint64 number, gint64 *nonce, GError **error)
{
  if (page->row != number && !page->hub->store->driver->log_nonce (page->hub->store, number, &page->nonce, error))
    return FALSE;
  page->row = number;
  *nonce = page->nonce;
  return TRUE;
}

static gboolean
resync (GError **error, const char *why)
{
  g_set_error_literal (error, SHT_HUB_ERROR, SHT_HUB_ERROR_RESYNC, why);
  return FALSE;
}

/* A cursor says for each scope the number reached, with the random id of that log row. A row that is
 * not there, or has another random id, belongs to another history of the hub. */
static gboolean
read_cursor (Page *page, const char *cursor, GHashTable *reached, GError **error)
{
  g_autofree char *text = g_strdup (cursor);
  char *scope = text, *behind;
  guint n = 0;

  if (cursor == NULL || cursor[0] == '\0')
    return TRUE;
  behind = cut (scope, ';');
  if (!g_str_equal (scope, CURSOR_PREFIX))
    return resync (error, "the cursor is of another version");
  while ((scope = behind) != NULL)
    {
      Reached *to = g_new0 (Reached, 1);
      char *equals;
      gint64 nonce, known;

      behind = cut (scope, ';');
      equals = strrchr (scope, '=');
      /* Whoever has a broken cursor can only be helped by a new one. */
      if (++n > MOST_CURSOR_SCOPES || equals == NULL || !read_reached (equals + 1, to, &nonce))
        {
          reached_free (to);
          return resync (error, "the cursor is malformed");
        }
      *equals = '\0';
      if (to->number == 0)
        {
          reached_free (to);
          continue;
        }
      g_hash_table_insert (reached, g_strdup (scope), to);
      if (!nonce_of (page, to->number, &known, error))
        return FALSE;
      if (known < 0 || known != nonce)
        return resync (error, "the cursor does not fit this hub's log");
    }
  return TRUE;
}

static gboolean
append_cursor (Page *page, GString *cursor, const char *scope, const Reached *to, GError **error)
{
  gint64 nonce = 0;
  char bits[17];

  if (to->number > 0 && !nonce_of (page, to->number, &nonce, error))
    return FALSE;
  g_snprintf (bits, sizeof bits, "%" G_GINT64_MODIFIER "x", (guint64) nonce);
  g_string_append_c (cursor, ';');
  g_string_append (cursor, scope);
  g_string_append_c (cursor, '=');
  sht_json_append_int (cursor, to->number);
  g_string_append_c (cursor, '.');
  g_string_append (cursor, bits);
  if (to->since != to->number)
    {
      g_string_append_c (cursor, '~');
      sht_json_append_int (cursor, to->since);
    }
  if (to->filled != NULL)
    {
      g_string_append_c (cursor, '@');
      g_string_append (cursor, to->filled);
    }
  return TRUE;
}

static void
begin_scope (Page *page, const char *scope, const Reached *from)
{
  page->scope = scope;
  page->members = 0;
  page->after = from->number;
  page->since = from->since;
  page->reached = from->number;
  page->started = FALSE;
}

static gboolean
end_scope (Page *page, GError **error)
{
  if (page->error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&page->error));
  return FALSE;
}

/* Brings a scope that is filled on from where it is up to an id, with all of it that has not changed since the number;
 * what has comes behind it, as it does for everyone. */
static gboolean
fill_up_to (Page *page, const char *scope, Reached *to, const char *until, GError **error)
{
  g_autofree char *behind = g_strconcat (until, BEFORE_ID_CHARS, NULL);
  g_autofree char *from = g_strconcat (to->filled, BEFORE_ID_CHARS, NULL);

  begin_scope (page, scope, to);
  g_clear_pointer (&page->taken, g_free);
  if (!page->hub->store->driver->each_present (page->hub->store, scope, from, behind, to->number, append_whole, page, error)
      || !end_scope (page, error))
    return FALSE;
  if (page->full && page->taken == NULL)
    return TRUE;
  g_free (to->filled);
  to->filled = page->full ? g_steal_pointer (&page->taken) : g_strdup (until);
  return TRUE;
}

static gboolean
follow_scope (Page *page, const char *scope, Reached *to, gint64 head, GError **error)
{
  guint at_most = page->limit - MIN (page->rows, page->limit) + 1;

  begin_scope (page, scope, to);
  if (!page->full
      && !page->hub->store->driver->each_member_since (page->hub->store, scope, page->after,
                                                       at_most, append_member, page, error))
    return FALSE;
  /* There may be more behind as many as were asked for, even where none of them was worth a row. */
  page->full |= page->members == at_most;
  /* A scope that is taken in whole is as new as the hub: a rewound log shows there too. */
  to->number = page->full ? page->reached : head;
  to->since = page->full ? page->since : head;
  return end_scope (page, error);
}

/* What has changed in the scopes that have been filled, but for those that are told already. */
static gboolean
follow (Page *page, char **scopes, GPtrArray *reached, gboolean *told, gint64 head, GError **error)
{
  for (guint i = 0; scopes[i] != NULL; i++)
    {
      Reached *to = reached->pdata[i];

      if (to->filled != NULL || told[i])
        continue;
      told[i] = TRUE;
      if (!follow_scope (page, scopes[i], to, head, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
fill_all_up_to (Page *page, char **scopes, GPtrArray *reached, const char *until, GError **error)
{
  for (guint i = 0; scopes[i] != NULL && !page->full; i++)
    {
      Reached *to = reached->pdata[i];

      if (to->filled == NULL || strcmp (to->filled, until) >= 0)
        continue;
      if (!fill_up_to (page, scopes[i], to, until, error))
        return FALSE;
      if (g_str_equal (to->filled, BEHIND_ID_CHARS))
        g_clear_pointer (&to->filled, g_free);
    }
  return TRUE;
}

/* All scopes go side by side through the ids, which are the order of time (RFC 9562, 6.11): what a tablet is given lies
 * together in its tables, which would else be gone over, and written anew, once for each scope. But for the reference
 * scope, which comes before in the order of its log: the rest is told in its words. */
static gboolean
fill_scopes (Page *page, char **scopes, GPtrArray *reached, GError **error)
{
  while (!page->full)
    {
      const char *least = NULL;
      g_autofree char *from = NULL;
      g_autofree char *until = NULL;

      for (guint i = 0; i < reached->len; i++)
        {
          const Reached *to = reached->pdata[i];

          if (to->filled != NULL && (least == NULL || strcmp (to->filled, least) < 0))
            least = to->filled;
        }
      if (least == NULL)
        return TRUE;
      from = g_strconcat (least, BEFORE_ID_CHARS, NULL);
      if (!page->hub->store->driver->nth_ticket (page->hub->store, from, TICKETS_AT_A_TIME, &until, error)
          || !fill_all_up_to (page, scopes, reached, until != NULL ? until : BEHIND_ID_CHARS, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
fill (Page *page, const ShtHubDevice *device, const char *cursor, GError **error)
{
  g_auto (GStrv) scopes = sht_hub_scopes_of_device (page->hub, device, error);
  g_autoptr (GHashTable) had = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, reached_free);
  g_autoptr (GPtrArray) reached = g_ptr_array_new_with_free_func (reached_free);
  g_autofree gboolean *told = NULL;
  g_autoptr (GString) next = g_string_new (CURSOR_PREFIX);
  g_autoptr (GString) names = g_string_new (NULL);
  gint64 head;

  if (scopes == NULL || !page->hub->store->driver->log_head (page->hub->store, &head, &page->nonce, error))
    return FALSE;
  page->row = head;
  if (!read_cursor (page, cursor, had, error))
    return FALSE;
  for (guint i = 0; scopes[i] != NULL; i++)
    {
      const Reached *from = g_hash_table_lookup (had, scopes[i]);
      Reached *to = g_new0 (Reached, 1);

      if (from != NULL)
        *to = (Reached){ from->number, from->since, g_strdup (from->filled) };
      else if (!g_str_equal (scopes[i], SHT_SCOPE_REFERENCE))
        *to = (Reached){ head, 0, g_strdup ("") };
      g_ptr_array_add (reached, to);
      g_string_append (names, i > 0 ? ",\"" : "\"");
      g_string_append (names, scopes[i]);
      g_string_append_c (names, '"');
    }
  told = g_new0 (gboolean, reached->len + 1);
  if (!follow (page, scopes, reached, told, head, error) || !fill_scopes (page, scopes, reached, error)
      || !follow (page, scopes, reached, told, head, error))
    return FALSE;
  for (guint i = 0; scopes[i] != NULL; i++)
    if (!append_cursor (page, next, scopes[i], reached->pdata[i], error))
      return FALSE;
  g_string_append_printf (page->out,
                          "{\"t\":\"cursor\",\"cursor\":\"%s\",\"more\":%s,\"rows\":%u,\"scopes\":[%s],"
                          "\"head\":%" G_GINT64_FORMAT ",\"now\":%" G_GINT64_FORMAT,
                          next->str, page->full ? "true" : "false", page->rows, names->str, head,
                          sht_hub_now (page->hub));
  if (!sht_hub_append_history (page->hub, page->out, error))
    return FALSE;
  g_string_append (page->out, "}\n");
  return TRUE;
}

/**
 * sht_hub_pull:
 * @device: who asks
 * @cursor: (nullable): what the last pull gave; %NULL or empty for a first fill
 * @limit: how many rows at the most; a ticket's own events and photos are never parted from it
 * @empty: (out): whether nothing has changed; a page that only moves the cursor on is not empty
 *
 * Returns: (transfer full) (nullable): a page of lines, of which the last carries the new cursor; %NULL
 *   with %SHT_HUB_ERROR_RESYNC when the cursor does not fit, or another error
 */
GBytes *
sht_hub_pull (ShtHub *hub, const ShtHubDevice *device, const char *cursor, guint limit, gboolean *empty,
              GError **error)
{
  Page page = { .hub = hub, .out = g_string_new (NULL), .limit = CLAMP (limit, 1, SHT_PULL_MAX_ROWS) };
  gboolean ok;
  gsize size;

  ok = sht_hub_ensure_history (hub, error) && hub->store->driver->begin (hub->store, FALSE, error);
  if (ok)
    {
      ok = fill (&page, device, cursor, error);
      hub->store->driver->rollback (hub->store);
    }
  g_free (page.taken);
  if (!ok)
    {
      g_string_free (page.out, TRUE);
      return NULL;
    }
  *empty = page.rows == 0 && !page.full;
  size = page.out->len;
  return g_bytes_new_take (g_string_free (page.out, FALSE), size);
}

typedef struct
{
  ShtHub *hub;
  ShtDigestSum all;
  ShtDigestSum by_next[256];
  gsize prefix_length;
  const char *id;
  GError *error;
} Check;

static void
count_doc (Check *check, const char *doc)
{
  sht_digest_sum_add (&check->all, doc, strlen (doc));
  sht_digest_sum_add (&check->by_next[(guchar) check->id[MIN (check->prefix_length, strlen (check->id))]], doc,
                      strlen (doc));
}

static gboolean
count_child (gpointer data, const char *type, const char *id, gint64 number, const char *doc)
{
  count_doc (data, doc);
  return TRUE;
}

static gboolean
count_member (gpointer data, const ShtHubMember *member, const char *doc)
{
  Check *check = data;

  if (doc == NULL)
    return TRUE;
  check->id = member->id;
  count_doc (check, doc);
  return !sht_hub_has_children (member->type)
         || check->hub->store->driver->each_child (check->hub->store, member->id, 0, count_child, check,
                                                   &check->error);
}

static char *
check_json (Check *check, const char *scope, const char *prefix, gint64 head)
{
  GString *out = g_string_new (NULL);
  gboolean first = TRUE;

  g_string_append_printf (out,
                          "{\"scope\":\"%s\",\"prefix\":\"%s\",\"head\":%" G_GINT64_FORMAT
                          ",\"count\":%u,\"sum\":\"%016" G_GINT64_MODIFIER "x\",\"next\":{",
                          scope, prefix, head, check->all.count, check->all.sum);
  for (guint i = 1; i < 256; i++)
    if (check->by_next[i].count > 0)
      {
        g_string_append_printf (out, "%s\"%c\":[%u,\"%016" G_GINT64_MODIFIER "x\"]", first ? "" : ",", (char) i,
                                check->by_next[i].count, check->by_next[i].sum);
        first = FALSE;
      }
  g_string_append (out, "}}\n");
  return g_string_free (out, FALSE);
}

/**
 * sht_hub_check:
 * @scope: one of the device's scopes
 * @prefix: only entities whose id (for events and photos, the ticket's) begins like that; may be empty
 *
 * Count and sum of the hashes of all that the scope holds, in whole and by the next letter of the id, to
 * prove that a tablet's base equals the hub, or to find where it does not.
 *
 * Returns: (transfer full) (nullable): JSON; %NULL with a #ShtHubError
 */
char *
sht_hub_check (ShtHub *hub, const ShtHubDevice *device, const char *scope, const char *prefix, GError **error)
{
  g_auto (GStrv) scopes = sht_hub_scopes_of_device (hub, device, error);
  g_autofree Check *check = g_new0 (Check, 1);
  g_autofree char *behind = g_strconcat (prefix, BEHIND_ID_CHARS, NULL);
  gint64 head = 0, nonce;
  gboolean ok;

  if (scopes == NULL)
    return NULL;
  if (!g_strv_contains ((const char *const *) scopes, scope))
    {
      g_set_error_literal (error, SHT_HUB_ERROR, SHT_HUB_ERROR_FORBIDDEN, "this scope is not the device's");
      return NULL;
    }
  if (strlen (prefix) > 64 || strspn (prefix, ID_CHARS) != strlen (prefix))
    {
      g_set_error_literal (error, SHT_HUB_ERROR, SHT_HUB_ERROR_BAD_REQUEST, "not the beginning of an id");
      return NULL;
    }
  check->hub = hub;
  check->prefix_length = strlen (prefix);
  ok = hub->store->driver->begin (hub->store, FALSE, error);
  if (!ok)
    return NULL;
  ok = hub->store->driver->log_head (hub->store, &head, &nonce, error)
       && hub->store->driver->each_present (hub->store, scope, prefix, behind, G_MAXINT64, count_member, check, error);
  hub->store->driver->rollback (hub->store);
  if (check->error != NULL)
    {
      g_propagate_error (error, check->error);
      return NULL;
    }
  return ok ? check_json (check, scope, prefix, head) : NULL;
}
