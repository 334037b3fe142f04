import type { Heartbeats } from './heartbeats.ts'
import type { Profiles } from './profiles.ts'
import type { StatusKeys } from './status-keys.ts'
import type { Tasks } from './tasks.ts'
import type { Waiting } from './waiting.ts'
import type { Work } from './work.ts'

/** What the routes have to work with. */
export interface Orchestration {
  readonly profiles: Profiles
  readonly tasks: Tasks
  readonly work: Work
  readonly heartbeats: Heartbeats
  readonly statuses: Pick<StatusKeys, 'read'>
  readonly waiting: Waiting
}
