/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/session/diagnose.h"

#include "tablet/store/diagnosis.h"

/* The lanes are asked on the store's thread; all else is looked up on a thread and over a handle of its own, as a stick or a
 * large store may be slow. */
typedef struct
{
  ShtSession *session; /* (unowned): whose task asks on its thread */
  char *folder;
  char *file;
  char *window;
  char *lanes; /* (nullable) */
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_free (job->folder);
  g_free (job->file);
  g_free (job->window);
  g_free (job->lanes);
  g_free (job);
}

static void
write_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  GError *error = NULL;
  ShtStore *store = sht_store_open (job->folder, sht_store_world (), &error);
  const ShtText more[] = { { "lanes.txt", job->lanes }, { "window.txt", job->window } };
  gboolean ok = store != NULL && sht_store_diagnose (store, job->file, more, G_N_ELEMENTS (more), &error);

  g_clear_pointer (&store, sht_store_close);
  if (ok)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static gboolean
ask_lanes (ShtStore *store, gpointer data, GError **error)
{
  Job *job = data;

  job->lanes = sht_session_describe_lanes (job->session);
  return TRUE;
}

static void
on_asked (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;

  g_task_run_in_thread (task, write_in_thread);
}

/**
 * sht_session_diagnose_async:
 * @file: where to, as in sht_store_diagnose()
 * @window: what the window knows, in lines of English with nothing personal in them
 *
 * Writes what helps to find out what is wrong with this tablet.
 */
void
sht_session_diagnose_async (ShtSession *self, const char *file, const char *window, GAsyncReadyCallback callback, gpointer data)
{
  /* Not the session's: it must not end on that thread. */
  GTask *task = g_task_new (NULL, NULL, callback, data);
  Job *job = g_new0 (Job, 1);

  g_task_set_source_tag (task, sht_session_diagnose_async);
  job->session = self;
  job->folder = g_strdup (sht_session_get_reader (self)->folder);
  job->file = g_strdup (file);
  job->window = g_strdup (window);
  g_task_set_task_data (task, job, job_free);
  sht_session_do_async (self, ask_lanes, job, NULL, on_asked, task);
}

/**
 * sht_session_diagnose_finish:
 *
 * Returns: whether the file is there; %FALSE with an error
 */
gboolean
sht_session_diagnose_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
