/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/shell/label-width.h"

typedef void (*Measure) (GtkWidget *label, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                         int *minimum_baseline, int *natural_baseline);

static Measure measure_before;

static void
measure (GtkWidget *label, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *minimum_baseline,
         int *natural_baseline)
{
  measure_before (label, orientation, orientation == GTK_ORIENTATION_HORIZONTAL ? -1 : for_size, minimum, natural,
                  minimum_baseline, natural_baseline);
}

/**
 * sht_label_width_settle:
 *
 * From now on no label's width depends on its height. A GtkBox asks how narrow its children could be at the height that it
 * got, and GTK 4.8 finds that for a wrapped label by halving, as if a wider text were never higher. It is, where letters come
 * from several fonts (Hebrew or Arabic with a full stop from the Latin one): then the answer is the whole text on one line,
 * and the label reaches out of its row. The rows of libadwaita are such boxes, so it is put right in the class itself.
 */
void
sht_label_width_settle (void)
{
  GtkWidgetClass *class = g_type_class_ref (GTK_TYPE_LABEL);

  if (measure_before != NULL)
    return;
  measure_before = class->measure;
  class->measure = measure;
}
