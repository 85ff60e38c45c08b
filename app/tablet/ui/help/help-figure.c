/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/help/help-figure.h"

#include "tablet/ui/common/sla-ring.h"
#include "tablet/ui/common/status-chip.h"
#include "tablet/ui/help/help-steps.h"

#include <glib/gi18n.h>

#define HOUR_MS (G_GINT64_CONSTANT (3600) * 1000)

/* One thing in a picture: drawn by what the window itself draws it with, so that it follows language, direction, style and
 * size of text. */
typedef enum
{
  PART_NONE,
  PART_ICON,
  PART_MARK,
  PART_STATUS,
  PART_RING
} PartKind;

typedef struct
{
  PartKind kind;
  const char *icon;    /* of an icon and of a ring */
  int what;            /* a ShtMark, a ShtStatus, or how many of ten hours a ring has left */
  const char *caption; /* (nullable): in English; a mark and a status have words of their own */
  gboolean leads;      /* an arrow leads to the next one */
} Part;

#define ICON(name, words, arrow) { PART_ICON, name, 0, words, arrow }
#define MARK(mark, arrow) { PART_MARK, NULL, mark, NULL, arrow }
#define STATUS(status, arrow) { PART_STATUS, NULL, status, NULL, arrow }
#define RING(name, left, words) { PART_RING, name, left, words, FALSE }

static const Part figures[SHT_N_HELP_TOPICS][2][SHT_HELP_MAX_STEPS] = {
  [SHT_HELP_SHIFT] = { { ICON ("sht-sync-symbolic", N_ ("Sync"), TRUE), ICON ("sht-map-symbolic", N_ ("Maps"), TRUE),
                         ICON ("battery-full-symbolic", N_ ("Battery"), TRUE),
                         ICON ("sht-work-symbolic", N_ ("My work"), FALSE) } },
  [SHT_HELP_TICKET] = { { STATUS (SHT_STATUS_ASSIGNED, TRUE), STATUS (SHT_STATUS_ON_THE_WAY, TRUE),
                          STATUS (SHT_STATUS_IN_PROGRESS, TRUE), STATUS (SHT_STATUS_DONE, FALSE) } },
  [SHT_HELP_NO_SIGNAL] = { { ICON ("sht-link-down-symbolic", N_ ("no signal"), TRUE), MARK (SHT_MARK_LOCAL, TRUE),
                             ICON ("sht-link-up-symbolic", N_ ("In touch with the hub"), TRUE),
                             MARK (SHT_MARK_CONFIRMED, FALSE) } },
  [SHT_HELP_PHOTOS] = { { ICON ("sht-photo-before-symbolic", N_ ("Photo before"), TRUE),
                          ICON ("sht-photo-after-symbolic", N_ ("Photo after"), FALSE),
                          ICON ("sht-compare-symbolic", N_ ("Compare"), FALSE),
                          ICON ("audio-input-microphone-symbolic", N_ ("Voice note"), FALSE) } },
  [SHT_HELP_MAP] = { { ICON ("sht-here-symbolic", N_ ("My position"), TRUE),
                       ICON ("sht-route-symbolic", N_ ("Today's route"), TRUE),
                       ICON ("sht-place-symbolic", N_ ("Navigate"), FALSE) } },
  [SHT_HELP_REPORT] = { { ICON ("sht-camera-symbolic", N_ ("Photo"), TRUE),
                          ICON ("sht-road-hole-symbolic", N_ ("What is it?"), TRUE),
                          ICON ("sht-place-symbolic", N_ ("Where is it?"), TRUE), MARK (SHT_MARK_LOCAL, FALSE) } },
  [SHT_HELP_OBSTACLES] = { { ICON ("sht-raise-symbolic", N_ ("Raise it"), TRUE),
                             ICON ("sht-department-symbolic", N_ ("The departments"), TRUE),
                             ICON ("sht-forum-symbolic", N_ ("Answer"), FALSE) } },
  [SHT_HELP_MARKS] = { { MARK (SHT_MARK_LOCAL, TRUE), MARK (SHT_MARK_SENT, TRUE), MARK (SHT_MARK_CONFIRMED, FALSE),
                         MARK (SHT_MARK_ATTENTION, FALSE) },
                       { RING ("sht-road-hole-symbolic", 8, N_ ("There is time")), RING ("sht-bench-symbolic", 2, N_ ("Soon")),
                         RING ("sht-street-light-symbolic", -1, N_ ("Late already")) } },
  [SHT_HELP_ATTENTION] = { { MARK (SHT_MARK_ATTENTION, TRUE), ICON ("sht-crew-symbolic", N_ ("Keep mine"), FALSE),
                             ICON ("sht-department-symbolic", N_ ("Keep theirs"), FALSE) } },
  [SHT_HELP_FIGURES] = { { ICON ("sht-sla-ok-symbolic", N_ ("on time"), FALSE), ICON ("sht-sla-late-symbolic", N_ ("late"), FALSE),
                           ICON ("sht-status-done-symbolic", N_ ("closed"), FALSE),
                           ICON ("sht-status-reopened-symbolic", N_ ("reopened"), FALSE) } },
};

/**
 * sht_help_mark_icon:
 *
 * Returns: (transfer none): the icon of a mark, for as a letter each has a size of its own
 */
const char *
sht_help_mark_icon (ShtMark mark)
{
  static const char *const icons[] = { NULL, "sht-mark-on-device-symbolic", "sht-mark-sent-symbolic",
                                       "sht-mark-confirmed-symbolic", "sht-mark-attention-symbolic" };

  return icons[mark];
}

static GtkWidget *
new_sign (const Part *part)
{
  GtkWidget *sign;

  switch (part->kind)
    {
    case PART_MARK:
      return gtk_image_new_from_icon_name (sht_help_mark_icon ((ShtMark) part->what));
    case PART_STATUS:
      sign = sht_status_chip_new ();
      sht_status_chip_set (sign, (ShtStatus) part->what, NULL);
      gtk_label_set_ellipsize (GTK_LABEL (sign), PANGO_ELLIPSIZE_NONE);
      return sign;
    case PART_RING:
      sign = sht_sla_ring_new ();
      sht_sla_ring_set_icon (SHT_SLA_RING (sign), part->icon);
      sht_sla_ring_set_time (SHT_SLA_RING (sign), TRUE, 0, 10 * HOUR_MS, (10 - part->what) * HOUR_MS);
      return sign;
    default:
      return gtk_image_new_from_icon_name (part->icon);
    }
}

static const char *
caption_of (const Part *part)
{
  switch (part->kind)
    {
    case PART_MARK:
      return sht_words_proof ((ShtMark) part->what);
    case PART_STATUS:
      return sht_words_status ((ShtStatus) part->what);
    default:
      return _(part->caption);
    }
}

static GtkWidget *
new_line (const Part *parts, GString *said)
{
  GtkWidget *line = sht_help_steps_new ();

  for (guint i = 0; i < SHT_HELP_MAX_STEPS && parts[i].kind != PART_NONE; i++)
    {
      const char *caption = caption_of (&parts[i]);

      /* A chip says it itself. */
      sht_help_steps_append (SHT_HELP_STEPS (line), new_sign (&parts[i]), parts[i].kind != PART_STATUS ? caption : NULL,
                             parts[i].leads);
      g_string_append_printf (said, "%s%s", said->len > 0 ? _(", ") : "", caption);
    }
  return line;
}

/**
 * sht_help_figure_new:
 *
 * Returns: (transfer floating): the picture of a page of help
 */
GtkWidget *
sht_help_figure_new (ShtHelpTopic topic)
{
  g_autoptr (GString) said = g_string_new (NULL);
  GtkWidget *figure = g_object_new (GTK_TYPE_BOX, "orientation", GTK_ORIENTATION_VERTICAL, "spacing", 24, "accessible-role",
                                    GTK_ACCESSIBLE_ROLE_IMG, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (figures[topic]) && figures[topic][i][0].kind != PART_NONE; i++)
    gtk_box_append (GTK_BOX (figure), new_line (figures[topic][i], said));
  gtk_accessible_update_property (GTK_ACCESSIBLE (figure), GTK_ACCESSIBLE_PROPERTY_LABEL, said->str, -1);
  gtk_widget_add_css_class (figure, "card");
  gtk_widget_add_css_class (figure, "help-figure");
  gtk_widget_set_can_focus (figure, FALSE);
  gtk_widget_set_can_target (figure, FALSE);
  return figure;
}
