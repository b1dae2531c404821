import { resourcesOf } from '../existing-tables/resources.js'
import { listen } from '../sqlite-file/app.js'
import { openDataSource, poolOf } from './database.js'

const { dataSource, close } = await openDataSource()
listen({ resources: resourcesOf(poolOf(dataSource)) }, close)
