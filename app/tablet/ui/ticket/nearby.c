/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/ticket/nearby.h"

#include "core/json.h"
#include "tablet/ui/common/frame-turn.h"
#include "tablet/ui/common/names.h"
#include "tablet/ui/common/page.h"
#include "tablet/ui/common/words.h"

#include <glib/gi18n.h>

/* As far as one walks with the van left where it is. */
#define AROUND_M 150.0
#define SHOWN 4
#define TOUCH 64

struct _ShtNearby
{
  AdwBin parent_instance;

  ShtStore *reader; /* (nullable): the session's, which outlives every page */
  JsonObject *ticket; /* (owned) (nullable): around which is looked */
  char *key;          /* (owned) (nullable): what is shown */
  gboolean looking;   /* a frame to come will look */
  gboolean waited;
};

G_DEFINE_FINAL_TYPE (ShtNearby, sht_nearby, ADW_TYPE_BIN)

static void
on_row (GtkWidget *row)
{
  sht_page_show_ticket (row, gtk_widget_get_name (row));
}

static char *
say_where (const ShtNear *near, gboolean is_same)
{
  int metres = MAX ((int) (near->metres + 0.5), 1);
  g_autofree char *away = g_strdup_printf (ngettext ("one metre away", "%d metres away", (gulong) metres), metres);
  g_autofree char *address = near->address != NULL ? sht_words_isolated (near->address) : NULL;
  g_autoptr (GString) words = g_string_new (away);

  if (address != NULL)
    g_string_append_printf (words, " · %s", address);
  if (is_same)
    g_string_append_printf (words, " · %s", _("the same kind: is it this one?"));
  return g_string_free (g_steal_pointer (&words), FALSE);
}

static GtkWidget *
new_row (ShtStore *reader, const ShtNear *near, const char *service)
{
  GtkWidget *row = adw_action_row_new ();
  gboolean is_same = near->metres <= SHT_NEAR_SAME_M && g_strcmp0 (near->service, service) == 0;
  g_autofree char *where = say_where (near, is_same);
  const char *kind = sht_names_get (reader, "service", near->service);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), near->title != NULL ? near->title : kind);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), where);
  adw_action_row_set_icon_name (ADW_ACTION_ROW (row), sht_names_service_icon (reader, near->service));
  gtk_widget_set_size_request (row, -1, TOUCH);
  if (near->is_others)
    {
      GtkWidget *whose = gtk_label_new (_("another crew's"));

      gtk_widget_add_css_class (whose, "dim-label");
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), whose);
      return row;
    }
  gtk_widget_set_name (row, near->id);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name ("go-next-symbolic"));
  g_signal_connect (row, "activated", G_CALLBACK (on_row), NULL);
  return row;
}

static void
show (ShtNearby *self, GPtrArray *found)
{
  GtkWidget *group;

  gtk_widget_set_visible (GTK_WIDGET (self), found != NULL && found->len > 0);
  adw_bin_set_child (ADW_BIN (self), NULL);
  if (found == NULL || found->len == 0)
    return;
  group = adw_preferences_group_new ();
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), _("Nearby"));
  for (guint i = 0; i < found->len; i++)
    adw_preferences_group_add (
      ADW_PREFERENCES_GROUP (group),
      new_row (self->reader, g_ptr_array_index (found, i), sht_json_string (self->ticket, "service")));
  adw_bin_set_child (ADW_BIN (self), group);
}

static void
look (ShtNearby *self)
{
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (GString) key = g_string_new (sht_json_string (self->ticket, "id"));

  if (sht_json_has (self->ticket, "lat_e7") && sht_json_has (self->ticket, "lon_e7"))
    found = sht_store_near (self->reader, sht_json_int (self->ticket, "lat_e7", 0), sht_json_int (self->ticket, "lon_e7", 0),
                            AROUND_M, NULL, sht_json_string (self->ticket, "id"), SHOWN, NULL);
  for (guint i = 0; found != NULL && i < found->len; i++)
    {
      const ShtNear *near = g_ptr_array_index (found, i);

      g_string_append_printf (key, " %s %.0f %s %s", near->id, near->metres, near->title, near->address);
    }
  if (g_strcmp0 (key->str, self->key) == 0)
    return;
  g_free (self->key);
  self->key = g_string_free (g_steal_pointer (&key), FALSE);
  show (self, found);
}

/* The frame that shows the ticket comes first. */
static gboolean
on_frame (GtkWidget *host, GdkFrameClock *clock, gpointer data)
{
  ShtNearby *self = data;

  if (!self->waited || !sht_frame_turn (host))
    {
      self->waited = TRUE;
      return G_SOURCE_CONTINUE;
    }
  self->looking = FALSE;
  look (self);
  return G_SOURCE_REMOVE;
}

static void
sht_nearby_finalize (GObject *object)
{
  ShtNearby *self = SHT_NEARBY (object);

  g_clear_pointer (&self->ticket, json_object_unref);
  g_free (self->key);
  G_OBJECT_CLASS (sht_nearby_parent_class)->finalize (object);
}

static void
sht_nearby_class_init (ShtNearbyClass *class)
{
  G_OBJECT_CLASS (class)->finalize = sht_nearby_finalize;
}

static void
sht_nearby_init (ShtNearby *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

GtkWidget *
sht_nearby_new (void)
{
  return g_object_new (SHT_TYPE_NEARBY, NULL);
}

/**
 * sht_nearby_update:
 * @ticket: the one that is shown
 *
 * Looks again at what is around it, behind the frame to come: it is at the foot of the page, and to read and to make it takes
 * as long as a good part of the rest.
 */
void
sht_nearby_update (ShtNearby *self, ShtStore *reader, JsonObject *ticket)
{
  GtkWidget *host = gtk_widget_get_parent (GTK_WIDGET (self));

  if (self->ticket == NULL || g_strcmp0 (sht_json_string (self->ticket, "id"), sht_json_string (ticket, "id")) != 0)
    {
      g_clear_pointer (&self->key, g_free);
      gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
    }
  json_object_ref (ticket);
  g_clear_pointer (&self->ticket, json_object_unref);
  self->ticket = ticket;
  self->reader = reader;
  if (self->looking)
    return;
  self->looking = TRUE;
  self->waited = FALSE;
  /* What is not seen has no frames. */
  gtk_widget_add_tick_callback (host, on_frame, g_object_ref (self), g_object_unref);
}
