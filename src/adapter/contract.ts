// The contract between the router and adapters, by the parts of a call.

export type * from './contract/call.js'
export type * from './contract/identity.js'
export type * from './contract/list.js'
export type * from './contract/resource-adapter.js'
export type * from './contract/stored.js'
export type * from './contract/write.js'
