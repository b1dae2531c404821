import type { CombinedWrites } from '../../tables/documents/combined-writes.js'
import { OVERTAKEN } from '../../tables/documents/write.js'
import { assignmentsOf } from './assignments.js'
import { changeMembers } from './change-members.js'
import { deleteInTwo } from './delete-resource.js'
import { setAttributes } from './set-attributes.js'

/**
 * The writes in which a statement of PostgreSQL does the work of several. A patch needs one, and so neither BEGIN nor
 * COMMIT, if it adds and removes members, or sets values without regard to the stored ones. A DELETE needs two.
 */
export const combinedWrites: CombinedWrites = {
  delete: deleteInTwo,
  patch: async (target, id, plan, reading, options) => {
    const { deltas, touched, patch } = plan
    const [only, ...others] = deltas
    if (only && others.length === 0 && touched.size === 0) {
      return changeMembers(target, id, only, reading.isTold, options)
    }
    const assignments = only === undefined ? assignmentsOf(target.type, patch.operations) : undefined
    return assignments ? setAttributes(target, id, assignments, reading.lists, options) : OVERTAKEN
  },
}
