import { listen } from './app.js'
import { openDatabase } from './database.js'
import { resourcesOf } from './resources.js'

const database = openDatabase(process.env.DATABASE_FILE)
listen({ resources: resourcesOf(database) }, () => database.close())
