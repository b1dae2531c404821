import { type BulkOperation, type ScimClient, ScimClientError } from '../../client/index.js'
import { inParallel } from './parallel.js'

/** The most resources that one bulk request deletes. */
const TOGETHER = 200

/** The size of one operation in the body of a bulk request, in bytes, without its path. */
const BYTES = 40

/**
 * Deletes resources. If the server supports bulk (RFC 7644 section 3.7), one request deletes many. Resolves with the
 * number of resources that are left.
 *
 * @param paths Groups first: while groups exist, the server must also remove each deleted user from its groups.
 */
export async function cleanUp(
  client: ScimClient,
  paths: readonly string[],
  concurrency: number,
  tell: (done: number) => void,
): Promise<number> {
  let done = 0
  let left = 0
  const note = (ended: readonly boolean[]): void => {
    done += ended.length
    left += ended.filter((isGone) => !isGone).length
    tell(done)
  }
  const most = await operationsAtOnce(client, paths)
  const one = async (path: string): Promise<void> => note([isGone((await client.send('DELETE', path)).status)])
  if (most < 2) {
    await inParallel(paths, concurrency, one)
    return left
  }
  // If the bulk answer does not report an operation, the resource is deleted with a request of its own.
  await inParallel(chunksOf(paths, most), 2, async (chunk) => {
    const statuses = await deleteTogether(client, chunk)
    if (statuses === undefined) return inParallel(chunk, concurrency, one)
    note(statuses.filter(isGone).map(() => true))
    await inParallel(
      chunk.filter((_path, index) => !isGone(statuses[index] ?? 0)),
      concurrency,
      one,
    )
  })
  return left
}

/** Deletes resources with one bulk request: the statuses in order, or undefined if the server does not carry it out. */
async function deleteTogether(client: ScimClient, paths: readonly string[]): Promise<readonly number[] | undefined> {
  const operations = paths.map((path): BulkOperation => ({ method: 'DELETE', path }))
  try {
    const results = await client.bulk(operations)
    return results.length === paths.length ? results.map(({ status }) => status) : undefined
  } catch (error) {
    if (error instanceof ScimClientError) return undefined
    throw error
  }
}

async function operationsAtOnce(client: ScimClient, paths: readonly string[]): Promise<number> {
  const bulk = await client.serviceProviderConfig().then(
    (config) => config.bulk,
    () => undefined,
  )
  if (bulk?.supported !== true) return 0
  const longest = Math.max(0, ...paths.map((path) => path.length)) + BYTES
  const { maxOperations, maxPayloadSize } = bulk
  return Math.min(TOGETHER, Number(maxOperations) || 0, Math.floor((Number(maxPayloadSize) || 0) / longest))
}

/** A resource that did not exist counts as deleted. */
function isGone(status: number): boolean {
  return status === 204 || status === 404
}

function chunksOf<T>(list: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, index) =>
    list.slice(index * size, (index + 1) * size),
  )
}
