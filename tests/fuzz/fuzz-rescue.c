/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A rescue file: as it is after an `r`; else as parts, each a letter, two bytes of length and its bytes, which are sealed
 * and signed as a tablet of this hub would, so that what is behind the seal is reached. */
#include "hub/rescue/rescue.h"
#include "platform/sealed-file.h"
#include "tests/fuzz/fuzz.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

#define SECRET "0101010101010101010101010101010101010101010101010101010101010101"

static ShtHub *hub;
static SimDisk *disk;
static SimDiskImage *image;
static char *file, *hub_key;

static void
begin (void)
{
  g_autofree char *folder = g_dir_make_tmp ("fuzz-XXXXXX", NULL);
  g_autofree char *key = sht_key_to_sign (SECRET);
  g_autoptr (JsonObject) answer = json_object_new ();

  fuzz_be_strict ();
  disk = sim_disk_new (folder);
  hub = fuzz_hub (folder);
  g_assert_true (sht_hub_exchange_keys (hub, FUZZ_DEVICE, key, answer, NULL));
  hub_key = g_strdup (sht_json_string (answer, "hub_key"));
  file = g_build_filename (folder, "file", NULL);
  image = sim_disk_copy (disk);
}

static void
seal (int fd, const uint8_t *data, size_t size)
{
  g_autoptr (ShtSealedWriter) writer = sht_sealed_writer_new (fd, hub_key, SECRET, NULL);

  while (size >= 3)
    {
      gsize length = MIN ((gsize) (data[1] * 256 + data[2]), size - 3);

      if (data[0] != 'S')
        g_assert_true (sht_sealed_writer_add (writer, (char) data[0], data + 3, length, NULL));
      data += 3 + length;
      size -= 3 + length;
    }
  g_assert_true (sht_sealed_writer_finish (writer, NULL));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_auto (ShtRescueReport) report = { 0 };
  int fd;

  if (hub == NULL)
    begin ();
  sim_disk_put_back (disk, image);
  fd = open (file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (size > 0 && data[0] == 'r')
    g_assert_cmpint (write (fd, data + 1, size - 1), ==, (gssize) size - 1);
  else
    seal (fd, data, size);
  close (fd);
  sht_hub_rescue (hub, file, &report, NULL);
  return 0;
}
