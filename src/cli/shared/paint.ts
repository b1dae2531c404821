import type { Io } from './io.js'

const CODES = { bold: [1, 22], dim: [2, 22], red: [31, 39], green: [32, 39], yellow: [33, 39], cyan: [36, 39] } as const

/** Colours text, or leaves it as it is. */
export type Paint = (style: keyof typeof CODES, text: string) => string

/**
 * Colours the text if a person reads it at a terminal and has not refused colours: https://no-color.org, FORCE_COLOR as
 * in Node.
 */
export function paintFor({ env, outIsTerminal }: Pick<Io, 'env' | 'outIsTerminal'>): Paint {
  const forced = env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '0'
  const wanted = (env.NO_COLOR ?? '') === '' && (forced || (outIsTerminal && env.TERM !== 'dumb'))
  if (!wanted) return (_style, text) => text
  return (style, text) => {
    const [open, close] = CODES[style]
    return `\u001b[${open}m${text}\u001b[${close}m`
  }
}

/** Text of a server without the control characters that would move the cursor or change colours. */
export function harmless(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, '?')
}
