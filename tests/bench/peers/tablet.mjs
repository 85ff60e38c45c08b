// SPDX-License-Identifier: GPL-3.0-or-later
// tablet.mjs fill FOLDER FILE   puts the documents of FILE, one a line, into FOLDER's database
// tablet.mjs pull FOLDER URL    brings over what the hub has
// tablet.mjs change FOLDER N    changes the status of N tickets, with an event each
// tablet.mjs push FOLDER URL    sends what was changed
// tablet.mjs sync FOLDER URL    both ways
// Each prints {"ms", "docs"}: how long it took once the database was open, and what it moved.
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import PouchDB from 'pouchdb'

const BATCH = { batch_size: 1000 }
const [task, folder, what] = process.argv.slice(2)
const db = new PouchDB(folder + '/tickets')
await db.info()

async function store (docs) {
  const failed = (await db.bulkDocs(docs)).filter(one => one.error)
  if (failed.length > 0) throw new Error(JSON.stringify(failed[0]))
}

const tasks = {
  async fill () {
    let docs = []
    let n = 0
    for await (const line of createInterface({ input: createReadStream(what) })) {
      docs.push(JSON.parse(line))
      n++
      if (docs.length === BATCH.batch_size) await store(docs.splice(0))
    }
    await store(docs)
    return n
  },
  async pull () {
    return (await db.replicate.from(what + '/tickets', BATCH)).docs_written
  },
  async change () {
    const { rows } = await db.allDocs({ include_docs: true, limit: Number(what) })
    await store(rows.map(({ doc }) => {
      const waits = doc.status === 'waiting'
      const event = { ...doc.events.at(-1), id: crypto.randomUUID(), kind: 'status', at: Date.now() }
      return { ...doc, status: waits ? 'in_progress' : 'waiting', updated_at: event.at, events: [...doc.events, event] }
    }))
    return rows.length
  },
  async push () {
    return (await db.replicate.to(what + '/tickets', BATCH)).docs_written
  },
  async sync () {
    const { push, pull } = await db.sync(what + '/tickets', BATCH)
    return push.docs_written + pull.docs_written
  }
}

const start = performance.now()
const docs = await tasks[task]()
console.log(JSON.stringify({ ms: performance.now() - start, docs }))
await db.close()
