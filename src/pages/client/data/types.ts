import type { Answer, ConnectionView } from '../../contract/contract.js'

// Parts of answers that have no name of their own in the contract.
export type Credential = ConnectionView['credentials'][number]
export type HealthState = ConnectionView['health']
export type People = Answer<'listPeople'>
export type Groups = Answer<'listGroups'>
export type History = Answer<'listHistory'>
export type Field = Answer<'getSetup'>['steps'][number]['fields'][number]
export type MappingRow = Answer<'getSetup'>['steps'][number]['mapping'][number]
export type {
  Answer,
  Can,
  ConnectionView as Connection,
  EntryView as Entry,
  GroupRow,
  GuideView as Guide,
  HistoryView as HistoryEntry,
  LogView,
  MadeView as Made,
  PersonRow,
  Session,
  SetupView as Setup,
  StepView as Step,
  TenantRow,
} from '../../contract/contract.js'
