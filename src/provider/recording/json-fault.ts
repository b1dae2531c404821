// The characters that a place of a JSON text allows, RFC 8259.
type ExpectedToken = 'value' | 'first value' | 'name' | 'first name' | 'colon' | 'comma'

const BLANK = /[ \t\n\r]*/y
const TEXT = /"(?:[^"\\\0-\x1f]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*"/y
const WORD = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y

/** At which character a text stops being JSON; its length if it only ends too early. */
export function jsonFault(text: string): number {
  const open: ('}' | ']')[] = []
  let wanted: ExpectedToken = 'value'
  let position = endOf(BLANK, text, 0) ?? 0
  while (position < text.length) {
    const char = text.charAt(position)
    const isValue = wanted === 'value' || wanted === 'first value'
    const isEnd = wanted === 'comma' || wanted === 'first value' || wanted === 'first name'
    if (isEnd && open.length > 0 && char === open.at(-1)) {
      open.pop()
      position += 1
      wanted = 'comma'
    } else if (wanted === 'comma' && char === ',' && open.length > 0) {
      position += 1
      wanted = open.at(-1) === '}' ? 'name' : 'value'
    } else if (wanted === 'colon' && char === ':') {
      position += 1
      wanted = 'value'
    } else if (isValue && (char === '{' || char === '[')) {
      open.push(char === '{' ? '}' : ']')
      position += 1
      wanted = char === '{' ? 'first name' : 'first value'
    } else {
      const isName: boolean = wanted === 'name' || wanted === 'first name'
      const end = isValue || isName ? endOf(char === '"' || isName ? TEXT : WORD, text, position) : undefined
      if (end === undefined) return position
      position = end
      wanted = isName ? 'colon' : 'comma'
    }
    position = endOf(BLANK, text, position) ?? position
  }
  return position
}

/** Where a pattern that fits at a place ends. */
function endOf(pattern: RegExp, text: string, start: number): number | undefined {
  pattern.lastIndex = start
  return pattern.test(text) ? pattern.lastIndex : undefined
}
