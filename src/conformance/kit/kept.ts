import { propertiesOf } from '../../is-object.js'
import { isUnassigned } from '../../json-values.js'
import type { Attribute } from '../../schema/model/attribute.js'
import { isResourceReference } from '../../schema/model/attribute.js'
import type { JsonObject } from '../../schema/model/resource.js'
import { isUnreadable } from '../../schema/resources/unreadable.js'
import { benchOf } from './bench.js'
import { valueIn } from './drafts.js'
import type { Kit } from './kit.js'
import { type Subject, withOmitted } from './subject.js'
import { ContractViolation } from './violation.js'

/** The part of a resource type that a store keeps. */
export interface KeptPart {
  /** The type without the attributes that the store drops: the other checks ignore them. */
  readonly subject: Subject
  /** The paths of the attributes that the store drops. */
  readonly missing: readonly string[]
  /** Why nothing is known about it. */
  readonly failure?: unknown
}

/**
 * Stores a draft with all attributes, and compares it with the stored resource.
 */
export async function keptBy(kit: Kit, subject: Subject): Promise<KeptPart> {
  const bench = benchOf(kit, subject, 'stored')
  try {
    const draft = await bench.full(1)
    const { id } = await bench.me.create(draft)
    const found = await bench.me.get(String(id))
    if (found === undefined) {
      throw new ContractViolation(
        `${subject.name}.get does not find the resource that create has just stored`,
        'stored',
      )
    }
    const missing = missingIn(subject, draft, found)
    return missing.length === 0 ? { subject, missing } : { subject: withOmitted(subject, missing), missing }
  } catch (failure) {
    return { subject, missing: [], failure }
  } finally {
    await bench.clear()
  }
}

function missingIn(subject: Subject, draft: JsonObject, found: object): readonly string[] {
  return subject.attributes.flatMap((attribute) => {
    if (isUnreadable(attribute) || attribute.required) return []
    const [given, kept] = [valueIn(draft, attribute), valueIn(found, attribute)]
    if (isUnassigned(given)) return []
    if (isUnassigned(kept)) return [attribute.path]
    return isResourceReference(attribute) ? [] : missingParts(subject, attribute, given, kept)
  })
}

function missingParts(subject: Subject, attribute: Attribute, given: unknown, kept: unknown): readonly string[] {
  const has = (value: unknown, { name }: Attribute): boolean =>
    [value].flat().some((one) => !isUnassigned(propertiesOf(one)[name]))
  return attribute.subAttributes.flatMap((sub) =>
    !sub.required && subject.isKept(sub) && has(given, sub) && !has(kept, sub) ? [sub.path] : [],
  )
}

/** The schema, or the option for the kit alone, that fits the store, ready to be pasted. */
export function serveLess({ schema }: Subject, missing: readonly string[]): string {
  const gone = new Set(missing)
  const pathsOf = (attributes: readonly Attribute[]): readonly string[] =>
    attributes
      .flatMap((attribute) => {
        if (gone.has(attribute.path)) return []
        const parts = attribute.subAttributes.filter((sub) => !gone.has(sub.path))
        if (parts.length === attribute.subAttributes.length) return [attribute]
        return parts
      })
      .map((attribute) => (attribute.parent ? `${attribute.parent.name}.${attribute.name}` : attribute.name))
  const own = schema.root.subAttributes.filter(({ name, isExtension }) => !isExtension && !COMMON.has(name))
  const picks: string[] = []
  if (own.some((attribute) => isTouched(gone, attribute))) {
    picks.push(`schema: pick(${nameOf(schema.base)}, ${list(pathsOf(own))})`)
  }
  if (schema.extensionAttributes.some((extension) => extension.subAttributes.some((one) => isTouched(gone, one)))) {
    const extensions = schema.extensionAttributes.flatMap((extension, index) => {
      const kept = pathsOf(extension.subAttributes)
      const name = nameOf(schema.extensions[index]?.schema ?? { id: extension.name })
      if (kept.length === 0) return []
      return kept.length === extension.subAttributes.length ? [name] : [`pick(${name}, ${list(kept)})`]
    })
    picks.push(`extensions: [${extensions.join(', ')}]`)
  }
  const omit = `omit: ${list(missing)}`
  // Every resource has the common attributes, so only the option of the kit can leave them out.
  return picks.length === 0 ? `Tell the kit: ${omit}.` : `Serve less: ${picks.join(', ')}; or tell the kit: ${omit}.`
}

const COMMON = new Set(['id', 'externalId', 'meta', 'schemas'])

function isTouched(gone: ReadonlySet<string>, attribute: Attribute): boolean {
  return gone.has(attribute.path) || attribute.subAttributes.some(({ path }) => gone.has(path))
}

function nameOf({ id, name }: { readonly id: string; readonly name?: string }): string {
  const given = name ?? id.slice(id.lastIndexOf(':') + 1)
  return given.replace(/\W/g, '')
}

function list(paths: readonly string[]): string {
  return `[${paths.map((path) => `'${path}'`).join(', ')}]`
}
