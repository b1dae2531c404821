import { protect, prove } from '../sqlite-file/prove.js'
import { resourcesOf } from '../sqlite-file/resources.js'
import { openKysely, runnerOf } from './database.js'

prove({ resources: resourcesOf(runnerOf(openKysely()), { protect }) })
