import { memoryAdapters } from 'express-scim/memory'

export const { users, groups } = memoryAdapters()
