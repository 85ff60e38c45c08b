// SPDX-License-Identifier: GPL-3.0-or-later
// tus-js-client against tus-stub: client.cjs STUB FOLDER. TAP on standard output.
const { spawn } = require('node:child_process');
const crypto = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const tus = require('tus-js-client');

const [stub, folder] = process.argv.slice(2);

function make(size) {
  const body = crypto.randomBytes(size);
  return { body, sha256: crypto.createHash('sha256').update(body).digest('hex') };
}

// Runs an upload to its end, or until @stopAt bytes are accepted. Resolves with the upload.
function send(endpoint, file, options = {}) {
  return new Promise((resolve, reject) => {
    const upload = new tus.Upload(file.body, {
      endpoint,
      uploadUrl: options.url ?? null,
      chunkSize: 64 * 1024,
      retryDelays: [0, 0, 0],
      metadata: { sha256: file.sha256, filename: 'צילום.jpg', filetype: 'image/jpeg' },
      onError: reject,
      onSuccess: () => resolve(upload),
      onAfterResponse: (req, res) => options.seen?.push(`${req.getMethod()} ${res.getStatus()}`),
      onChunkComplete: (size, accepted, total) => {
        if (options.stopAt === undefined || accepted < options.stopAt || accepted === total) return;
        upload.abort(options.terminate ?? false).then(() => resolve(upload), reject);
      },
    });
    upload.start();
  });
}

function check(condition, what) {
  if (!condition) throw new Error(what);
}

function taken(file) {
  return fs.readFileSync(path.join(folder, file.sha256)).equals(file.body);
}

const TESTS = {
  async whole(endpoint) {
    const file = make(300001);
    await send(endpoint, file);
    check(taken(file), 'the bytes are not there');
  },
  async resume(endpoint) {
    const file = make(300002), seen = [];
    const first = await send(endpoint, file, { stopAt: 128 * 1024 });
    await send(endpoint, file, { url: first.url, seen });
    check(seen[0] === 'HEAD 200', `began with ${seen[0]}`);
    check(seen.filter((line) => line.startsWith('PATCH')).length === 3, `sent ${seen}`);
    check(taken(file), 'the bytes are not there');
  },
  async 'resume without the address'(endpoint) {
    const file = make(300003), seen = [];
    const first = await send(endpoint, file, { stopAt: 128 * 1024 });
    const again = await send(endpoint, file, { seen });
    check(again.url === first.url, 'another upload was made');
    check(seen.includes('PATCH 409') && seen.includes('HEAD 200'), `saw ${seen}`);
    check(taken(file), 'the bytes are not there');
  },
  async terminate(endpoint) {
    const file = make(300004);
    const gone = await send(endpoint, file, { stopAt: 64 * 1024, terminate: true });
    const headers = { 'Tus-Resumable': '1.0.0' };
    const response = await fetch(gone.url, { method: 'HEAD', headers });
    check(response.status === 404, `HEAD gives ${response.status}`);
  },
  async 'another file than announced'(endpoint) {
    const file = make(1000);
    file.sha256 = make(10).sha256;
    const error = await send(endpoint, file).then(() => null, (problem) => problem);
    check(error?.originalResponse?.getStatus() === 460, `ended with ${error}`);
  },
};

async function main() {
  const server = spawn(stub, [folder], { stdio: ['pipe', 'pipe', 'inherit'] });
  const uri = await new Promise((resolve) => server.stdout.once('data', (data) => resolve(String(data).trim())));
  let number = 0;
  console.log(`1..${Object.keys(TESTS).length}`);
  for (const [name, test] of Object.entries(TESTS)) {
    number += 1;
    try {
      await test(`${uri}/v1/files`);
      console.log(`ok ${number} - ${name}`);
    } catch (error) {
      console.log(`not ok ${number} - ${name}\n# ${error.message}`);
    }
  }
  server.stdin.end();
  await new Promise((resolve) => server.once('exit', resolve));
}

main();
