import { connectionsTexts } from './connections.js'
import { frameTexts } from './frame.js'
import { logTexts } from './log.js'
import { peopleTexts } from './people.js'
import { setUpTexts } from './set-up.js'
import { staffTexts } from './staff.js'

/** Every text of the pages by its key, for other words or another language. The guides have tables of their own. */
export const pageTexts = {
  ...frameTexts,
  ...connectionsTexts,
  ...setUpTexts,
  ...peopleTexts,
  ...logTexts,
  ...staffTexts,
} as const

/** The key of a text of the pages. */
export type TextKey = keyof typeof pageTexts

/** Words for placeholders. */
export type Words = Readonly<Record<string, string | number>>

/** Gives a text with its placeholders filled; one without a word stays as it is. */
export type Say = (key: TextKey, words?: Words) => string

export function sayWith(
  own: Readonly<Partial<Record<string, string>>>,
  common: Words,
  number: (value: number) => string,
): Say {
  return (key, words = {}) =>
    (own[key] ?? pageTexts[key]).replace(/\{(\w+)\}/g, (whole, name: string) => {
      const word = words[name] ?? common[name]
      return typeof word === 'number' ? number(word) : (word ?? whole)
    })
}

/** Whether the table has a text of this key. */
export function isTextKey(key: string): key is TextKey {
  return Object.hasOwn(pageTexts, key)
}
