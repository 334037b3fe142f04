import type { z } from 'zod'
import type { Capabilities } from '#src/capabilities.ts'

/** One thing that happens, and what Helix does about it. A file of events/ holds one. */
export interface Event<Payload = unknown, Need extends keyof Capabilities = keyof Capabilities> {
  /** Where it comes from and what it is: `discord.interaction`, `operation.settled`. */
  readonly on: string
  readonly schema: z.ZodType<Payload>
  readonly needs: readonly Need[]
  /** Left out: always. */
  when?(payload: Payload): boolean
  run(payload: Payload, given: Pick<Capabilities, Need>): Promise<void>
  /** Called when `run` threw: what is then owed to whom. The failure is logged and counted already. */
  onGaveUp(payload: Payload, error: unknown, given: Pick<Capabilities, Need>): Promise<void> | void
}

export function defineEvent<Payload, const Need extends keyof Capabilities>(event: Event<Payload, Need>): Event<Payload, Need> {
  return event
}
