/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/work/ticket-card.h"

#include "tablet/store/clock.h"
#include "tablet/ui/common/letters.h"
#include "tablet/ui/common/names.h"
#include "tablet/ui/common/sla-ring.h"
#include "tablet/ui/common/status-chip.h"
#include "tablet/ui/work/card-photos.h"

#include <glib/gi18n.h>

/* Between what stands beside each other, pixels. */
#define GAP 14
#define FOOT_GAP 10
#define COUNT_GAP 4
/* With letters of 100 %. */
#define COUNT_ICON 16

struct _ShtTicketCard
{
  GtkWidget parent_instance;

  ShtSession *session; /* (owned) */
  ShtCardLook *look;   /* (unowned): the list's, which outlives its cards */
  ShtTicketItem *item; /* (owned) (nullable) */
  gulong changed_handler;
  gboolean current;
  GtkWidget *thumbs; /* (unowned): the only child */

  char *left; /* (owned) (nullable): the time left, in words */
  ShtSla sla;
  double ring;
  /* Laid out when they are first drawn. */
  PangoLayout *title; /* (owned) (nullable) */
  PangoLayout *where; /* (owned) (nullable) */
  PangoLayout *place; /* (owned) (nullable): the address alone, where even that has no room */
  /* Where a pointer that rests is told what they are. */
  graphene_rect_t mark_place;
  graphene_rect_t count_place;
};

G_DEFINE_FINAL_TYPE (ShtTicketCard, sht_ticket_card, GTK_TYPE_WIDGET)

static gboolean
is_mirrored (ShtTicketCard *self)
{
  return gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
}

/* --- what is said --- */

/* Whose it is, where that is not said by whose tablet this is. */
static const char *
crew_of (ShtTicketCard *self, const ShtTicketRow *row)
{
  ShtStore *store = sht_session_get_reader (self->session);

  return row->crew != NULL && store->device.role != SHT_ROLE_CREW ? sht_names_get (store, "crew", row->crew) : NULL;
}

/* What a screen reader says of the whole row: what somebody may have to act on, then the rest. */
static void
name_row (ShtTicketCard *self, const ShtTicketRow *row)
{
  GtkWidget *parent = gtk_widget_get_parent (GTK_WIDGET (self));
  g_autoptr (GString) name = g_string_new (NULL);
  const char *crew = crew_of (self, row);

  if (parent == NULL)
    return;
  g_string_append_printf (name, "%s, %s, %s, %s", row->title != NULL ? row->title : "", row->address != NULL ? row->address : "",
                          sht_words_status (row->status), self->left != NULL ? self->left : "");
  if (row->mark != SHT_MARK_NONE)
    g_string_append_printf (name, ", %s", sht_words_mark (row->mark));
  if (row->status == SHT_STATUS_WAITING && row->waiting_for != NULL)
    g_string_append_printf (name, ", %s", sht_words_waiting_for (row->waiting_for));
  if (row->photos > 0)
    {
      g_string_append (name, ", ");
      g_string_append_printf (name, ngettext ("%u photo", "%u photos", row->photos), row->photos);
    }
  if (crew != NULL)
    g_string_append_printf (name, ", %s", crew);
  g_string_append_printf (name, ", %s", sht_names_get (sht_session_get_reader (self->session), "service", row->service));
  gtk_accessible_update_property (GTK_ACCESSIBLE (parent), GTK_ACCESSIBLE_PROPERTY_LABEL, name->str, -1);
}

static void
reckon_time (ShtTicketCard *self, const ShtTicketRow *row)
{
  gint64 now = sht_store_hub_now (sht_session_get_reader (self->session));

  g_free (self->left);
  self->left = !row->open                                                   ? NULL
               : row->due_at == 0 && row->status == SHT_STATUS_WAITING ? g_strdup (_("clock stopped"))
                                                                       : sht_words_left (row->due_at, now);
  self->sla = sht_sla_ring_reckon (row->open, row->created_at, row->due_at, now, &self->ring);
}

static int
photos_width (ShtTicketCard *self, guint most)
{
  return sht_card_photos_get_width (SHT_CARD_PHOTOS (self->thumbs), most);
}

static void
show (ShtTicketCard *self)
{
  const ShtTicketRow *row = sht_ticket_item_get_row (self->item);
  int width = photos_width (self, SHT_CARD_PHOTOS_MOST);

  g_clear_object (&self->title);
  g_clear_object (&self->where);
  g_clear_object (&self->place);
  sht_card_photos_set (SHT_CARD_PHOTOS (self->thumbs), sht_session_get_reader (self->session), row->thumbs);
  if (photos_width (self, SHT_CARD_PHOTOS_MOST) != width)
    gtk_widget_queue_allocate (GTK_WIDGET (self));
  reckon_time (self, row);
  name_row (self, row);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
lay_out_words (ShtTicketCard *self, const ShtTicketRow *row)
{
  ShtStore *store = sht_session_get_reader (self->session);
  const char *service = sht_names_get (store, "service", row->service);
  const char *crew = crew_of (self, row);
  /* The service comes last, for what has no room goes, and the ring has its sign. */
  const char *parts[] = { row->address != NULL ? row->address : "", crew != NULL ? crew : "", service };
  g_autoptr (GString) where = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    if (parts[i][0] != '\0')
      {
        /* A Hebrew street must not turn an English line around, nor the other way. */
        g_autofree char *part = sht_words_isolated (parts[i]);

        g_string_append_printf (where, "%s%s", where->len > 0 ? " · " : "", part);
      }
  self->title
    = sht_card_look_text (self->look, SHT_CARD_TITLE, row->title != NULL && *row->title != '\0' ? row->title : service);
  self->where = sht_card_look_text (self->look, SHT_CARD_WHERE, where->str);
}

/* --- drawing --- */

/* A line of the card; where it begins and ends is reckoned as if the window went from left to right. */
typedef struct
{
  ShtTicketCard *card;
  GtkSnapshot *snapshot;
  float begin;
  float end;
  float y;
  float height;
} Line;

static graphene_rect_t
place_on (const Line *line, float begin, float width)
{
  float whole = (float) gtk_widget_get_width (GTK_WIDGET (line->card));

  return GRAPHENE_RECT_INIT (is_mirrored (line->card) ? whole - begin - width : begin, line->y, width, line->height);
}

static void
draw_line (Line *line, ShtCardPart part, PangoLayout *words)
{
  graphene_rect_t place = place_on (line, line->begin, MAX (0, line->end - line->begin));

  sht_card_look_draw (line->card->look, line->snapshot, part, words, &place);
}

/* A line that is made shorter within words of the other direction gets its "…" where they begin. So an address that
 * has no room stands alone, in its own direction. */
static void
draw_where (Line *line, const ShtTicketRow *row)
{
  ShtTicketCard *self = line->card;
  float room = line->end - line->begin;

  if (row->address != NULL && *row->address != '\0' && self->place == NULL
      && (float) sht_card_look_width (self->look, SHT_CARD_WHERE, self->where) > room)
    self->place = sht_card_look_text (self->look, SHT_CARD_WHERE, row->address);
  draw_line (line, SHT_CARD_WHERE,
             self->place != NULL && (float) sht_card_look_width (self->look, SHT_CARD_WHERE, self->place) > room ? self->place
                                                                                                              : self->where);
}

static float
width_of (ShtTicketCard *self, ShtCardPart part, const char *word)
{
  return (float) sht_card_look_width (self->look, part, sht_card_look_word (self->look, part, word));
}

/* Draws a word and goes on behind it. */
static void
draw_word (Line *line, ShtCardPart part, const char *word, float width)
{
  graphene_rect_t place = place_on (line, line->begin, width);

  sht_card_look_draw (line->card->look, line->snapshot, part, sht_card_look_word (line->card->look, part, word), &place);
  line->begin += width + FOOT_GAP;
}

static void
draw_count (Line *line, const char *count, float width)
{
  ShtTicketCard *self = line->card;
  float size = (float) sht_letters_grown (COUNT_ICON);
  graphene_rect_t icon = place_on (line, line->begin, size);

  self->count_place = place_on (line, line->begin, size + COUNT_GAP + width);
  icon.origin.y += (float) ((int) (line->height - size) / 2);
  icon.size.height = size;
  sht_card_look_draw_icon (self->look, line->snapshot, "image-x-generic-symbolic", SHT_CARD_COUNT, &icon);
  line->begin += size + COUNT_GAP;
  draw_word (line, SHT_CARD_COUNT, count, width);
}

static ShtCardPart
left_part (ShtTicketCard *self)
{
  /* Only what presses is given a colour: plain words tell that there is time. */
  return self->sla == SHT_SLA_SOON ? SHT_CARD_LEFT_SOON : self->sla == SHT_SLA_LATE ? SHT_CARD_LEFT_LATE : SHT_CARD_LEFT;
}

/* What the last line has, and how wide each is; 0 for what is not there. */
typedef struct
{
  char *status; /* (owned) */
  char *count;  /* (owned) (nullable) */
  float left_width;
  float status_width;
  float urgent_width;
  float count_width;
  float mark_width;
} Foot;

static void
foot_clear (Foot *foot)
{
  g_free (foot->status);
  g_free (foot->count);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Foot, foot_clear)

static float
with_gap (float width)
{
  return width > 0 ? width + FOOT_GAP : 0;
}

/* Beside so many photos. */
static void
measure_foot (ShtTicketCard *self, const ShtTicketRow *row, guint shown, Foot *foot)
{
  foot_clear (foot);
  *foot = (Foot){ .status = sht_status_chip_text (row->status, row->waiting_for) };
  /* What is seen need not be counted, unless there is more of it. */
  if (row->photos > shown)
    {
      foot->count = g_strdup_printf ("%u", row->photos);
      foot->count_width = (float) sht_letters_grown (COUNT_ICON) + COUNT_GAP + width_of (self, SHT_CARD_COUNT, foot->count);
    }
  foot->left_width = self->left != NULL ? width_of (self, left_part (self), self->left) : 0;
  foot->status_width = width_of (self, SHT_CARD_STATUS + row->status, foot->status);
  foot->urgent_width = row->urgent && row->open ? width_of (self, SHT_CARD_URGENT, _("Urgent")) : 0;
  foot->mark_width = row->mark != SHT_MARK_NONE ? width_of (self, SHT_CARD_MARK + row->mark, sht_words_mark_shape (row->mark)) : 0;
}

/* All but the status. */
static float
others_width (const Foot *foot)
{
  return with_gap (foot->left_width) + with_gap (foot->urgent_width) + with_gap (foot->count_width) + with_gap (foot->mark_width);
}

static void
draw_foot (Line *line, const ShtTicketRow *row, const Foot *foot)
{
  ShtTicketCard *self = line->card;
  ShtCardPart mark = SHT_CARD_MARK + row->mark;
  /* The status is made shorter where the others leave too little for it. */
  float status_width = MIN (foot->status_width, MAX (0, line->end - line->begin - others_width (foot)));

  self->count_place = self->mark_place = *graphene_rect_zero ();
  if (self->left != NULL)
    draw_word (line, left_part (self), self->left, foot->left_width);
  draw_word (line, SHT_CARD_STATUS + row->status, foot->status, status_width);
  if (foot->urgent_width > 0)
    draw_word (line, SHT_CARD_URGENT, _("Urgent"), foot->urgent_width);
  if (foot->count != NULL)
    draw_count (line, foot->count, foot->count_width - (float) sht_letters_grown (COUNT_ICON) - COUNT_GAP);
  if (foot->mark_width > 0)
    {
      line->begin = MAX (line->begin, line->end - foot->mark_width);
      self->mark_place = place_on (line, line->begin, foot->mark_width);
      draw_word (line, mark, sht_words_mark_shape (row->mark), foot->mark_width);
    }
}

/* The first of them, at the card's end. */
static void
draw_photos (ShtTicketCard *self, GtkSnapshot *snapshot, guint shown)
{
  GtkWidget *widget = GTK_WIDGET (self);
  float width = (float) photos_width (self, shown), rest = (float) photos_width (self, SHT_CARD_PHOTOS_MOST) - width;
  float begin = is_mirrored (self) ? 0 : (float) gtk_widget_get_width (widget) - width;

  if (width <= 0)
    return;
  gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT (begin, 0, width, (float) gtk_widget_get_height (widget)));
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (is_mirrored (self) ? -rest : rest, 0));
  gtk_widget_snapshot_child (widget, self->thumbs, snapshot);
  gtk_snapshot_pop (snapshot);
}

static void
sht_ticket_card_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  ShtTicketCard *self = SHT_TICKET_CARD (widget);
  float size = (float) sht_sla_ring_size ();
  Line line = { self, snapshot, 0, size, 0, (float) gtk_widget_get_height (widget) };
  const ShtTicketRow *row;
  g_auto (Foot) foot = { 0 };
  int title, where, foot_height;
  guint photos = SHT_CARD_PHOTOS_MOST;
  graphene_rect_t ring;

  if (self->item == NULL)
    return;
  row = sht_ticket_item_get_row (self->item);
  if (self->title == NULL)
    lay_out_words (self, row);
  ring = place_on (&line, 0, size);
  sht_card_look_draw_ring (self->look, snapshot, self->sla, self->ring,
                           sht_names_service_icon (sht_session_get_reader (self->session), row->service), &ring);
  sht_card_look_lines (self->look, &title, &where, &foot_height);
  line.begin = size + GAP;
  /* Rather a photo less than half a status. */
  while (TRUE)
    {
      int width = photos_width (self, photos);

      line.end = (float) (gtk_widget_get_width (widget) - (width > 0 ? width + GAP : 0));
      measure_foot (self, row, width > 0 ? photos : 0, &foot);
      if (width == 0 || line.begin + others_width (&foot) + foot.status_width <= line.end)
        break;
      photos--;
    }
  line.height = (float) title;
  draw_line (&line, SHT_CARD_TITLE, self->title);
  line.y += (float) (title + SHT_CARD_LINE_GAP);
  line.height = (float) where;
  draw_where (&line, row);
  line.y += (float) (where + SHT_CARD_FOOT_GAP);
  line.height = (float) foot_height;
  draw_foot (&line, row, &foot);
  draw_photos (self, snapshot, photos);
}

/* --- as a widget --- */

static void
sht_ticket_card_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                         int *minimum_baseline, int *natural_baseline)
{
  *minimum = *natural
    = orientation == GTK_ORIENTATION_VERTICAL ? sht_card_look_content_height (SHT_TICKET_CARD (widget)->look) : 0;
}

static void
sht_ticket_card_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  GtkWidget *thumbs = SHT_TICKET_CARD (widget)->thumbs;
  int photos = photos_width (SHT_TICKET_CARD (widget), SHT_CARD_PHOTOS_MOST);
  gboolean mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;

  gtk_widget_size_allocate (thumbs, &(GtkAllocation){ mirrored ? 0 : width - photos, 0, photos, height }, -1);
}

static gboolean
sht_ticket_card_query_tooltip (GtkWidget *widget, int x, int y, gboolean by_keyboard, GtkTooltip *tooltip)
{
  ShtTicketCard *self = SHT_TICKET_CARD (widget);
  graphene_point_t at = GRAPHENE_POINT_INIT ((float) x, (float) y);

  if (self->item == NULL || by_keyboard)
    return FALSE;
  if (graphene_rect_contains_point (&self->mark_place, &at))
    gtk_tooltip_set_text (tooltip, sht_words_mark (sht_ticket_item_get_row (self->item)->mark));
  else if (graphene_rect_contains_point (&self->count_place, &at))
    gtk_tooltip_set_text (tooltip, _("Photos"));
  else
    return FALSE;
  return TRUE;
}

static void
forget_words (ShtTicketCard *self)
{
  g_clear_object (&self->title);
  g_clear_object (&self->where);
  g_clear_object (&self->place);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
sht_ticket_card_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  forget_words (SHT_TICKET_CARD (widget));
  GTK_WIDGET_CLASS (sht_ticket_card_parent_class)->css_changed (widget, change);
}

static void
sht_ticket_card_system_setting_changed (GtkWidget *widget, GtkSystemSetting setting)
{
  forget_words (SHT_TICKET_CARD (widget));
  GTK_WIDGET_CLASS (sht_ticket_card_parent_class)->system_setting_changed (widget, setting);
}

/**
 * sht_ticket_card_set_item:
 * @item: (nullable): what is to be shown, from now on and as it changes
 */
void
sht_ticket_card_set_item (ShtTicketCard *self, ShtTicketItem *item)
{
  if (self->item != NULL)
    g_clear_signal_handler (&self->changed_handler, self->item);
  g_set_object (&self->item, item);
  if (item == NULL)
    return;
  self->changed_handler = g_signal_connect_swapped (item, "changed", G_CALLBACK (show), self);
  show (self);
}

ShtTicketItem *
sht_ticket_card_get_item (ShtTicketCard *self)
{
  return self->item;
}

/**
 * sht_ticket_card_set_current:
 * @ticket: (nullable): which ticket is open beside the list
 */
void
sht_ticket_card_set_current (ShtTicketCard *self, const char *ticket)
{
  gboolean current
    = self->item != NULL && ticket != NULL && g_strcmp0 (sht_ticket_item_get_row (self->item)->id, ticket) == 0;

  /* There are some hundred cards, and GTK looks through what a class changes in each of them. */
  if (current == self->current)
    return;
  self->current = current;
  if (current)
    gtk_widget_add_css_class (GTK_WIDGET (self), "selected");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "selected");
}

/**
 * sht_ticket_card_tick:
 *
 * Tells the time left anew.
 */
void
sht_ticket_card_tick (ShtTicketCard *self)
{
  if (self->item == NULL)
    return;
  reckon_time (self, sht_ticket_item_get_row (self->item));
  name_row (self, sht_ticket_item_get_row (self->item));
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
sht_ticket_card_dispose (GObject *object)
{
  ShtTicketCard *self = SHT_TICKET_CARD (object);

  sht_ticket_card_set_item (self, NULL);
  g_clear_pointer (&self->thumbs, gtk_widget_unparent);
  g_clear_object (&self->title);
  g_clear_object (&self->where);
  g_clear_object (&self->place);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (sht_ticket_card_parent_class)->dispose (object);
}

static void
sht_ticket_card_finalize (GObject *object)
{
  g_free (SHT_TICKET_CARD (object)->left);
  G_OBJECT_CLASS (sht_ticket_card_parent_class)->finalize (object);
}

static void
sht_ticket_card_class_init (ShtTicketCardClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = sht_ticket_card_dispose;
  G_OBJECT_CLASS (class)->finalize = sht_ticket_card_finalize;
  widget_class->measure = sht_ticket_card_measure;
  widget_class->size_allocate = sht_ticket_card_size_allocate;
  widget_class->snapshot = sht_ticket_card_snapshot;
  widget_class->query_tooltip = sht_ticket_card_query_tooltip;
  widget_class->css_changed = sht_ticket_card_css_changed;
  widget_class->system_setting_changed = sht_ticket_card_system_setting_changed;
  gtk_widget_class_set_css_name (widget_class, "ticket-card");
  /* The row's name has all of its words. */
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
sht_ticket_card_init (ShtTicketCard *self)
{
  self->thumbs = sht_card_photos_new ();
  gtk_widget_set_parent (self->thumbs, GTK_WIDGET (self));
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self), "ticket-card");
  gtk_widget_add_css_class (GTK_WIDGET (self), "card");
}

GtkWidget *
sht_ticket_card_new (ShtSession *session, ShtCardLook *look)
{
  ShtTicketCard *self = g_object_new (SHT_TYPE_TICKET_CARD, NULL);

  self->session = g_object_ref (session);
  self->look = look;
  return GTK_WIDGET (self);
}
