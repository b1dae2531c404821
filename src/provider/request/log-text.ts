/** A text as a line of a log may hold it: what a client sends must neither end the line nor steer a terminal. */
export function logText(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}
