import { propertiesOf } from '../../is-object.js'
import type { Settings } from '../request/options.js'

interface SchemaOnWire {
  readonly id: string
  readonly name?: string
  readonly attributes?: readonly AttributeOnWire[]
}

interface AttributeOnWire {
  readonly name: string
  readonly subAttributes?: readonly AttributeOnWire[]
}

interface TypeOnWire {
  readonly name: string
  readonly schema: string
  readonly schemaExtensions?: readonly { readonly schema: string }[]
}

type KeptPaths = readonly { readonly type: string; readonly paths: readonly string[] }[]

const known = new WeakMap<Settings, Map<string, Promise<KeptPaths>>>()
const MOST_TENANTS = 1_000

/** The attributes that the service keeps of each type of resource, as its discovery lists them. */
export function keptAttributes(
  settings: Settings,
  caller: { readonly tenant: string; readonly actor: string },
): Promise<KeptPaths> {
  const tenants = known.get(settings) ?? new Map<string, Promise<KeptPaths>>()
  known.set(settings, tenants)
  const found = tenants.get(caller.tenant)
  if (found !== undefined) return found
  if (tenants.size >= MOST_TENANTS) tenants.clear()
  const read = readKept(settings, caller)
  tenants.set(caller.tenant, read)
  read.catch(() => tenants.delete(caller.tenant))
  return read
}

async function readKept(
  { scim }: Settings,
  { tenant, actor }: { readonly tenant: string; readonly actor: string },
): Promise<KeptPaths> {
  const client = scim.as({ tenant, actor, via: 'pages' })
  const list = async (path: string): Promise<readonly unknown[]> => {
    const { status, body } = await client.request({ method: 'GET', path })
    if (status !== 200) throw new Error(`${path} of the service was answered with ${status}.`)
    const { Resources } = propertiesOf(body)
    return Array.isArray(Resources) ? Resources : []
  }
  const [schemas, types] = await Promise.all([list('/Schemas'), list('/ResourceTypes')])
  const byId = new Map((schemas as readonly SchemaOnWire[]).map((schema) => [schema.id, schema]))
  return (types as readonly TypeOnWire[]).map(({ name, schema, schemaExtensions = [] }) => ({
    type: name,
    paths: [
      // RFC 7643 section 3.1: a common attribute of every resource, which no schema lists.
      'externalId',
      ...pathsOf(byId.get(schema), ''),
      ...schemaExtensions.flatMap((extension) => pathsOf(byId.get(extension.schema), `${extension.schema}:`)),
    ],
  }))
}

function pathsOf(schema: SchemaOnWire | undefined, prefix: string): readonly string[] {
  return (schema?.attributes ?? []).flatMap(({ name, subAttributes = [] }) =>
    subAttributes.length === 0 ? [`${prefix}${name}`] : subAttributes.map((sub) => `${prefix}${name}.${sub.name}`),
  )
}
