/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tablet/ui/shell/lock-page.h"

#include "tablet/ui/shell/pin-form.h"

#include <glib/gi18n.h>

#define LOCK_PAGE_WIDTH 460
/* With what is read to a supervisor beside the pad. */
#define WIDE_LOCK_PAGE_WIDTH 960

/**
 * ShtLockShield:
 *
 * A window's whole content, and in its place, while the windows are locked, the page that opens them. What is behind is not only
 * covered: it is out of the accessibility tree, and no key reaches it.
 */
#define SHT_TYPE_LOCK_SHIELD (sht_lock_shield_get_type ())
G_DECLARE_FINAL_TYPE (ShtLockShield, sht_lock_shield, SHT, LOCK_SHIELD, AdwBin)

struct _ShtLockShield
{
  AdwBin parent_instance;

  ShtLock *lock; /* (owned) */
  GtkWidget *box;
  GtkWidget *content;
  GtkWidget *page;   /* (nullable): while it is locked */
  GtkWidget *clamp;
  GtkWidget *place;  /* of the page, for its form */
  GtkWidget *form;
  GtkWidget *other;  /* to the other way of opening it, and back */
  GtkWidget *before; /* (nullable) (weak): what had the focus */
  gboolean asks_supervisor;
  GtkEventController *keys; /* of the window */
};

G_DEFINE_FINAL_TYPE (ShtLockShield, sht_lock_shield, ADW_TYPE_BIN)

static void show_form (ShtLockShield *self);

static void
on_done (ShtLockShield *self)
{
  /* A supervisor's answer opens nothing before there is a new PIN. */
  if (sht_pin_must_change (sht_lock_get_pin (self->lock)))
    show_form (self);
  else
    sht_lock_open (self->lock);
}

static void
show_form (ShtLockShield *self)
{
  gboolean must_change = sht_pin_must_change (sht_lock_get_pin (self->lock));
  ShtPinTask task = must_change ? SHT_PIN_TASK_SET : self->asks_supervisor ? SHT_PIN_TASK_ANSWER : SHT_PIN_TASK_OPEN;
  const char *title = must_change             ? _("Choose a new PIN")
                      : self->asks_supervisor ? _("Your supervisor opens it")
                                              : _("Locked");

  self->form = sht_pin_form_new (self->lock, task, title);
  g_signal_connect_object (self->form, "done", G_CALLBACK (on_done), self, G_CONNECT_SWAPPED);
  adw_bin_set_child (ADW_BIN (self->place), self->form);
  adw_clamp_set_maximum_size (ADW_CLAMP (self->clamp), task == SHT_PIN_TASK_ANSWER ? WIDE_LOCK_PAGE_WIDTH : LOCK_PAGE_WIDTH);
  gtk_button_set_label (GTK_BUTTON (self->other), self->asks_supervisor ? _("Back to the PIN") : _("PIN forgotten?"));
  gtk_widget_set_visible (self->other, !must_change);
  if (gtk_widget_get_root (self->form) != NULL)
    gtk_widget_child_focus (self->form, GTK_DIR_TAB_FORWARD);
}

static void
on_other (ShtLockShield *self)
{
  self->asks_supervisor = !self->asks_supervisor;
  show_form (self);
}

static GtkWidget *
new_page (ShtLockShield *self)
{
  GtkWidget *page = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *bar = adw_header_bar_new ();
  GtkWidget *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  self->place = adw_bin_new ();
  self->other = gtk_button_new ();
  gtk_widget_set_halign (self->other, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (self->other, "touch");
  gtk_widget_add_css_class (self->other, "flat");
  g_signal_connect_object (self->other, "clicked", G_CALLBACK (on_other), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (column), self->place);
  gtk_box_append (GTK_BOX (column), self->other);
  gtk_widget_set_valign (column, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (column, "lock-page");
  self->clamp = adw_clamp_new ();
  adw_clamp_set_child (ADW_CLAMP (self->clamp), column);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), self->clamp);
  gtk_widget_set_vexpand (scrolled, TRUE);
  gtk_box_append (GTK_BOX (page), bar);
  gtk_box_append (GTK_BOX (page), scrolled);
  gtk_widget_set_hexpand (page, TRUE);
  return page;
}

static void
cover (ShtLockShield *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  g_set_weak_pointer (&self->before, root != NULL ? gtk_root_get_focus (root) : NULL);
  gtk_widget_set_visible (self->content, FALSE);
  self->asks_supervisor = FALSE;
  self->page = new_page (self);
  gtk_box_append (GTK_BOX (self->box), self->page);
  show_form (self);
}

static void
uncover (ShtLockShield *self)
{
  gtk_box_remove (GTK_BOX (self->box), self->page);
  self->page = self->clamp = self->place = self->form = self->other = NULL;
  gtk_widget_set_visible (self->content, TRUE);
  if (self->before != NULL)
    gtk_widget_grab_focus (self->before);
  g_clear_weak_pointer (&self->before);
}

static void
on_changed (ShtLockShield *self)
{
  gboolean locked = sht_lock_is_locked (self->lock);

  if (locked && self->page == NULL)
    cover (self);
  else if (!locked && self->page != NULL)
    uncover (self);
}

/* Before the window's own shortcuts: while it is locked there is the pad, and walking among the page's buttons. */
static gboolean
on_key (GtkEventControllerKey *keys, guint key, guint code, GdkModifierType state, gpointer data)
{
  static const guint walking[] = { GDK_KEY_Tab, GDK_KEY_ISO_Left_Tab, GDK_KEY_Up, GDK_KEY_Down, GDK_KEY_Left, GDK_KEY_Right,
                                   GDK_KEY_space, GDK_KEY_KP_Space, GDK_KEY_Return, GDK_KEY_KP_Enter };
  ShtLockShield *self = data;

  if (self->page == NULL)
    return GDK_EVENT_PROPAGATE;
  if ((state & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SUPER_MASK | GDK_META_MASK)) != 0)
    return GDK_EVENT_STOP;
  if (sht_pin_form_take_key (SHT_PIN_FORM (self->form), key))
    return GDK_EVENT_STOP;
  if (key == GDK_KEY_Escape && self->asks_supervisor)
    on_other (self);
  for (guint i = 0; i < G_N_ELEMENTS (walking); i++)
    if (walking[i] == key)
      return GDK_EVENT_PROPAGATE;
  return GDK_EVENT_STOP;
}

static void
sht_lock_shield_root (GtkWidget *widget)
{
  ShtLockShield *self = SHT_LOCK_SHIELD (widget);

  GTK_WIDGET_CLASS (sht_lock_shield_parent_class)->root (widget);
  self->keys = gtk_event_controller_key_new ();
  gtk_event_controller_set_propagation_phase (self->keys, GTK_PHASE_CAPTURE);
  g_signal_connect_object (self->keys, "key-pressed", G_CALLBACK (on_key), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (gtk_widget_get_root (widget)), self->keys);
}

static void
sht_lock_shield_unroot (GtkWidget *widget)
{
  ShtLockShield *self = SHT_LOCK_SHIELD (widget);

  gtk_widget_remove_controller (GTK_WIDGET (gtk_widget_get_root (widget)), g_steal_pointer (&self->keys));
  GTK_WIDGET_CLASS (sht_lock_shield_parent_class)->unroot (widget);
}

static void
sht_lock_shield_dispose (GObject *object)
{
  ShtLockShield *self = SHT_LOCK_SHIELD (object);

  g_clear_weak_pointer (&self->before);
  g_clear_object (&self->lock);
  G_OBJECT_CLASS (sht_lock_shield_parent_class)->dispose (object);
}

static void
sht_lock_shield_class_init (ShtLockShieldClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = sht_lock_shield_dispose;
  widget_class->root = sht_lock_shield_root;
  widget_class->unroot = sht_lock_shield_unroot;
}

static void
sht_lock_shield_init (ShtLockShield *self)
{
  self->box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  adw_bin_set_child (ADW_BIN (self), self->box);
}

/**
 * sht_lock_shield_new:
 * @content: (transfer floating): what a window shows while it is not locked
 *
 * Returns: (transfer floating): what the window shows
 */
GtkWidget *
sht_lock_shield_new (ShtLock *lock, GtkWidget *content)
{
  ShtLockShield *self = g_object_new (SHT_TYPE_LOCK_SHIELD, NULL);

  self->lock = g_object_ref (lock);
  self->content = content;
  gtk_widget_set_hexpand (content, TRUE);
  gtk_box_append (GTK_BOX (self->box), content);
  g_signal_connect_object (lock, "changed", G_CALLBACK (on_changed), self, G_CONNECT_SWAPPED);
  on_changed (self);
  return GTK_WIDGET (self);
}
