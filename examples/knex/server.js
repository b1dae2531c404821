import { resourcesOf } from '../existing-tables/resources.js'
import { listen } from '../sqlite-file/app.js'
import { openKnex, poolOf } from './database.js'

const { knex, close } = await openKnex()
listen({ resources: resourcesOf(poolOf(knex)) }, close)
