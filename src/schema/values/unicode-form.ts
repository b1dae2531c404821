// UAX #15 section 13, Stream-Safe Text Format: no language has more than 30 marks on one letter.
const MARKS = 30
const RUN_OF_MARKS = new RegExp(`\\p{M}{${MARKS}}`, 'gu')

/**
 * Normalization form C of a text that is compared, in time that grows with its length alone. Marks are put in order by
 * insertion, so a body of nothing but marks would keep the process busy for minutes: a joiner that no order goes across
 * (U+034F) stands behind every 30 of them.
 */
export function normalFormC(text: string): string {
  return streamSafe(text).normalize('NFC')
}

/** Normalization form D of a text, made in the same way. */
export function normalFormD(text: string): string {
  return streamSafe(text).normalize('NFD')
}

function streamSafe(text: string): string {
  return text.length > MARKS ? text.replace(RUN_OF_MARKS, '$&\u034f') : text
}
