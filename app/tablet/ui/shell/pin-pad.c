/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/shell/pin-pad.h"

#include <glib/gi18n.h>
#include <string.h>

#define KEY 72
#define KEY_WIDTH 96
#define SPACING 10
#define MOST_DIGITS 16

struct _ShtPinPad
{
  AdwBin parent_instance;

  guint most;
  gboolean is_secret;
  char digits[MOST_DIGITS + 1];

  GtkWidget *shown;
  GtkWidget *erase;
  GtkWidget *enter;
};

G_DEFINE_FINAL_TYPE (ShtPinPad, sht_pin_pad, ADW_TYPE_BIN)

static guint entered_signal;

static void
show_typed (ShtPinPad *self)
{
  guint n = (guint) strlen (self->digits);
  g_autofree char *count = g_strdup_printf (ngettext ("%u digit", "%u digits", n), n);
  GString *shown = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    g_string_append (shown, self->is_secret ? "●" : (char[]) { self->digits[i], '\0' });
  /* As high when there is nothing. */
  gtk_label_set_text (GTK_LABEL (self->shown), n > 0 ? shown->str : "\u2009");
  g_string_free (shown, TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->shown), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  self->is_secret || n == 0 ? count : self->digits, -1);
  gtk_widget_set_sensitive (self->erase, n > 0);
  gtk_widget_set_sensitive (self->enter, n > 0);
}

static void
add_digit (ShtPinPad *self, guint digit)
{
  gsize n = strlen (self->digits);

  if (n >= self->most)
    return;
  self->digits[n] = (char) ('0' + digit);
  self->digits[n + 1] = '\0';
  show_typed (self);
}

static void
on_digit (GtkButton *button, gpointer data)
{
  add_digit (data, GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "digit")));
}

static void
on_erase (ShtPinPad *self)
{
  gsize n = strlen (self->digits);

  if (n > 0)
    self->digits[n - 1] = '\0';
  show_typed (self);
}

static void
on_enter (ShtPinPad *self)
{
  char digits[MOST_DIGITS + 1];

  memcpy (digits, self->digits, sizeof digits);
  g_signal_emit (self, entered_signal, 0, digits);
  explicit_bzero (digits, sizeof digits);
}

/**
 * sht_pin_pad_take_key:
 * @key: a key of a keyboard; digits of any script are digits
 *
 * Returns: whether it was for the pad
 */
gboolean
sht_pin_pad_take_key (ShtPinPad *self, guint key)
{
  int digit = g_unichar_digit_value (gdk_keyval_to_unicode (key));

  if (!gtk_widget_is_sensitive (GTK_WIDGET (self)))
    return digit >= 0;
  if (digit >= 0)
    add_digit (self, (guint) digit);
  else if (key == GDK_KEY_BackSpace || key == GDK_KEY_Delete)
    on_erase (self);
  else if ((key == GDK_KEY_Return || key == GDK_KEY_KP_Enter) && self->digits[0] != '\0')
    on_enter (self);
  else
    return FALSE;
  return TRUE;
}

/**
 * sht_pin_pad_clear:
 *
 * Forgets what was typed.
 */
void
sht_pin_pad_clear (ShtPinPad *self)
{
  explicit_bzero (self->digits, sizeof self->digits);
  show_typed (self);
}

static void
sht_pin_pad_finalize (GObject *object)
{
  explicit_bzero (SHT_PIN_PAD (object)->digits, MOST_DIGITS + 1);
  G_OBJECT_CLASS (sht_pin_pad_parent_class)->finalize (object);
}

static void
sht_pin_pad_class_init (ShtPinPadClass *class)
{
  G_OBJECT_CLASS (class)->finalize = sht_pin_pad_finalize;
  entered_signal = g_signal_new ("entered", SHT_TYPE_PIN_PAD, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                 G_TYPE_STRING);
}

static void
add_key (GtkWidget *grid, GtkWidget *button, int column, int row)
{
  gtk_widget_set_size_request (button, KEY_WIDTH, KEY);
  gtk_widget_add_css_class (button, "pin-key");
  gtk_grid_attach (GTK_GRID (grid), button, column, row, 1, 1);
}

static GtkWidget *
icon_key (const char *icon, const char *words)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);

  /* Digits run from left to right in every language, so what takes one away does not turn around either. */
  gtk_widget_set_direction (gtk_button_get_child (GTK_BUTTON (button)), GTK_TEXT_DIR_LTR);
  gtk_widget_set_tooltip_text (button, words);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
  return button;
}

static void
sht_pin_pad_init (ShtPinPad *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *grid = gtk_grid_new ();

  self->shown = gtk_label_new (NULL);
  gtk_widget_add_css_class (self->shown, "pin-shown");
  /* Keys lie as on every telephone, whichever way the language is written. */
  gtk_widget_set_direction (grid, GTK_TEXT_DIR_LTR);
  gtk_widget_set_direction (self->shown, GTK_TEXT_DIR_LTR);
  gtk_grid_set_row_spacing (GTK_GRID (grid), SPACING);
  gtk_grid_set_column_spacing (GTK_GRID (grid), SPACING);
  gtk_widget_set_halign (grid, GTK_ALIGN_CENTER);
  for (guint digit = 0; digit <= 9; digit++)
    {
      GtkWidget *button = gtk_button_new_with_label ((char[]) { (char) ('0' + digit), '\0' });

      g_object_set_data (G_OBJECT (button), "digit", GUINT_TO_POINTER (digit));
      g_signal_connect_object (button, "clicked", G_CALLBACK (on_digit), self, 0);
      add_key (grid, button, digit > 0 ? (int) (digit - 1) % 3 : 1, digit > 0 ? (int) (digit - 1) / 3 : 3);
    }
  self->erase = icon_key ("edit-clear-symbolic", _("Erase"));
  g_signal_connect_object (self->erase, "clicked", G_CALLBACK (on_erase), self, G_CONNECT_SWAPPED);
  add_key (grid, self->erase, 0, 3);
  self->enter = icon_key ("object-select-symbolic", _("Done typing"));
  gtk_widget_add_css_class (self->enter, "suggested-action");
  g_signal_connect_object (self->enter, "clicked", G_CALLBACK (on_enter), self, G_CONNECT_SWAPPED);
  add_key (grid, self->enter, 2, 3);
  gtk_box_append (GTK_BOX (box), self->shown);
  gtk_box_append (GTK_BOX (box), grid);
  adw_bin_set_child (ADW_BIN (self), box);
}

/**
 * sht_pin_pad_new:
 * @most: how many digits it takes, up to 16
 * @is_secret: whether what was typed is shown as dots
 */
GtkWidget *
sht_pin_pad_new (guint most, gboolean is_secret)
{
  ShtPinPad *self = g_object_new (SHT_TYPE_PIN_PAD, NULL);

  self->most = MIN (most, MOST_DIGITS);
  self->is_secret = is_secret;
  show_typed (self);
  return GTK_WIDGET (self);
}
