import type { Patch, Stored } from '../../../src/adapter/contract.js'
import type { JsonObject } from '../../../src/schema/model/resource.js'
import { SOUND } from '../sound-adapter.js'
import { type Fault, withParts, wrapped } from './fault.js'

export const PATCHES: readonly Fault[] = [
  withParts(
    'adds to a list without a look at what is there',
    {
      patch: (row, patch, view) => {
        const data = SOUND.patch(row, patch, view)
        const adds =
          patch.operations.length === 1 && patch.operations[0]?.op === 'add' && patch.attributes.has('emails')
        if (!adds) return data
        const before = (row.data['emails'] ?? []) as JsonObject[]
        return { ...data, emails: [...before, ...((patch.operations[0]?.value ?? []) as JsonObject[])] }
      },
    },
    'a patch has the same result as the reference implementation',
    /patch of .* made get return .* as "emails"/,
  ),
  wrapped(
    'does a patch operation by operation, and stops at the one that fails',
    (sound) => ({
      patch: async (id, patch, call) => {
        const before = await sound.get(id, call)
        if (!before) return undefined
        const [first] = (patch as Patch).operations
        try {
          return await sound.patch(id, patch, call)
        } catch (error) {
          const text = { [first?.attribute.name ?? '']: first?.value }
          await sound.replace(id, { ...SOUND.keep(withoutMeta(before), undefined), ...text } as never, call)
          throw error
        }
      },
    }),
    'a patch that cannot be applied changes nothing',
    /failed in its last operation and made get return/,
  ),
  wrapped(
    'swallows a path without a target',
    (sound) => ({
      patch: async (id, patch, call) => {
        try {
          return await sound.patch(id, patch, call)
        } catch {
          return { changed: false, version: String((await sound.get(id, call))?.meta?.version) }
        }
      },
    }),
    'a patch that cannot be applied changes nothing',
    /answered nothing for a path without a target/,
  ),
  wrapped(
    'says of every patch that it changed something',
    (sound) => ({
      patch: async (id, patch, call) => {
        const result = await sound.patch(id, patch, call)
        return typeof result === 'object' && result ? { ...result, changed: true } : result
      },
    }),
    'a patch that repeats the stored values changes neither version nor lastModified',
    /tells changed true/,
  ),
  wrapped(
    'tells the version before the patch',
    (sound) => ({
      patch: async (id, patch, call) => {
        const before = await sound.get(id, call)
        const result = await sound.patch(id, patch, call)
        return typeof result === 'object' && result ? { ...result, version: before?.meta?.version as number } : result
      },
    }),
    'a patch returns the right version, resource and changes',
    /told version .*, and get/,
  ),
]

function withoutMeta(stored: Stored): JsonObject {
  const { id: _id, meta: _meta, ...data } = stored as unknown as JsonObject
  return data
}
