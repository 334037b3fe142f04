import { sql } from 'kysely'
import type { IncomingButton, IncomingCommand } from '#src/adapters/discord/discord.ts'
import type { DiscordInteractionsTable } from '#src/adapters/store/schema.ts'
import type { Store } from '#src/adapters/store/store.ts'
import type { Clock } from '#src/kernel/clock.ts'
import { SeenBefore, UserError } from '#src/kernel/errors.ts'
import type { Log } from '#src/kernel/log.ts'
import type { InteractionOutcome, Interactions } from './interactions.ts'
import { createWriteBehind } from './write-behind.ts'

export interface InteractionsParts {
  readonly store: Pick<Store, 'db'>
  /** True for the refusal of a member who may not. */
  readonly isDenial: (error: unknown) => boolean
  readonly clock: Clock
  readonly log: Log
}

type Table = 'discord_interactions' | 'helix_discord_interactions'

/** What the dispatch knows of a call: its command, which a button does not say itself, and what came of it. */
interface Noted {
  readonly command: string
  readonly outcome: InteractionOutcome | 'elsewhere'
}

export function createInteractions({ store, isDenial, clock, log }: InteractionsParts): Interactions {
  const noted = new Map<string, Noted>()
  const rows = createWriteBehind<DiscordInteractionsTable>({ log, write })
  let table: Table | undefined

  /** Ours, wherever the migration put it. */
  async function ours(): Promise<Table> {
    if (table !== undefined) return table
    const found = await sql<{ aside: boolean }>`SELECT to_regclass('helix_discord_interactions') IS NOT NULL AS aside`.execute(store.db)
    table = found.rows[0]?.aside ? 'helix_discord_interactions' : 'discord_interactions'
    return table
  }

  async function write(many: readonly DiscordInteractionsTable[]): Promise<void> {
    await store.db
      .insertInto(await ours())
      .values(many)
      .onConflict((conflict) => conflict.column('id').doNothing())
      .execute()
  }

  function outcomeOf(error: unknown): Noted['outcome'] {
    if (error instanceof SeenBefore) return 'elsewhere'
    if (isDenial(error)) return 'denied'
    return error instanceof UserError ? 'refused' : 'failed'
  }

  function record(incoming: IncomingCommand | IncomingButton, at: Date, gone: InteractionOutcome | 'elsewhere'): void {
    const { id, guild, channel, member } = incoming
    const { command, outcome } = noted.get(keyOf(id)) ?? { command: undefined, outcome: gone }
    if (outcome === 'elsewhere') return // Whoever has it writes the row.
    rows.add({
      id,
      guild: guild ?? null,
      channel,
      user_id: member.id,
      command: command ?? (incoming.kind === 'command' ? incoming.command : null),
      door: incoming.kind === 'command' ? 'slash' : 'button',
      at,
      outcome,
      latency_ms: Math.max(0, clock.now().getTime() - at.getTime()),
    })
  }

  return {
    noting: (dispatch) => async (call, standing) => {
      const note = (outcome: Noted['outcome']) => void noted.set(call.key, { command: call.command, outcome })
      try {
        const report = await dispatch(call, standing)
        note('answered')
        return report
      } catch (error) {
        note(outcomeOf(error))
        throw error
      }
    },
    recording: (door) => async (incoming) => {
      const at = clock.now()
      try {
        await door(incoming)
        // Refused before there was a call: a dead button, a server that is not served.
        record(incoming, at, 'refused')
      } catch (error) {
        record(incoming, at, outcomeOf(error))
        throw error
      } finally {
        noted.delete(keyOf(incoming.id))
      }
    },
    async prune(before) {
      const { numDeletedRows } = await store.db
        .deleteFrom(await ours())
        .where('at', '<', before)
        .executeTakeFirst()
      return Number(numDeletedRows)
    },
    stop: () => rows.idle(),
  }
}

/** As the doors make a call's key. */
function keyOf(interaction: string): string {
  return `discord:${interaction}`
}
