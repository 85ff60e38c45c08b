/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/ticket/action-bar.h"

#include "tablet/ui/common/even-rows.h"
#include "tablet/ui/common/words.h"
#include "tablet/ui/ticket/voice-bar.h"

#include <glib/gi18n.h>

#define MAIN_HEIGHT 64
#define TOUCH 56
#define GAP 9

struct _ShtActionBar
{
  GtkBox parent_instance;

  GtkWidget *offer;   /* a recording that waits to be kept */
  GtkWidget *offered;
  GtkWidget *main;
  GtkWidget *main_icon;
  GtkWidget *main_label;
  GtkWidget *rest;
  GtkWidget *waiting;
  GtkWidget *hand_over;
  GtkWidget *note;
  GtkWidget *voice;
  GtkWidget *obstacle;
  GtkWidget *assign;
  GtkWidget *more;
  GtkWidget *more_list;
  int shown; /* what the buttons were made for, -1 for nothing yet */
};

G_DEFINE_FINAL_TYPE (ShtActionBar, sht_action_bar, GTK_TYPE_BOX)

static void
sht_action_bar_class_init (ShtActionBarClass *class)
{
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (class), GTK_ACCESSIBLE_ROLE_GROUP);
}

/* A sign above its word, as on the rail: known by its shape before it is read. */
static GtkWidget *
new_content (const char *icon, const char *text)
{
  GtkWidget *content = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_CENTER);
  gtk_box_append (GTK_BOX (content), gtk_image_new_from_icon_name (icon));
  gtk_box_append (GTK_BOX (content), label);
  gtk_widget_set_valign (content, GTK_ALIGN_CENTER);
  return content;
}

static GtkWidget *
new_secondary (ShtActionBar *self, const char *icon, const char *text, const char *action)
{
  GtkWidget *button = gtk_button_new ();

  gtk_button_set_child (GTK_BUTTON (button), new_content (icon, text));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  gtk_widget_add_css_class (button, "ticket-action");
  gtk_widget_set_size_request (button, -1, TOUCH);
  gtk_widget_add_css_class (button, "touch");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  sht_even_rows_append (SHT_EVEN_ROWS (self->rest), button);
  return button;
}

static GtkWidget *
new_more (ShtActionBar *self)
{
  GtkWidget *button = gtk_menu_button_new ();
  GtkWidget *popover = gtk_popover_new ();

  self->more_list = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_popover_set_child (GTK_POPOVER (popover), self->more_list);
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (button), popover);
  gtk_menu_button_set_child (GTK_MENU_BUTTON (button), new_content ("view-more-symbolic", _("More")));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, _("More"), -1);
  gtk_widget_add_css_class (button, "ticket-action");
  gtk_widget_set_size_request (button, -1, TOUCH);
  gtk_widget_add_css_class (button, "touch");
  sht_even_rows_append (SHT_EVEN_ROWS (self->rest), button);
  return button;
}

static void
sht_action_bar_init (ShtActionBar *self)
{
  GtkWidget *content = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);

  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 12);
  self->shown = -1;
  self->main_icon = gtk_image_new ();
  gtk_image_set_icon_size (GTK_IMAGE (self->main_icon), GTK_ICON_SIZE_LARGE);
  self->main_label = gtk_label_new (NULL);
  gtk_label_set_wrap (GTK_LABEL (self->main_label), TRUE);
  gtk_label_set_natural_wrap_mode (GTK_LABEL (self->main_label), GTK_NATURAL_WRAP_NONE);
  gtk_widget_add_css_class (self->main_label, "title-2");
  gtk_widget_set_halign (content, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (content), self->main_icon);
  gtk_box_append (GTK_BOX (content), self->main_label);
  self->main = gtk_button_new ();
  gtk_button_set_child (GTK_BUTTON (self->main), content);
  gtk_widget_set_size_request (self->main, -1, MAIN_HEIGHT);
  gtk_widget_add_css_class (self->main, "suggested-action");
  gtk_widget_add_css_class (self->main, "big-action");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->main), "ticket.next");
  self->rest = sht_even_rows_new (GAP, G_MAXINT);
  self->assign = new_secondary (self, "sht-crew-symbolic", _("Assign…"), "ticket.assign");
  self->waiting = new_secondary (self, "sht-status-waiting-symbolic", _("Waiting…"), "ticket.wait");
  self->hand_over = new_secondary (self, "sht-hand-over-symbolic", _("Hand over…"), "ticket.hand-over");
  self->note = new_secondary (self, "sht-note-symbolic", _("Note…"), "ticket.note");
  self->voice = new_secondary (self, "audio-input-microphone-symbolic", _("Voice note…"), "ticket.voice");
  self->obstacle = new_secondary (self, "sht-obstacle-symbolic", _("Obstacle…"), "ticket.obstacle");
  self->more = new_more (self);
  self->offered = gtk_label_new (NULL);
  gtk_label_set_wrap (GTK_LABEL (self->offered), TRUE);
  self->offer = gtk_button_new ();
  gtk_button_set_child (GTK_BUTTON (self->offer), self->offered);
  gtk_widget_set_size_request (self->offer, -1, TOUCH);
  gtk_widget_set_visible (self->offer, FALSE);
  gtk_widget_add_css_class (self->offer, "touch");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->offer), "ticket.voice");
  gtk_box_append (GTK_BOX (self), self->offer);
  gtk_box_append (GTK_BOX (self), self->main);
  gtk_box_append (GTK_BOX (self), self->rest);
}

GtkWidget *
sht_action_bar_new (void)
{
  return g_object_new (SHT_TYPE_ACTION_BAR, NULL);
}

GtkWidget *
sht_action_bar_get_main (ShtActionBar *self)
{
  return self->main;
}

/**
 * sht_action_bar_offer_voice:
 * @duration_ms: how long a recording plays that was neither kept nor discarded, 0 for none
 */
void
sht_action_bar_offer_voice (ShtActionBar *self, gint64 duration_ms)
{
  g_autofree char *clock = sht_voice_bar_clock (duration_ms);
  g_autofree char *text = g_strdup_printf (_("A recording of %s was not kept yet. Listen…"), clock);

  gtk_label_set_text (GTK_LABEL (self->offered), text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->offer), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  gtk_widget_set_visible (self->offer, duration_ms > 0);
}

/**
 * sht_action_bar_next:
 * @next: (out): the step that comes next in the work itself
 *
 * Returns: %FALSE when nothing comes next, for this role
 */
gboolean
sht_action_bar_next (ShtRole role, ShtStatus status, ShtStatus *next)
{
  switch (status)
    {
    case SHT_STATUS_NEW:
    case SHT_STATUS_ASSIGNED:
    case SHT_STATUS_REOPENED:
      *next = SHT_STATUS_ON_THE_WAY;
      break;
    case SHT_STATUS_ON_THE_WAY:
      *next = SHT_STATUS_IN_PROGRESS;
      break;
    case SHT_STATUS_IN_PROGRESS:
    case SHT_STATUS_WAITING:
      *next = SHT_STATUS_DONE;
      break;
    case SHT_STATUS_DONE:
      *next = SHT_STATUS_CLOSED;
      break;
    case SHT_STATUS_CLOSED:
    case SHT_STATUS_FORWARDED:
    case SHT_STATUS_CANCELLED:
    case SHT_STATUS_DUPLICATE:
    case SHT_N_STATUSES:
      return FALSE;
    }
  return sht_status_may_step (role, status, *next);
}

static void
show_main (ShtActionBar *self, ShtRole role, ShtStatus status, gboolean assign_first)
{
  ShtStatus next = SHT_STATUS_DONE;
  gboolean has_next = sht_action_bar_next (role, status, &next);
  const char *icon = "go-next-symbolic", *text = "";

  gtk_widget_set_visible (self->main, has_next || assign_first);
  if (!has_next && !assign_first)
    return;
  if (assign_first)
    {
      icon = "system-users-symbolic";
      text = _("Assign to a crew…");
    }
  else if (next == SHT_STATUS_ON_THE_WAY)
    text = _("On my way");
  else if (next == SHT_STATUS_IN_PROGRESS)
    {
      icon = "media-playback-start-symbolic";
      text = _("Start");
    }
  else if (next == SHT_STATUS_DONE)
    {
      icon = "object-select-symbolic";
      text = C_("step", "Done");
    }
  else
    {
      icon = "object-select-symbolic";
      text = C_("step", "Close the ticket");
    }
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->main), assign_first ? "ticket.assign" : "ticket.next");
  gtk_image_set_from_icon_name (GTK_IMAGE (self->main_icon), icon);
  gtk_label_set_text (GTK_LABEL (self->main_label), text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->main), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  /* Who does not see the page hears, on coming to the steps, where the ticket stands. */
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, sht_words_status (status), -1);
}

static const char *
say_step (ShtStatus from, ShtStatus to)
{
  switch (to)
    {
    case SHT_STATUS_ASSIGNED:
      return _("Not on the way after all");
    case SHT_STATUS_IN_PROGRESS:
      return _("Back to work");
    case SHT_STATUS_CLOSED:
      return C_("step", "Close the ticket");
    case SHT_STATUS_REOPENED:
      return C_("step", "Open it again");
    case SHT_STATUS_FORWARDED:
      return C_("step", "Belongs to another body");
    case SHT_STATUS_CANCELLED:
      return C_("step", "Cancel the ticket");
    case SHT_STATUS_DUPLICATE:
      return C_("step", "Duplicate of another…");
    case SHT_STATUS_DONE:
      return C_("step", "Done");
    case SHT_STATUS_NEW:
    case SHT_STATUS_ON_THE_WAY:
    case SHT_STATUS_WAITING:
    case SHT_N_STATUSES:
      break;
    }
  return sht_words_status (to);
}

static void
on_more_clicked (ShtActionBar *self)
{
  gtk_menu_button_popdown (GTK_MENU_BUTTON (self->more));
}

static void
add_more (ShtActionBar *self, ShtStatus from, ShtStatus to)
{
  GtkWidget *button = gtk_button_new_with_label (say_step (from, to));

  gtk_label_set_xalign (GTK_LABEL (gtk_button_get_child (GTK_BUTTON (button))), 0);
  gtk_widget_set_size_request (button, -1, TOUCH);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "touch");
  if (to == SHT_STATUS_DUPLICATE)
    gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "ticket.duplicate");
  else
    {
      gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "ticket.step");
      gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", sht_status_name (to));
    }
  g_signal_connect_object (button, "clicked", G_CALLBACK (on_more_clicked), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (self->more_list), button);
}

static void
show_more (ShtActionBar *self, ShtRole role, ShtStatus status)
{
  static const ShtStatus steps[] = { SHT_STATUS_ASSIGNED,  SHT_STATUS_IN_PROGRESS, SHT_STATUS_DUPLICATE,
                                     SHT_STATUS_FORWARDED, SHT_STATUS_REOPENED,    SHT_STATUS_CLOSED,
                                     SHT_STATUS_CANCELLED };
  ShtStatus next = SHT_N_STATUSES;
  GtkWidget *child;

  if (!sht_action_bar_next (role, status, &next))
    next = SHT_N_STATUSES;
  while ((child = gtk_widget_get_first_child (self->more_list)) != NULL)
    gtk_box_remove (GTK_BOX (self->more_list), child);
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      gboolean back = steps[i] == SHT_STATUS_ASSIGNED;
      gboolean resume = steps[i] == SHT_STATUS_IN_PROGRESS;

      if (steps[i] == next || !sht_status_may_step (role, status, steps[i]))
        continue;
      if ((back && status != SHT_STATUS_ON_THE_WAY)
          || (resume && status != SHT_STATUS_WAITING && status != SHT_STATUS_DONE))
        continue;
      add_more (self, status, steps[i]);
    }
  gtk_widget_set_visible (self->more, gtk_widget_get_first_child (self->more_list) != NULL);
}

/**
 * sht_action_bar_update:
 * @role: whose tablet this is
 * @has_crew: whether somebody has the ticket
 */
void
sht_action_bar_update (ShtActionBar *self, ShtRole role, ShtStatus status, gboolean has_crew)
{
  gboolean supervises = role >= SHT_ROLE_SUPERVISOR;
  gboolean open = sht_status_is_open (status);
  int shown = (int) status * 8 + (int) role * 2 + has_crew;

  if (self->shown == shown)
    return;
  self->shown = shown;
  show_main (self, role, status, supervises && open && !has_crew);
  gtk_widget_set_visible (self->assign, supervises && open && has_crew);
  gtk_widget_set_visible (self->waiting, open && status != SHT_STATUS_WAITING);
  gtk_widget_set_visible (self->hand_over, open || status == SHT_STATUS_DONE);
  show_more (self, role, status);
}
