import type { Page } from './contract.js'

/** Whether an adapter gave the page itself, and not candidates. */
export function isPage(answer: unknown): answer is Page {
  return typeof answer === 'object' && answer !== null && 'resources' in answer
}
