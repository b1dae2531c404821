// An identity provider that never rests. It remembers the acknowledged writes, to look for them in the end.
const USER = 'urn:ietf:params:scim:schemas:core:2.0:User'
const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group'
const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'
const MOST_USERS = 25

/** The requests of one client; `choose` gives the base URL of one of the processes. */
export function soakClient({ name, style, tenant, choose, groups }) {
  /** Users of this client by id, as they were acknowledged; `gone` for deleted users. Users in doubt are left out. */
  const users = new Map()
  /** Groups that a user is in, as `group user`. No other client changes the membership of these users. */
  const memberships = new Map()
  const counts = { requests: 0, acknowledged: 0, refused: 0, retried: 0 }
  const unexpected = []
  let serial = 0

  async function send(method, path, body) {
    counts.requests += 1
    const response = await fetch(`${choose()}/${tenant}/v2${path}`, {
      method,
      headers: { authorization: 'Bearer soak-token', 'content-type': 'application/scim+json' },
      ...(body && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) }
  }

  /** Sends a write. Other clients may be in its way (503): then the client sends it again, as identity providers do. */
  async function write(method, path, body) {
    for (;;) {
      const answer = await send(method, path, body)
      if (answer.status === 503) {
        counts.retried += 1
        continue
      }
      if (answer.status < 300) counts.acknowledged += 1
      else {
        counts.refused += 1
        unexpected.push(`${name}: ${method} ${path} gave ${answer.status} ${JSON.stringify(answer.body)}`)
      }
      return answer
    }
  }

  const patch = (...Operations) => ({ schemas: [PATCH_OP], Operations })
  const capital = style === 'entra' ? (op) => op[0].toUpperCase() + op.slice(1) : (op) => op
  const some = (list) => list[Math.floor(Math.random() * list.length)]
  const live = () => [...users].filter(([, known]) => known !== 'gone').map(([id]) => id)

  async function create() {
    serial += 1
    const userName = `${name}.${serial}@example.com`
    const found = await send('GET', `/Users?filter=${encodeURIComponent(`userName eq "${userName.toUpperCase()}"`)}`)
    if (found.body.totalResults !== 0) unexpected.push(`${name}: ${userName} is there before it is made`)
    const body = { schemas: [USER], userName, active: true, title: `title ${serial}`, name: { familyName: name } }
    const { status, body: created } = await write('POST', '/Users', body)
    if (status === 201) users.set(created.id, { userName, active: true, title: `title ${serial}` })
  }

  async function change(id) {
    const known = users.get(id)
    serial += 1
    const next = { ...known, title: `title ${serial}`, active: Math.random() < 0.8 }
    const isPut = style === 'okta' && Math.random() < 0.5
    const answer = isPut
      ? await write('PUT', `/Users/${id}`, { schemas: [USER], ...next, name: { familyName: name } })
      : await write(
          'PATCH',
          `/Users/${id}`,
          style === 'entra'
            ? patch(
                { op: capital('replace'), path: 'active', value: next.active ? 'True' : 'False' },
                { op: capital('replace'), path: 'title', value: next.title },
              )
            : patch({ op: 'replace', value: { active: next.active, title: next.title } }),
        )
    if (answer.status < 300) users.set(id, next)
  }

  async function remove(id) {
    const { status } = await write('DELETE', `/Users/${id}`)
    if (status === 204) users.set(id, 'gone')
    for (const group of groups) memberships.delete(`${group} ${id}`)
  }

  async function assign(id) {
    const group = some(groups)
    const isIn = memberships.get(`${group} ${id}`) === true
    const operation = isIn
      ? { op: capital('remove'), path: `members[value eq "${id}"]` }
      : { op: capital('add'), path: 'members', value: [{ value: id }] }
    const { status } = await write('PATCH', `/Groups/${group}`, patch(operation))
    if (status < 300) memberships.set(`${group} ${id}`, !isIn)
  }

  async function read(id) {
    const { body } = await send('GET', `/Users/${id}`)
    const known = users.get(id)
    const isRight = body.userName === known.userName && body.active === known.active && body.title === known.title
    if (!isRight) unexpected.push(`${name}: read ${JSON.stringify(body)} in place of ${JSON.stringify(known)}`)
  }

  async function step() {
    const ids = live()
    const chance = Math.random()
    if (ids.length === 0 || (ids.length < MOST_USERS && chance < 0.25)) return create()
    const id = some(ids)
    if (chance < 0.45) return change(id)
    if (chance < 0.65) return assign(id)
    if (chance < 0.85) return read(id)
    if (chance < 0.92)
      return send('GET', `/Users?count=10&startIndex=${1 + Math.floor(Math.random() * 20)}&sortBy=userName`)
    return ids.length >= MOST_USERS - 5 ? remove(id) : read(id)
  }

  return {
    counts,
    unexpected,
    run: async (until) => {
      while (performance.now() < until()) await step()
    },
    /** Looks for every acknowledged write, through any of the processes; returns the differences. */
    check: async () => {
      const wrong = []
      let checked = 0
      for (const [id, known] of users) {
        const { status, body } = await send('GET', `/Users/${id}`)
        checked += 1
        if (
          known === 'gone'
            ? status !== 404
            : status !== 200 || ['userName', 'active', 'title'].some((key) => body[key] !== known[key])
        ) {
          wrong.push(
            `${name}: user ${id} is ${status} ${JSON.stringify(body)}, acknowledged was ${JSON.stringify(known)}`,
          )
        }
      }
      for (const group of groups) {
        const { body } = await send('GET', `/Groups/${group}`)
        const members = new Set((body.members ?? []).map(({ value }) => value))
        for (const [key, isIn] of memberships) {
          const [inGroup, id] = key.split(' ')
          if (inGroup !== group) continue
          checked += 1
          if (members.has(id) !== isIn) wrong.push(`${name}: ${id} is ${isIn ? 'not' : 'still'} a member of ${group}`)
        }
      }
      return { checked, wrong }
    },
  }
}

/** Makes the groups of a tenant. */
export async function makeGroups(base, tenant, count) {
  const ids = []
  for (let number = 0; number < count; number += 1) {
    const response = await fetch(`${base}/${tenant}/v2/Groups`, {
      method: 'POST',
      headers: { authorization: 'Bearer soak-token', 'content-type': 'application/scim+json' },
      body: JSON.stringify({ schemas: [GROUP], displayName: `soak ${number}` }),
    })
    ids.push((await response.json()).id)
  }
  return ids
}
