import { createStore } from '#src/adapters/store/create-store.ts'
import { quietLog } from './quiet-log.ts'

/** Brings a database's schema up to date, as the bot's start does. */
export async function migrate(url: string): Promise<void> {
  const store = createStore({ url, poolSize: 1, log: quietLog() })
  try {
    await store.migrate()
  } finally {
    await store.close()
  }
}
