/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a tablet sends: a whole push after a `p`, one operation after anything else. */
#include "tests/fuzz/fuzz.h"

static ShtHub *hub;
static SimDisk *disk;
static SimDiskImage *image;

static void
begin (void)
{
  g_autofree char *folder = g_dir_make_tmp ("fuzz-XXXXXX", NULL);

  fuzz_be_strict ();
  disk = sim_disk_new (folder);
  hub = fuzz_hub (folder);
  image = sim_disk_copy (disk);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static const ShtHubDevice device = { (char *) FUZZ_DEVICE, (char *) "supervisor", (char *) "r1", (char *) "roads",
                                       (char *) "p1", 0 };
  g_autoptr (GString) body = g_string_new (NULL);
  GBytes *answer;

  if (hub == NULL)
    begin ();
  sim_disk_put_back (disk, image);
  if (size > 0 && data[0] != 'p')
    g_string_append (body, "{\"ops\":[{\"op\":\"" FUZZ_OP "\",\"seq\":1}],\"incarnation\":\"ab\"}\n");
  if (size > 0)
    g_string_append_len (body, (const char *) data + 1, (gssize) size - 1);
  if (size > 0 && data[0] != 'p')
    g_string_append_c (body, '\n');
  answer = sht_hub_push (hub, &device, body->str, body->len, NULL);
  g_clear_pointer (&answer, g_bytes_unref);
  return 0;
}
