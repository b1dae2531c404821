import type { Page } from './contract.js'

/** Whether an adapter returned a page, and not candidates. */
export function isPage(answer: unknown): answer is Page {
  return typeof answer === 'object' && answer !== null && 'resources' in answer
}
