const { memoryAdapters } = require('express-scim/memory')

const { users, groups } = memoryAdapters()
exports.users = users
exports.groups = groups
