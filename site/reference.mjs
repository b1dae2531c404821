// The API reference as Markdown, one folder for each entry of the package.
import { join, relative } from 'node:path'
import { Application } from 'typedoc'

const FOLDERS = {
  Classes: 'classes',
  Functions: 'functions',
  Interfaces: 'interfaces',
  'Type Aliases': 'type-aliases',
  Variables: 'variables',
}

/**
 * Writes the reference of all entries.
 *
 * @param {{ root: string, out: string, entries: readonly { name: string, folder: string, file: string }[] }} options
 * @returns the entries with the names of their pages, for the menu
 */
export async function writeReference({ root, out, entries }) {
  const app = await Application.bootstrapWithPlugins({
    entryPoints: entries.map(({ file }) => file),
    tsconfig: join(root, 'tsconfig.json'),
    plugin: ['typedoc-plugin-markdown'],
    name: 'API reference',
    readme: 'none',
    entryFileName: 'index',
    hideBreadcrumbs: true,
    hidePageHeader: true,
    disableSources: true,
    excludeInternal: true,
    excludePrivate: true,
    excludeExternals: true,
    skipErrorChecking: true,
    parametersFormat: 'table',
    useCodeBlocks: true,
    // VitePress makes other anchors from headings such as a URN.
    useHTMLAnchors: true,
    logLevel: 'Error',
  })
  const project = await app.convert()
  if (project === undefined) throw new Error('TypeDoc could not read the entries.')
  const reference = entries.map(({ name, folder, file }) => {
    // TypeDoc names a module by its path below src.
    const path = relative(join(root, 'src'), file).replace(/(\/index)?\.ts$/, '')
    const module = project.children.find((child) => child.name === path)
    if (module === undefined) throw new Error(`The reference of ${name} is missing.`)
    module.name = folder
    return { name, folder, groups: groupsOf(module) }
  })
  await app.outputs.writeOutput({ name: 'markdown', path: out }, project)
  return reference
}

/** The own exports of an entry; an export that it passes on from another entry has its page there. */
function groupsOf(module) {
  return (module.groups ?? [])
    .filter(({ title }) => title in FOLDERS)
    .map(({ title, children }) => ({ title, folder: FOLDERS[title], names: children.map(({ name }) => name) }))
}
