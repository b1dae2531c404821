import { randomBytes } from 'node:crypto'
import { after } from 'node:test'
import mongoose from 'mongoose'
import { prove } from '../sqlite-file/prove.js'
import { modelsOf } from './models.js'
import { storeOf } from './resources.js'
import { standIn } from './stand-in.js'

const url = process.env.MONGO_URL
const connection = url
  ? await mongoose.createConnection(url, { dbName: `scim_${randomBytes(6).toString('hex')}` }).asPromise()
  : standIn()
after(async () => {
  if (url) await connection.dropDatabase()
  await connection.close()
})
const models = modelsOf(connection)
await Promise.all(Object.values(models).map((model) => model.init()))
prove(storeOf(models))
