/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/shell/enrol-page.h"

#include "tablet/sync/client.h"
#include "tablet/ui/common/big-button.h"
#include "tablet/ui/common/camera.h"
#include "tablet/ui/common/cover.h"
#include "tablet/ui/common/letters.h"
#include "tablet/ui/common/names.h"
#include "tablet/ui/shell/scan-page.h"
#include "tablet/ui/sync/save-card.h"

#include <glib/gi18n.h>
#include <string.h>

#define LOOK_S 1

struct _ShtEnrolPage
{
  AdwBin parent_instance;

  ShtSession *session; /* (owned) */
  GtkWidget *page;
  GtkWidget *save; /* (nullable): on a sealed tablet */
  guint looking;
  GtkWidget *scan;
  GtkWidget *address;
  GtkWidget *code;
  GtkWidget *button;
  GtkWidget *spinner;
  GtkWidget *problem;
};

G_DEFINE_FINAL_TYPE (ShtEnrolPage, sht_enrol_page, ADW_TYPE_BIN)

static guint enrolled_signal;

typedef struct
{
  char *address;
  char *code;
} Asked;

static void
asked_free (gpointer data)
{
  Asked *asked = data;

  g_free (asked->address);
  g_free (asked->code);
  g_free (asked);
}

static gboolean
enrol (ShtStore *store, gpointer data, GError **error)
{
  Asked *asked = data;

  return sht_enrol (store, asked->address, asked->code, error);
}

static void
set_busy (ShtEnrolPage *self, gboolean busy)
{
  gtk_widget_set_sensitive (self->scan, !busy);
  gtk_widget_set_sensitive (self->address, !busy);
  gtk_widget_set_sensitive (self->code, !busy);
  gtk_widget_set_sensitive (self->button, !busy);
  gtk_widget_set_visible (self->spinner, busy);
  gtk_spinner_set_spinning (GTK_SPINNER (self->spinner), busy);
}

static void
on_enrolled (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (ShtEnrolPage) self = data;
  g_autoptr (GError) error = NULL;

  if (sht_session_do_finish (SHT_SESSION (source), result, &error))
    {
      g_signal_emit (self, enrolled_signal, 0);
      return;
    }
  set_busy (self, FALSE);
  g_debug ("enrolment: %s", error->message);
  gtk_label_set_text (GTK_LABEL (self->problem),
                      g_error_matches (error, SHT_STORE_ERROR, SHT_STORE_ERROR_REFUSED)
                        ? _("The hub does not know this code, or it was used before. Ask for a new one.")
                        : _("The hub did not answer as it should. Check its address, and that there is a signal."));
  gtk_widget_set_visible (self->problem, TRUE);
}

/* Another program may have enrolled this tablet. */
static void
on_session_changed (ShtEnrolPage *self)
{
  if (!gtk_spinner_get_spinning (GTK_SPINNER (self->spinner)) && sht_session_is_enrolled (self->session))
    g_signal_emit (self, enrolled_signal, 0);
}

static void
on_connect (ShtEnrolPage *self)
{
  Asked *asked;
  g_autofree char *address = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->address))));
  g_autofree char *code = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->code))));

  if (*address == '\0' || *code == '\0')
    {
      gtk_label_set_text (GTK_LABEL (self->problem), _("Both the address and the code are needed."));
      gtk_widget_set_visible (self->problem, TRUE);
      return;
    }
  asked = g_new0 (Asked, 1);
  asked->address = strstr (address, "://") != NULL ? g_steal_pointer (&address) : g_strconcat ("https://", address, NULL);
  asked->code = g_ascii_strup (code, -1);
  gtk_widget_set_visible (self->problem, FALSE);
  set_busy (self, TRUE);
  sht_session_do_async (self->session, enrol, asked, asked_free, on_enrolled, g_object_ref (self));
}

static void
suggest (GtkWidget *button, gboolean suggested)
{
  if (suggested)
    gtk_widget_add_css_class (button, "suggested-action");
  else
    gtk_widget_remove_css_class (button, "suggested-action");
}

/* One thing on a page is the next to do: to save what waits, else to scan, where that can be done. The portal answers late, and a camera may be
 * plugged in. */
static void
look_for_camera (ShtEnrolPage *self)
{
  gboolean is_there = sht_camera_is_there ();

  gboolean saves = self->save != NULL && gtk_widget_get_visible (self->save);

  gtk_widget_set_visible (self->scan, is_there);
  suggest (self->scan, !saves);
  suggest (self->button, !saves && !is_there);
}

static gboolean
on_look (gpointer data)
{
  look_for_camera (data);
  return G_SOURCE_CONTINUE;
}

static void
on_found (ShtEnrolPage *self, const char *hub, const char *code)
{
  gtk_editable_set_text (GTK_EDITABLE (self->address), hub);
  gtk_editable_set_text (GTK_EDITABLE (self->code), code);
  on_connect (self);
}

static void
on_scan (ShtEnrolPage *self)
{
  ShtScanPage *page = sht_scan_page_open (self->scan);

  g_signal_connect_object (page, "found", G_CALLBACK (on_found), self, G_CONNECT_SWAPPED);
}

static void
sht_enrol_page_dispose (GObject *object)
{
  g_clear_handle_id (&SHT_ENROL_PAGE (object)->looking, g_source_remove);
  g_clear_object (&SHT_ENROL_PAGE (object)->session);
  G_OBJECT_CLASS (sht_enrol_page_parent_class)->dispose (object);
}

static void
sht_enrol_page_class_init (ShtEnrolPageClass *class)
{
  G_OBJECT_CLASS (class)->dispose = sht_enrol_page_dispose;
  enrolled_signal
    = g_signal_new ("enrolled", SHT_TYPE_ENROL_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static GtkWidget *
entry_row (GtkWidget *group, const char *title)
{
  GtkWidget *row = adw_entry_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
  return row;
}

static void
sht_enrol_page_init (ShtEnrolPage *self)
{
  GtkWidget *outer = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *page = sht_letters_status_page_new ();
  GtkWidget *clamp = sht_letters_clamp_new (SHT_CLAMP_FILLS, 480);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);
  GtkWidget *group = adw_preferences_group_new ();

  self->scan = sht_big_button ("camera-photo-symbolic", _("Scan the code"), NULL);
  g_signal_connect_swapped (self->scan, "clicked", G_CALLBACK (on_scan), self);
  self->address = entry_row (group, _("Address of the hub"));
  self->code = entry_row (group, _("Code"));
  self->problem = gtk_label_new (NULL);
  gtk_label_set_wrap (GTK_LABEL (self->problem), TRUE);
  gtk_widget_set_visible (self->problem, FALSE);
  gtk_widget_add_css_class (self->problem, "problem");
  self->spinner = gtk_spinner_new ();
  gtk_widget_set_visible (self->spinner, FALSE);
  self->button = gtk_button_new_with_label (_("Connect"));
  gtk_widget_add_css_class (self->button, "big-action");
  look_for_camera (self);
  self->looking = g_timeout_add_seconds (LOOK_S, on_look, self);
  g_signal_connect_swapped (self->button, "clicked", G_CALLBACK (on_connect), self);
  g_signal_connect_swapped (self->code, "entry-activated", G_CALLBACK (on_connect), self);
  gtk_box_append (GTK_BOX (box), self->scan);
  gtk_box_append (GTK_BOX (box), group);
  gtk_box_append (GTK_BOX (box), self->problem);
  gtk_box_append (GTK_BOX (box), self->button);
  gtk_box_append (GTK_BOX (box), self->spinner);
  adw_clamp_set_child (ADW_CLAMP (clamp), box);
  adw_status_page_set_icon_name (ADW_STATUS_PAGE (page), sht_icon_or ("org.shetach.Shetach", "network-wireless-symbolic"));
  adw_status_page_set_title (ADW_STATUS_PAGE (page), _("Connect this tablet"));
  adw_status_page_set_description (ADW_STATUS_PAGE (page),
                                   _("Your supervisor has the hub's address and a code for your crew. It is needed once."));
  self->page = page;
  adw_status_page_set_child (ADW_STATUS_PAGE (page), clamp);
  gtk_widget_set_vexpand (page, TRUE);
  gtk_box_append (GTK_BOX (outer), adw_header_bar_new ());
  gtk_box_append (GTK_BOX (outer), page);
  adw_bin_set_child (ADW_BIN (self), sht_cover_new (outer));
}

/* What its people did is not lost: to save it is what there is to do here. */
static void
say_sealed (ShtEnrolPage *self)
{
  adw_status_page_set_title (ADW_STATUS_PAGE (self->page), _("This tablet is sealed"));
  adw_status_page_set_description (ADW_STATUS_PAGE (self->page),
                                   _("The office has sealed this tablet: what it knew of residents is gone, and it gets nothing more. What was not sent "
                                     "stays here and can be saved to a stick."));
  gtk_widget_add_css_class (self->page, "compact");
  self->save = sht_save_card_new_main (self->session);
  gtk_box_prepend (GTK_BOX (gtk_widget_get_parent (self->spinner)), self->save);
  look_for_camera (self);
}

GtkWidget *
sht_enrol_page_new (ShtSession *session)
{
  ShtEnrolPage *self = g_object_new (SHT_TYPE_ENROL_PAGE, NULL);

  self->session = g_object_ref (session);
  if (sht_store_is_sealed_off (sht_session_get_reader (session)))
    say_sealed (self);
  g_signal_connect_object (session, "changed", G_CALLBACK (on_session_changed), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}
