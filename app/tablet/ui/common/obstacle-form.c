/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/common/obstacle-form.h"

#include "core/json.h"
#include "core/obstacle.h"
#include "tablet/photo/draft.h"
#include "tablet/ui/common/big-button.h"
#include "tablet/ui/common/choice-dialog.h"
#include "tablet/ui/common/cover.h"
#include "tablet/ui/common/even-rows.h"
#include "tablet/ui/common/letters.h"
#include "tablet/ui/common/names.h"
#include "tablet/ui/common/one-photo.h"
#include "tablet/ui/common/page.h"
#include "tablet/ui/common/words.h"

#include <glib/gi18n.h>

#define COLUMN_WIDTH 760
#define TILES_A_ROW 4
#define TILE_HEIGHT 76
#define TEXT_HEIGHT 110
#define TOUCH 56
/* What is chosen for no other department; no department has this code. */
#define NONE "-"
/* How long nothing is written before what was written is kept. */
#define KEEP_MS 400

struct _ShtObstacleForm
{
  AdwBin parent_instance;

  ShtSession *session; /* (owned) */
  char *ticket;        /* (owned) (nullable): what it holds up */
  char *department;    /* (owned) (nullable): whose it is as well */
  char *id;            /* (owned): what it will be called */
  gboolean saving;
  gboolean kept;       /* whether the store has a draft */
  guint keep_timer;

  GtkWidget *view; /* the words */
  GtkWidget *tiles;
  GtkWidget *whose;
  GtkWidget *photo;
};

G_DEFINE_FINAL_TYPE (ShtObstacleForm, sht_obstacle_form, ADW_TYPE_BIN)

static void keep_soon (ShtObstacleForm *self);

static const struct
{
  const char *words;
  const char *icon;
} kinds[SHT_N_OBSTACLE_KINDS] = {
  [SHT_OBSTACLE_DEPARTMENT] = { NC_ ("obstacle", "Another department"), "sht-department-symbolic" },
  [SHT_OBSTACLE_PARTS] = { NC_ ("obstacle", "Parts"), "sht-wait-parts-symbolic" },
  [SHT_OBSTACLE_EQUIPMENT] = { NC_ ("obstacle", "Vehicle or equipment"), "sht-vehicle-symbolic" },
  [SHT_OBSTACLE_ACCESS] = { NC_ ("obstacle", "No way in"), "changes-prevent-symbolic" },
  [SHT_OBSTACLE_INFORMATION] = { NC_ ("obstacle", "Something is not known"), "dialog-question-symbolic" },
  [SHT_OBSTACLE_SAFETY] = { NC_ ("obstacle", "Not safe"), "dialog-warning-symbolic" },
  [SHT_OBSTACLE_OTHER] = { NC_ ("obstacle", "Something else"), "sht-obstacle-symbolic" },
};

/**
 * sht_obstacle_words:
 * @kind: (nullable): a kind's word in the store
 *
 * Returns: (transfer none): the kind of an obstacle in a person's words
 */
const char *
sht_obstacle_words (const char *kind)
{
  ShtObstacleKind found;

  return g_dpgettext2 (NULL, "obstacle", kinds[sht_obstacle_kind_parse (kind, &found) ? found : SHT_OBSTACLE_OTHER].words);
}

const char *
sht_obstacle_icon (const char *kind)
{
  ShtObstacleKind found;

  return sht_icon_or (kinds[sht_obstacle_kind_parse (kind, &found) ? found : SHT_OBSTACLE_OTHER].icon,
                      "dialog-warning-symbolic");
}

/* --- what kind --- */

static const char *
chosen_kind (ShtObstacleForm *self)
{
  for (GtkWidget *tile = gtk_widget_get_first_child (self->tiles); tile != NULL; tile = gtk_widget_get_next_sibling (tile))
    if (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (tile)))
      return g_object_get_data (G_OBJECT (tile), "kind");
  return NULL;
}

static GtkWidget *
new_tile (ShtObstacleKind kind)
{
  const char *words = sht_obstacle_words (sht_obstacle_kind_name (kind));
  GtkWidget *tile = gtk_toggle_button_new ();
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  GtkWidget *label = gtk_label_new (words);
  GtkWidget *image = gtk_image_new_from_icon_name (sht_obstacle_icon (sht_obstacle_kind_name (kind)));

  gtk_image_set_icon_size (GTK_IMAGE (image), GTK_ICON_SIZE_LARGE);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_CENTER);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 14);
  gtk_box_append (GTK_BOX (row), image);
  gtk_box_append (GTK_BOX (row), label);
  gtk_widget_set_valign (row, GTK_ALIGN_CENTER);
  gtk_button_set_child (GTK_BUTTON (tile), row);
  gtk_widget_set_size_request (tile, -1, TILE_HEIGHT);
  gtk_widget_add_css_class (tile, "report-tile");
  gtk_accessible_update_property (GTK_ACCESSIBLE (tile), GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
  g_object_set_data (G_OBJECT (tile), "kind", (gpointer) sht_obstacle_kind_name (kind));
  return tile;
}

static GtkWidget *
new_tiles (ShtObstacleForm *self)
{
  GtkWidget *group = NULL;

  self->tiles = sht_even_rows_new (9, TILES_A_ROW);
  for (guint i = 0; i < SHT_N_OBSTACLE_KINDS; i++)
    {
      GtkWidget *tile = new_tile (i);

      gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (tile), GTK_TOGGLE_BUTTON (group));
      group = group == NULL ? tile : group;
      g_signal_connect_object (tile, "toggled", G_CALLBACK (keep_soon), self, G_CONNECT_SWAPPED);
      sht_even_rows_append (SHT_EVEN_ROWS (self->tiles), tile);
    }
  return self->tiles;
}

/* --- whose it is as well --- */

static void
show_department (ShtObstacleForm *self)
{
  ShtStore *reader = sht_session_get_reader (self->session);

  sht_big_button_say (self->whose, self->department != NULL ? sht_names_get (reader, "department", self->department)
                                                            : _("Another department, if it is theirs too…"));
}

static void
on_department_chosen (ShtObstacleForm *self, const char *id)
{
  g_free (self->department);
  self->department = g_strcmp0 (id, NONE) != 0 ? g_strdup (id) : NULL;
  show_department (self);
  keep_soon (self);
}

static void
ask_department (ShtObstacleForm *self)
{
  ShtStore *reader = sht_session_get_reader (self->session);
  ShtChoiceDialog *dialog = sht_choice_dialog_new (GTK_WIDGET (self), _("Whose is it too?"), NULL);
  ShtStmt *stmt = sht_db_query (reader->db, "SELECT id FROM entity WHERE type = 'department' AND id <> coalesce (?1, '') "
                                            "ORDER BY id", "s", reader->device.department);

  sht_choice_dialog_add (dialog, NONE, _("No other department"), NULL, NULL);
  while (sht_stmt_step (stmt))
    sht_choice_dialog_add (dialog, sht_stmt_text (stmt, 0), sht_names_get (reader, "department", sht_stmt_text (stmt, 0)),
                           NULL, "system-users-symbolic");
  sht_stmt_end (stmt, NULL);
  g_signal_connect_object (dialog, "chosen", G_CALLBACK (on_department_chosen), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* --- the draft --- */

static GtkTextBuffer *
words_of (ShtObstacleForm *self)
{
  return gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->view));
}

static char *
get_text (ShtObstacleForm *self)
{
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (words_of (self), &start, &end);
  return g_strstrip (gtk_text_buffer_get_text (words_of (self), &start, &end, FALSE));
}

typedef struct
{
  char *key;       /* (owned) */
  ShtDraft *draft; /* (owned) (nullable) */
  ShtObstacleForm *form; /* (owned) (nullable): to be shown it */
} Keeping;

static Keeping *
keeping_new (ShtObstacleForm *self)
{
  Keeping *keeping = g_new0 (Keeping, 1);

  keeping->key = g_strconcat (SHT_STORE_OBSTACLE_DRAFT, self->ticket, NULL);
  return keeping;
}

static void
keeping_free (gpointer data)
{
  Keeping *keeping = data;

  sht_draft_free (keeping->draft);
  g_clear_object (&keeping->form);
  g_free (keeping->key);
  g_free (keeping);
}

/* What a person has entered; %NULL for nothing. */
static ShtDraft *
make_draft (ShtObstacleForm *self)
{
  const ShtImage *image = sht_one_photo_get (SHT_ONE_PHOTO (self->photo));
  g_autoptr (ShtDraft) draft = g_new0 (ShtDraft, 1);

  draft->ticket = g_strdup (self->id);
  draft->service = g_strdup (chosen_kind (self));
  draft->department = g_strdup (self->department);
  draft->words = get_text (self);
  draft->image = image != NULL ? sht_image_copy (image) : NULL;
  if (draft->service == NULL && draft->department == NULL && draft->words[0] == '\0' && image == NULL)
    return NULL;
  return g_steal_pointer (&draft);
}

static gboolean
keep_draft (ShtStore *store, gpointer data, GError **error)
{
  Keeping *keeping = data;

  return keeping->draft != NULL ? sht_draft_keep (store, keeping->key, keeping->draft, error)
                                : sht_draft_forget (store, keeping->key, error);
}

static void
on_kept (GObject *session, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  /* It is in the window still; raising it will tell when the tablet can keep nothing. */
  if (!sht_session_do_finish (SHT_SESSION (session), result, &error))
    g_message ("obstacle: the draft was not kept: %s", error->message);
}

static void
keep_now (ShtObstacleForm *self)
{
  Keeping *keeping;

  g_clear_handle_id (&self->keep_timer, g_source_remove);
  if (self->saving)
    return;
  keeping = keeping_new (self);
  keeping->draft = make_draft (self);
  if (keeping->draft == NULL && !self->kept)
    {
      keeping_free (keeping);
      return;
    }
  self->kept = keeping->draft != NULL;
  sht_session_do_async (self->session, keep_draft, keeping, keeping_free, on_kept, NULL);
}

static gboolean
on_rested (gpointer data)
{
  ShtObstacleForm *self = data;

  self->keep_timer = 0;
  keep_now (self);
  return G_SOURCE_REMOVE;
}

static void
keep_soon (ShtObstacleForm *self)
{
  g_clear_handle_id (&self->keep_timer, g_source_remove);
  self->keep_timer = g_timeout_add (KEEP_MS, on_rested, self);
}

static gboolean
read_draft (ShtStore *store, gpointer data, GError **error)
{
  Keeping *keeping = data;

  keeping->draft = sht_draft_read (store, keeping->key, error);
  return *error == NULL;
}

static void
choose_kind (ShtObstacleForm *self, const char *kind)
{
  for (GtkWidget *tile = gtk_widget_get_first_child (self->tiles); tile != NULL; tile = gtk_widget_get_next_sibling (tile))
    if (g_strcmp0 (g_object_get_data (G_OBJECT (tile), "kind"), kind) == 0)
      gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (tile), TRUE);
}

static void
on_draft_read (GObject *session, GAsyncResult *result, gpointer data)
{
  Keeping *keeping = data;
  ShtObstacleForm *self = keeping->form;
  ShtDraft *draft = keeping->draft;
  g_autoptr (GError) error = NULL;
  g_autoptr (ShtDraft) begun = self->session != NULL ? make_draft (self) : NULL;

  if (!sht_session_do_finish (SHT_SESSION (session), result, &error))
    g_message ("obstacle: the draft cannot be read: %s", error->message);
  /* Who was faster than the store has begun another. */
  if (draft != NULL && begun == NULL && self->session != NULL && !self->saving)
    {
      self->kept = TRUE;
      g_free (self->id);
      self->id = g_strdup (draft->ticket);
      gtk_text_buffer_set_text (words_of (self), draft->words != NULL ? draft->words : "", -1);
      choose_kind (self, draft->service);
      g_free (self->department);
      self->department = g_strdup (draft->department);
      show_department (self);
      if (draft->image != NULL)
        sht_one_photo_set (SHT_ONE_PHOTO (self->photo), g_steal_pointer (&draft->image));
    }
  keeping_free (keeping);
}

static void
look_for_draft (ShtObstacleForm *self)
{
  Keeping *keeping = keeping_new (self);

  keeping->form = g_object_ref (self);
  sht_session_do_async (self->session, read_draft, keeping, NULL, on_draft_read, keeping);
}

/* --- raising it --- */

typedef struct
{
  ShtOperation *operation; /* (owned) */
  ShtImage *image;         /* (owned) (nullable) */
  char *key;               /* (owned): of its draft */
} Raise;

static void
raise_free (gpointer data)
{
  Raise *raise = data;

  sht_operation_free (raise->operation);
  g_clear_pointer (&raise->image, sht_image_free);
  g_free (raise->key);
  g_free (raise);
}

static gboolean
raise_obstacle (ShtStore *store, gpointer data, GError **error)
{
  Raise *raise = data;
  g_auto (ShtPhotoTaken) taken = { 0 };
  g_autoptr (GError) draft_error = NULL;

  if (raise->image != NULL ? !sht_photo_report (store, raise->operation, raise->image, "other", NULL, &taken, error)
                           : !sht_store_act (store, raise->operation, error))
    return FALSE;
  if (!sht_draft_forget (store, raise->key, &draft_error))
    g_message ("obstacle: the draft stays: %s", draft_error->message);
  return TRUE;
}

static void
on_raised (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (ShtObstacleForm) self = data;
  g_autoptr (GError) error = NULL;

  self->saving = FALSE;
  if (!sht_session_do_finish (SHT_SESSION (source), result, &error))
    {
      g_message ("obstacle: %s", error->message);
      gtk_widget_set_sensitive (GTK_WIDGET (self), TRUE);
      sht_page_toast (GTK_WIDGET (self), _("It could not be kept on this tablet"));
      return;
    }
  sht_page_toast (GTK_WIDGET (self), _("Raised. An answer comes back to you."));
  sht_cover_hide (GTK_WIDGET (self));
}

static void
raise_it (ShtObstacleForm *self)
{
  g_autofree char *text = get_text (self);
  const char *kind = chosen_kind (self);
  const ShtImage *image = sht_one_photo_get (SHT_ONE_PHOTO (self->photo));
  ShtStore *reader = sht_session_get_reader (self->session);
  Raise *raise;

  if (self->saving)
    return;
  if (text[0] == '\0' || kind == NULL || sht_one_photo_is_reading (SHT_ONE_PHOTO (self->photo)))
    {
      sht_page_toast (GTK_WIDGET (self), text[0] == '\0' ? _("Say in some words what is in the way")
                                         : kind == NULL  ? _("Choose what it is")
                                                         : _("The photo is still being taken in"));
      /* One goes on writing, or choosing, at once. */
      if (text[0] == '\0' || kind == NULL)
        gtk_widget_grab_focus (text[0] == '\0' ? self->view : gtk_widget_get_first_child (self->tiles));
      return;
    }
  self->saving = TRUE;
  /* The form goes once it is raised: nothing is written on it until then. */
  gtk_widget_set_sensitive (GTK_WIDGET (self), FALSE);
  g_clear_handle_id (&self->keep_timer, g_source_remove);
  raise = g_new0 (Raise, 1);
  raise->operation = sht_store_new_operation (reader, SHT_KIND_OBSTACLE_RAISE, self->id);
  json_object_set_string_member (raise->operation->fields, "kind", kind);
  json_object_set_string_member (raise->operation->fields, "text", text);
  sht_json_set_string (raise->operation->fields, "department", self->department);
  sht_json_set_string (raise->operation->fields, "ticket", self->ticket);
  raise->key = g_strconcat (SHT_STORE_OBSTACLE_DRAFT, self->ticket, NULL);
  raise->image = image != NULL ? sht_image_copy (image) : NULL;
  sht_session_do_async (self->session, raise_obstacle, raise, raise_free, on_raised, g_object_ref (self));
}

/* --- the page --- */

static void
on_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  ShtObstacleForm *self = SHT_OBSTACLE_FORM (widget);

  if (g_str_equal (action, "obstacle-form.close"))
    sht_cover_hide (widget);
  else if (g_str_equal (action, "obstacle-form.department"))
    ask_department (self);
  else
    raise_it (self);
}

static void
on_photo_failed (ShtObstacleForm *self, const char *words)
{
  sht_page_toast (GTK_WIDGET (self), words);
}

static void
sht_obstacle_form_dispose (GObject *object)
{
  ShtObstacleForm *self = SHT_OBSTACLE_FORM (object);

  if (self->keep_timer != 0)
    keep_now (self);
  g_clear_object (&self->session);
  g_clear_pointer (&self->id, g_free);
  g_clear_pointer (&self->ticket, g_free);
  g_clear_pointer (&self->department, g_free);
  G_OBJECT_CLASS (sht_obstacle_form_parent_class)->dispose (object);
}

static void
sht_obstacle_form_class_init (ShtObstacleFormClass *class)
{
  static const char *const actions[] = { "obstacle-form.close", "obstacle-form.department", "obstacle-form.raise" };

  G_OBJECT_CLASS (class)->dispose = sht_obstacle_form_dispose;
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (GTK_WIDGET_CLASS (class), actions[i], NULL, on_action);
  gtk_widget_class_add_binding_action (GTK_WIDGET_CLASS (class), GDK_KEY_Escape, 0, "obstacle-form.close", NULL);
}

static void
sht_obstacle_form_init (ShtObstacleForm *self)
{
}

static GtkWidget *
new_head (void)
{
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *label = gtk_label_new (_("What is in the way?"));
  GtkWidget *close = gtk_button_new_from_icon_name ("window-close-symbolic");

  gtk_widget_set_tooltip_text (close, _("Close. What is written is kept."));
  gtk_accessible_update_property (GTK_ACCESSIBLE (close), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Close. What is written is kept."), -1);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (close), "obstacle-form.close");
  gtk_widget_add_css_class (close, "flat");
  gtk_widget_add_css_class (close, "touch");
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_add_css_class (label, "title-3");
  gtk_box_append (GTK_BOX (head), close);
  gtk_box_append (GTK_BOX (head), label);
  gtk_widget_add_css_class (head, "photo-head");
  return head;
}

static GtkWidget *
new_text (ShtObstacleForm *self)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  self->view = sht_letters_text_view_new (_("What is in the way, in some words"));
  g_signal_connect_object (words_of (self), "changed", G_CALLBACK (keep_soon), self, G_CONNECT_SWAPPED);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (scrolled), TEXT_HEIGHT);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), self->view);
  gtk_widget_add_css_class (scrolled, "card");
  gtk_widget_add_css_class (scrolled, "words-field");
  gtk_widget_set_overflow (scrolled, GTK_OVERFLOW_HIDDEN);
  return scrolled;
}

static GtkWidget *
new_heading (const char *words)
{
  GtkWidget *label = gtk_label_new (words);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, "heading");
  return label;
}

/* Which ticket it holds up is said, and need not be said by whoever raises it. */
static void
add_ticket (ShtObstacleForm *self, GtkWidget *column)
{
  g_autoptr (JsonObject) ticket
    = self->ticket != NULL ? sht_store_get (sht_session_get_reader (self->session), "ticket", self->ticket, NULL) : NULL;
  const char *number = sht_json_string (ticket, "number");
  g_autofree char *isolated = sht_words_isolated (number != NULL ? number : sht_json_string (ticket, "title"));
  g_autofree char *words = NULL;

  if (ticket == NULL || isolated == NULL)
    return;
  words = g_strdup_printf (_("It holds up %s"), isolated);
  gtk_box_append (GTK_BOX (column), new_heading (words));
}

static void
build (ShtObstacleForm *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *clamp = sht_letters_clamp_new (SHT_CLAMP_FILLS, COLUMN_WIDTH);
  GtkWidget *head = sht_letters_clamp_new (SHT_CLAMP_FILLS, COLUMN_WIDTH);
  GtkWidget *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *raise = sht_big_button (sht_icon_or ("sht-raise-symbolic", "mail-send-symbolic"), _("Raise it"),
                                     "obstacle-form.raise");

  self->whose = sht_big_button (sht_icon_or ("sht-department-symbolic", "system-users-symbolic"), "",
                                "obstacle-form.department");
  gtk_widget_set_size_request (self->whose, -1, TOUCH);
  self->photo = sht_one_photo_new (_("Photo of what is in the way"), _("This photo goes with it"));
  g_signal_connect_object (self->photo, "changed", G_CALLBACK (keep_soon), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->photo, "failed", G_CALLBACK (on_photo_failed), self, G_CONNECT_SWAPPED);
  gtk_widget_add_css_class (raise, "suggested-action");
  show_department (self);
  add_ticket (self, column);
  gtk_box_append (GTK_BOX (column), new_heading (_("In a few words")));
  gtk_box_append (GTK_BOX (column), new_text (self));
  gtk_box_append (GTK_BOX (column), new_heading (_("Of which kind?")));
  gtk_box_append (GTK_BOX (column), new_tiles (self));
  gtk_box_append (GTK_BOX (column), self->whose);
  gtk_box_append (GTK_BOX (column), self->photo);
  gtk_box_append (GTK_BOX (column), raise);
  gtk_widget_set_margin_top (column, 12);
  gtk_widget_set_margin_bottom (column, 24);
  gtk_widget_set_margin_start (column, 18);
  gtk_widget_set_margin_end (column, 18);
  adw_clamp_set_child (ADW_CLAMP (clamp), column);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), clamp);
  gtk_widget_set_vexpand (scrolled, TRUE);
  /* In line with the form. */
  adw_clamp_set_child (ADW_CLAMP (head), new_head ());
  gtk_box_append (GTK_BOX (box), head);
  gtk_box_append (GTK_BOX (box), scrolled);
  /* The camera stands in front of the form, and the form in front of its page. */
  adw_bin_set_child (ADW_BIN (self), sht_cover_new (box));
}

/**
 * sht_obstacle_form_open:
 * @page: the page from which it is raised, inside of a #ShtCover
 * @ticket: (nullable): the UUID of the ticket that it holds up
 */
void
sht_obstacle_form_open (GtkWidget *page, ShtSession *session, const char *ticket)
{
  ShtObstacleForm *self = g_object_new (SHT_TYPE_OBSTACLE_FORM, NULL);

  self->session = g_object_ref (session);
  self->ticket = g_strdup (ticket);
  self->id = sht_store_new_id (sht_session_get_reader (session));
  build (self);
  look_for_draft (self);
  sht_cover_show (page, GTK_WIDGET (self));
}
