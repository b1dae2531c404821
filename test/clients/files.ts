import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SequenceFile } from './replay.js'

const folder = join(__dirname, 'data')

/** Every file of recorded sequences. */
export const SEQUENCE_FILES: readonly SequenceFile[] = readdirSync(folder).map((name) =>
  JSON.parse(readFileSync(join(folder, name), 'utf8')),
)

/** The sequence that asks for unique group names, which RFC 7643 section 8.7.1 does not (decision A-110). */
export const UNIQUE_GROUP_NAMES = 'msval-duplicate-group'
