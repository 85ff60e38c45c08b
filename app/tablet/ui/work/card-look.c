/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/work/card-look.h"

#include "tablet/ui/common/letters.h"
#include "tablet/ui/common/sla-ring.h"
#include "tablet/ui/common/status-chip.h"

/* Letters of the four languages: rows are equally high whichever stand in them. */
#define LETTERS "Ag Фу שק عي"
#define N_RINGS (SHT_SLA_REST + 1)
/* With letters of 100 %, pixels. */
#define RING_ICON 24
/* What is told again and again: a status, the time left. */
#define MOST_WORDS 400

struct _ShtCardLook
{
  GtkWidget parent_instance;

  GtkWidget *parts[SHT_N_CARD_PARTS]; /* (unowned): in the tree below */
  GtkWidget *rings[N_RINGS];          /* (unowned): each with an image */
  GHashTable *words;                  /* (owned): part and word → PangoLayout */
  GHashTable *icons;                  /* (owned): name → GtkIconPaintable */
};

G_DEFINE_FINAL_TYPE (ShtCardLook, sht_card_look, GTK_TYPE_WIDGET)

/* --- words --- */

/**
 * sht_card_look_text:
 *
 * Returns: (transfer full): a line in the style of @part, which the caller may make shorter
 */
PangoLayout *
sht_card_look_text (ShtCardLook *self, ShtCardPart part, const char *text)
{
  PangoLayout *layout = gtk_widget_create_pango_layout (self->parts[part], text);

  pango_layout_set_single_paragraph_mode (layout, TRUE);
  return layout;
}

/**
 * sht_card_look_word:
 *
 * Returns: (transfer none): what many cards say, laid out once; not to be changed, and good until the next word is asked for
 */
PangoLayout *
sht_card_look_word (ShtCardLook *self, ShtCardPart part, const char *word)
{
  g_autofree char *key = g_strdup_printf ("%d %s", (int) part, word);
  PangoLayout *layout = g_hash_table_lookup (self->words, key);

  if (layout != NULL)
    return layout;
  if (g_hash_table_size (self->words) >= MOST_WORDS)
    g_hash_table_remove_all (self->words);
  layout = sht_card_look_text (self, part, word);
  g_hash_table_insert (self->words, g_steal_pointer (&key), layout);
  return layout;
}

static GtkStyleContext *
style_of (ShtCardLook *self, ShtCardPart part)
{
  return gtk_widget_get_style_context (self->parts[part]);
}

/**
 * sht_card_look_width:
 *
 * Returns: of the words with the edges that their style puts around them, pixels
 */
int
sht_card_look_width (ShtCardLook *self, ShtCardPart part, PangoLayout *words)
{
  GtkBorder padding;
  int width;

  gtk_style_context_get_padding (style_of (self, part), &padding);
  pango_layout_get_pixel_size (words, &width, NULL);
  return width + padding.left + padding.right;
}

static int
height_of (ShtCardLook *self, ShtCardPart part)
{
  int height;

  gtk_widget_measure (self->parts[part], GTK_ORIENTATION_VERTICAL, -1, NULL, &height, NULL, NULL);
  return height;
}

/**
 * sht_card_look_lines:
 * @title: (out): how high its line is, pixels
 * @where: (out): the place's
 * @foot: (out): that of the time left and all that stands beside it
 */
void
sht_card_look_lines (ShtCardLook *self, int *title, int *where, int *foot)
{
  *title = height_of (self, SHT_CARD_TITLE);
  *where = height_of (self, SHT_CARD_WHERE);
  *foot = MAX (height_of (self, SHT_CARD_LEFT_LATE), height_of (self, SHT_CARD_STATUS));
  *foot = MAX (*foot, MAX (height_of (self, SHT_CARD_MARK), height_of (self, SHT_CARD_URGENT)));
}

/**
 * sht_card_look_content_height:
 *
 * Returns: of all that is in a card, pixels
 */
int
sht_card_look_content_height (ShtCardLook *self)
{
  int title, where, foot;

  sht_card_look_lines (self, &title, &where, &foot);
  return MAX (sht_sla_ring_size (), title + SHT_CARD_LINE_GAP + where + SHT_CARD_FOOT_GAP + foot);
}

/* --- drawing --- */

/**
 * sht_card_look_draw:
 * @words: of that part; they begin where @place does, and are made shorter where it is too narrow
 */
void
sht_card_look_draw (ShtCardLook *self, GtkSnapshot *snapshot, ShtCardPart part, PangoLayout *words,
                    const graphene_rect_t *place)
{
  GtkStyleContext *style = style_of (self, part);
  gboolean mirrored = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  g_autoptr (PangoLayout) shorter = NULL;
  PangoLayout *pattern;
  PangoRectangle extents;
  GtkBorder padding;
  GdkRGBA colour;
  int room, height;
  float x, y;

  gtk_snapshot_render_background (snapshot, style, place->origin.x, place->origin.y, place->size.width,
                                  place->size.height);
  gtk_style_context_get_padding (style, &padding);
  gtk_style_context_get_color (style, &colour);
  room = MAX (0, (int) place->size.width - padding.left - padding.right);
  pango_layout_get_pixel_extents (words, NULL, &extents);
  if (extents.width > room)
    {
      shorter = pango_layout_copy (words);
      pango_layout_set_ellipsize (shorter, PANGO_ELLIPSIZE_END);
      pango_layout_set_width (shorter, room * PANGO_SCALE);
      pango_layout_get_pixel_extents (shorter, NULL, &extents);
    }
  x = mirrored ? place->origin.x + place->size.width - padding.right - (float) extents.width : place->origin.x + padding.left;
  /* On the line on which the pattern's letters stand: a sign of another font makes its line higher, not its words. */
  pattern = gtk_label_get_layout (GTK_LABEL (self->parts[part]));
  pango_layout_get_pixel_size (pattern, NULL, &height);
  y = place->origin.y + (float) ((int) place->size.height - height) / 2
      + (float) (pango_layout_get_baseline (pattern) - pango_layout_get_baseline (words)) / PANGO_SCALE;
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (x - (float) extents.x, (float) (int) y));
  gtk_snapshot_append_layout (snapshot, shorter != NULL ? shorter : words, &colour);
  gtk_snapshot_restore (snapshot);
}

/* An icon theme looks through its folders, so what was found is kept. */
static GtkIconPaintable *
find_icon (ShtCardLook *self, const char *name, int size)
{
  g_autofree char *key = g_strdup_printf ("%d %s", size, name);
  GtkIconPaintable *icon = g_hash_table_lookup (self->icons, key);

  if (icon != NULL)
    return icon;
  icon = gtk_icon_theme_lookup_icon (gtk_icon_theme_get_for_display (gtk_widget_get_display (GTK_WIDGET (self))), name,
                                     NULL, size, gtk_widget_get_scale_factor (GTK_WIDGET (self)),
                                     gtk_widget_get_direction (GTK_WIDGET (self)), 0);
  g_hash_table_insert (self->icons, g_steal_pointer (&key), icon);
  return icon;
}

static void
draw_icon (ShtCardLook *self, GtkSnapshot *snapshot, const char *name, GtkStyleContext *style,
           const graphene_rect_t *place)
{
  GtkIconPaintable *icon = find_icon (self, name, (int) place->size.width);
  GdkRGBA colour;

  gtk_style_context_get_color (style, &colour);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &place->origin);
  gtk_symbolic_paintable_snapshot_symbolic (GTK_SYMBOLIC_PAINTABLE (icon), snapshot, place->size.width,
                                            place->size.height, &colour, 1);
  gtk_snapshot_restore (snapshot);
}

/**
 * sht_card_look_draw_icon:
 * @icon: name of a symbolic icon
 * @part: whose colour it has
 */
void
sht_card_look_draw_icon (ShtCardLook *self, GtkSnapshot *snapshot, const char *icon, ShtCardPart part,
                         const graphene_rect_t *place)
{
  draw_icon (self, snapshot, icon, style_of (self, part), place);
}

/**
 * sht_card_look_draw_ring:
 * @left: how much of the time, 0 … 1
 * @icon: name of a symbolic icon, the service's
 */
void
sht_card_look_draw_ring (ShtCardLook *self, GtkSnapshot *snapshot, ShtSla sla, double left, const char *icon,
                         const graphene_rect_t *place)
{
  GtkWidget *ring = self->rings[sla];
  float size = (float) sht_letters_grown (RING_ICON);
  GdkRGBA colour;

  gtk_style_context_get_color (gtk_widget_get_style_context (ring), &colour);
  sht_sla_ring_draw (snapshot, sla, left, &colour, gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL,
                     place);
  draw_icon (self, snapshot, icon, gtk_widget_get_style_context (gtk_widget_get_first_child (ring)),
             &GRAPHENE_RECT_INIT (place->origin.x + (float) ((int) (place->size.width - size) / 2),
                                  place->origin.y + (float) ((int) (place->size.height - size) / 2), size, size));
}

/* --- as a widget: as high as a card, and never seen --- */

static void
forget (ShtCardLook *self)
{
  g_hash_table_remove_all (self->words);
  g_hash_table_remove_all (self->icons);
}

static void
sht_card_look_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  forget (SHT_CARD_LOOK (widget));
  GTK_WIDGET_CLASS (sht_card_look_parent_class)->css_changed (widget, change);
}

static void
sht_card_look_system_setting_changed (GtkWidget *widget, GtkSystemSetting setting)
{
  forget (SHT_CARD_LOOK (widget));
  GTK_WIDGET_CLASS (sht_card_look_parent_class)->system_setting_changed (widget, setting);
}

static void
sht_card_look_direction_changed (GtkWidget *widget, GtkTextDirection before)
{
  forget (SHT_CARD_LOOK (widget));
  GTK_WIDGET_CLASS (sht_card_look_parent_class)->direction_changed (widget, before);
}

static void
sht_card_look_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                       int *minimum_baseline, int *natural_baseline)
{
  *minimum = *natural = orientation == GTK_ORIENTATION_VERTICAL ? sht_card_look_content_height (SHT_CARD_LOOK (widget)) : 0;
}

static void
sht_card_look_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (sht_card_look_parent_class)->dispose (object);
}

static void
sht_card_look_finalize (GObject *object)
{
  g_hash_table_unref (SHT_CARD_LOOK (object)->words);
  g_hash_table_unref (SHT_CARD_LOOK (object)->icons);
  G_OBJECT_CLASS (sht_card_look_parent_class)->finalize (object);
}

static void
sht_card_look_class_init (ShtCardLookClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = sht_card_look_dispose;
  G_OBJECT_CLASS (class)->finalize = sht_card_look_finalize;
  widget_class->css_changed = sht_card_look_css_changed;
  widget_class->system_setting_changed = sht_card_look_system_setting_changed;
  widget_class->direction_changed = sht_card_look_direction_changed;
  widget_class->measure = sht_card_look_measure;
  gtk_widget_class_set_css_name (widget_class, "ticket-card");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static GtkWidget *
add_label (ShtCardLook *self, ShtCardPart part, const char *const *classes)
{
  GtkWidget *label = gtk_label_new (LETTERS);

  gtk_label_set_single_line_mode (GTK_LABEL (label), TRUE);
  gtk_widget_set_css_classes (label, (const char **) classes);
  gtk_widget_set_parent (label, GTK_WIDGET (self));
  self->parts[part] = label;
  return label;
}

static void
add_labels (ShtCardLook *self)
{
  static const char *const parts[][4] = {
    [SHT_CARD_TITLE] = { "card-title" },
    [SHT_CARD_WHERE] = { "card-where" },
    [SHT_CARD_LEFT] = { "card-left" },
    [SHT_CARD_LEFT_SOON] = { "card-left", "chip", "sla-soon" },
    [SHT_CARD_LEFT_LATE] = { "card-left", "chip", "sla-late" },
    [SHT_CARD_URGENT] = { "chip", "urgent" },
    [SHT_CARD_COUNT] = { "photo-count" },
  };
  static const char *const marks[] = { "none", "local", "sent", "confirmed", "attention" };

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    add_label (self, i, parts[i]);
  for (guint i = 0; i < G_N_ELEMENTS (marks); i++)
    add_label (self, SHT_CARD_MARK + i, (const char *[]){ "mark", marks[i], NULL });
  for (guint i = 0; i < SHT_N_STATUSES; i++)
    {
      g_autofree char *class = sht_status_chip_css (i);

      add_label (self, SHT_CARD_STATUS + i, (const char *[]){ "chip", class, NULL });
    }
}

static void
sht_card_look_init (ShtCardLook *self)
{
  self->words = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->icons = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  gtk_widget_add_css_class (GTK_WIDGET (self), "ticket-card");
  gtk_widget_add_css_class (GTK_WIDGET (self), "card");
  add_labels (self);
  for (guint i = 0; i < N_RINGS; i++)
    {
      self->rings[i] = g_object_new (GTK_TYPE_BOX, "css-name", "sla-ring", NULL);
      gtk_widget_add_css_class (self->rings[i], "sla-ring");
      gtk_widget_add_css_class (self->rings[i], sht_sla_css (i));
      gtk_box_append (GTK_BOX (self->rings[i]), gtk_image_new ());
      gtk_widget_set_parent (self->rings[i], GTK_WIDGET (self));
    }
}

GtkWidget *
sht_card_look_new (void)
{
  return g_object_new (SHT_TYPE_CARD_LOOK, NULL);
}
