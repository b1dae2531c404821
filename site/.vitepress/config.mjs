import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitepress'

// build.mjs writes it.
const { repository, pages, reference } = JSON.parse(
  readFileSync(fileURLToPath(new URL('../pages/reference.json', import.meta.url)), 'utf8'),
)

const page = (text, name) => ({ text, link: `/${name}` })

const guide = [
  {
    text: 'Start',
    items: [
      page('Getting started', 'getting-started'),
      page('Adapters', 'adapters'),
      page('Schemas', 'schemas'),
      page('Options', 'options'),
    ],
  },
  {
    text: 'Store',
    items: [
      page('PostgreSQL', 'postgres'),
      page('SQLite', 'sqlite'),
      page('Filters as SQL', 'sql'),
      page('Filters for Prisma', 'prisma'),
      page('Filters for MongoDB', 'mongo'),
      page('Conformance kit', 'conformance-kit'),
    ],
  },
  {
    text: 'Operate',
    items: [
      page('Tenants', 'tenants'),
      page('Connections', 'connections'),
      page('Security', 'security'),
      page('Policies', 'policies'),
      page('Events', 'events'),
      page('Errors', 'errors'),
      page('Limits', 'limits'),
      page('Bulk', 'bulk'),
      page('Pagination', 'pagination'),
      page('Compatibility', 'compatibility'),
    ],
  },
  {
    text: 'Tools',
    items: [
      page('Client', 'client'),
      page('Command line', 'cli'),
      page('Set-up guides', 'guides'),
      page('OpenAPI', 'openapi'),
    ],
  },
  {
    text: 'Coming from',
    items: [
      page('scim-patch', 'coming-from-scim-patch'),
      page('scim2-parse-filter', 'coming-from-scim2-parse-filter'),
      page('SCIMMY', 'coming-from-scimmy'),
    ],
  },
  {
    text: 'Behind it',
    collapsed: true,
    items: [
      page('Architecture', 'architecture'),
      page('Decisions', 'decisions'),
      page('Conformance', 'conformance'),
      page('Performance', 'performance'),
      page('Capacity', 'capacity'),
      page('Reliability', 'reliability'),
      page('Contributing', 'contributing'),
      page('Reporting a vulnerability', 'reporting'),
      page('Changelog', 'changelog'),
    ],
  },
]

// A page that is not in the menu yet goes to the end of it.
const listed = new Set(guide.flatMap(({ items }) => items.map(({ link }) => link.slice(1))))
const others = pages.filter((name) => !listed.has(name)).map((name) => page(name, name))
if (others.length > 0) guide.push({ text: 'More', items: others })

const api = reference.map(({ name, folder, groups }) => ({
  text: name,
  link: `/api/${folder}/`,
  collapsed: folder !== 'express-scim',
  items: groups.map((group) => ({
    text: group.title,
    collapsed: true,
    items: group.names.map((one) => ({ text: one, link: `/api/${folder}/${group.folder}/${one}` })),
  })),
}))

export default defineConfig({
  title: 'express-scim',
  description: 'SCIM 2.0 for Express: mount one router, bring six storage callbacks',
  srcDir: 'pages',
  outDir: 'dist',
  cleanUrls: false,
  // The site makes no requests to other hosts: it uses fonts of the system, and the search is on the page.
  head: [],
  themeConfig: {
    search: { provider: 'local', options: { detailedView: true } },
    outline: [2, 3],
    nav: [
      { text: 'Guide', link: '/getting-started', activeMatch: '^/(?!api/)' },
      { text: 'Options', link: '/options' },
      { text: 'API', link: '/api/express-scim/', activeMatch: '^/api/' },
    ],
    sidebar: { '/api/': api, '/': guide },
    socialLinks: [{ icon: 'github', link: repository }],
    footer: { message: 'MIT License' },
  },
})
