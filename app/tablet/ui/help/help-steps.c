/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/help/help-steps.h"

/* In pixels: beside an arrow, between steps without one, between a sign and its words below and beside it. */
#define BESIDE_ARROW 6
#define BETWEEN 12
#define ABOVE_WORDS 6
#define BESIDE_WORDS 14
/* Words in more lines than these are hard to read below a sign: they go beside it. */
#define MOST_LINES 4

typedef struct
{
  GtkWidget *sign;  /* (unowned): in the tree, as the others are */
  GtkWidget *words; /* (unowned) (nullable) */
  GtkWidget *arrow; /* (unowned) (nullable): to the next one */
} Step;

struct _ShtHelpSteps
{
  GtkWidget parent_instance;

  Step steps[SHT_HELP_MAX_STEPS];
  int n;
};

G_DEFINE_FINAL_TYPE (ShtHelpSteps, sht_help_steps, GTK_TYPE_WIDGET)

/* --- sizes --- */

static void
measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *least, int *liked)
{
  if (widget != NULL)
    gtk_widget_measure (widget, orientation, for_size, least, liked, NULL, NULL);
}

static int
liked (GtkWidget *widget, GtkOrientation orientation, int for_size)
{
  int size = 0;

  measure (widget, orientation, for_size, NULL, &size);
  return size;
}

static int
largest_sign (ShtHelpSteps *self, GtkOrientation orientation)
{
  int most = 0;

  for (int i = 0; i < self->n; i++)
    most = MAX (most, liked (self->steps[i].sign, orientation, -1));
  return most;
}

static gboolean
has_words (ShtHelpSteps *self)
{
  gboolean has = FALSE;

  for (int i = 0; i < self->n; i++)
    has = has || self->steps[i].words != NULL;
  return has;
}

/* From a step to the next one. */
static int
gap_behind (ShtHelpSteps *self, int i, GtkOrientation orientation)
{
  GtkWidget *arrow = self->steps[i].arrow;

  if (i + 1 == self->n)
    return 0;
  return arrow != NULL ? liked (arrow, orientation, -1) + 2 * BESIDE_ARROW : BETWEEN;
}

/* A step's width in a row, as narrow as it may be or as it likes to be. */
static int
step_width (const Step *step, gboolean natural)
{
  int sign = liked (step->sign, GTK_ORIENTATION_HORIZONTAL, -1), least = 0, most = 0;

  measure (step->words, GTK_ORIENTATION_HORIZONTAL, -1, &least, &most);
  return MAX (sign, natural ? most : least);
}

static int
row_width (ShtHelpSteps *self, gboolean natural)
{
  int width = 0;

  for (int i = 0; i < self->n; i++)
    width += step_width (&self->steps[i], natural) + gap_behind (self, i, GTK_ORIENTATION_HORIZONTAL);
  return width;
}

/* --- beside each other --- */

/* Shares a row among the steps: all as wide, but for those that need more.
 * Returns: whether they have room beside each other, and their words in a few lines */
static gboolean
share_row (ShtHelpSteps *self, int width, int columns[SHT_HELP_MAX_STEPS])
{
  int room = width, others = self->n, share = 0;
  gboolean even = FALSE;

  if (self->n == 0 || row_width (self, FALSE) > width)
    return FALSE;
  for (int i = 0; i < self->n; i++)
    {
      room -= gap_behind (self, i, GTK_ORIENTATION_HORIZONTAL);
      columns[i] = 0;
    }
  while (!even)
    {
      even = TRUE;
      share = room / MAX (1, others);
      for (int i = 0; i < self->n; i++)
        if (columns[i] == 0 && step_width (&self->steps[i], FALSE) > share)
          {
            columns[i] = step_width (&self->steps[i], FALSE);
            room -= columns[i];
            others--;
            even = FALSE;
          }
    }
  for (int i = 0; i < self->n; i++)
    {
      GtkWidget *words = self->steps[i].words;

      if (columns[i] == 0)
        columns[i] = share;
      if (liked (words, GTK_ORIENTATION_VERTICAL, columns[i]) > MOST_LINES * liked (words, GTK_ORIENTATION_VERTICAL, -1))
        return FALSE;
    }
  return TRUE;
}

static int
row_height (ShtHelpSteps *self, const int columns[SHT_HELP_MAX_STEPS])
{
  int words = 0;

  for (int i = 0; i < self->n; i++)
    words = MAX (words, liked (self->steps[i].words, GTK_ORIENTATION_VERTICAL, columns[i]));
  return largest_sign (self, GTK_ORIENTATION_VERTICAL) + (words > 0 ? ABOVE_WORDS + words : 0);
}

/* --- below each other --- */

static int
words_beside (ShtHelpSteps *self, int width)
{
  return MAX (1, width - largest_sign (self, GTK_ORIENTATION_HORIZONTAL) - BESIDE_WORDS);
}

static int
step_height (ShtHelpSteps *self, const Step *step, int width)
{
  return MAX (largest_sign (self, GTK_ORIENTATION_VERTICAL),
              liked (step->words, GTK_ORIENTATION_VERTICAL, words_beside (self, width)));
}

static int
list_height (ShtHelpSteps *self, int width)
{
  int height = 0;

  for (int i = 0; i < self->n; i++)
    height += step_height (self, &self->steps[i], width) + gap_behind (self, i, GTK_ORIENTATION_VERTICAL);
  return height;
}

static int
list_width (ShtHelpSteps *self)
{
  int words = 0;

  for (int i = 0; i < self->n; i++)
    {
      int least = 0;

      measure (self->steps[i].words, GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL);
      words = MAX (words, least);
    }
  return largest_sign (self, GTK_ORIENTATION_HORIZONTAL) + (has_words (self) ? BESIDE_WORDS + words : 0);
}

/* --- as a widget --- */

static GtkSizeRequestMode
sht_help_steps_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
sht_help_steps_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                        int *minimum_baseline, int *natural_baseline)
{
  ShtHelpSteps *self = SHT_HELP_STEPS (widget);
  int columns[SHT_HELP_MAX_STEPS], width = for_size < 0 ? row_width (self, TRUE) : for_size;

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = MIN (list_width (self), row_width (self, FALSE));
      *natural = MAX (*minimum, row_width (self, TRUE));
    }
  else
    *minimum = *natural = share_row (self, width, columns) ? row_height (self, columns) : list_height (self, width);
}

/* @x is from where a line begins, in either direction. */
static void
put (ShtHelpSteps *self, GtkWidget *child, int x, int y, int width, int height)
{
  gboolean mirrored = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;

  if (mirrored)
    x = gtk_widget_get_width (GTK_WIDGET (self)) - x - width;
  gtk_widget_size_allocate (child, &(GtkAllocation){ x, y, width, height }, -1);
}

/* In the middle of that place, as large as it likes to be. */
static void
put_amid (ShtHelpSteps *self, GtkWidget *child, int x, int y, int width, int height)
{
  int wide = liked (child, GTK_ORIENTATION_HORIZONTAL, -1), high = liked (child, GTK_ORIENTATION_VERTICAL, -1);

  put (self, child, x + (width - wide) / 2, y + (height - high) / 2, wide, high);
}

/* The arrow of a row, turned so that it points down. */
static void
put_arrow_down (ShtHelpSteps *self, GtkWidget *arrow, int x, int y, int width, int height)
{
  gboolean mirrored = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  int wide = liked (arrow, GTK_ORIENTATION_HORIZONTAL, -1), high = liked (arrow, GTK_ORIENTATION_VERTICAL, -1);
  GskTransform *turned;

  if (mirrored)
    x = gtk_widget_get_width (GTK_WIDGET (self)) - x - width;
  turned = gsk_transform_translate (NULL, &GRAPHENE_POINT_INIT ((float) (x + width / 2), (float) (y + height / 2)));
  turned = gsk_transform_rotate (turned, mirrored ? -90 : 90);
  turned = gsk_transform_translate (turned, &GRAPHENE_POINT_INIT ((float) -(wide / 2), (float) -(high / 2)));
  gtk_widget_allocate (arrow, wide, high, -1, turned);
}

static void
put_row (ShtHelpSteps *self, const int columns[SHT_HELP_MAX_STEPS])
{
  int signs = largest_sign (self, GTK_ORIENTATION_VERTICAL), x = 0;

  for (int i = 0; i < self->n; i++)
    {
      const Step *step = &self->steps[i];
      int gap = gap_behind (self, i, GTK_ORIENTATION_HORIZONTAL);

      put_amid (self, step->sign, x, 0, columns[i], signs);
      if (step->words != NULL)
        put (self, step->words, x, signs + ABOVE_WORDS, columns[i],
             liked (step->words, GTK_ORIENTATION_VERTICAL, columns[i]));
      x += columns[i];
      if (step->arrow != NULL)
        put_amid (self, step->arrow, x, 0, gap, signs);
      x += gap;
    }
}

static void
put_list (ShtHelpSteps *self, int width)
{
  int signs = has_words (self) ? largest_sign (self, GTK_ORIENTATION_HORIZONTAL) : width, y = 0;

  for (int i = 0; i < self->n; i++)
    {
      const Step *step = &self->steps[i];
      int height = step_height (self, step, width), gap = gap_behind (self, i, GTK_ORIENTATION_VERTICAL);

      put_amid (self, step->sign, 0, y, signs, height);
      if (step->words != NULL)
        {
          int wide = MIN (words_beside (self, width), liked (step->words, GTK_ORIENTATION_HORIZONTAL, -1));
          int high = liked (step->words, GTK_ORIENTATION_VERTICAL, wide);

          put (self, step->words, signs + BESIDE_WORDS, y + (height - high) / 2, wide, high);
        }
      y += height;
      if (step->arrow != NULL)
        put_arrow_down (self, step->arrow, 0, y, signs, gap);
      y += gap;
    }
}

static void
sht_help_steps_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  ShtHelpSteps *self = SHT_HELP_STEPS (widget);
  int columns[SHT_HELP_MAX_STEPS];

  if (share_row (self, width, columns))
    put_row (self, columns);
  else
    put_list (self, width);
}

static void
sht_help_steps_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  SHT_HELP_STEPS (object)->n = 0;
  G_OBJECT_CLASS (sht_help_steps_parent_class)->dispose (object);
}

static void
sht_help_steps_class_init (ShtHelpStepsClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = sht_help_steps_dispose;
  widget_class->get_request_mode = sht_help_steps_get_request_mode;
  widget_class->measure = sht_help_steps_measure;
  widget_class->size_allocate = sht_help_steps_size_allocate;
  gtk_widget_class_set_css_name (widget_class, "help-steps");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
sht_help_steps_init (ShtHelpSteps *self)
{
}

GtkWidget *
sht_help_steps_new (void)
{
  return g_object_new (SHT_TYPE_HELP_STEPS, NULL);
}

/**
 * sht_help_steps_append:
 * @self: with fewer than %SHT_HELP_MAX_STEPS
 * @sign: (transfer floating): comes behind the others
 * @words: (nullable): what is said of it
 * @leads: an arrow leads on to the next one
 */
void
sht_help_steps_append (ShtHelpSteps *self, GtkWidget *sign, const char *words, gboolean leads)
{
  Step *step = &self->steps[self->n];

  g_return_if_fail (self->n < SHT_HELP_MAX_STEPS);
  self->n++;
  step->sign = sign;
  gtk_widget_set_parent (sign, GTK_WIDGET (self));
  if (words != NULL)
    {
      step->words = gtk_label_new (words);
      gtk_label_set_wrap (GTK_LABEL (step->words), TRUE);
      gtk_label_set_justify (GTK_LABEL (step->words), GTK_JUSTIFY_CENTER);
      gtk_widget_set_parent (step->words, GTK_WIDGET (self));
    }
  if (leads)
    {
      step->arrow = gtk_image_new_from_icon_name ("go-next-symbolic");
      gtk_widget_add_css_class (step->arrow, "help-arrow");
      gtk_widget_set_parent (step->arrow, GTK_WIDGET (self));
    }
}
