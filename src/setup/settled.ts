import { UpstreamError, UserError } from '#src/kernel/errors.ts'
import type { Terminal } from './terminal.ts'

/** Tries until it works: what the person or the other side can set right is said, and tried again. */
export async function settled<Value>(terminal: Pick<Terminal, 'say'>, attempt: () => Promise<Value>): Promise<Value> {
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      if (!(error instanceof UserError || error instanceof UpstreamError)) throw error
      terminal.say(error.message)
    }
  }
}
