// SPDX-License-Identifier: GPL-3.0-or-later
// upload.cjs FOLDER FILE...: tus-js-client sends the files, one after another, to @tus/server, which keeps them in FOLDER.
// Prints how many milliseconds that took; the server is a process of its own, as ours is.
const fs = require('fs')
const http = require('http')
const { fork } = require('child_process')

if (process.send) {
  const { Server } = require('@tus/server')
  const { FileStore } = require('@tus/file-store')
  const tus = new Server({ path: '/files', datastore: new FileStore({ directory: process.argv[2] }) })
  const server = http.createServer((request, answer) => tus.handle(request, answer))
  server.listen(0, '127.0.0.1', () => process.send(server.address().port))
} else {
  const { Upload } = require('tus-js-client')
  const [folder, ...files] = process.argv.slice(2)
  const child = fork(__filename, [folder])
  const send = (port, file) => new Promise((resolve, reject) => {
    new Upload(fs.createReadStream(file), {
      endpoint: `http://127.0.0.1:${port}/files/`, uploadSize: fs.statSync(file).size, onSuccess: resolve, onError: reject,
    }).start()
  })
  child.once('message', async (port) => {
    const start = process.hrtime.bigint()
    for (const file of files) await send(port, file)
    console.log(Number(process.hrtime.bigint() - start) / 1e6)
    child.kill()
  })
}
