import type { Call } from '../../adapter/contract.js'
import { type Checks, checkGiven, numberShown } from '../../check-options.js'
import type { EventHooks, HookContext, Listener } from './hooks.js'
import type { ScimRouterOptions } from './options.js'

/** Any hook. */
type Hook = (payload: unknown, beside?: HookContext | Call) => unknown

/** How long `settled` waits. */
interface Wait {
  readonly timeout?: number
}

// Node ends a longer timer at once.
const LONGEST = 2 ** 31 - 1

const WAIT = {
  timeout: {
    expects: `a whole number of milliseconds from 0 to ${LONGEST}`,
    accepts: (value) => Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= LONGEST,
    shows: numberShown,
  },
} satisfies Checks<keyof Wait>

const NOTHING = (): void => undefined

/** The hooks of the option `on`, and their calls that have not ended yet. */
export class Listeners {
  readonly #hooks = new Map<string, Hook[]>()
  readonly #waitUntil: ScimRouterOptions['waitUntil']
  /** Events and reports with a hook at work. */
  #pending = 0
  /** Waiting for there to be none. */
  #waiting: (() => void)[] = []

  constructor({ on = [], waitUntil }: Pick<ScimRouterOptions, 'on' | 'waitUntil'>) {
    this.#waitUntil = waitUntil
    for (const listener of listenersOf(on)) {
      for (const [name, hook] of Object.entries(listener)) {
        if (hook !== undefined) this.#hooks.set(name, [...(this.#hooks.get(name) ?? []), hook])
      }
    }
  }

  /** Whether a listener has a hook of this name. */
  has(name: string): boolean {
    return this.#hooks.has(name)
  }

  /** Whether a listener has a hook whose name begins so: `user.`. */
  hasUnder(prefix: string): boolean {
    for (const name of this.#hooks.keys()) if (name.startsWith(prefix)) return true
    return false
  }

  /**
   * Calls the hooks of a name in the order of the listeners, in a turn of their own and none waiting for the one before
   * it.
   *
   * @param context For `waitUntil`, and for the hooks of reports, which get it as a second argument.
   * @param onFailure Called for each hook that throws or rejects. It must not throw.
   */
  emit(name: string, payload: unknown, context: HookContext, onFailure: (error: unknown) => void): void {
    const hooks = this.#hooks.get(name)
    if (hooks === undefined) return
    const beside = name === 'request' ? context : undefined
    let resolve: (() => void) | undefined
    const work = this.#waitUntil && new Promise<void>((settle) => (resolve = settle))
    this.#pending += 1
    // A failure is reported at once: the process may be about to end for the same reason.
    if (name === 'error') this.#callAll(hooks, payload, beside, onFailure, resolve)
    else setImmediate(() => this.#callAll(hooks, payload, beside, onFailure, resolve))
    if (work) this.#waitUntil?.(work, context)
  }

  /**
   * Calls hooks in their order, none waiting for the one before it. No promise is made for hooks that return nothing.
   */
  #callAll(
    hooks: readonly Hook[],
    payload: unknown,
    beside: HookContext | undefined,
    onFailure: (error: unknown) => void,
    onEnd: (() => void) | undefined,
  ): void {
    let open: Promise<void>[] | undefined
    for (const hook of hooks) {
      try {
        const result = beside === undefined ? hook(payload) : hook(payload, beside)
        if (result === undefined) continue
        open ??= []
        open.push(Promise.resolve(result).then(NOTHING, onFailure))
      } catch (error) {
        onFailure(error)
      }
    }
    if (open === undefined) this.#end(onEnd)
    else void Promise.all(open).then(() => this.#end(onEnd))
  }

  #end(onEnd: (() => void) | undefined): void {
    this.#pending -= 1
    onEnd?.()
    if (this.#pending > 0) return
    const waiting = this.#waiting
    this.#waiting = []
    for (const resolve of waiting) resolve()
  }

  /** Calls the hooks of a name one after the other and waits for each; the first that fails fails the call. */
  async ask(name: string, ...given: readonly [payload: unknown, call: Call]): Promise<void> {
    for (const hook of this.#hooks.get(name) ?? []) await hook(...given)
  }

  /** Waits until no hook is at work, or until the time is over. */
  async settled(wait: Wait = {}): Promise<{ readonly pending: number }> {
    checkGiven(wait, WAIT, { owner: 'scim.settled', code: 'ERR_SCIM_OPTION' })
    const { timeout = 10_000 } = wait
    let timer: NodeJS.Timeout | undefined
    const over = new Promise<true>((resolve) => {
      timer = setTimeout(resolve, timeout, true)
    })
    try {
      // A hook may make requests, whose hooks come after it.
      while (this.#pending > 0) {
        const idle = new Promise<void>((resolve) => this.#waiting.push(resolve))
        if ((await Promise.race([idle, over])) === true) break
      }
    } finally {
      clearTimeout(timer)
    }
    return { pending: this.#pending }
  }
}

/** Whether a listener of the option `on` works in transactions alone. */
export function needsTransaction(on: NonNullable<ScimRouterOptions['on']>): boolean {
  return (isList(on) ? on : [on]).some((listener) => hasHooks(listener) && listener.needs === 'transaction')
}

/** The option `on` as a list of hooks. */
export function listenersOf(on: NonNullable<ScimRouterOptions['on']>): readonly EventHooks[] {
  return (isList(on) ? on : [on]).map((listener) => (hasHooks(listener) ? listener.hooks : listener))
}

function isList(on: NonNullable<ScimRouterOptions['on']>): on is readonly (EventHooks | Listener)[] {
  return Array.isArray(on)
}

/** JavaScript callers may pass any value; a value that is no object is refused later. */
function hasHooks(listener: EventHooks | Listener): listener is Listener {
  return typeof listener === 'object' && listener !== null && 'hooks' in listener
}
