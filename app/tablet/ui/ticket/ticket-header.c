/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/ticket/ticket-header.h"

#include "core/json.h"
#include "tablet/store/clock.h"
#include "tablet/ui/common/width-first.h"
#include "tablet/ui/common/words.h"
#include "tablet/ui/ticket/district-line.h"
#include "tablet/ui/ticket/step-dot.h"

#include <glib/gi18n.h>

#define N_STEPS 5

struct _ShtTicketHeader
{
  GtkBox parent_instance;

  ShtStore *reader; /* the session's, which outlives every page */
  GtkWidget *urgent;
  GtkWidget *title;
  GtkWidget *service_line;
  GtkWidget *service_icon;
  GtkWidget *service;
  GtkWidget *address_line;
  GtkWidget *address;
  GtkWidget *district;
  GtkWidget *due_line;
  GtkWidget *due;
  GtkWidget *map;
  GtkWidget *steps;
  char *shown_steps; /* (owned) (nullable): what the line of dots was made for */
};

G_DEFINE_FINAL_TYPE (ShtTicketHeader, sht_ticket_header, GTK_TYPE_BOX)

static void
sht_ticket_header_finalize (GObject *object)
{
  g_free (SHT_TICKET_HEADER (object)->shown_steps);
  G_OBJECT_CLASS (sht_ticket_header_parent_class)->finalize (object);
}

static void
sht_ticket_header_class_init (ShtTicketHeaderClass *class)
{
  G_OBJECT_CLASS (class)->finalize = sht_ticket_header_finalize;
}

static GtkWidget *
new_label (const char *css_class)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

static GtkWidget *
new_line (const char *icon, GtkWidget **image, GtkWidget **label)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  GtkWidget *picture = gtk_image_new_from_icon_name (icon);

  gtk_widget_add_css_class (line, "ticket-fact");
  *label = new_label (NULL);
  gtk_widget_add_css_class (picture, "dim-label");
  gtk_widget_set_valign (picture, GTK_ALIGN_START);
  gtk_widget_set_margin_top (picture, 2);
  gtk_box_append (GTK_BOX (line), picture);
  gtk_box_append (GTK_BOX (line), sht_width_first_new (*label));
  if (image != NULL)
    *image = picture;
  return line;
}

static GtkWidget *
new_map_button (void)
{
  GtkWidget *button = gtk_button_new ();
  GtkWidget *content = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);

  gtk_box_append (GTK_BOX (content), gtk_image_new_from_icon_name ("sht-map-symbolic"));
  gtk_box_append (GTK_BOX (content), gtk_label_new (_("On the map")));
  gtk_button_set_child (GTK_BUTTON (button), content);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, _("On the map"), -1);
  /* The type must be right before the action is known. */
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", "");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "win.show-on-map");
  gtk_widget_add_css_class (button, "touch");
  gtk_widget_add_css_class (button, "ticket-on-map");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  return button;
}

static void
sht_ticket_header_init (ShtTicketHeader *self)
{
  GtkWidget *lines = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *facts = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);

  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 9);
  self->urgent = gtk_label_new (_("Urgent"));
  gtk_widget_add_css_class (self->urgent, "chip");
  gtk_widget_add_css_class (self->urgent, "urgent");
  gtk_widget_set_halign (self->urgent, GTK_ALIGN_START);
  self->title = new_label ("title-1");
  self->service_line = new_line ("view-list-symbolic", &self->service_icon, &self->service);
  gtk_box_append (GTK_BOX (lines), self->service_line);
  self->address_line = new_line ("mark-location-symbolic", NULL, &self->address);
  gtk_box_append (GTK_BOX (lines), self->address_line);
  self->due_line = new_line ("alarm-symbolic", NULL, &self->due);
  gtk_widget_add_css_class (self->due, "numeric");
  gtk_widget_add_css_class (self->due, "heading");
  gtk_box_append (GTK_BOX (lines), self->due_line);
  self->steps = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_widget_set_margin_top (self->steps, 9);
  gtk_box_append (GTK_BOX (self), self->urgent);
  gtk_box_append (GTK_BOX (self), sht_width_first_new (self->title));
  self->map = new_map_button ();
  gtk_widget_set_hexpand (lines, TRUE);
  gtk_box_append (GTK_BOX (facts), lines);
  gtk_box_append (GTK_BOX (facts), self->map);
  gtk_box_append (GTK_BOX (self), facts);
  gtk_box_append (GTK_BOX (self), self->steps);
}

GtkWidget *
sht_ticket_header_new (ShtStore *reader)
{
  ShtTicketHeader *self = g_object_new (SHT_TYPE_TICKET_HEADER, NULL);

  self->reader = reader;
  self->district = sht_district_line_new (reader);
  gtk_box_insert_child_after (GTK_BOX (self), self->district, gtk_widget_get_prev_sibling (self->steps));
  return GTK_WIDGET (self);
}

/* Where a status stands on the line of five; a ticket that left the line is at its end. */
static guint
step_of (ShtStatus status)
{
  switch (status)
    {
    case SHT_STATUS_NEW:
    case SHT_STATUS_ASSIGNED:
    case SHT_STATUS_REOPENED:
    case SHT_N_STATUSES:
      return 0;
    case SHT_STATUS_ON_THE_WAY:
      return 1;
    case SHT_STATUS_IN_PROGRESS:
    case SHT_STATUS_WAITING:
      return 2;
    case SHT_STATUS_DONE:
      return 3;
    case SHT_STATUS_CLOSED:
    case SHT_STATUS_FORWARDED:
    case SHT_STATUS_CANCELLED:
    case SHT_STATUS_DUPLICATE:
      break;
    }
  return 4;
}

static GtkWidget *
new_step (const char *word, ShtDot dot, guint index)
{
  GtkWidget *cell = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *label = gtk_label_new (word);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_CENTER);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 12);
  gtk_widget_set_valign (label, GTK_ALIGN_START);
  if (dot == SHT_DOT_CURRENT)
    gtk_widget_add_css_class (label, "heading");
  if (dot == SHT_DOT_AHEAD)
    gtk_widget_add_css_class (label, "dim-label");
  gtk_box_append (GTK_BOX (cell), sht_step_dot_new (dot, index == 0, index == N_STEPS - 1));
  gtk_box_append (GTK_BOX (cell), sht_width_first_new (label));
  /* Each has what its word needs: in large letters a fifth is too little for a long one. */
  gtk_widget_set_hexpand (cell, TRUE);
  return cell;
}

static void
show_steps (ShtTicketHeader *self, ShtStatus status, const char *current_word)
{
  static const ShtStatus line[N_STEPS] = { SHT_STATUS_ASSIGNED, SHT_STATUS_ON_THE_WAY, SHT_STATUS_IN_PROGRESS,
                                           SHT_STATUS_DONE, SHT_STATUS_CLOSED };
  guint current = step_of (status);
  g_autofree char *key = g_strdup_printf ("%d %s", status, current_word);
  g_autofree char *name = NULL;
  GtkWidget *child;

  if (g_strcmp0 (self->shown_steps, key) == 0)
    return;
  g_free (self->shown_steps);
  self->shown_steps = g_steal_pointer (&key);
  while ((child = gtk_widget_get_first_child (self->steps)) != NULL)
    gtk_box_remove (GTK_BOX (self->steps), child);
  for (guint i = 0; i < N_STEPS; i++)
    gtk_box_append (GTK_BOX (self->steps),
                    new_step (i == current ? current_word : sht_words_status (line[i]),
                              i < current ? SHT_DOT_PASSED : i == current ? SHT_DOT_CURRENT : SHT_DOT_AHEAD, i));
  name = g_strdup_printf (_("Status: %s, step %u of %u"), current_word, current + 1, N_STEPS);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->steps), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static void
show_text (GtkWidget *label, const char *text)
{
  if (g_strcmp0 (gtk_label_get_text (GTK_LABEL (label)), text) != 0)
    gtk_label_set_text (GTK_LABEL (label), text != NULL ? text : "");
}

static void
show_service (ShtTicketHeader *self, const char *code, const char *title)
{
  g_autoptr (JsonObject) service = code != NULL ? sht_store_get (self->reader, "service", code, NULL) : NULL;
  GtkIconTheme *theme = gtk_icon_theme_get_for_display (gtk_widget_get_display (GTK_WIDGET (self)));
  const char *icon = sht_json_string (service, "icon");
  g_autofree char *name = sht_words_translated (service, "name", "names");

  show_text (self->service, name != NULL ? name : code);
  gtk_image_set_from_icon_name (GTK_IMAGE (self->service_icon),
                                icon != NULL && gtk_icon_theme_has_icon (theme, icon) ? icon : "view-list-symbolic");
  /* Many titles are no more than the service's name; said once is enough. */
  gtk_widget_set_visible (self->service_line, code != NULL && g_strcmp0 (name, title) != 0);
}

/* What of the whole and of the department's own leg the ticket's time is of. */
static JsonObject *
what_is_due (JsonObject *ticket, gint64 due)
{
  static const char *const lists[] = { "sla", "legs" };

  for (guint l = 0; l < G_N_ELEMENTS (lists); l++)
    {
      JsonArray *list = sht_json_array (ticket, lists[l]);

      for (guint i = 0; list != NULL && i < json_array_get_length (list); i++)
        {
          JsonObject *owed = sht_json_element (list, i);

          if (sht_json_int (owed, "due_at", 0) == due && !sht_json_has (owed, "met_at") && !sht_json_has (owed, "to"))
            return owed;
        }
    }
  return NULL;
}

static void
show_due (ShtTicketHeader *self, JsonObject *ticket, ShtStatus status)
{
  gint64 due = sht_json_int (ticket, "due_at", 0), now = sht_store_hub_now (self->reader);
  JsonArray *pauses = sht_json_array (ticket, "pauses");
  guint n = pauses != NULL ? json_array_get_length (pauses) : 0;
  JsonObject *pause = n > 0 ? sht_json_element (pauses, n - 1) : NULL;
  g_autofree char *target = sht_words_target (what_is_due (ticket, due));
  g_autofree char *since = NULL, *words = NULL;

  if (due != 0 && sht_status_is_open (status))
    words = sht_words_due (due, target, now);
  else if (status == SHT_STATUS_WAITING && pause != NULL && !sht_json_has (pause, "to"))
    {
      since = sht_words_when (sht_json_int (pause, "from", now), now);
      /* Translators: a ticket waits for what stops its clock: "The clock stands since yesterday 14:10" */
      words = g_strdup_printf (_("The clock has been stopped since %s"), since);
    }
  gtk_widget_set_visible (self->due_line, words != NULL);
  if (words == NULL)
    return;
  show_text (self->due, words);
  if (due != 0 && due < now)
    gtk_widget_add_css_class (self->due, "error");
  else
    gtk_widget_remove_css_class (self->due, "error");
}

/**
 * sht_ticket_header_update:
 * @ticket: the ticket's document
 */
void
sht_ticket_header_update (ShtTicketHeader *self, JsonObject *ticket)
{
  const char *title = sht_json_string (ticket, "title");
  const char *address = sht_json_string (ticket, "address");
  ShtStatus status = SHT_STATUS_NEW;

  sht_status_parse (sht_json_string (ticket, "status"), &status);
  gtk_widget_set_visible (self->urgent, g_strcmp0 (sht_json_string (ticket, "priority"), "urgent") == 0);
  show_text (self->title, title);
  show_service (self, sht_json_string (ticket, "service"), title);
  show_text (self->address, address);
  gtk_widget_set_visible (self->address_line, address != NULL && address[0] != '\0');
  gtk_widget_set_visible (self->map, sht_json_has (ticket, "lat_e7"));
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->map), "s", sht_json_string (ticket, "id"));
  sht_district_line_update (SHT_DISTRICT_LINE (self->district), ticket);
  show_due (self, ticket, status);
  show_steps (self, status,
              status == SHT_STATUS_WAITING ? sht_words_waiting_for (sht_json_string (ticket, "waiting_for"))
                                           : sht_words_status (status));
}
