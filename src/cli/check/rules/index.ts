import type { Area } from '../bench/rule.js'
import { bulks } from './bulk.js'
import { create } from './create.js'
import { cursor } from './cursor.js'
import { discovery } from './discovery.js'
import { filter } from './filter.js'
import { group } from './group.js'
import { list } from './list.js'
import { me } from './me.js'
import { message } from './message.js'
import { patch } from './patch.js'
import { read } from './read.js'
import { remove } from './remove.js'
import { replace } from './replace.js'
import { searching } from './search.js'
import { sort } from './sort.js'
import { version } from './version.js'

/** All areas, in the order of the check. */
export const areas: readonly Area[] = [
  discovery,
  message,
  create,
  read,
  list,
  filter,
  sort,
  searching,
  replace,
  patch,
  remove,
  group,
  bulks,
  version,
  cursor,
  me,
]
