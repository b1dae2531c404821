/** A text in the form for one line of a log: a client's text must neither end the line nor control a terminal. */
export function logText(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}
