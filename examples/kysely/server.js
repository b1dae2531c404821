import { listen } from '../sqlite-file/app.js'
import { resourcesOf } from '../sqlite-file/resources.js'
import { openKysely, runnerOf } from './database.js'

const db = openKysely(process.env.DATABASE_FILE)
listen({ resources: resourcesOf(runnerOf(db)) }, () => db.destroy())
