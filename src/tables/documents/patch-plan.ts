import type { Patch } from '../../adapter/contract.js'
import type { Delta } from '../../patch/patch.js'
import type { Attribute } from '../../schema/model/attribute.js'
import type { StoredType } from './stored-type.js'

/** A patch in two parts: the changes of long lists, made without reading them, and the operations on the rest. */
export interface PatchPlan {
  readonly patch: Patch
  readonly deltas: readonly { readonly attribute: Attribute; readonly delta: Delta }[]
  /** Names of the top-level attributes that the rest is about. */
  readonly touched: ReadonlySet<string>
}

/** Parts a patch. */
export function planOf(type: StoredType, patch: Patch): PatchPlan {
  const touched = new Set(patch.attributes)
  const deltas = type.references.flatMap((attribute) => {
    const delta = touched.has(attribute.name) ? patch.delta(attribute.name) : undefined
    return delta && touched.delete(attribute.name) ? [{ attribute, delta }] : []
  })
  return { patch, deltas, touched }
}
