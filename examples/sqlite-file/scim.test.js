import { openDatabase } from './database.js'
import { protect, prove } from './prove.js'
import { resourcesOf } from './resources.js'

prove({ resources: resourcesOf(openDatabase(), { protect }) })
