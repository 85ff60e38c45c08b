/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/shell/rail.h"

#include "tablet/ui/common/names.h"

#include <glib/gi18n.h>

#define N_PAGES 6
/* More than this is told as "99+": the badge is a sign, the Sync page has the number. */
#define MOST_ON_BADGE 99

struct _ShtRail
{
  AdwBin parent_instance;

  GtkWidget *box;
  GtkWidget *buttons[N_PAGES];
  GtkWidget *badges[N_PAGES]; /* how much there is to be looked at */
};

G_DEFINE_FINAL_TYPE (ShtRail, sht_rail, ADW_TYPE_BIN)

typedef struct
{
  const char *name;
  const char *word;
  const char *icon;
  const char *otherwise;
} Entry;

static const Entry entries[N_PAGES] = {
  { "work", N_ ("My work"), "sht-work-symbolic", "view-list-symbolic" },
  { "map", N_ ("Map"), "sht-map-symbolic", "mark-location-symbolic" },
  { "report", N_ ("Report"), "sht-report-symbolic", "list-add-symbolic" },
  { "forum", N_ ("Obstacles"), "sht-obstacle-symbolic", "dialog-warning-symbolic" },
  { "figures", N_ ("Figures"), "sht-dashboard-symbolic", "utilities-system-monitor-symbolic" },
  { "sync", N_ ("Sync"), "sht-sync-symbolic", "emblem-synchronizing-symbolic" },
};

static void
on_clicked (GtkButton *button, gpointer data)
{
  const Entry *entry = data;

  gtk_widget_activate_action (GTK_WIDGET (button), "win.show-page", "s", entry->name);
}

static GtkWidget *
make_button (ShtRail *self, const Entry *entry)
{
  GtkWidget *button = gtk_toggle_button_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  GtkWidget *image = gtk_image_new_from_icon_name (sht_icon_or (entry->icon, entry->otherwise));
  GtkWidget *label = gtk_label_new (_(entry->word));
  /* The symbol is in the middle, and makes room where the badge is too wide to stand beside it there. */
  GtkWidget *top = gtk_center_box_new ();
  GtkWidget *badge = gtk_label_new (NULL);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_center_box_set_center_widget (GTK_CENTER_BOX (top), image);
  gtk_center_box_set_end_widget (GTK_CENTER_BOX (top), badge);
  gtk_box_append (GTK_BOX (box), top);
  gtk_box_append (GTK_BOX (box), label);
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "rail-button");
  gtk_widget_add_css_class (button, "flat");
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, _(entry->word), -1);
  gtk_widget_add_css_class (badge, "badge");
  gtk_widget_set_valign (badge, GTK_ALIGN_START);
  gtk_widget_set_visible (badge, FALSE);
  gtk_button_set_child (GTK_BUTTON (button), box);
  self->badges[entry - entries] = badge;
  g_signal_connect (button, "clicked", G_CALLBACK (on_clicked), (gpointer) entry);
  return button;
}

void
sht_rail_set_orientation (ShtRail *self, GtkOrientation orientation)
{
  gboolean column = orientation == GTK_ORIENTATION_VERTICAL;

  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->box), orientation);
  /* Beside each other, each has what its word needs and an equal part of the rest. */
  for (guint i = 0; i < N_PAGES; i++)
    gtk_widget_set_hexpand (self->buttons[i], !column);
  gtk_widget_remove_css_class (GTK_WIDGET (self), column ? "bottom" : "side");
  gtk_widget_add_css_class (GTK_WIDGET (self), column ? "side" : "bottom");
}

/**
 * sht_rail_set_page:
 * @name: the page that is shown
 */
void
sht_rail_set_page (ShtRail *self, const char *name)
{
  for (guint i = 0; i < N_PAGES; i++)
    gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->buttons[i]), g_str_equal (entries[i].name, name));
}

/* A sign and not the colour alone tells a decision from what goes by itself. */
static void
set_badge (ShtRail *self, const char *page, gint64 count, const char *sign, const char *name)
{
  guint i = 0;
  g_autofree char *text = NULL;

  while (!g_str_equal (entries[i].name, page))
    i++;
  text = count > MOST_ON_BADGE ? g_strdup_printf ("%s%d+", sign, MOST_ON_BADGE)
                               : g_strdup_printf ("%s%d", sign, (int) count);
  gtk_label_set_text (GTK_LABEL (self->badges[i]), text);
  gtk_widget_set_visible (self->badges[i], count > 0);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->buttons[i]), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  count > 0 ? name : _(entries[i].word), -1);
}

/**
 * sht_rail_set_waiting:
 * @waiting: how many steps and photos are not confirmed
 * @attention: how many things need a person's decision; they are told first
 */
void
sht_rail_set_waiting (ShtRail *self, gint64 waiting, gint64 attention)
{
  g_autofree char *name
    = attention > 0
        ? g_strdup_printf (ngettext ("Sync, %d to decide", "Sync, %d to decide", (gulong) attention), (int) attention)
        : g_strdup_printf (ngettext ("Sync, %d to send", "Sync, %d to send", (gulong) waiting), (int) waiting);

  set_badge (self, "sync", attention > 0 ? attention : waiting, attention > 0 ? "! " : "", name);
}

/**
 * sht_rail_set_news:
 * @news: of how many obstacles somebody has said something that was not looked at yet
 */
void
sht_rail_set_news (ShtRail *self, gint64 news)
{
  g_autofree char *name
    = g_strdup_printf (ngettext ("Obstacles, %d with news", "Obstacles, %d with news", (gulong) news), (int) news);

  set_badge (self, "forum", news, "", name);
}

/**
 * sht_rail_set_reported:
 * @reported: how many places are to be set right on the map
 */
void
sht_rail_set_reported (ShtRail *self, gint64 reported)
{
  g_autofree char *name
    = g_strdup_printf (ngettext ("Map, %d place to set right", "Map, %d places to set right", (gulong) reported), (int) reported);

  set_badge (self, "map", reported, "", name);
}

static void
sht_rail_class_init (ShtRailClass *class)
{
}

static void
sht_rail_init (ShtRail *self)
{
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  for (guint i = 0; i < N_PAGES; i++)
    {
      self->buttons[i] = make_button (self, &entries[i]);
      gtk_box_append (GTK_BOX (self->box), self->buttons[i]);
    }
  gtk_widget_add_css_class (GTK_WIDGET (self), "rail");
  adw_bin_set_child (ADW_BIN (self), self->box);
}

/**
 * sht_rail_word:
 * @name: a page's
 *
 * Returns: (transfer none): its button's word, in the language of now
 */
const char *
sht_rail_word (const char *name)
{
  for (guint i = 0; i < N_PAGES; i++)
    if (g_str_equal (entries[i].name, name))
      return _(entries[i].word);
  return name;
}

GtkWidget *
sht_rail_new (void)
{
  return g_object_new (SHT_TYPE_RAIL, NULL);
}
