// SPDX-License-Identifier: GPL-3.0-or-later
// server.cjs HUB FOLDER: uploads go to @tus/server, which keeps them in FOLDER, and everything else to the hub at HUB.
// It prints its address. Each upload's connection breaks once, after its first 100,000 bytes.
const fs = require('fs')
const http = require('http')
const { Server } = require('@tus/server')
const { FileStore } = require('@tus/file-store')

const [hub, folder] = process.argv.slice(2)
const tus = new Server({ path: '/v1/files', datastore: new FileStore({ directory: folder }) })
const broken = new Set()

function breakOnce(request) {
  const before = Number(request.headers['upload-offset'])
  const length = Number(request.headers['content-length'])
  // The bytes that are looked at here are lost to the server: no others are.
  if (request.method !== 'PATCH' || broken.has(request.url) || before + length < 100000) return
  broken.add(request.url)
  let seen = before
  request.on('data', (bytes) => {
    seen += bytes.length
    if (seen < 100000 || request.socket.destroyed) return
    fs.appendFileSync(`${folder}/broken.json`, '.')
    request.socket.destroy()
  })
}

const server = http.createServer((request, answer) => {
  if (request.url.startsWith('/v1/files')) {
    breakOnce(request)
    tus.handle(request, answer)
    return
  }
  const to = new URL(request.url, hub)
  const passed = http.request(to, { method: request.method, headers: { ...request.headers, host: to.host } }, (from) => {
    answer.writeHead(from.statusCode, from.headers)
    from.pipe(answer)
  })
  passed.on('error', () => answer.destroy())
  request.pipe(passed)
})
server.listen(0, '127.0.0.1', () => console.log(`listening on http://127.0.0.1:${server.address().port}`))
