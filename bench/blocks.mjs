// The longest stretch of the event loop that one request of bench/probes.mjs takes, in CPU time of the main thread,
// less the time of JSON.parse and JSON.stringify for the same bytes in the same process; and the growth of the process.
import { PROBES } from './probes.mjs'
import { startServer } from './server-process.mjs'
import { figure, round } from './statistics.mjs'

const ROUNDS = Number(process.env.BLOCK_ROUNDS ?? 4)
const isProfiled = process.env.BLOCK_PROFILE !== undefined

/** @param {readonly string[]} [only] Parts of the names of the probes to run. Default: all probes. */
export async function blocks(report, only) {
  const isChosen = (name) => only === undefined || only.some((part) => name.includes(part))
  const longest = {}
  const grown = {}
  const chosen = Object.entries(PROBES).filter(([name]) => isChosen(name))
  for (const store of new Set(chosen.map(([, probe]) => probe.store))) {
    const server = await startServer('probes.mjs', { store, isProfiled, collects: true })
    const send = async (method, path, body) => {
      const response = await fetch(`http://127.0.0.1:${server.port}/scim/v2${path}`, {
        method,
        headers: { authorization: 'Bearer bench-token-of-some-length', 'content-type': 'application/scim+json' },
        body: typeof body === 'string' || body === undefined ? body : JSON.stringify(body),
      }).catch(() => undefined)
      return { status: response?.status, text: await response?.text() }
    }
    const create = async (path, body) => {
      const { status, text } = await send('POST', path, body)
      if (status !== 201 && status !== 200) throw new Error(`${status} ${text}`)
      return JSON.parse(text)
    }
    const patch = async (path, body) => {
      const { status, text } = await send('PATCH', path, body)
      if (status !== 200 && status !== 204) throw new Error(`${status} ${text}`)
    }
    for (const [name, probe] of chosen) {
      if (probe.store !== store) continue
      report.begin(name)
      const times = []
      let status
      let stretch
      let memory = Number.POSITIVE_INFINITY
      // The first request of its kind compiles.
      for (let n = 0; n < ROUNDS; n += 1) {
        const made = await probe.before?.({ create, patch })
        const { method, path, body } = probe.request(made, server.info, n)
        const text = typeof body === 'string' || body === undefined ? body : JSON.stringify(body)
        const parsed = text === undefined ? 0 : await parseTime(server, text)
        const { memory: start } = await server.ask({ watch: true })
        status = (await send(method, path, text)).status
        const { ms, memory: end, stretch: last } = await server.ask({ blocked: true })
        stretch = last
        times.push(Math.max(0, ms - parsed))
        memory = Math.min(memory, (end - start) / 1e6)
        const id = typeof made === 'string' ? made : made?.id
        if (id) await send('DELETE', `/Users/${id}`)
      }
      longest[name] = figure(times.slice(1)).ratio
      grown[name] = round(memory)
      report.probe?.(name, { status, ms: longest[name], times: times.map(round), memory: grown[name], stretch })
    }
    await server.stop()
  }
  return { longest, grown }
}

async function parseTime(server, text) {
  try {
    JSON.parse(text)
  } catch {
    return 0
  }
  return (await server.ask({ json: text })).ms
}
