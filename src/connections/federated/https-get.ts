import { lookup } from 'node:dns'
import { type RequestOptions, request } from 'node:https'
import { isPublicAddress } from './public-address.js'

const MOST_BYTES = 65_536
const MILLISECONDS = 3_000

type Lookup = NonNullable<RequestOptions['lookup']>

/** The settings that tests change. */
export interface HttpsOptions {
  readonly lookup?: Lookup
  readonly port?: number
  readonly ca?: string
  readonly milliseconds?: number
}

/**
 * Reads a small JSON text by HTTPS: port 443, public addresses, status 200, no redirect, 64 kB, 3 seconds in all. The
 * address that was looked up and found to be public is the address that it connects to.
 */
export function httpsGet(url: string, options: HttpsOptions = {}): Promise<string> {
  const { hostname, pathname, search } = new URL(url)
  const signal = AbortSignal.timeout(options.milliseconds ?? MILLISECONDS)
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host: hostname,
        port: options.port ?? 443,
        path: pathname + search,
        headers: { Accept: 'application/json' },
        lookup: options.lookup ?? publicLookup,
        signal,
        // A connection of its own: the address of a shared connection was not looked up here.
        agent: false,
        ...(options.ca !== undefined && { ca: options.ca }),
      },
      (response) => {
        if (response.statusCode !== 200) {
          outgoing.destroy(new Error(`The keys of an issuer were answered with status ${response.statusCode}.`))
          return
        }
        const pieces: Buffer[] = []
        let bytes = 0
        response.on('data', (piece: Buffer) => {
          bytes += piece.length
          if (bytes > MOST_BYTES)
            outgoing.destroy(new Error(`The keys of an issuer are more than ${MOST_BYTES} bytes.`))
          else pieces.push(piece)
        })
        response.on('end', () => resolve(Buffer.concat(pieces).toString('utf8')))
        response.on('error', reject)
      },
    )
    outgoing.on('error', reject)
    outgoing.end()
  })
}

/** Looks a host up, and refuses it if any of its addresses is not public. */
export const publicLookup: Lookup = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, '', 0)
    const [first] = addresses
    if (first === undefined || !addresses.every(({ address }) => isPublicAddress(address))) {
      return callback(new Error('The host of the keys of an issuer has an address that is not public.'), '', 0)
    }
    if (options.all) return callback(null, addresses)
    return callback(null, first.address, first.family)
  })
}
