import { listen } from '../sqlite-file/app.js'
import { openDrizzle } from './database.js'
import { storeOf } from './resources.js'

const { database, close } = await openDrizzle()
listen(storeOf(database), close)
