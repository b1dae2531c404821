#!/usr/bin/env node
// npm run site: the pages of docs/ and the API reference as one site in site/dist, with search. A dead link fails the
// build.
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vitepress'
import { checkAnchors } from './anchors.mjs'
import { copyPages } from './pages.mjs'
import { writeReference } from './reference.mjs'

const site = dirname(fileURLToPath(import.meta.url))
const root = join(site, '..')
const pages = join(site, 'pages')
const { exports: subpaths, homepage, name: packageName } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const repository = homepage.replace(/#.*$/, '')

const entries = Object.keys(subpaths)
  .filter((path) => path !== './package.json')
  .map((path) => ({
    name: path === '.' ? packageName : `${packageName}/${path.slice(2)}`,
    folder: path === '.' ? packageName : path.slice(2),
    file: join(root, 'src', path === '.' ? '' : path.slice(2), 'index.ts'),
  }))

rmSync(pages, { recursive: true, force: true })
const names = copyPages({ root, out: pages, repository })
writeFileSync(join(pages, 'index.md'), readFileSync(join(site, 'home.md'), 'utf8'))
const reference = await writeReference({ root, out: join(pages, 'api'), entries })
writeFileSync(join(pages, 'reference.json'), `${JSON.stringify({ repository, pages: names, reference }, null, 2)}\n`)
await build(site)
checkAnchors(join(site, 'dist'))
