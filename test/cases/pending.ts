/**
 * Cases that are not answered as they should be: by id, or as "id on documents tolerant" where it is one adapter in one
 * mode. Each is played as well and has to fail, so whoever mends one takes it out. This list shrinks to nothing.
 */
export const PENDING: readonly string[] = []
