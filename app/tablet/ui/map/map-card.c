/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/map/map-card.h"

#include "tablet/store/clock.h"
#include "tablet/ui/common/page.h"
#include "tablet/ui/common/status-chip.h"
#include "tablet/ui/common/words.h"

#include <glib/gi18n.h>

struct _ShtMapCard
{
  AdwBin parent_instance;

  GtkWidget *chip;
  GtkWidget *title;
  GtkWidget *where;
  GtkWidget *due;
  GtkWidget *open;
  char *ticket; /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (ShtMapCard, sht_map_card, ADW_TYPE_BIN)

enum
{
  CLOSED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* What a card and a row say of a ticket. */
typedef struct
{
  char *title;
  char *where;
  char *due; /* (nullable) */
  ShtStatus status;
  gboolean late;
} Told;

static void
told_clear (Told *told)
{
  g_free (told->title);
  g_free (told->where);
  g_free (told->due);
}

static gboolean
tell (ShtStore *store, const char *ticket, Told *told)
{
  gint64 now = sht_store_hub_now (store);
  gboolean found = FALSE;
  ShtStmt *stmt = sht_db_query (store->db, "SELECT title, address, status, due_at, open FROM ticket WHERE id = ?1",
                                "s", ticket);

  *told = (Told){ 0 };
  if (sht_stmt_step (stmt))
    {
      gint64 due = sht_stmt_int (stmt, 3);
      gboolean open = sht_stmt_int (stmt, 4) != 0;

      found = TRUE;
      told->title = sht_stmt_dup (stmt, 0);
      told->where = sht_stmt_dup (stmt, 1);
      sht_status_parse (sht_stmt_text (stmt, 2), &told->status);
      told->late = open && due > 0 && due < now;
      told->due = open && due > 0 && due < SHT_NEVER_DUE ? sht_words_left (due, now) : NULL;
    }
  if (!sht_stmt_end (stmt, NULL) || !found)
    {
      told_clear (told);
      return FALSE;
    }
  if (told->title == NULL)
    told->title = g_strdup (_("Ticket without a title"));
  if (told->where == NULL)
    told->where = g_strdup (_("No address"));
  return TRUE;
}

static void
show_due (GtkWidget *label, const Told *told)
{
  gtk_label_set_text (GTK_LABEL (label), told->due != NULL ? told->due : "");
  gtk_widget_set_visible (label, told->due != NULL);
  if (told->late)
    gtk_widget_add_css_class (label, "sla-late");
  else
    gtk_widget_remove_css_class (label, "sla-late");
}

static GtkWidget *
new_label (const char *class)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  if (class != NULL)
    gtk_widget_add_css_class (label, class);
  return label;
}

static void
on_open (ShtMapCard *self)
{
  g_autofree char *ticket = g_strdup (self->ticket);

  if (ticket != NULL)
    sht_page_show_ticket (GTK_WIDGET (self), ticket);
}

static void
on_close (ShtMapCard *self)
{
  g_signal_emit (self, signals[CLOSED], 0);
}

static void
sht_map_card_finalize (GObject *object)
{
  g_free (SHT_MAP_CARD (object)->ticket);
  G_OBJECT_CLASS (sht_map_card_parent_class)->finalize (object);
}

static void
sht_map_card_class_init (ShtMapCardClass *class)
{
  G_OBJECT_CLASS (class)->finalize = sht_map_card_finalize;
  signals[CLOSED] = g_signal_new ("closed", SHT_TYPE_MAP_CARD, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static GtkWidget *
build_words (ShtMapCard *self)
{
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);

  self->title = new_label ("title-3");
  gtk_label_set_wrap (GTK_LABEL (self->title), TRUE);
  gtk_label_set_lines (GTK_LABEL (self->title), 2);
  self->where = new_label (NULL);
  self->chip = sht_status_chip_new ();
  self->due = new_label ("heading");
  gtk_widget_set_halign (self->chip, GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (line), self->chip);
  gtk_box_append (GTK_BOX (line), self->due);
  gtk_box_append (GTK_BOX (words), self->title);
  gtk_box_append (GTK_BOX (words), self->where);
  gtk_box_append (GTK_BOX (words), line);
  gtk_widget_set_hexpand (words, TRUE);
  return words;
}

static void
sht_map_card_init (ShtMapCard *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *close = gtk_button_new_from_icon_name ("window-close-symbolic");

  self->open = gtk_button_new_with_label (_("Open"));
  gtk_widget_add_css_class (self->open, "suggested-action");
  gtk_widget_add_css_class (self->open, "big-action");
  gtk_widget_add_css_class (self->open, "map-open");
  gtk_widget_set_valign (self->open, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (close, "flat");
  gtk_widget_add_css_class (close, "touch");
  gtk_widget_set_valign (close, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (close, _("Close"));
  gtk_box_append (GTK_BOX (box), build_words (self));
  gtk_box_append (GTK_BOX (box), self->open);
  gtk_box_append (GTK_BOX (box), close);
  gtk_widget_add_css_class (GTK_WIDGET (self), "map-sheet");
  gtk_widget_set_margin_top (box, 10);
  gtk_widget_set_margin_bottom (box, 10);
  gtk_widget_set_margin_start (box, 16);
  gtk_widget_set_margin_end (box, 8);
  adw_bin_set_child (ADW_BIN (self), box);
  g_signal_connect_swapped (self->open, "clicked", G_CALLBACK (on_open), self);
  g_signal_connect_swapped (close, "clicked", G_CALLBACK (on_close), self);
}

GtkWidget *
sht_map_card_new (void)
{
  return g_object_new (SHT_TYPE_MAP_CARD, NULL);
}

/**
 * sht_map_card_show_ticket:
 * @ticket: a ticket's UUID
 *
 * Returns: %FALSE when there is no such ticket on this tablet any more
 */
gboolean
sht_map_card_show_ticket (ShtMapCard *self, ShtStore *store, const char *ticket)
{
  g_autofree char *id = g_strdup (ticket);
  Told told;

  if (!tell (store, id, &told))
    return FALSE;
  g_free (self->ticket);
  self->ticket = g_steal_pointer (&id);
  gtk_label_set_text (GTK_LABEL (self->title), told.title);
  gtk_label_set_text (GTK_LABEL (self->where), told.where);
  sht_status_chip_set (self->chip, told.status, NULL);
  show_due (self->due, &told);
  told_clear (&told);
  return TRUE;
}

/**
 * sht_map_ticket_row_new:
 * @ticket: a ticket's UUID
 *
 * Returns: (transfer floating): a row for a list box, with the UUID as its name
 */
GtkWidget *
sht_map_ticket_row_new (ShtStore *store, const char *ticket)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *title = new_label ("heading"), *where = new_label (NULL), *due = new_label ("heading");
  GtkWidget *chip = sht_status_chip_new ();
  g_autofree char *spoken = NULL;
  Told told;

  gtk_box_append (GTK_BOX (line), chip);
  gtk_box_append (GTK_BOX (line), due);
  gtk_box_append (GTK_BOX (box), title);
  gtk_box_append (GTK_BOX (box), where);
  gtk_box_append (GTK_BOX (box), line);
  gtk_widget_add_css_class (box, "map-row");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_widget_set_name (row, ticket);
  if (!tell (store, ticket, &told))
    return row;
  gtk_label_set_text (GTK_LABEL (title), told.title);
  gtk_label_set_text (GTK_LABEL (where), told.where);
  sht_status_chip_set (chip, told.status, NULL);
  show_due (due, &told);
  spoken = g_strdup_printf ("%s, %s, %s", told.title, told.where, sht_words_status (told.status));
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  told_clear (&told);
  return row;
}
