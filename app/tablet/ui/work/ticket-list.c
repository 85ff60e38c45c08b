/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/work/ticket-list.h"

#include "tablet/store/clock.h"
#include "tablet/ui/work/ticket-places.h"

#include <string.h>

/* A list view asks for some 200 rows around what is seen. A page is small, so that no frame has to wait long for the
 * next one: at seven rows a frame pages of 64 rows take the slowest frames of 100 from 7 to 9 ms. */
#define PAGE 16
#define MOST_PAGES 48
/* How long after one look through the store another may begin: while a sync runs it changes all the time. */
#define LOOK_AGAIN_MS 700

#define COLUMNS                                                                                                 \
  "SELECT t.row, t.id, t.number, t.status, t.open, t.title, t.address, t.service, t.due_at, t.created_at,"      \
  " t.doc ->> 'priority', t.doc ->> 'waiting_for', (SELECT count(*) FROM photo AS p WHERE p.ticket = t.id),"     \
  " (SELECT group_concat (h) FROM (SELECT coalesce (p.doc ->> 'thumb_sha256', p.sha256) AS h FROM photo AS p"  \
  " WHERE p.ticket = t.id ORDER BY p.row DESC LIMIT 2)), t.crew FROM "

typedef struct
{
  guint number;
  guint length;
  ShtTicketItem *items[PAGE]; /* (owned) */
} Page;

struct _ShtTicketList
{
  GObject parent_instance;

  ShtSession *session; /* (owned) */
  gulong changed_handler;
  ShtTicketLook *looker;     /* (owned) */
  GCancellable *cancellable; /* (owned) (nullable): the running look's */
  guint look_timer;
  gint64 looked_at;

  ShtFilter filter;
  char *crew; /* (owned) (nullable): for SHT_FILTER_CREW */
  char *search; /* (owned) (nullable) */
  gboolean by_rows;
  gboolean counts_later; /* until sht_ticket_list_count() */
  GArray *rows; /* (owned) (nullable): of gint64, when by_rows */
  gint64 now_ms;
  guint n;
  gint64 counts[SHT_N_FILTERS];

  GQueue pages;           /* of Page, the last used first */
  ShtTicketPlaces *places; /* (owned): which rows stand where, when not by_rows */
  GHashTable *items;      /* (owned): row → Known, as long as its item lives */
  GHashTable *marks;      /* (owned) (nullable): ticket's id → ShtMark */
};

static void sht_ticket_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ShtTicketList, sht_ticket_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, sht_ticket_list_model_init))

enum
{
  COUNTED,
  SETTLED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static ShtDb *
reader (ShtTicketList *self)
{
  return sht_session_get_reader (self->session)->db;
}

/* --- items: one object for a ticket as long as anybody holds it --- */

typedef struct
{
  ShtTicketList *list;
  gint64 row;
  ShtTicketItem *item;
} Known;

static void
on_item_gone (gpointer data, GObject *where_it_was)
{
  Known *known = data;

  g_hash_table_remove (known->list->items, &known->row);
}

static ShtTicketItem *
item_for (ShtTicketList *self, gint64 row)
{
  Known *known = g_hash_table_lookup (self->items, &row);

  if (known != NULL)
    return g_object_ref (known->item);
  known = g_new (Known, 1);
  *known = (Known){ self, row, sht_ticket_item_new () };
  g_hash_table_insert (self->items, &known->row, known);
  g_object_weak_ref (G_OBJECT (known->item), on_item_gone, known);
  return known->item;
}

static void
page_free (gpointer data)
{
  Page *page = data;

  for (guint i = 0; i < page->length; i++)
    g_object_unref (page->items[i]);
  g_free (page);
}

/* --- marks: what waits is little, so it is read at once --- */

static void
add_mark (GHashTable *marks, const char *ticket, ShtMark mark)
{
  ShtMark known = GPOINTER_TO_INT (g_hash_table_lookup (marks, ticket));

  /* What needs a decision is told first, then what is only here. */
  if (known == SHT_MARK_ATTENTION || (known == SHT_MARK_LOCAL && mark == SHT_MARK_SENT))
    return;
  g_hash_table_insert (marks, g_strdup (ticket), GINT_TO_POINTER (mark));
}

static void
read_marks (ShtTicketList *self)
{
  static const ShtMark by_state[] = { SHT_MARK_LOCAL, SHT_MARK_SENT, SHT_MARK_CONFIRMED, SHT_MARK_ATTENTION };
  ShtStmt *stmt;

  g_clear_pointer (&self->marks, g_hash_table_unref);
  self->marks = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  stmt = sht_db_query (reader (self),
                       "SELECT coalesce (ticket, entity), state FROM op WHERE state < 2 UNION ALL "
                       "SELECT coalesce (ticket, entity), state FROM op WHERE state = 3 UNION ALL "
                       "SELECT p.ticket, b.state FROM blob AS b JOIN photo AS p ON p.id = b.photo WHERE b.state < 2",
                       "");
  while (sht_stmt_step (stmt))
    if (!sht_stmt_is_null (stmt, 0))
      add_mark (self->marks, sht_stmt_text (stmt, 0), by_state[CLAMP (sht_stmt_int (stmt, 1), 0, 3)]);
  sht_stmt_end (stmt, NULL);
}

static void
forget_pages (ShtTicketList *self)
{
  g_queue_clear_full (&self->pages, page_free);
  sht_ticket_places_forget (self->places);
}

/* --- reading windows of rows --- */

static ShtStmt *
query_rows (ShtTicketList *self, guint first, guint length, char **json)
{
  GString *list = g_string_new ("[");

  for (guint i = first; i < MIN (first + length, self->n); i++)
    g_string_append_printf (list, "%s%" G_GINT64_FORMAT, i > first ? "," : "", self->by_rows ? g_array_index (self->rows, gint64, i)
                                           : sht_ticket_places_row (self->places, reader (self), self->filter, self->now_ms, i));
  g_string_append_c (list, ']');
  *json = g_string_free (list, FALSE);
  return sht_db_query (reader (self), COLUMNS "json_each (?1) AS k JOIN ticket AS t ON t.row = k.value ORDER BY k.key",
                       "s", *json);
}

static ShtTicketItem *
item_from (ShtTicketList *self, ShtStmt *stmt)
{
  ShtTicketRow row = { 0 };
  ShtTicketItem *item;

  row.row = sht_stmt_int (stmt, 0);
  row.id = sht_stmt_dup (stmt, 1);
  row.number = sht_stmt_dup (stmt, 2);
  sht_status_parse (sht_stmt_text (stmt, 3), &row.status);
  row.open = sht_stmt_int (stmt, 4) != 0;
  row.title = sht_stmt_dup (stmt, 5);
  row.address = sht_stmt_dup (stmt, 6);
  row.service = sht_stmt_dup (stmt, 7);
  row.due_at = sht_stmt_int (stmt, 8) < SHT_NEVER_DUE ? sht_stmt_int (stmt, 8) : 0;
  row.created_at = sht_stmt_int (stmt, 9);
  row.urgent = g_strcmp0 (sht_stmt_text (stmt, 10), "urgent") == 0;
  row.waiting_for = sht_stmt_dup (stmt, 11);
  row.photos = sht_stmt_int (stmt, 12);
  row.thumbs = sht_stmt_dup (stmt, 13);
  row.crew = sht_stmt_dup (stmt, 14);
  row.mark = GPOINTER_TO_INT (g_hash_table_lookup (self->marks, row.id));
  item = item_for (self, row.row);
  sht_ticket_item_take_row (item, &row);
  return item;
}

static Page *
load_page (ShtTicketList *self, guint number)
{
  Page *page = g_new0 (Page, 1);
  g_autofree char *json = NULL;
  g_autoptr (GError) error = NULL;
  ShtStmt *stmt;

  if (self->marks == NULL)
    read_marks (self);
  page->number = number;
  g_debug ("rows from %u", number * PAGE);
  stmt = query_rows (self, number * PAGE, PAGE, &json);
  while (page->length < PAGE && sht_stmt_step (stmt))
    page->items[page->length++] = item_from (self, stmt);
  if (!sht_stmt_end (stmt, &error))
    g_warning ("My work: %s", error->message);
  return page;
}

static Page *
get_page (ShtTicketList *self, guint number)
{
  Page *page;

  for (GList *link = self->pages.head; link != NULL; link = link->next)
    if (((Page *) link->data)->number == number)
      {
        g_queue_unlink (&self->pages, link);
        g_queue_push_head_link (&self->pages, link);
        return link->data;
      }
  page = load_page (self, number);
  g_queue_push_head (&self->pages, page);
  if (self->pages.length > MOST_PAGES)
    page_free (g_queue_pop_tail (&self->pages));
  return page;
}

static guint
count_now (ShtTicketList *self)
{
  gint64 n = 0;

  if (self->by_rows)
    return self->rows != NULL ? self->rows->len : 0;
  switch (self->filter)
    {
    case SHT_FILTER_OPEN:
      sht_db_get_int (reader (self), &n, NULL, "SELECT count(*) FROM ticket WHERE open = 1", "");
      break;
    case SHT_FILTER_LATE:
      sht_db_get_int (reader (self), &n, NULL, "SELECT count(*) FROM ticket WHERE open = 1 AND due_at < ?1", "i",
                      self->now_ms);
      break;
    case SHT_FILTER_DONE:
      sht_db_get_int (reader (self), &n, NULL, "SELECT count(*) FROM ticket WHERE open = 0", "");
      break;
    default:
      sht_db_get_int (reader (self), &n, NULL, "SELECT count(*) FROM ticket INDEXED BY ticket_order", "");
    }
  self->counts[self->filter] = n;
  return n;
}

/* --- following the store --- */

/* How many stand before a ticket in the whole order, or -1 when it moved since it was read. */
static gint64
place_of (ShtTicketList *self, const ShtTicketRow *row)
{
  gint64 open = row->open, same = 0, before = 0;
  gint64 ahead = 0;

  sht_db_get_int (reader (self), &same, NULL,
                  "SELECT open = ?2 AND coalesce (due_at, 0) = ?3 FROM ticket WHERE row = ?1", "iii", row->row, open,
                  row->due_at);
  if (!same)
    return -1;
  if (self->filter == SHT_FILTER_ALL && !row->open)
    sht_db_get_int (reader (self), &ahead, NULL, "SELECT count(*) FROM ticket WHERE open = 1", "");
  if (row->due_at == 0)
    sht_db_get_int (reader (self), &before, NULL,
                    "SELECT count(*) FROM ticket WHERE open = ?1 AND due_at IS NULL AND row < ?2", "ii", open,
                    row->row);
  else
    sht_db_get_int (reader (self), &before, NULL,
                    "SELECT (SELECT count(*) FROM ticket WHERE open = ?1 AND due_at < ?2)"
                    " + (SELECT count(*) FROM ticket WHERE open = ?1 AND due_at = ?2 AND row < ?3)"
                    " + (SELECT count(*) FROM ticket WHERE open = ?1 AND due_at IS NULL AND ?4)",
                    "iiii", open, row->due_at, row->row, (gint64) (self->filter != SHT_FILTER_LATE));
  return ahead + before;
}

/* What is kept around the page that was used last. */
typedef struct
{
  guint first;
  GPtrArray *items; /* (owned): of ShtTicketItem */
} Window;

static int
by_number (gconstpointer a, gconstpointer b, gpointer unused)
{
  return (int) ((const Page *) a)->number - (int) ((const Page *) b)->number;
}

static void
take_window (ShtTicketList *self, Window *window)
{
  guint used = self->pages.length > 0 ? ((Page *) g_queue_peek_head (&self->pages))->number : 0;
  guint low = used;

  window->items = g_ptr_array_new_with_free_func (g_object_unref);
  g_queue_sort (&self->pages, by_number, NULL);
  /* pages that touch each other down from the one used last */
  for (GList *link = self->pages.tail; link != NULL; link = link->prev)
    if (((Page *) link->data)->number + 1 == low)
      low--;
  window->first = low * PAGE;
  for (GList *link = self->pages.head; link != NULL; link = link->next)
    {
      Page *page = link->data;

      if (page->number * PAGE != window->first + window->items->len)
        continue;
      for (guint i = 0; i < page->length; i++)
        g_ptr_array_add (window->items, g_object_ref (page->items[i]));
    }
}

static guint
new_first (ShtTicketList *self, const Window *window, guint n)
{
  if (window->first == 0)
    return 0;
  for (guint i = 0; i < window->items->len; i++)
    {
      gint64 place = place_of (self, sht_ticket_item_get_row (g_ptr_array_index (window->items, i)));

      if (place >= 0)
        return CLAMP (place - (gint64) i, 0, (gint64) n);
    }
  return MIN (window->first, n);
}

static gboolean
is_same (ShtTicketList *self, guint position, const Window *old, guint at)
{
  Page *page = get_page (self, position / PAGE);

  return position % PAGE < page->length && page->items[position % PAGE] == g_ptr_array_index (old->items, at);
}

/* One splice tells what has changed in the window, and by how much the rest of the list has grown. Items
 * that stay are the same objects, and so keep their widgets and the place on the screen. The splice must be
 * short: a list view looks for its focused item among all that is added. */
static void
follow (ShtTicketList *self, const Window *old)
{
  guint n_before = self->n;
  guint n = count_now (self);
  guint length = old->items->len;
  guint first = self->by_rows ? MIN (old->first, n) : new_first (self, old, n);
  guint old_end = old->first + length;
  guint end = old_end == n_before ? n : MIN (n, first + length);
  gint64 grown = ((gint64) n - end) - ((gint64) n_before - old_end);
  guint start = MIN (old->first, first);
  guint removed, added;

  forget_pages (self);
  self->n = n;
  if (first == old->first)
    while (start < MIN (end, old_end) && is_same (self, start, old, start - first))
      start++;
  removed = old_end - start + (grown < 0 ? -grown : 0);
  added = end - start + (grown > 0 ? grown : 0);
  if (grown == 0)
    while (removed > 0 && added > 0 && start + removed > old->first
           && is_same (self, start + added - 1, old, start + removed - 1 - old->first))
      removed--, added--;
  if (removed > 0 || added > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), start, removed, added);
}

static void
follow_store (ShtTicketList *self, GArray *rows)
{
  Window window;
  gboolean inside = sht_db_exec (reader (self), "BEGIN", NULL);

  take_window (self, &window);
  if (rows != NULL)
    {
      g_clear_pointer (&self->rows, g_array_unref);
      self->rows = g_array_ref (rows);
    }
  read_marks (self);
  follow (self, &window);
  g_ptr_array_unref (window.items);
  if (inside)
    sht_db_exec (reader (self), "COMMIT", NULL);
}

static void
on_looked (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (ShtTicketList) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ShtLook) look = sht_ticket_look_finish (SHT_TICKET_LOOK (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->cancellable);
  if (look == NULL)
    {
      g_warning ("My work: %s", error->message);
      return;
    }
  if (self->search == NULL)
    {
      memcpy (self->counts, look->counts, sizeof look->counts);
      g_signal_emit (self, signals[COUNTED], 0);
    }
  if (self->by_rows && look->rows != NULL)
    {
      if (self->rows == NULL)
        {
          self->rows = g_array_ref (look->rows);
          self->n = look->rows->len;
          g_list_model_items_changed (G_LIST_MODEL (self), 0, 0, self->n);
        }
      else
        follow_store (self, look->rows);
      g_signal_emit (self, signals[SETTLED], 0);
    }
}

static void
start_look (ShtTicketList *self)
{
  g_clear_handle_id (&self->look_timer, g_source_remove);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  self->looked_at = g_get_monotonic_time () / 1000;
  sht_ticket_look_async (self->looker, self->filter, self->crew, self->search, self->now_ms, self->cancellable, on_looked,
                         g_object_ref (self));
}

static gboolean
on_look_timer (gpointer data)
{
  ShtTicketList *self = data;

  self->look_timer = 0;
  start_look (self);
  return G_SOURCE_REMOVE;
}

/**
 * sht_ticket_list_refresh:
 *
 * Looks again, as the store has changed or time has passed.
 */
void
sht_ticket_list_refresh (ShtTicketList *self)
{
  gint64 waited = g_get_monotonic_time () / 1000 - self->looked_at;

  self->now_ms = sht_store_hub_now (sht_session_get_reader (self->session));
  if (!self->by_rows || self->rows != NULL)
    follow_store (self, NULL);
  if (self->look_timer != 0)
    return;
  if (waited >= LOOK_AGAIN_MS && self->cancellable == NULL)
    start_look (self);
  else
    self->look_timer = g_timeout_add (LOOK_AGAIN_MS, on_look_timer, self);
}

static void
show_tickets (ShtTicketList *self, ShtFilter filter, const char *crew, const char *search)
{
  guint before = self->n;

  if (filter == self->filter && g_strcmp0 (crew, self->crew) == 0 && g_strcmp0 (search, self->search) == 0 && self->now_ms != 0)
    return;
  self->filter = filter;
  g_free (self->crew);
  self->crew = g_strdup (crew);
  g_free (self->search);
  self->search = g_strdup (search);
  self->by_rows = search != NULL || filter > SHT_FILTER_ALL;
  self->now_ms = sht_store_hub_now (sht_session_get_reader (self->session));
  g_clear_pointer (&self->rows, g_array_unref);
  forget_pages (self);
  self->n = self->by_rows ? 0 : count_now (self);
  if (before > 0 || self->n > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, before, self->n);
  if (!self->by_rows)
    g_signal_emit (self, signals[SETTLED], 0);
  if (self->by_rows || !self->counts_later)
    start_look (self);
}

/**
 * sht_ticket_list_show:
 * @search: (nullable): words that all must be there; then all tickets are looked through, whatever @filter
 *
 * Shows other tickets.
 */
void
sht_ticket_list_show (ShtTicketList *self, ShtFilter filter, const char *search)
{
  show_tickets (self, filter, NULL, search != NULL && *search != '\0' ? search : NULL);
}

/**
 * sht_ticket_list_show_crew:
 *
 * Shows what is open of a crew's.
 */
void
sht_ticket_list_show_crew (ShtTicketList *self, const char *crew)
{
  show_tickets (self, SHT_FILTER_CREW, crew, NULL);
}

/**
 * sht_ticket_list_count_later:
 *
 * Leaves the counting of all filters until sht_ticket_list_count() or the first change: it reads a good part
 * of the store, which the first frame need not share the machine with.
 */
void
sht_ticket_list_count_later (ShtTicketList *self)
{
  self->counts_later = TRUE;
}

/**
 * sht_ticket_list_count:
 *
 * Counts what sht_ticket_list_count_later() has put off, unless that was done meanwhile.
 */
void
sht_ticket_list_count (ShtTicketList *self)
{
  self->counts_later = FALSE;
  if (self->looked_at == 0)
    start_look (self);
}

/**
 * sht_ticket_list_get_count:
 *
 * Returns: how many tickets a filter has, -1 while that is not known
 */
gint64
sht_ticket_list_get_count (ShtTicketList *self, ShtFilter filter)
{
  return self->counts[filter];
}

/**
 * sht_ticket_list_is_settled:
 *
 * Returns: whether what was asked for last is shown; until then an empty list says nothing
 */
gboolean
sht_ticket_list_is_settled (ShtTicketList *self)
{
  return !self->by_rows || self->rows != NULL;
}

/**
 * sht_ticket_list_get_n_kept:
 *
 * Returns: how many items are held in memory
 */
guint
sht_ticket_list_get_n_kept (ShtTicketList *self)
{
  return g_hash_table_size (self->items);
}

static GType
get_item_type (GListModel *model)
{
  return SHT_TYPE_TICKET_ITEM;
}

static guint
get_n_items (GListModel *model)
{
  return SHT_TICKET_LIST (model)->n;
}

static gpointer
get_item (GListModel *model, guint position)
{
  ShtTicketList *self = SHT_TICKET_LIST (model);
  Page *page;

  if (position >= self->n)
    return NULL;
  page = get_page (self, position / PAGE);
  /* Between a change by another program and our look at it there may be fewer rows than we count. */
  if (position % PAGE >= page->length)
    return sht_ticket_item_new ();
  return g_object_ref (page->items[position % PAGE]);
}

static void
sht_ticket_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static void
sht_ticket_list_dispose (GObject *object)
{
  ShtTicketList *self = SHT_TICKET_LIST (object);

  g_clear_handle_id (&self->look_timer, g_source_remove);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->session != NULL)
    g_clear_signal_handler (&self->changed_handler, self->session);
  g_clear_object (&self->session);
  g_clear_object (&self->looker);
  G_OBJECT_CLASS (sht_ticket_list_parent_class)->dispose (object);
}

static void
sht_ticket_list_finalize (GObject *object)
{
  ShtTicketList *self = SHT_TICKET_LIST (object);
  GHashTableIter iter;
  gpointer known;

  g_hash_table_iter_init (&iter, self->items);
  while (g_hash_table_iter_next (&iter, NULL, &known))
    g_object_weak_unref (G_OBJECT (((Known *) known)->item), on_item_gone, known);
  g_hash_table_remove_all (self->items);
  forget_pages (self);
  sht_ticket_places_free (self->places);
  g_hash_table_unref (self->items);
  g_clear_pointer (&self->marks, g_hash_table_unref);
  g_clear_pointer (&self->rows, g_array_unref);
  g_free (self->crew);
  g_free (self->search);
  G_OBJECT_CLASS (sht_ticket_list_parent_class)->finalize (object);
}

static void
sht_ticket_list_class_init (ShtTicketListClass *class)
{
  G_OBJECT_CLASS (class)->dispose = sht_ticket_list_dispose;
  G_OBJECT_CLASS (class)->finalize = sht_ticket_list_finalize;
  signals[COUNTED]
    = g_signal_new ("counted", SHT_TYPE_TICKET_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SETTLED]
    = g_signal_new ("settled", SHT_TYPE_TICKET_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
sht_ticket_list_init (ShtTicketList *self)
{
  g_queue_init (&self->pages);
  self->places = sht_ticket_places_new ();
  self->items = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, g_free);
  for (guint i = 0; i < SHT_N_FILTERS; i++)
    self->counts[i] = -1;
}

ShtTicketList *
sht_ticket_list_new (ShtSession *session)
{
  ShtTicketList *self = g_object_new (SHT_TYPE_TICKET_LIST, NULL);

  self->session = g_object_ref (session);
  self->looker = sht_ticket_look_new (sht_session_get_reader (session)->folder);
  self->changed_handler
    = g_signal_connect_swapped (session, "changed", G_CALLBACK (sht_ticket_list_refresh), self);
  return self;
}
