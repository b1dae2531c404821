import type { InTurns } from '../../in-turns.js'
import { referencesIn, takeOut } from '../../message/bulk-reference.js'
import { attributeNamed } from '../../schema/projection/project.js'
import type { CreatingStep } from './step.js'

/** A step and how many required attributes it would have to be created without. */
interface WaitingStep {
  readonly step: CreatingStep
  wanting: number
}

/** One of the values that a required attribute may have, and how many resources that it refers to are not there yet. */
interface Alternative {
  readonly attribute: { isMet: boolean; readonly holder: WaitingStep }
  missing: number
}

/**
 * The order in which the steps of a circle can be created so that no required attribute must wait for a later step.
 * Steps that are not in the answer require each other. Each value of each step is looked at once. Stops after each
 * step.
 */
export function* creationOrder(steps: readonly CreatingStep[]): InTurns<readonly CreatingStep[]> {
  const circle = new Set(steps.map(({ bulkId }) => bulkId))
  const byReference = new Map<string, Alternative[]>()
  const order: CreatingStep[] = []
  for (const step of steps) {
    const waiting = { step, wanting: 0 }
    for (const values of requiredValues(step, (bulkId) => circle.has(bulkId))) {
      const attribute = { isMet: false, holder: waiting }
      waiting.wanting += 1
      for (const value of values) {
        const bulkIds = [...referencesIn(value)].filter((bulkId) => circle.has(bulkId))
        const alternative = { attribute, missing: bulkIds.length }
        for (const bulkId of bulkIds) {
          const those = byReference.get(bulkId)
          if (those) those.push(alternative)
          else byReference.set(bulkId, [alternative])
        }
      }
    }
    if (waiting.wanting === 0) order.push(step)
    yield
  }
  for (let index = 0; index < order.length; index += 1) {
    for (const alternative of byReference.get(order[index]?.bulkId ?? '') ?? []) {
      if (isLast(alternative)) order.push(alternative.attribute.holder.step)
    }
    yield
  }
  return order
}

/**
 * Takes note that something a value refers to is there; whether it was the last thing that its step had to wait for.
 */
function isLast(alternative: Alternative): boolean {
  const { attribute } = alternative
  alternative.missing -= 1
  if (alternative.missing > 0 || attribute.isMet) return false
  attribute.isMet = true
  attribute.holder.wanting -= 1
  return attribute.holder.wanting === 0
}

/** For each required attribute that would have no value without the circle: the values of which one is enough. */
function requiredValues(
  { operation, target }: CreatingStep,
  isMeant: (bulkId: string) => boolean,
): readonly unknown[][] {
  const { schema } = target.type
  const isRequired = (path: string): boolean => attributeNamed(schema, path)?.required === true
  // Groups usually have many members, and members are never required.
  const data = Object.entries(operation.data as object).filter(([name]) => name.includes(':') || isRequired(name))
  return takeOut(Object.fromEntries(data), isMeant)
    .taken.filter(({ path, remains }) => !remains && isRequired(path))
    .map(({ value }) => (Array.isArray(value) ? value : [value]))
}
