import { type Attribute, topKey } from '../../schema/model/attribute.js'
import type { JsonObject } from '../../schema/model/resource.js'
import type { SentOperation } from './actor.js'
import { freeText, innerText, simpleList, single, typedList } from './choose.js'
import type { Subject } from './subject.js'

/**
 * PATCH requests that a resource type allows, each a list of operations. They are valid for every state of a resource:
 * none needs a value that may be missing.
 *
 * @param references a list of references, and ids that its values may have.
 */
export function patchesFor(
  subject: Subject,
  references: { readonly attribute: Attribute; readonly ids: readonly string[] } | undefined,
): readonly (readonly SentOperation[])[] {
  return [
    ...onText(freeText(subject, false)),
    ...onInner(innerText(subject, 'parent')),
    ...onText(innerText(subject, 'extension')),
    ...onBoolean(single(subject, 'boolean')),
    ...onTyped(subject, typedList(subject)),
    ...onSimple(simpleList(subject)),
    ...onSeveral(subject),
    ...(references ? onReferences(references.attribute, references.ids) : []),
  ]
}

function onText(attribute: Attribute | undefined): (readonly SentOperation[])[] {
  if (!attribute) return []
  const { path, required } = attribute
  return [
    [{ op: 'replace', path, value: 'replaced' }],
    [{ op: 'add', path, value: 'added "quoted" \\ text' }],
    ...(required ? [] : ([[{ op: 'remove', path }], [{ op: 'replace', path, value: null }]] as const)),
    [
      { op: 'replace', path, value: 'first' },
      { op: 'replace', path, value: 'last word' },
    ],
  ]
}

function onInner(attribute: Attribute | undefined): (readonly SentOperation[])[] {
  if (!attribute?.parent) return []
  const { name, parent } = attribute
  return [
    [{ op: 'add', path: parent.path, value: { [name]: 'merged' } }],
    [{ op: 'replace', path: attribute.path, value: 'replaced' }],
    [{ op: 'remove', path: attribute.path }],
    [{ op: 'remove', path: parent.path }],
  ]
}

function onBoolean(attribute: Attribute | undefined): (readonly SentOperation[])[] {
  if (!attribute) return []
  return [[{ op: 'replace', path: attribute.path, value: false }], [{ op: 'add', path: attribute.path, value: true }]]
}

function onTyped({ isKept }: Subject, attribute: Attribute | undefined): (readonly SentOperation[])[] {
  if (!attribute) return []
  const { path } = attribute
  const primary = attribute.subAttribute('primary')
  const marked = primary && isKept(primary) ? { primary: true } : {}
  return [
    [{ op: 'add', path, value: [{ value: 'new@x.example', type: 'work' }] }],
    [{ op: 'add', path, value: [{ value: 'first@x.example', type: 'other', ...marked }] }],
    [{ op: 'remove', path: `${path}[type eq "work"]` }],
    [
      { op: 'add', path, value: [{ value: 'away@x.example', type: 'home' }] },
      { op: 'replace', path: `${path}[value eq "away@x.example"].value`, value: 'moved@x.example' },
    ],
    [{ op: 'remove', path: `${path}[value co "moved" or value sw "new"]` }],
    [{ op: 'replace', path, value: [{ value: 'only@x.example', type: 'home' }] }],
    [{ op: 'remove', path }],
    [
      {
        op: 'add',
        path,
        value: [
          { value: 'A@x.example', type: 'work' },
          { value: 'b@x.example', type: 'work' },
        ],
      },
    ],
  ]
}

function onSimple(attribute: Attribute | undefined): (readonly SentOperation[])[] {
  if (!attribute) return []
  const { path, type } = attribute
  const [a, b, c] = type === 'string' ? ['red', 'green', 'blue'] : [80, 443, 8080]
  return [
    [{ op: 'add', path, value: [a, b] }],
    [{ op: 'add', path, value: [b, c] }],
    [{ op: 'remove', path: `${path}[value eq ${JSON.stringify(b)}]` }],
    [{ op: 'replace', path, value: [c] }],
    [{ op: 'remove', path }],
  ]
}

/** Operations without path, and on several attributes at once. */
function onSeveral(subject: Subject): (readonly SentOperation[])[] {
  const text = freeText(subject, false)
  const inner = innerText(subject, 'extension')
  const list = typedList(subject)
  const value: JsonObject = {}
  if (text) value[text.name] = 'without path'
  if (list) value[list.name] = [{ value: 'without@path.example', type: 'work' }]
  if (inner) value[topKey(inner)] = { [inner.name]: 'without path' }
  if (Object.keys(value).length === 0) return []
  return [
    [{ op: 'add', value }],
    [{ op: 'replace', value }],
    ...(text && inner
      ? [
          [
            { op: 'replace', path: inner.path, value: 'one' },
            { op: 'replace', path: text.path, value: 'two' },
          ] as const,
        ]
      : []),
  ]
}

/** The changes of references that identity providers send, and edge cases of them. */
function onReferences({ path }: Attribute, ids: readonly string[]): (readonly SentOperation[])[] {
  const value = (...indices: readonly number[]) => indices.map((index) => ({ value: ids[index] }))
  const only = (index: number): string => `${path}[value eq ${JSON.stringify(ids[index])}]`
  return [
    [{ op: 'add', path, value: value(0, 1) }],
    [{ op: 'add', path, value: value(1, 2) }],
    [{ op: 'remove', path: only(1) }],
    [{ op: 'remove', path: `${path}[value eq "nobody"]` }],
    [
      { op: 'remove', path: only(0) },
      { op: 'add', path, value: value(3) },
    ],
    [
      { op: 'add', path, value: value(4) },
      { op: 'remove', path: only(4) },
    ],
    [
      { op: 'remove', path: only(3) },
      { op: 'add', path, value: value(3) },
    ],
    [{ op: 'replace', path, value: value(2, 4, 5) }],
    [{ op: 'add', path, value: value(2, 2, 0) }],
    [
      { op: 'remove', path },
      { op: 'add', path, value: value(5) },
    ],
    [{ op: 'remove', path: `${only(5).slice(0, -1)} or value eq ${JSON.stringify(ids[0])}]` }],
    [{ op: 'remove', path }],
    [{ op: 'replace', path, value: [] }],
    [{ op: 'add', path, value: value(0, 1, 2, 3, 4, 5) }],
  ]
}
