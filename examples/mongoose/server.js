import mongoose from 'mongoose'
import { listen } from '../sqlite-file/app.js'
import { modelsOf } from './models.js'
import { storeOf } from './resources.js'

const url = process.env.MONGO_URL ?? 'mongodb://127.0.0.1:27017/app'
const connection = await mongoose.createConnection(url, { serverSelectionTimeoutMS: 5_000 }).asPromise()
const models = modelsOf(connection)
// The unique indexes have to be there before the first request.
await Promise.all(Object.values(models).map((model) => model.init()))
listen(storeOf(models), () => connection.close())
