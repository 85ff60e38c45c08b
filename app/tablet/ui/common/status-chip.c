/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/common/status-chip.h"

/**
 * sht_status_chip_new:
 *
 * Returns: (transfer floating): a small label that tells a status by shape, word and colour; style
 *   classes `chip` and `status-NAME`, with the status's name in CSS's manner
 */
GtkWidget *
sht_status_chip_new (void)
{
  GtkWidget *chip = gtk_label_new (NULL);

  gtk_widget_add_css_class (chip, "chip");
  gtk_widget_set_valign (chip, GTK_ALIGN_CENTER);
  gtk_label_set_ellipsize (GTK_LABEL (chip), PANGO_ELLIPSIZE_END);
  gtk_label_set_single_line_mode (GTK_LABEL (chip), TRUE);
  return chip;
}

/**
 * sht_status_chip_css:
 *
 * Returns: (transfer full): `status-NAME`
 */
char *
sht_status_chip_css (ShtStatus status)
{
  return g_strdelimit (g_strdup_printf ("status-%s", sht_status_name (status)), "_", '-');
}

static const char *
word_of (ShtStatus status, const char *waiting_for)
{
  return status == SHT_STATUS_WAITING ? sht_words_waiting_for (waiting_for) : sht_words_status (status);
}

/**
 * sht_status_chip_text:
 * @waiting_for: (nullable): see sht_status_chip_set()
 *
 * Returns: (transfer full): shape and word
 */
char *
sht_status_chip_text (ShtStatus status, const char *waiting_for)
{
  return g_strdup_printf ("%s  %s", sht_words_status_shape (status), word_of (status, waiting_for));
}

/**
 * sht_status_chip_set:
 * @chip: from sht_status_chip_new()
 * @waiting_for: (nullable): for whom, when @status is waiting
 */
void
sht_status_chip_set (GtkWidget *chip, ShtStatus status, const char *waiting_for)
{
  g_autofree char *text = sht_status_chip_text (status, waiting_for);
  g_autofree char *class = sht_status_chip_css (status);
  const char *before = g_object_get_data (G_OBJECT (chip), "sht-class");

  gtk_label_set_text (GTK_LABEL (chip), text);
  /* A screen reader says the word alone. */
  gtk_accessible_update_property (GTK_ACCESSIBLE (chip), GTK_ACCESSIBLE_PROPERTY_LABEL, word_of (status, waiting_for),
                                  -1);
  if (g_strcmp0 (before, class) == 0)
    return;
  if (before != NULL)
    gtk_widget_remove_css_class (chip, before);
  gtk_widget_add_css_class (chip, class);
  g_object_set_data_full (G_OBJECT (chip), "sht-class", g_steal_pointer (&class), g_free);
}
