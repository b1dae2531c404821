#!/usr/bin/env node
// Prints the section of CHANGELOG.md for a tag: `node scripts/release-notes.mjs v1.0.0-rc.1`. Fails if the tag is not
// the version of package.json, or if the section is missing or empty.
import { readFileSync } from 'node:fs'

const [tag = ''] = process.argv.slice(2)
const version = tag.replace(/^v/, '')
const { version: current } = JSON.parse(readFileSync('package.json', 'utf8'))
if (version !== current) throw new Error(`The tag ${tag} must be v${current}, the version of package.json.`)
const sections = readFileSync('CHANGELOG.md', 'utf8').split(/^## /m).slice(1)
const notes = sections
  .find((section) => section.startsWith(`[${version}]`))
  ?.split('\n')
  .slice(1)
  .join('\n')
  .trim()
if (!notes) throw new Error(`CHANGELOG.md must have a section "## [${version}]" that is not empty.`)
console.log(notes)
