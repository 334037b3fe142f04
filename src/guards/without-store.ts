import type { Store } from '#src/adapters/store/store.ts'
import type { Command } from '#src/kernel/command.ts'
import type { Log } from '#src/kernel/log.ts'

/** Does what needs the database; for a command that answers without it, its absence is no reason not to go on: then undefined. */
export type Tolerate = <Answer>(command: Command, work: () => Promise<Answer>) => Promise<Answer | undefined>

export function tolerateAbsence(store: Pick<Store, 'awayFault'>, log: Log): Tolerate {
  return async (command, work) => {
    try {
      return await work()
    } catch (error) {
      if (!('withoutStore' in command && command.withoutStore) || !store.awayFault(error)) throw error
      log.warn({ command: command.describe }, 'the database is away: a command that needs none goes on')
      return undefined
    }
  }
}
