import { IncomingMessage } from 'node:http'

interface ExpressRequest extends IncomingMessage {
  readonly protocol?: string
}

/** Makes the function that tells the protocol of a request as Express understands it. */
export function observedProtocols(): (request: ExpressRequest) => string {
  const mayDiffer = protocolWatch()
  return (request) => {
    const told = mayDiffer(request) ? request.protocol : undefined
    // A forwarded header may say anything, and locations begin with it.
    return told === 'http' || told === 'https' ? told : ownProtocol(request)
  }
}

function ownProtocol({ socket }: IncomingMessage): string {
  return (socket as { readonly encrypted?: boolean }).encrypted === true ? 'https' : 'http'
}

/**
 * Whether the protocol may be another than that of the connection. Express works it out anew at every look, from the
 * forwarded header alone; a host may have put another in its place, for one request or for all of an application.
 */
function protocolWatch(): (request: ExpressRequest) => boolean {
  let last: unknown
  let isRedefined = false
  return (request) => {
    if (request.headers['x-forwarded-proto'] !== undefined || Object.hasOwn(request, 'protocol')) return true
    const prototype: unknown = Object.getPrototypeOf(request)
    if (prototype !== last) {
      isRedefined = redefinesProtocol(prototype)
      last = prototype
    }
    return isRedefined
  }
}

/** Whether what requests inherit from has a protocol before Express's own request has, which inherits from Node's. */
function redefinesProtocol(prototype: unknown): boolean {
  let holder = prototype
  while (typeof holder === 'object' && holder !== null && !Object.hasOwn(holder, 'protocol')) {
    holder = Object.getPrototypeOf(holder)
  }
  return typeof holder === 'object' && holder !== null && Object.getPrototypeOf(holder) !== IncomingMessage.prototype
}
