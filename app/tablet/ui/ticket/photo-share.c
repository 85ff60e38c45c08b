/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/ticket/photo-share.h"

#include "core/json.h"
#include "tablet/ui/ticket/photo-canvas.h"

#include <glib/gi18n.h>

#define TOUCH 48
/* Between the picture and its words, points. */
#define GAP 14
#define WORDS_POINTS 11

typedef struct
{
  char *path;        /* (owned) */
  GObject *for_whom; /* (owned) */
  ShtPhotoShareFunc said;
} Saving;

static void
saving_free (Saving *saving)
{
  g_free (saving->path);
  g_object_unref (saving->for_whom);
  g_free (saving);
}

static JsonObject *
find_photo (JsonArray *photos, const char *id)
{
  for (guint i = 0; id != NULL && i < json_array_get_length (photos); i++)
    {
      JsonObject *photo = json_array_get_object_element (photos, i);

      if (g_strcmp0 (sht_json_string (photo, "id"), id) == 0)
        return photo;
    }
  return NULL;
}

static gboolean
is_blurred (JsonObject *photo)
{
  JsonArray *layer = sht_json_array (photo, "layer");

  for (guint i = 0; layer != NULL && i < json_array_get_length (layer); i++)
    if (g_strcmp0 (json_array_get_string_element (layer, i), "blur") == 0)
      return TRUE;
  return FALSE;
}

static const char *
first_of (JsonArray *photos, JsonObject *photo)
{
  /* No chain is longer than there are photos, whatever came from outside. */
  for (guint i = 0; i < json_array_get_length (photos); i++)
    {
      JsonObject *under = find_photo (photos, sht_json_string (photo, "of"));
      if (under == NULL)
        break;
      photo = under;
    }
  return sht_json_string (photo, "id");
}

/**
 * sht_photo_share_is_ours_only:
 * @photos: the ticket's
 * @photo: one of them
 *
 * Returns: whether residents may see only another copy of it, in which faces or plates are blurred (PROTOCOL.md, 14)
 */
gboolean
sht_photo_share_is_ours_only (JsonArray *photos, JsonObject *photo)
{
  const char *first = first_of (photos, photo);

  if (is_blurred (photo))
    return FALSE;
  for (guint i = 0; i < json_array_get_length (photos); i++)
    {
      JsonObject *other = json_array_get_object_element (photos, i);

      if (is_blurred (other) && g_strcmp0 (first_of (photos, other), first) == 0)
        return TRUE;
    }
  return FALSE;
}

static GMenuModel *
new_menu (gboolean ours_only)
{
  GMenu *menu = g_menu_new ();
  g_autoptr (GMenu) ways = g_menu_new ();

  g_menu_append (ways, _("Save a copy…"), "viewer.save-copy");
  g_menu_append (ways, _("Copy the picture"), "viewer.copy");
  g_menu_append (ways, _("Print…"), "viewer.print");
  g_menu_append_section (menu, ours_only ? _("Not for residents: they get the blurred copy") : NULL, G_MENU_MODEL (ways));
  return G_MENU_MODEL (menu);
}

/**
 * sht_photo_share_button_warn:
 * @ours_only: whether the menu is to say that residents get another copy
 */
void
sht_photo_share_button_warn (GtkWidget *button, gboolean ours_only)
{
  g_autoptr (GMenuModel) menu = NULL;

  /* A menu that is open stays open while nothing changes. */
  if (ours_only == GPOINTER_TO_INT (g_object_get_data (G_OBJECT (button), "ours-only")))
    return;
  g_object_set_data (G_OBJECT (button), "ours-only", GINT_TO_POINTER (ours_only));
  menu = new_menu (ours_only);
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (button), menu);
}

/**
 * sht_photo_share_button_new:
 *
 * Returns: (transfer floating): a menu of viewer.save-copy, viewer.copy and viewer.print
 */
GtkWidget *
sht_photo_share_button_new (void)
{
  g_autoptr (GMenuModel) menu = new_menu (FALSE);
  GtkWidget *button = gtk_menu_button_new ();

  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (button), menu);
  gtk_menu_button_set_label (GTK_MENU_BUTTON (button), _("Share"));
  gtk_widget_add_css_class (button, "touch");
  gtk_widget_set_size_request (button, TOUCH, TOUCH);
  return button;
}

void
sht_photo_share_copy (GtkWidget *widget, GdkTexture *texture)
{
  gdk_clipboard_set_texture (gtk_widget_get_clipboard (widget), texture);
}

static void
on_saved (GObject *source, GAsyncResult *result, gpointer data)
{
  Saving *saving = data;
  g_autoptr (GError) error = NULL;

  if (g_file_copy_finish (G_FILE (source), result, &error))
    saving->said (saving->for_whom, _("A copy is saved"));
  else
    {
      g_autofree char *words = g_strdup_printf (_("No copy was saved: %s"), error->message);

      saving->said (saving->for_whom, words);
    }
  saving_free (saving);
}

static void
on_named (GtkNativeDialog *chooser, int response, gpointer data)
{
  Saving *saving = data;

  gtk_native_dialog_hide (chooser);
  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GFile) from = g_file_new_for_path (saving->path);
      g_autoptr (GFile) to = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));

      /* The chooser has asked before a file is replaced. */
      g_file_copy_async (from, to, G_FILE_COPY_OVERWRITE | G_FILE_COPY_TARGET_DEFAULT_PERMS, G_PRIORITY_DEFAULT, NULL, NULL,
                         NULL, on_saved, saving);
    }
  else
    saving_free (saving);
  g_object_unref (chooser);
}

/**
 * sht_photo_share_save:
 * @path: the photo's file
 * @name: what the copy is to be called, until the person says otherwise
 * @said: told in words how it went, with @data
 * @data: a #GObject, kept alive until then
 */
void
sht_photo_share_save (GtkWindow *parent, const char *path, const char *name, ShtPhotoShareFunc said, gpointer data)
{
  GtkFileChooserNative *chooser = gtk_file_chooser_native_new (_("Save a copy of the photo"), parent,
                                                               GTK_FILE_CHOOSER_ACTION_SAVE, _("Save"), _("Cancel"));
  Saving *saving = g_new0 (Saving, 1);

  saving->path = g_strdup (path);
  saving->for_whom = g_object_ref (data);
  saving->said = said;
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), name);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  g_signal_connect (chooser, "response", G_CALLBACK (on_named), saving);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

static PangoLayout *
lay_out_words (GtkPrintContext *context, const char *words)
{
  PangoLayout *layout = gtk_print_context_create_pango_layout (context);
  PangoFontDescription *font = pango_font_description_from_string ("Sans");

  pango_font_description_set_size (font, WORDS_POINTS * PANGO_SCALE);
  pango_layout_set_font_description (layout, font);
  pango_font_description_free (font);
  pango_layout_set_width (layout, (int)(gtk_print_context_get_width (context) * PANGO_SCALE));
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_text (layout, words, -1);
  return layout;
}

static void
on_draw_page (GtkPrintOperation *operation, GtkPrintContext *context, int page, gpointer data)
{
  cairo_t *cairo = gtk_print_context_get_cairo_context (context);
  GdkTexture *texture = g_object_get_data (G_OBJECT (operation), "texture");
  g_autoptr (PangoLayout) words = lay_out_words (context, data);
  int width = gdk_texture_get_width (texture), height = gdk_texture_get_height (texture), words_height;
  cairo_surface_t *picture = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);
  graphene_rect_t fit;

  if (cairo_surface_status (picture) == CAIRO_STATUS_SUCCESS)
    {
      gdk_texture_download (texture, cairo_image_surface_get_data (picture), (gsize)cairo_image_surface_get_stride (picture));
      cairo_surface_mark_dirty (picture);
    }
  pango_layout_get_pixel_size (words, NULL, &words_height);
  sht_photo_fit (texture, (int)gtk_print_context_get_width (context),
                 MAX (1, (int)gtk_print_context_get_height (context) - words_height - GAP), &fit);
  cairo_save (cairo);
  cairo_translate (cairo, fit.origin.x, 0);
  cairo_scale (cairo, fit.size.width / width, fit.size.height / height);
  cairo_set_source_surface (cairo, picture, 0, 0);
  cairo_paint (cairo);
  cairo_restore (cairo);
  cairo_surface_destroy (picture);
  cairo_move_to (cairo, 0, fit.size.height + GAP);
  pango_cairo_show_layout (cairo, words);
}

/**
 * sht_photo_share_new_print:
 * @texture: the picture
 * @words: what stands below it, lines
 *
 * One page: the picture as large as it goes, its words below.
 *
 * Returns: (transfer full): to be run
 */
GtkPrintOperation *
sht_photo_share_new_print (GdkTexture *texture, const char *words)
{
  GtkPrintOperation *operation = gtk_print_operation_new ();

  gtk_print_operation_set_n_pages (operation, 1);
  gtk_print_operation_set_embed_page_setup (operation, TRUE);
  gtk_print_operation_set_unit (operation, GTK_UNIT_POINTS);
  g_object_set_data_full (G_OBJECT (operation), "texture", g_object_ref (texture), g_object_unref);
  g_signal_connect_data (operation, "draw-page", G_CALLBACK (on_draw_page), g_strdup (words), (GClosureNotify)(void (*) (void))g_free,
                         0);
  return operation;
}
