import type { Answer, RequestOptions } from '../../../client/index.js'
import { isObject, propertiesOf } from '../../../is-object.js'
import {
  type AttributeInfo,
  type Capabilities,
  ENTERPRISE,
  GROUP,
  sameUri,
  type TypeInfo,
  USER,
} from './capabilities.js'
import { type Json, memberOf, must, mustBe, objectOf } from './expect.js'
import type { Ledger, Send } from './ledger.js'
import { NotSeen, Violation } from './outcome.js'
import type { Recorder } from './recorder.js'

const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'

/** The domain of all addresses that the check writes: no mail can be sent there (RFC 2606 section 2). */
export const DOMAIN = 'scim-check.invalid'

/** A resource that a rule works on. */
export interface Subject extends Json {
  readonly id: string
}

/** The tools of a rule: requests, resources of its own, and the discovery answers of the server. */
export class Bench {
  readonly capabilities: Capabilities
  readonly mark: string
  /** Attributes that are added to every user that the check creates, for applications that require more. */
  readonly sample: Json
  readonly ledger: Ledger
  readonly readOnly: boolean
  readonly recorder: Recorder
  /** The base URL. */
  readonly base: string
  readonly #send: Send
  #count = 0
  #shared: Subject | undefined
  #answers = new Map<string, Answer>()

  constructor(
    base: string,
    send: Send,
    capabilities: Capabilities,
    { ledger, recorder, sample, readOnly }: Pick<Bench, 'ledger' | 'recorder' | 'sample' | 'readOnly'>,
  ) {
    this.base = base
    this.readOnly = readOnly
    this.recorder = recorder
    this.#send = send
    this.capabilities = capabilities
    this.ledger = ledger
    this.mark = ledger.mark
    this.sample = sample
  }

  get user(): TypeInfo {
    return this.capabilities.user ?? missing('User')
  }

  get group(): TypeInfo {
    return this.capabilities.group ?? missing('Group')
  }

  get users(): string {
    return this.user.endpoint
  }

  get groups(): string {
    return this.group.endpoint
  }

  send(method: string, path: string, request?: RequestOptions): Promise<Answer> {
    return this.#send(method, path, request)
  }

  get(path: string, headers: Readonly<Record<string, string | null>> = {}): Promise<Answer> {
    return this.#send('GET', path, { headers })
  }

  /** The answer to a GET that several rules need. The request is sent once. */
  async look(path: string): Promise<Answer> {
    const known = this.#answers.get(path)
    this.recorder.cite(path)
    if (known !== undefined) return known
    const answer = await this.get(path)
    this.recorder.keep(path)
    this.#answers.set(path, answer)
    return answer
  }

  post(path: string, body: unknown): Promise<Answer> {
    return this.#send('POST', path, { body })
  }

  put(path: string, body: unknown): Promise<Answer> {
    return this.#send('PUT', path, { body })
  }

  /** Sends one or more operations as a PATCH. */
  patch(path: string, ...operations: readonly Json[]): Promise<Answer> {
    return this.#send('PATCH', path, { body: { schemas: [PATCH_OP], Operations: operations } })
  }

  /** A query with a filter. */
  filtered(filter: string, rest = ''): Promise<Answer> {
    return this.get(`${this.users}?filter=${encodeURIComponent(filter)}${rest}`)
  }

  /** A unique name: it contains the mark of the run. */
  name(word = 'user'): string {
    this.#count += 1
    return `${word}-${this.#count}.${this.mark}`
  }

  /**
   * The body for a new user: the attributes that nearly all applications want, and the attributes that the schema
   * requires.
   */
  userDraft(attributes: Json = {}): Json {
    const name = this.name()
    const address = `${name}@${DOMAIN}`
    const usual: Json = {
      schemas: [USER],
      userName: address,
      name: { givenName: 'Check', familyName: name },
      displayName: `Check ${name}`,
      emails: [{ value: address, type: 'work', primary: true }],
      active: true,
    }
    const draft = { ...usual, ...this.#required(this.user, usual, name), ...this.sample, ...attributes }
    return Object.fromEntries(Object.entries(draft).filter(([, value]) => value !== undefined))
  }

  groupDraft(attributes: Json = {}): Json {
    const name = this.name('group')
    const usual: Json = { schemas: [GROUP], displayName: name }
    return { ...usual, ...this.#required(this.group, usual, name), ...attributes }
  }

  /** Creates a user. If the server creates none, the rule is skipped: the rules of creation report the reason. */
  async newUser(attributes: Json = {}): Promise<Subject> {
    const draft = this.userDraft(attributes)
    return this.#created(this.users, await this.post(this.users, draft), draft)
  }

  async newGroup(attributes: Json = {}): Promise<Subject> {
    const draft = this.groupDraft(attributes)
    return this.#created(this.groups, await this.post(this.groups, draft), draft)
  }

  /** One user, shared by all rules that change nothing. */
  async shared(): Promise<Subject> {
    this.recorder.cite('shared')
    if (this.#shared !== undefined) return this.#shared
    this.#shared = await this.newUser({
      ...(this.has('nickName') && { nickName: 'Babs' }),
      ...(this.has('title') && { title: 'Tour Guide' }),
      externalId: this.name('ext'),
    })
    this.recorder.keep('shared')
    return this.#shared
  }

  /** Creates resources until the run has this many. If the server does not create them, the rule is skipped. */
  async atLeast(count: number, endpoint: string, make: () => Promise<Subject>): Promise<void> {
    for (let missing = count - this.ledger.count(endpoint); missing > 0; missing -= 1) await make()
    if (this.ledger.count(endpoint) < count)
      throw new NotSeen('The server does not create the resources that the rule needs.')
  }

  /** The path of a resource. */
  at(endpoint: string, { id }: Json): string {
    return `${endpoint}/${encodeURIComponent(String(id))}`
  }

  /** Reads a resource. */
  async read(endpoint: string, resource: Json): Promise<Json> {
    const path = this.at(endpoint, resource)
    const answer = await this.get(path)
    mustBe(answer, 200, `GET ${endpoint}/{id}`)
    return objectOf(answer, `GET ${endpoint}/{id}`)
  }

  /** Reads a resource and returns its `meta`. */
  async meta(endpoint: string, resource: Json): Promise<Json> {
    const { meta } = await this.read(endpoint, resource)
    return isObject(meta) ? meta : {}
  }

  /** Whether the schema of users has an attribute. If the server has no /Schemas, the attributes of the RFC count. */
  has(name: string): boolean {
    if (name === 'externalId' || this.user.attributes.length === 0) return true
    return this.user.attributes.some((attribute) => attribute.name.toLowerCase() === name.toLowerCase())
  }

  /** Whether users have the enterprise extension. */
  hasEnterprise(): boolean {
    return this.user.extensions.some(({ schema }) => sameUri(schema, ENTERPRISE))
  }

  /** A single-valued text attribute of users that is optional and that a client may change. */
  text(index = 0): string {
    const wanted = ['nickName', 'title', 'preferredLanguage', 'userType', 'locale', 'displayName']
    const free = wanted.filter((name) => this.#isFree(name))
    return free[index] ?? notThere('no optional text attribute that a client may change')
  }

  /** A multi-valued attribute of users with value and type. */
  list(): string {
    const found = ['emails', 'phoneNumbers', 'ims'].find((name) => {
      const attribute = this.#attribute(name)
      const types = attribute?.subAttributes.map((sub) => sub.name)
      return (
        this.has(name) && (attribute === undefined || (attribute.mutability === 'readWrite' && types?.includes('type')))
      )
    })
    return found ?? notThere('no multi-valued attribute with value and type')
  }

  /** A value for the attribute that {@link list} chose. */
  value(name: string, word: string): string {
    if (name === 'emails') return `${word}.${this.mark}@${DOMAIN}`
    return name === 'phoneNumbers' ? `tel:+1-201-555-01${String(word.length).padStart(2, '0')}` : `${word}.${this.mark}`
  }

  /** Skips a rule if the schema does not have the attribute that it needs. */
  requireAttribute(name: string): void {
    if (!this.has(name)) notThere(`no ${name}`)
  }

  #attribute(name: string): AttributeInfo | undefined {
    return this.user.attributes.find((attribute) => attribute.name === name)
  }

  #isFree(name: string): boolean {
    if (!this.has(name)) return false
    const attribute = this.#attribute(name)
    if (attribute === undefined) return true
    const { type, multiValued, required, mutability, uniqueness, canonicalValues } = attribute
    const plain = type === 'string' && !multiValued && canonicalValues.length === 0
    return plain && !required && mutability === 'readWrite' && uniqueness === 'none'
  }

  #required(type: TypeInfo, given: Json, name: string): Json {
    const absent = type.attributes.filter(
      (attribute) =>
        attribute.required && attribute.mutability !== 'readOnly' && memberOf(given, attribute.name) === undefined,
    )
    return Object.fromEntries(absent.map((attribute) => [attribute.name, sampleOf(attribute, name)]))
  }

  #created(endpoint: string, answer: Answer, draft: Json): Subject {
    const { body, status } = answer
    const id = memberOf(body, 'id')
    if (status < 200 || status > 299 || typeof id !== 'string') {
      throw new NotSeen(`The server does not create what the rule needs: POST ${endpoint} is answered with ${status}.`)
    }
    return { ...draft, ...propertiesOf(body), id }
  }
}

/** A value for a required attribute that the check does not know. */
function sampleOf(attribute: AttributeInfo, name: string): unknown {
  const { type, multiValued, canonicalValues, subAttributes } = attribute
  const single = (): unknown => {
    if (type === 'boolean') return true
    if (type === 'integer' || type === 'decimal') return 1
    if (type === 'dateTime') return '2024-01-01T00:00:00Z'
    if (type === 'binary') return 'YQ=='
    if (type === 'reference') return `https://${DOMAIN}/${name}`
    if (type !== 'complex') return canonicalValues[0] ?? name
    const needed = subAttributes.filter((sub) => sub.required || sub.name === 'value')
    return Object.fromEntries(needed.map((sub) => [sub.name, sampleOf(sub, name)]))
  }
  return multiValued ? [single()] : single()
}

function missing(type: string): never {
  throw new NotSeen(`The server has no resource type ${type}.`)
}

function notThere(what: string): never {
  throw new NotSeen(`The schema of users has ${what}.`)
}

/** Reads a resource again and checks the value of one attribute. */
export async function mustRead(
  bench: Bench,
  subject: Json,
  name: string,
  wanted: unknown,
  after: string,
): Promise<Json> {
  const read = await bench.read(bench.users, subject)
  const actual = memberOf(read, name)
  if (JSON.stringify(actual) !== JSON.stringify(wanted)) {
    const words = wanted === undefined ? 'must be gone' : `must be ${JSON.stringify(wanted)}`
    throw new Violation(`After ${after}, ${name} is ${JSON.stringify(actual) ?? 'missing'}, ${words}.`)
  }
  return read
}

/** Checks that a PATCH is answered as RFC 7644 section 3.5.2 says: 200 with the resource, or 204. */
export function mustPatch(answer: Answer, request: string): void {
  mustBe(answer, [200, 204], request)
  if (answer.status === 200)
    must(typeof objectOf(answer, request).id === 'string', `${request} is answered with 200 and no resource.`)
}
