import { setTimeout as delay, setImmediate } from 'node:timers/promises'
import type { Patch, Stored } from '../../../src/adapter/contract.js'
import type { JsonObject } from '../../../src/schema/model/resource.js'
import { SOUND } from '../sound-adapter.js'
import { type Fault, withParts, wrapped } from './fault.js'

const isUser = (value: unknown): value is Stored => typeof value === 'object' && value !== null && 'id' in value

export const VERSIONS: readonly Fault[] = [
  withParts(
    'does not look at ifMatch',
    { isStale: () => false },
    'a condition that does not hold answers stale and changes nothing',
    /replace gave .* for ifMatch .*, not 'stale' \(node_modules\/express-scim\/docs\/adapters\.md#versions\)/,
  ),
  withParts(
    'looks at ifMatch and writes later',
    { pause: () => setImmediate() },
    'of 10 replaces under one version one succeeds',
    /let 10 of 10 writers succeed .*#versions/,
  ),
  wrapped(
    'loses an update: a patch is read, changed and written back without a condition',
    (sound) => ({
      patch: async (id, patch, call) => {
        const before = await sound.get(id, call)
        if (!before) return undefined
        await delay(1)
        const { id: _id, meta: _meta, ...draft } = (patch as Patch).apply(before) as JsonObject
        const after = await sound.replace(id, draft as never, { ...call, ifMatch: call.ifMatch })
        if (!isUser(after)) return after as 'stale' | undefined
        return { changed: true, version: after.meta?.version ?? '', resource: after }
      },
    }),
    'of 10 patches at once none is lost',
    /patch lost \d of 10 values .*#patch/,
  ),
  wrapped(
    'writes, and then answers stale',
    (sound) => ({
      replace: async (id, draft, call) => {
        const before = await sound.get(id, call)
        const after = await sound.replace(id, draft, { ...call, ifMatch: undefined })
        return before && call.ifMatch && !call.ifMatch.includes(String(before.meta?.version)) ? 'stale' : after
      },
    }),
    'a condition that does not hold answers stale and changes nothing',
    /answered 'stale' and made get return .*#versions/,
  ),
  withParts(
    'has the contents for a version',
    { show: (row, call) => ({ ...SOUND.show(row, call), meta: { version: JSON.stringify(row.data).length } }) },
    'no two states of a resource have the same version',
    /which an earlier state had/,
  ),
  withParts(
    'has the second for a version',
    {
      show: (row, call) => ({
        ...SOUND.show(row, call),
        meta: { version: Math.floor(row.lastModified.getTime() / 1000) },
      }),
    },
    'no two states of a resource have the same version',
    /which an earlier state had/,
  ),
  withParts(
    'gives no version',
    { show: (row, call) => ({ ...SOUND.show(row, call), meta: {} }) },
    'every callback gives the same version of a resource',
    /User\.create returned a resource without meta\.version \(node_modules\/express-scim\/docs\/adapters\.md#versions\)/,
  ),
]
