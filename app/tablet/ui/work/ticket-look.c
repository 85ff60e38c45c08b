/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/work/ticket-look.h"

#include "core/text.h"
#include "platform/db.h"

/* A search looks at the newest matches only, and shows the first of them: who has more types a letter more. */
#define SEARCH_DEPTH 2000
#define SEARCH_SHOWN 500
/* A list by status is kept as row numbers; eight bytes each. */
#define MOST_ROWS 20000

struct _ShtTicketLook
{
  GObject parent_instance;

  char *path; /* (owned) */
  GMutex mutex;
  ShtDb *db; /* (owned) (nullable): under the mutex */
};

G_DEFINE_FINAL_TYPE (ShtTicketLook, sht_ticket_look, G_TYPE_OBJECT)

typedef struct
{
  ShtFilter filter;
  char *crew;  /* (owned) (nullable): for SHT_FILTER_CREW */
  char *match; /* (owned) (nullable): an FTS5 query */
  gboolean searching;
  gint64 now_ms;
} Wanted;

static void
wanted_free (gpointer data)
{
  Wanted *wanted = data;

  g_free (wanted->crew);
  g_free (wanted->match);
  g_free (wanted);
}

void
sht_look_free (ShtLook *look)
{
  g_clear_pointer (&look->rows, g_array_unref);
  g_free (look);
}

static gboolean
take_rows (ShtStmt *stmt, GArray *rows, GError **error)
{
  while (sht_stmt_step (stmt))
    {
      gint64 row = sht_stmt_int (stmt, 0);

      g_array_append_val (rows, row);
    }
  return sht_stmt_end (stmt, error);
}

static gboolean
count (ShtDb *db, gint64 now_ms, ShtLook *look, GError **error)
{
  ShtStmt *stmt;

  if (!sht_db_get_int (db, &look->counts[SHT_FILTER_OPEN], error, "SELECT count(*) FROM ticket WHERE open = 1", "")
      || !sht_db_get_int (db, &look->counts[SHT_FILTER_DONE], error, "SELECT count(*) FROM ticket WHERE open = 0", "")
      || !sht_db_get_int (db, &look->counts[SHT_FILTER_LATE], error,
                          "SELECT count(*) FROM ticket WHERE open = 1 AND due_at < ?1", "i", now_ms))
    return FALSE;
  look->counts[SHT_FILTER_ALL] = look->counts[SHT_FILTER_OPEN] + look->counts[SHT_FILTER_DONE];
  stmt = sht_db_query (db,
                       "SELECT sum (status = 'waiting'), sum (status IN ('new', 'reopened')) FROM ticket "
                       "WHERE open = 1",
                       "");
  if (sht_stmt_step (stmt))
    {
      look->counts[SHT_FILTER_WAITING] = sht_stmt_int (stmt, 0);
      look->counts[SHT_FILTER_NEW] = sht_stmt_int (stmt, 1);
    }
  return sht_stmt_end (stmt, error);
}

static gboolean
gather (ShtDb *db, const Wanted *wanted, ShtLook *look, GError **error)
{
  if (!wanted->searching && wanted->filter <= SHT_FILTER_ALL)
    return TRUE;
  look->rows = g_array_new (FALSE, FALSE, sizeof (gint64));
  if (wanted->searching)
    return wanted->match == NULL
           || take_rows (sht_db_query (db,
                                       "SELECT row FROM ticket WHERE row IN (SELECT rowid FROM ticket_words "
                                       "WHERE ticket_words MATCH ?1 ORDER BY rowid DESC LIMIT ?2) "
                                       "ORDER BY open DESC, due_at, row LIMIT ?3",
                                       "sii", wanted->match, (gint64) SEARCH_DEPTH, (gint64) SEARCH_SHOWN),
                         look->rows, error);
  if (wanted->filter == SHT_FILTER_WAITING)
    return take_rows (sht_db_query (db,
                                    "SELECT row FROM ticket WHERE open = 1 AND status = 'waiting' "
                                    "ORDER BY open DESC, due_at, row LIMIT ?1",
                                    "i", (gint64) MOST_ROWS),
                      look->rows, error);
  if (wanted->filter == SHT_FILTER_CREW)
    return take_rows (sht_db_query (db,
                                    "SELECT row FROM ticket WHERE open = 1 AND crew = ?1 ORDER BY open DESC, due_at, row LIMIT ?2",
                                    "si", wanted->crew, (gint64) MOST_ROWS),
                      look->rows, error);
  return take_rows (sht_db_query (db,
                                  "SELECT row FROM ticket WHERE open = 1 AND status IN ('new', 'reopened') "
                                  "ORDER BY open DESC, due_at, row LIMIT ?1",
                                  "i", (gint64) MOST_ROWS),
                    look->rows, error);
}

static void
look_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  ShtTicketLook *self = source;
  g_autoptr (ShtLook) look = g_new0 (ShtLook, 1);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  GError *error = NULL;

  /* Who types fast has asked for something else by now. */
  if (g_task_return_error_if_cancelled (task))
    return;
  if (self->db == NULL)
    self->db = sht_db_open (self->path, TRUE, NULL, &error);
  if (self->db != NULL && gather (self->db, data, look, &error)
      && (((Wanted *) data)->searching || count (self->db, ((Wanted *) data)->now_ms, look, &error)))
    {
      look->counts[SHT_FILTER_CREW]
        = ((Wanted *) data)->filter == SHT_FILTER_CREW && look->rows != NULL ? (gint64) look->rows->len : -1;
      g_task_return_pointer (task, g_steal_pointer (&look), (GDestroyNotify) sht_look_free);
    }
  else
    g_task_return_error (task, error);
}

/**
 * sht_ticket_look_async:
 * @crew: (nullable): whose, for %SHT_FILTER_CREW
 * @search: (nullable): words; then @filter is not looked at, and nothing is counted
 * @now_ms: what falls due before is late
 */
void
sht_ticket_look_async (ShtTicketLook *self, ShtFilter filter, const char *crew, const char *search, gint64 now_ms,
                       GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, data);
  Wanted *wanted = g_new0 (Wanted, 1);

  wanted->filter = filter;
  wanted->crew = g_strdup (crew);
  wanted->searching = search != NULL;
  wanted->match = search != NULL ? sht_text_match_query (search) : NULL;
  wanted->now_ms = now_ms;
  g_task_set_source_tag (task, sht_ticket_look_async);
  g_task_set_task_data (task, wanted, wanted_free);
  g_task_run_in_thread (task, look_in_thread);
}

/**
 * sht_ticket_look_finish:
 *
 * Returns: (transfer full) (nullable): what was found, or %NULL with a #ShtDbError or %G_IO_ERROR_CANCELLED
 */
ShtLook *
sht_ticket_look_finish (ShtTicketLook *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
sht_ticket_look_finalize (GObject *object)
{
  ShtTicketLook *self = SHT_TICKET_LOOK (object);

  g_clear_pointer (&self->db, sht_db_close);
  g_mutex_clear (&self->mutex);
  g_free (self->path);
  G_OBJECT_CLASS (sht_ticket_look_parent_class)->finalize (object);
}

static void
sht_ticket_look_class_init (ShtTicketLookClass *class)
{
  G_OBJECT_CLASS (class)->finalize = sht_ticket_look_finalize;
}

static void
sht_ticket_look_init (ShtTicketLook *self)
{
  g_mutex_init (&self->mutex);
}

/**
 * sht_ticket_look_new:
 * @folder: the store's
 */
ShtTicketLook *
sht_ticket_look_new (const char *folder)
{
  ShtTicketLook *self = g_object_new (SHT_TYPE_TICKET_LOOK, NULL);

  self->path = g_build_filename (folder, "store.db", NULL);
  return self;
}
