/** The refusal of a request of the pages, with its text for the visitor. */
export class PagesFailure extends Error {
  override readonly name = 'PagesFailure'

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly url?: string,
  ) {
    super(message)
  }
}

export function notFound(): PagesFailure {
  return new PagesFailure(404, 'notFound', 'There is nothing here by this name.')
}

export function forbidden(message: string): PagesFailure {
  return new PagesFailure(403, 'forbidden', message)
}

export function invalid(message: string): PagesFailure {
  return new PagesFailure(400, 'invalid', message)
}
