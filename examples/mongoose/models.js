import { Schema } from 'mongoose'

// Models that know nothing of SCIM: `tenant` is the customer. The keys are folded copies, in one letter case.
const common = { tenant: { type: String, required: true }, externalId: String, revision: { type: Number, default: 1 } }
const options = { timestamps: true, versionKey: false }

const account = new Schema(
  {
    ...common,
    email: { type: String, required: true },
    emailKey: { type: String, required: true },
    firstName: String,
    lastName: String,
    enabled: { type: Boolean, default: true },
  },
  options,
)
account.index({ tenant: 1, emailKey: 1 }, { unique: true })
account.index({ tenant: 1, externalId: 1 })

const team = new Schema(
  {
    ...common,
    name: { type: String, required: true },
    nameKey: { type: String, required: true },
    memberIds: [Schema.Types.ObjectId],
  },
  options,
)
team.index({ tenant: 1, nameKey: 1 }, { unique: true })
team.index({ memberIds: 1 })

/** The models of the application, on its connection. */
export const modelsOf = (connection) => ({
  Account: connection.model('Account', account),
  Team: connection.model('Team', team),
})
