/** A multi-valued attribute that is too long to be written at once, or that the store yields bit by bit. */
export class LargeValue {
  constructor(
    readonly elements: Iterable<unknown> | AsyncIterable<unknown>,
    readonly write: (element: unknown) => unknown,
  ) {}
}
