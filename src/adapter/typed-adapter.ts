import type { ResourceAdapter } from './contract.js'

/**
 * An adapter for any resource, with the type of the resources of its schema. The adapters of the library read the
 * attributes from a schema at run time, so the compiler cannot know them: the caller names the type that belongs to the
 * schema.
 */
export function typedAdapter<R>(adapter: ResourceAdapter): ResourceAdapter<R> {
  return adapter as unknown as ResourceAdapter<R>
}
