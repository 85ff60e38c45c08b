/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/common/camera-portal.h"

#include <gio/gunixfdlist.h>

#define PORTAL "org.freedesktop.portal.Desktop"
#define PORTAL_PATH "/org/freedesktop/portal/desktop"
#define CAMERA "org.freedesktop.portal.Camera"
#define REQUEST "org.freedesktop.portal.Request"
#define PRESENT "IsCameraPresent"
/* For what the portal answers by itself; a person who is asked has all the time. */
#define ANSWER_MS 5000

typedef enum
{
  ALLOWED,
  DENIED,
} Response;

/* Kept for good: it hears when a camera is plugged in. Main thread only. */
static GDBusProxy *camera; /* (owned) (nullable) */

static void
on_camera (GObject *source, GAsyncResult *result, gpointer unused)
{
  g_autoptr (GError) error = NULL;

  camera = g_dbus_proxy_new_for_bus_finish (result, &error);
  if (camera == NULL)
    g_debug ("camera portal: %s", error->message);
}

/* Without PipeWire the portal need not be started: it would have no camera. */
static gboolean
has_pipewire (void)
{
  g_autofree char *socket = g_build_filename (g_get_user_runtime_dir (), "pipewire-0", NULL);

  return g_file_test (socket, G_FILE_TEST_EXISTS);
}

/**
 * sht_camera_portal_look:
 *
 * Begins to look for the portal, once and without waiting for it, so that sht_camera_portal_is_there() knows.
 */
void
sht_camera_portal_look (void)
{
  static gboolean looked;

  if (looked)
    return;
  looked = TRUE;
  g_dbus_proxy_new_for_bus (G_BUS_TYPE_SESSION,
                            has_pipewire () ? G_DBUS_PROXY_FLAGS_NONE : G_DBUS_PROXY_FLAGS_DO_NOT_AUTO_START, NULL, PORTAL,
                            PORTAL_PATH, CAMERA, NULL, on_camera, NULL);
}

/**
 * sht_camera_portal_is_there:
 *
 * Returns: whether the portal knows of a camera; whether this program may use it shows when it is opened
 */
gboolean
sht_camera_portal_is_there (void)
{
  g_autoptr (GVariant) present = camera != NULL ? g_dbus_proxy_get_cached_property (camera, PRESENT) : NULL;

  return present != NULL && g_variant_is_of_type (present, G_VARIANT_TYPE_BOOLEAN) && g_variant_get_boolean (present);
}

/* --- asking --- */

typedef struct
{
  gboolean answered;
  guint32 response;
} Answer;

static void
on_response (GDBusConnection *bus, const char *sender, const char *path, const char *interface, const char *signal,
             GVariant *parameters, gpointer data)
{
  Answer *answer = data;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(ua{sv})")))
    return;
  g_variant_get_child (parameters, 0, "u", &answer->response);
  answer->answered = TRUE;
}

/* That it wakes the thread is all. */
static gboolean
on_cancelled (GCancellable *cancellable, gpointer unused)
{
  return G_SOURCE_REMOVE;
}

/* Where the answer will be heard: known before the question, so that it is not missed. */
static char *
request_path (GDBusConnection *bus, const char *token)
{
  g_autofree char *sender = g_strdup (g_dbus_connection_get_unique_name (bus) + 1);

  g_strdelimit (sender, ".", '_');
  return g_strdup_printf (PORTAL_PATH "/request/%s/%s", sender, token);
}

static void
close_request (GDBusConnection *bus, const char *path)
{
  g_dbus_connection_call (bus, PORTAL, path, REQUEST, "Close", NULL, NULL, G_DBUS_CALL_FLAGS_NONE, ANSWER_MS, NULL, NULL,
                          NULL);
}

static gboolean
understand (const Answer *answer, GCancellable *cancellable, GError **error)
{
  if (!answer->answered)
    return !g_cancellable_set_error_if_cancelled (cancellable, error);
  if (answer->response == ALLOWED)
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, answer->response == DENIED ? G_IO_ERROR_PERMISSION_DENIED : G_IO_ERROR_FAILED,
                       answer->response == DENIED ? "the use of the camera was not allowed"
                                                  : "the portal ended the question for the camera");
  return FALSE;
}

/* Asks whether this program may use the camera; the desktop may ask a person. */
static gboolean
ask (GDBusConnection *bus, GMainContext *context, GCancellable *cancellable, GError **error)
{
  g_autofree char *token = g_strdup_printf ("shetach%u", g_random_int ());
  g_autofree char *path = request_path (bus, token);
  g_autoptr (GVariant) reply = NULL;
  g_autoptr (GSource) stop = g_cancellable_source_new (cancellable);
  Answer answer = { FALSE, DENIED };
  GVariantBuilder options;
  guint heard = g_dbus_connection_signal_subscribe (bus, PORTAL, REQUEST, "Response", path, NULL,
                                                    G_DBUS_SIGNAL_FLAGS_NONE, on_response, &answer, NULL);

  g_variant_builder_init (&options, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&options, "{sv}", "handle_token", g_variant_new_string (token));
  reply = g_dbus_connection_call_sync (bus, PORTAL, PORTAL_PATH, CAMERA, "AccessCamera",
                                       g_variant_new ("(a{sv})", &options), G_VARIANT_TYPE ("(o)"),
                                       G_DBUS_CALL_FLAGS_NONE, ANSWER_MS, cancellable, error);
  if (reply != NULL)
    {
      g_source_set_callback (stop, G_SOURCE_FUNC (on_cancelled), NULL, NULL);
      g_source_attach (stop, context);
      while (!answer.answered && !g_cancellable_is_cancelled (cancellable))
        g_main_context_iteration (context, TRUE);
      if (!answer.answered)
        close_request (bus, path);
      g_source_destroy (stop);
    }
  g_dbus_connection_signal_unsubscribe (bus, heard);
  return reply != NULL && understand (&answer, cancellable, error);
}

/* The remote of PipeWire that shows this program nothing but cameras. */
static int
open_remote (GDBusConnection *bus, GCancellable *cancellable, GError **error)
{
  g_autoptr (GUnixFDList) fds = NULL;
  g_autoptr (GVariant) reply
    = g_dbus_connection_call_with_unix_fd_list_sync (bus, PORTAL, PORTAL_PATH, CAMERA, "OpenPipeWireRemote",
                                                     g_variant_new ("(a{sv})", NULL), G_VARIANT_TYPE ("(h)"),
                                                     G_DBUS_CALL_FLAGS_NONE, ANSWER_MS, NULL, &fds, cancellable, error);
  gint32 index;

  if (reply == NULL)
    return -1;
  g_variant_get (reply, "(h)", &index);
  if (fds == NULL || index < 0 || index >= g_unix_fd_list_get_length (fds))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "the portal gave no camera");
      return -1;
    }
  return g_unix_fd_list_get (fds, index, error);
}

/**
 * sht_camera_portal_open:
 * @cancellable: ends the wait for a person's word
 *
 * Asks for the camera and waits for the answer, which may be a person's: not for the main thread.
 *
 * Returns: a file descriptor of PipeWire's, the caller's to close, or -1 with %G_IO_ERROR_PERMISSION_DENIED when it
 *   was not allowed, %G_IO_ERROR_CANCELLED, or what went wrong on the bus
 */
int
sht_camera_portal_open (GCancellable *cancellable, GError **error)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GDBusConnection) bus = NULL;
  int fd = -1;

  /* Answers come to this thread. */
  g_main_context_push_thread_default (context);
  bus = g_bus_get_sync (G_BUS_TYPE_SESSION, cancellable, error);
  if (bus != NULL && ask (bus, context, cancellable, error))
    fd = open_remote (bus, cancellable, error);
  g_main_context_pop_thread_default (context);
  return fd;
}
