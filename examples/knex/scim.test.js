import { after } from 'node:test'
import { resourcesOf } from '../existing-tables/resources.js'
import { protect, prove } from '../sqlite-file/prove.js'
import { openKnex, poolOf } from './database.js'

const { knex, close } = await openKnex()
after(close)
prove({ resources: resourcesOf(poolOf(knex), { protect }) })
