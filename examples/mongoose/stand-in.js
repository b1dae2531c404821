import { Query } from 'mingo'
import { updateMany, updateOne } from 'mingo/updater'
import mongoose from 'mongoose'

/**
 * A connection of Mongoose without a server: queries and updates are run by mingo, over documents in memory. It stands
 * for the few methods of the driver that the adapter needs. For tests only.
 */
export function standIn() {
  const connection = mongoose.createConnection()
  const collections = new Map()
  connection.db = {
    createCollection: async (name) => connection.db.collection(name),
    collection: (name) => {
      if (!collections.has(name)) collections.set(name, new Collection())
      return collections.get(name)
    },
  }
  connection.readyState = 1
  connection.onOpen()
  return connection
}

class Collection {
  #documents = []
  #unique = []

  async createIndex(keys, { unique = false } = {}) {
    if (unique) this.#unique.push(keys)
  }

  async insertOne(document) {
    this.#write(() => this.#documents.push(copyOf(document)))
    return { acknowledged: true, insertedId: document._id }
  }

  find(query, { sort, skip = 0, limit = 0, projection } = {}) {
    const toArray = async () => {
      const cursor = new Query(query).find(this.#documents, projection)
      if (sort) cursor.sort(Object.fromEntries(sort instanceof Map ? sort : Object.entries(sort)))
      cursor.skip(skip)
      if (limit > 0) cursor.limit(limit)
      return cursor.all().map(copyOf)
    }
    return { toArray }
  }

  async findOne(query, options) {
    return (await this.find(query, { ...options, limit: 1 }).toArray())[0] ?? null
  }

  async countDocuments(query) {
    return new Query(query).find(this.#documents).all().length
  }

  async findOneAndUpdate(query, update) {
    const [found] = new Query(query).find(this.#documents).all()
    if (!found) return null
    this.#write(() => updateOne(this.#documents, { _id: found._id }, update))
    return this.findOne({ _id: found._id })
  }

  async updateMany(query, update) {
    return this.#write(() => updateMany(this.#documents, query, update))
  }

  async deleteOne(query) {
    const [found] = new Query(query).find(this.#documents).all()
    this.#documents = this.#documents.filter((document) => document !== found)
    return { acknowledged: true, deletedCount: found ? 1 : 0 }
  }

  /** Writes, or does nothing if two documents would have the same value of a unique index. */
  #write(work) {
    const before = this.#documents.map(copyOf)
    const done = work()
    for (const keyPattern of this.#unique) {
      const values = this.#documents.map((document) =>
        JSON.stringify(Object.keys(keyPattern).map((key) => document[key])),
      )
      if (new Set(values).size === values.length) continue
      this.#documents = before
      throw Object.assign(new Error('E11000 duplicate key error'), {
        name: 'MongoServerError',
        code: 11_000,
        keyPattern,
      })
    }
    return done
  }
}

/** A copy of a document; its values of BSON and dates never change. */
function copyOf(value) {
  if (Array.isArray(value)) return value.map(copyOf)
  if (Object.getPrototypeOf(value ?? 0) !== Object.prototype) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, copyOf(each)]))
}
