import { after } from 'node:test'
import { prove } from '../sqlite-file/prove.js'
import { openDrizzle } from './database.js'
import { storeOf } from './resources.js'

const { database, close } = await openDrizzle()
after(close)
prove(storeOf(database))
