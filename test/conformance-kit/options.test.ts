import { setTimeout as delay } from 'node:timers/promises'
import type { Call, Draft, ListQuery, Patch, ResourceAdapter, Stored } from '../../src/adapter/contract.js'
import { adapterChecks, ContractViolation } from '../../src/conformance/index.js'
import type { AdapterChecksOptions, CheckedResourceType } from '../../src/conformance/kit/options.js'
import { ScimError } from '../../src/error.js'
import { memoryAdapters } from '../../src/memory/index.js'
import type { GroupResource } from '../../src/schema/core/group.js'
import { User } from '../../src/schema/core/user.js'
import { pick } from '../../src/schema/define/pick.js'
import type { JsonObject } from '../../src/schema/model/resource.js'
import { callWith, queryOf, userSchema } from '../memory/calls.js'
import { sample } from '../support/length.js'
import { soundAdapter } from './sound-adapter.js'

// All checks run at once, on a machine with other work.
jest.setTimeout(60_000)

describe('the checks', () => {
  test('have names of their own', () => {
    const names = adapterChecks(memoryOptions()).map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    expect(names.length).toBeGreaterThan(100)
  })

  test('take the entries of scimRouter as they are', () => {
    const { users, groups } = memoryAdapters()
    const resources = {
      User: { adapter: users, onDuplicate: 'reactivate', endpoint: '/People' },
      Group: { adapter: groups },
    }
    expect(adapterChecks({ resourceTypes: resources }).length).toBeGreaterThan(100)
  })

  test('leave a store as they found it', async () => {
    const { users, groups } = memoryAdapters()
    const calls = ['kit-a', 'kit-b'].map((tenant) => callWith({ tenant }))
    for (const call of calls) await users.create({ userName: 'was-here-before', externalId: 'kit' } as never, call)
    const look = async () => JSON.stringify(await Promise.all(calls.map((call) => everything(users as never, call))))
    const before = await look()
    const resourceTypes = { User: { adapter: users }, Group: { adapter: groups } }
    const checks = adapterChecks({ resourceTypes, members: 20, timeout: 50_000 })
    await Promise.all(sample(checks, 2).map(({ run }) => run()))
    expect(await look()).toBe(before)
    for (const call of calls) expect(await everything(groups as never, call)).toEqual([])
  })

  test('can be run again, and all at once', async () => {
    const checks = adapterChecks(memoryOptions())
    await Promise.all([...sample(checks, 5), ...sample(checks, 5)].map(({ run }) => run()))
  })

  test('know User and Group, and ask for the schema of other types', () => {
    const { users } = memoryAdapters()
    expect(() => adapterChecks({ resourceTypes: { Device: { adapter: users } } })).toThrow(
      /schema of resource type Device is missing/,
    )
    expect(() => adapterChecks({ resourceTypes: {} })).toThrow(/at least one/)
    expect(() => adapterChecks({ resourceTypes: { User: {} } })).toThrow(/Resource type User must have an adapter/)
    expect(() => adapterChecks({ resourceTypes: { User: { adapter: users, omit: ['emials.Display'] } } })).toThrow(
      'Option omit names the unknown attribute "emials.Display". Did you mean "emails.display"?',
    )
    expect(() => adapterChecks({ resourceTypes: { User: { adapter: users, omit: ['nonsense'] } } })).toThrow(
      /"nonsense"/,
    )
  })

  test('of isolation need two tenants', () => {
    const alone = adapterChecks({ ...memoryOptions(), identities: [{ tenant: 'one' }] })
    const sections = (checks: typeof alone) => new Set(checks.map(({ section }) => section))
    expect(sections(alone)).not.toContain('node_modules/express-scim/docs/adapters.md#per-tenant')
    expect(sections(adapterChecks(memoryOptions()))).toContain('node_modules/express-scim/docs/adapters.md#per-tenant')
  })

  test('tell when the made adapter can do more than was said', async () => {
    const options: AdapterChecksOptions = {
      resourceTypes: { User: {} },
      create: async () => ({ User: soundAdapter() }),
    }
    await expect(runOne(options, 'User: the kit is told the abilities that the adapter declares')).rejects.toThrow(
      /some checks are left out/,
    )
  })
})

describe('a store that fails', () => {
  const NAME = 'User: a failure of the store is an error, never a missing resource'

  test('is not said to keep every attribute', async () => {
    const adapter = { ...memoryAdapters().users, create: () => Promise.reject(new Error('gone')) }
    const checking = runOne(
      { resourceTypes: { User: { adapter } } },
      'User: the store keeps every attribute of the schema',
    )
    await expect(checking).rejects.toThrow(/User\.create threw/)
  })

  test.each(['get', 'list', 'create', 'replace', 'patch', 'delete'] as const)(
    'and a %s that swallows it',
    async (name) => {
      const { adapter, breakStore } = breakable()
      const resourceTypes = { User: { adapter } }
      await runOne({ resourceTypes, breakStore }, NAME)
      const answers = {
        get: undefined,
        list: [],
        create: { id: 'x' },
        replace: undefined,
        patch: undefined,
        delete: false,
      }
      const swallowing = {
        ...adapter,
        [name]: async (...given: readonly unknown[]) => {
          try {
            return await (adapter[name] as (...all: readonly unknown[]) => Promise<unknown>)(...given)
          } catch (error) {
            if (ScimError.is(error)) throw error
            return answers[name]
          }
        },
      }
      const swallowed = runOne({ resourceTypes: { User: { adapter: swallowing } }, breakStore }, NAME)
      await expect(swallowed).rejects.toThrow(
        new RegExp(`User\\.${name} .*\\(node_modules/express-scim/docs/adapters\\.md#\\w+\\)`),
      )
    },
  )
})

describe('a list that is left early', () => {
  const NAME = 'User: a list that is left early keeps no connection or cursor open'

  test.each([true, false])('is closed: %s', async (closes) => {
    let open = 0
    const sound = soundAdapter()
    const candidates: ResourceAdapter = {
      ...sound,
      supports: { versions: true },
      list: async (query, call) => {
        const rows = await everyRow(sound, query, call)
        return (async function* () {
          open += 1
          try {
            yield* rows
          } finally {
            if (closes) open -= 1
          }
        })()
      },
    }
    const outcome = runOne({ resourceTypes: { User: { adapter: candidates } }, openHandles: () => open }, NAME)
    if (closes) await outcome
    else await expect(outcome).rejects.toThrow(/open handles.*#list/)
  })

  test('holds up a pool that has no connection left', async () => {
    let free = 5
    const sound = soundAdapter()
    const pooled = async <T>(work: () => T): Promise<Awaited<T>> => {
      while (free === 0) await delay(5)
      return await work()
    }
    const leaking: ResourceAdapter = {
      ...sound,
      supports: { versions: true },
      get: (id, call) => pooled(() => sound.get(id, call)),
      list: (query, call) =>
        pooled(async () => {
          const rows = await everyRow(sound, query, call)
          return (async function* () {
            free -= 1
            yield* rows
            free += 1
          })()
        }),
    }
    const outcome = runOne({ resourceTypes: { User: { adapter: leaking } }, timeout: 200 }, NAME)
    await expect(outcome).rejects.toThrow(/gave no answer within 200 ms/)
    free = 1_000
  })
})

describe('transactions', () => {
  const NAME = 'User: a transaction that fails leaves no changes'

  test.each([true, false])('are joined: %s', async (joins) => {
    const sound = soundAdapter()
    type Undo = (() => Promise<unknown>)[]
    const adapter: ResourceAdapter = {
      ...sound,
      create: async (draft, call) => {
        const stored = await sound.create(draft, call)
        if (joins)
          (call.transaction as Undo | undefined)?.push(async () =>
            sound.delete(String(stored.id), { ...call, ifMatch: undefined }),
          )
        return stored
      },
      // A deletion waits for the end of the transaction.
      delete: async (id, call) => {
        if (call.transaction === undefined || !joins) return sound.delete(id, call)
        return (await sound.get(id, call)) !== undefined
      },
    }
    const transaction: AdapterChecksOptions['transaction'] = async (work) => {
      const undo: Undo = []
      try {
        return await work(undo)
      } catch (error) {
        for (const step of undo) await step()
        throw error
      }
    }
    const outcome = runOne({ resourceTypes: { User: { adapter } }, transaction }, NAME)
    if (joins) await outcome
    else await expect(outcome).rejects.toThrow(/in a transaction that failed .*#transactions/)
  })
})

describe('what a store knows and a schema does not', () => {
  const CREATE = 'User: create stores the whole draft, and get finds it'

  test('is given by sample', async () => {
    const sound = soundAdapter()
    const adapter: ResourceAdapter = {
      ...sound,
      create: async (draft, call) => {
        const { userName } = draft as { readonly userName: string }
        if (!userName.endsWith('@corp.example'))
          throw ScimError.invalidValue('userName is a mail address of corp.example')
        return sound.create(draft, call)
      },
    }
    await expect(runOne({ resourceTypes: { User: { adapter } } }, CREATE)).rejects.toThrow(
      /^User\.create refused a valid call: 400 invalidValue "userName is a mail address/,
    )
    const sample = (number: number, mark: string) => ({ userName: `${mark}-${number}@corp.example` })
    await runOne({ resourceTypes: { User: { adapter, sample } } }, CREATE)
  })

  test('is left out by omit', async () => {
    const sound = soundAdapter()
    const create = async (draft: Draft, call: Call) => {
      const { ims: _, ...kept } = draft as JsonObject
      return sound.create(kept as never, call)
    }
    const adapter = { ...sound, create }
    const KEEPS = 'User: the store keeps every attribute of the schema'
    await expect(runOne({ resourceTypes: { User: { adapter } } }, KEEPS)).rejects.toThrow(/'ims'/)
    await runOne({ resourceTypes: { User: { adapter, omit: ['ims'] } } }, KEEPS)
  })

  describe('is told once, ready to be pasted', () => {
    /** Keeps the values that a plain table has, and one part of a name. */
    const plainTable = (): ResourceAdapter => {
      const sound = soundAdapter()
      const kept = (draft: Draft): Draft => {
        const { userName, externalId, name, active, password } = draft as JsonObject
        const given = name ? { name: { familyName: (name as JsonObject)['familyName'] } } : {}
        return { userName, externalId, ...given, active: active ?? true, password } as never
      }
      return {
        ...sound,
        create: (draft, call) => sound.create(kept(draft), call),
        replace: (id, draft, call) => sound.replace(id, kept(draft), call),
        patch: () => 'decline',
      }
    }
    const failuresOf = async (type: CheckedResourceType): Promise<readonly string[]> => {
      const checks = adapterChecks({ resourceTypes: { User: { adapter: plainTable(), ...type } }, members: 20 })
      const outcomes = checks.map(({ run }) =>
        run().then(
          () => [],
          (error: Error) => [error.message],
        ),
      )
      return (await Promise.all(outcomes)).flat()
    }
    const attributes = { active: { default: true } }

    test('by a schema that is narrower', async () => {
      const [told, ...others] = await failuresOf({ attributes })
      expect(others).toEqual([])
      expect(told).toContain('This store does not keep: name.formatted, name.givenName, ')
      expect(told).toContain(
        "Serve less: schema: pick(User, ['userName', 'name.familyName', 'active', 'password', 'groups']), extensions: []; or tell the kit: omit: ['name.formatted', 'name.givenName', ",
      )
      const Person = pick(User, ['userName', 'name.familyName', 'active', 'password'])
      expect(await failuresOf({ schema: Person, extensions: [], attributes })).toEqual([])
    })

    test('and a column that knows yes and no only is told by its default', async () => {
      const told = await failuresOf({ schema: pick(User, ['userName', 'active']) })
      expect(told.length).toBeGreaterThan(0)
      for (const message of told)
        expect(message).toContain('say attributes: { "active": { default: true } }, here and to scimRouter')
    })
  })

  test('is heeded where a policy refuses what the kit makes up', async () => {
    const attributes = {
      'addresses.country': { isValid: (text: string) => /^[A-Z]{2}$/.test(text) },
      displayName: { isValid: (text: string) => /^[a-z]{2}(-[A-Z]{2})?$/.test(text) },
      'emails.type': { enforceCanonicalValues: true },
      title: { required: true },
      nickName: { default: 'Nick', keepOnReplace: true },
      userName: { uniqueness: 'global' },
    } as const
    const checks = adapterChecks({ resourceTypes: { User: { adapter: soundAdapter(), attributes } }, members: 20 })
    await Promise.all(sample(checks, 2, 1).map(({ run }) => run()))
  })

  test('is told by mapError', async () => {
    const sound = soundAdapter()
    const adapter: ResourceAdapter = {
      ...sound,
      create: async (draft, call) => {
        try {
          return await sound.create(draft, call)
        } catch {
          throw Object.assign(new Error('duplicate key'), { code: '23505' })
        }
      },
    }
    const mapError = (error: unknown) =>
      (error as { readonly code?: string }).code === '23505' ? ScimError.uniqueness() : undefined
    const name = 'User: create refuses a unique value that is in use, and creates nothing'
    await runOne({ resourceTypes: { User: { adapter } }, mapError }, name)
  })

  test('is seen by reveal', async () => {
    const kept = 'User: replace without a password keeps the stored one'
    const secrets = new Map<string, unknown>()
    const hide = <T>(found: T): T => {
      if (typeof found !== 'object' || found === null) return found
      const { password, ...shown } = found as unknown as JsonObject
      secrets.set(String(shown['id']), password)
      return shown as T
    }
    const hiding = ({ create, get, replace, delete: remove, list }: ResourceAdapter): ResourceAdapter => ({
      list,
      delete: remove,
      create: async (draft, call) => hide(await create(draft, call)),
      get: async (id, call) => hide(await get(id, call)),
      replace: async (id, draft, call) => hide(await replace(id, draft, call)),
    })
    const sound = hiding(soundAdapter())
    const forgetful = hiding(soundAdapter({ keep: (draft) => structuredClone(draft) }))
    const reveal = (id: string) => secrets.get(id)
    await expect(runOne({ resourceTypes: { User: { adapter: sound } } }, kept)).rejects.toThrow(
      /give the option "reveal"/,
    )
    await runOne({ resourceTypes: { User: { adapter: sound, reveal } } }, kept)
    await expect(runOne({ resourceTypes: { User: { adapter: forgetful, reveal } } }, kept)).rejects.toThrow(
      /replace lost "password"/,
    )
  })
})

describe('groups that', () => {
  type Groups = ResourceAdapter<GroupResource>
  const faults: readonly (readonly [string, (groups: Required<Groups>) => Partial<Groups>, string, RegExp])[] = [
    [
      'add to the members when they are to be replaced',
      (groups) => ({ patch: (id, patch, call) => groups.patch(id, withoutClear(patch), call) }),
      'a patch has the same result as the reference implementation',
      /Group\.patch of .*"replace".* made get return .* as "members"/,
    ],
    [
      'tell members that were there already as added',
      (groups) => ({
        patch: async (id, patch, call) => {
          const added = patch.delta('members')?.add.map(({ value }) => value) ?? []
          const result = await groups.patch(id, patch, call)
          const isResult = typeof result === 'object' && result !== null
          return isResult && result.changed ? { ...result, changes: { members: { added, removed: [] } } } : result
        },
      }),
      'a patch returns the right version, resource and changes',
      /told that it added .*#patch/,
    ],
    [
      'show the names of other tenants',
      (groups) => ({
        get: async (id, call) => {
          const group = await groups.get(id, call)
          return group && call.tenant === 'kit-b' ? { ...group, members: [{ value: 'x', display: 'Babs' }] } : group
        },
      }),
      'a reference to a resource of another tenant shows nothing of it',
      /get told a tenant the name "Babs" of a resource of another .*#per-tenant/,
    ],
    [
      'lose a member when two writers add at once',
      (groups) => ({
        patch: async (id, patch, call) => {
          const before = await groups.get(id, call)
          await delay(1)
          if (!before) return undefined
          const { id: _id, meta: _meta, ...draft } = patch.apply(before) as unknown as JsonObject
          const after = await groups.replace(id, draft as never, call)
          return typeof after === 'object' && after
            ? { changed: true, version: '?', resource: after as Stored<GroupResource> }
            : 'stale'
        },
      }),
      'of 10 patches at once none is lost',
      /Group\.patch lost 9 of 10 values .* "members"/,
    ],
  ]

  test.each(faults)('%s are caught', async (_what, broken, name, says) => {
    const { users, groups } = memoryAdapters({ members: { unknown: 'keep' } })
    const resourceTypes = (adapter: Groups) => ({ User: { adapter: users }, Group: { adapter } })
    await runOne({ resourceTypes: resourceTypes(groups) }, `Group: ${name}`)
    const adapter = { ...groups, ...broken(groups as Required<Groups>) }
    await expect(runOne({ resourceTypes: resourceTypes(adapter) }, `Group: ${name}`)).rejects.toThrow(says)
  })
})

test('a failure has the filter that a list was asked for', async () => {
  const adapter = { ...soundAdapter(), list: () => Promise.reject(new Error('no such column')) }
  const run = runOne({ resourceTypes: { User: { adapter } } }, 'User: filter: not, and, or')
  await expect(run).rejects.toThrow(
    /^User\.list threw "no such column" for the filter externalId sw "kit-\w+-" and \(not/,
  )
})

test('a list that fails half way is told with the call that gave it', async () => {
  const sound = soundAdapter()
  const adapter = {
    ...sound,
    get: async (id: string, call: Call) => {
      const found = (await sound.get(id, call)) as JsonObject | undefined
      return (
        found &&
        new Proxy(found as never, {
          ownKeys: () => {
            throw new Error('Cannot read')
          },
        })
      )
    },
  }
  const run = runOne({ resourceTypes: { User: { adapter } } }, 'User: create stores the whole draft, and get finds it')
  await expect(run).rejects.toThrow(/^User\.get threw "Cannot read" for the id "/)
})

test('a failure has the section and the cause', async () => {
  const reason = `Invalid invocation\n\n${'some code\n'.repeat(50)}connection lost`
  const cause = new Error('no route to host')
  const adapter = { ...soundAdapter(), get: () => Promise.reject(new Error(reason, { cause })) }
  const error = await runOne(
    { resourceTypes: { User: { adapter } } },
    'User: create stores the whole draft, and get finds it',
  ).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(ContractViolation)
  expect(error).toMatchObject({
    message: expect.stringMatching(
      /^User\.get threw "Invalid invocation … connection lost", because of "no route to host" for the id "[-\w]{36}" \(node_modules\/express-scim\/docs\/adapters\.md#create\)$/,
    ),
    section: 'create',
    cause: expect.objectContaining({ message: reason }),
  })
})

function memoryOptions(): AdapterChecksOptions {
  const { users, groups } = memoryAdapters()
  return { resourceTypes: { User: { adapter: users }, Group: { adapter: groups } }, members: 20, timeout: 50_000 }
}

async function runOne(options: AdapterChecksOptions, name: string): Promise<void> {
  const check = adapterChecks({ members: 20, ...options }).find((each) => each.name === name)
  if (!check) throw new Error(`There is no check "${name}".`)
  await check.run()
}

async function everything(adapter: ResourceAdapter, call: Call): Promise<readonly unknown[]> {
  const page = (await adapter.list(queryOf(userSchema, { count: 1_000 }), call)) as {
    readonly resources: Iterable<Stored>
  }
  return [...page.resources]
}

function breakable(): { readonly adapter: ResourceAdapter; readonly breakStore: () => () => void } {
  const sound = soundAdapter() as Required<ResourceAdapter>
  let broken = false
  const guarded = <Given extends readonly unknown[], T>(callback: (...given: Given) => T) => {
    return async (...given: Given): Promise<Awaited<T>> => {
      if (broken) throw new Error('ECONNREFUSED')
      return await callback(...given)
    }
  }
  return {
    adapter: {
      supports: sound.supports,
      create: guarded(sound.create),
      get: guarded(sound.get),
      list: guarded(sound.list),
      replace: guarded(sound.replace),
      patch: guarded(sound.patch),
      delete: guarded(sound.delete),
    },
    breakStore: () => {
      broken = true
      return () => {
        broken = false
      }
    },
  }
}

async function everyRow(adapter: ResourceAdapter, query: ListQuery, call: Call): Promise<Iterable<Stored>> {
  const page = await adapter.list({ ...query, sort: undefined, count: 1_000, pagination: 'index', startIndex: 1 }, call)
  return (page as { readonly resources: Iterable<Stored> }).resources
}

function withoutClear(patch: Patch<GroupResource>): Patch<GroupResource> {
  return new Proxy(patch, {
    get: (target, name) =>
      name === 'delta'
        ? (attribute: 'members') => {
            const delta = target.delta(attribute)
            return delta && { ...delta, clear: false }
          }
        : Reflect.get(target, name),
  })
}
