// SPDX-License-Identifier: GPL-3.0-or-later
// hub.mjs FOLDER: serves the databases in FOLDER by express-pouchdb, and says where.
import express from 'express'
import expressPouchDB from 'express-pouchdb'
import PouchDB from 'pouchdb'

const app = express()
app.use(expressPouchDB(PouchDB.defaults({ prefix: process.argv[2] + '/' }), { mode: 'minimumForPouchDB' }))
const server = app.listen(0, '127.0.0.1', () => console.log(`listening on http://127.0.0.1:${server.address().port}`))
