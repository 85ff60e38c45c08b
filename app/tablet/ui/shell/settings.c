/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/shell/settings.h"

#include <stdlib.h>

#define SCHEMA "org.shetach.Shetach"
#define GROUP "window"
/* A tap that changes several of them writes the file once. */
#define WRITE_AFTER_MS 300

struct _ShtSettings
{
  GObject parent_instance;

  char *path;     /* (owned) */
  GKeyFile *file; /* (owned) */
  GSettings *town; /* (owned) (nullable): what the town has set; %NULL where its schema is not installed */
  guint writing;
};

G_DEFINE_FINAL_TYPE (ShtSettings, sht_settings, G_TYPE_OBJECT)

static guint changed_signal;

static gboolean
write_file (gpointer data)
{
  ShtSettings *self = data;
  g_autoptr (GError) error = NULL;

  self->writing = 0;
  if (!g_key_file_save_to_file (self->file, self->path, &error))
    g_warning ("The choices could not be kept: %s", error->message);
  return G_SOURCE_REMOVE;
}

static GSettings *
find_town (void)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) schema = source != NULL ? g_settings_schema_source_lookup (source, SCHEMA, TRUE) : NULL;

  return schema != NULL ? g_settings_new_full (schema, NULL, NULL) : NULL;
}

static char *
set_by_town (ShtSettings *self, const char *key)
{
  g_autoptr (GSettingsSchema) schema = NULL;

  if (self->town == NULL)
    return NULL;
  g_object_get (self->town, "settings-schema", &schema, NULL);
  return g_settings_schema_has_key (schema, key) ? g_settings_get_string (self->town, key) : NULL;
}

/**
 * sht_settings_get:
 *
 * Returns: (transfer full) (nullable): what was chosen or else set by the town, or %NULL
 */
char *
sht_settings_get (ShtSettings *self, const char *key)
{
  char *value = g_key_file_get_string (self->file, GROUP, key, NULL);

  if (value != NULL && *value == '\0')
    g_clear_pointer (&value, g_free);
  if (value == NULL)
    value = set_by_town (self, key);
  if (value != NULL && *value == '\0')
    g_clear_pointer (&value, g_free);
  return value;
}

/**
 * sht_settings_set:
 * @value: (nullable): %NULL for no choice
 */
void
sht_settings_set (ShtSettings *self, const char *key, const char *value)
{
  g_autofree char *before = sht_settings_get (self, key);

  if (g_strcmp0 (before, value) == 0)
    return;
  g_key_file_set_string (self->file, GROUP, key, value != NULL ? value : "");
  if (self->writing == 0)
    self->writing = g_timeout_add (WRITE_AFTER_MS, write_file, self);
  g_signal_emit (self, changed_signal, g_quark_from_string (key));
}

/**
 * sht_settings_get_text_size:
 *
 * Returns: per cent, 100 to 200
 */
int
sht_settings_get_text_size (ShtSettings *self)
{
  g_autofree char *text = sht_settings_get (self, SHT_SETTING_TEXT_SIZE);

  return text != NULL ? CLAMP (atoi (text), 100, 200) : 100;
}

static void
sht_settings_finalize (GObject *object)
{
  ShtSettings *self = SHT_SETTINGS (object);

  if (self->writing != 0)
    {
      g_source_remove (self->writing);
      write_file (self);
    }
  g_key_file_unref (self->file);
  g_clear_object (&self->town);
  g_free (self->path);
  G_OBJECT_CLASS (sht_settings_parent_class)->finalize (object);
}

static void
sht_settings_class_init (ShtSettingsClass *class)
{
  G_OBJECT_CLASS (class)->finalize = sht_settings_finalize;
  changed_signal = g_signal_new ("changed", SHT_TYPE_SETTINGS, G_SIGNAL_RUN_LAST | G_SIGNAL_DETAILED, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 0);
}

static void
sht_settings_init (ShtSettings *self)
{
  self->file = g_key_file_new ();
  self->town = find_town ();
}

/**
 * sht_settings_new:
 * @folder: the store's
 */
ShtSettings *
sht_settings_new (const char *folder)
{
  ShtSettings *self = g_object_new (SHT_TYPE_SETTINGS, NULL);

  self->path = g_build_filename (folder, "window.ini", NULL);
  /* A missing or a broken file is no choice at all. */
  g_key_file_load_from_file (self->file, self->path, G_KEY_FILE_NONE, NULL);
  return self;
}
