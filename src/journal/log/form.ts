import type { RequestReport } from '../../index.js'

const MOST_OF_CONNECTION = 8
const MOST_CONNECTIONS = 1_000

/** The members of an entry that many requests of a connection have in common. */
export class Form {
  readonly tenant: string
  readonly connection: string
  readonly method: string
  readonly query: string | undefined
  readonly status: number
  readonly code: string
  readonly scimType: string | undefined
  readonly attribute: string | undefined
  readonly text: string | undefined
  readonly action: string | undefined
  readonly resourceType: string | undefined
  readonly userAgent: string | undefined
  readonly provider: string | undefined
  readonly via: string

  constructor(part: Omit<Form, 'isOf'>) {
    this.tenant = part.tenant
    this.connection = part.connection
    this.method = part.method
    this.query = part.query
    this.status = part.status
    this.code = part.code
    this.scimType = part.scimType
    this.attribute = part.attribute
    this.text = part.text
    this.action = part.action
    this.resourceType = part.resourceType
    this.userAgent = part.userAgent
    this.provider = part.provider
    this.via = part.via
  }

  /** Whether a request of the same connection, which succeeded, has this form. */
  isOf(report: RequestReport): boolean {
    return (
      this.query === report.query &&
      this.status === report.status &&
      this.method === report.method &&
      this.action === report.action &&
      this.resourceType === report.resourceType &&
      this.userAgent === report.userAgent &&
      this.tenant === (report.tenant ?? '') &&
      this.via === report.via
    )
  }
}

function successForm(report: RequestReport, connection: string): Form {
  const { tenant = '', method, query, status, action, resourceType, userAgent, provider, via } = report
  const none = { code: '', scimType: undefined, attribute: undefined, text: undefined }
  return new Form({
    tenant,
    connection,
    method,
    query,
    status,
    action,
    resourceType,
    userAgent,
    provider,
    via,
    ...none,
  })
}

/**
 * The forms of requests that succeeded. A connection repeats few forms: entries that share one need less memory and one
 * comparison.
 */
export class Forms {
  #forms = new Map<string, Form[]>()

  of(report: RequestReport, connection: string): Form {
    const held = this.#forms.get(connection)
    if (held !== undefined) for (const form of held) if (form.isOf(report)) return form
    const form = successForm(report, connection)
    if (held === undefined) this.#begin(connection, form)
    else if (held.push(form) > MOST_OF_CONNECTION) held.shift()
    return form
  }

  #begin(connection: string, form: Form): void {
    // Clients that always send another query must not fill the memory.
    if (this.#forms.size >= MOST_CONNECTIONS) this.#forms.clear()
    this.#forms.set(connection, [form])
  }
}
