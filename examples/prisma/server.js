import { listen } from '../sqlite-file/app.js'
import { openPrisma } from './database.js'
import { storeOf } from './resources.js'

const prisma = await openPrisma(process.env.DATABASE_FILE ?? 'app.db')
listen(storeOf(prisma), () => prisma.$disconnect())
