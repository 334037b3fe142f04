import { createHmac, randomBytes } from 'node:crypto'
import type { Store, Transaction } from '#src/adapters/store/store.ts'
import type { Place } from '#src/kernel/call.ts'
import type { Clock } from '#src/kernel/clock.ts'
import { UserError } from '#src/kernel/errors.ts'
import type { Action, Confirms } from '#src/kernel/report.ts'
import { deriveKey } from '#src/secrets/seal.ts'
import { type AnswerMode, readCustomId, signCustomId } from './custom-id.ts'

export interface Issued {
  readonly place: Place
  readonly action: Action
  readonly answer: AnswerMode
  readonly tx?: Transaction
}

/** What buttons stand for: a signed, expiring reference to a row, never the arguments themselves. */
export interface References {
  /** The button's custom id. The same action in the same place is one row, however often it is shown. */
  issue(issued: Issued): Promise<string>
  /** Checks signature and expiry without asking anybody. Throws UserError where the button is no longer good for anything. */
  open(customId: string): { readonly id: string; readonly answer: AnswerMode }
  /** Throws UserError where the row is gone. */
  resolve(id: string): Promise<{ readonly place: Place; readonly action: Action }>
  /** Throws NotAnswered where `consume` would at this moment. */
  check(id: string, actor: string): Promise<void>
  /**
   * Takes a confirming press: by its actor only, once; voids every other answer to the same question. Throws NotAnswered otherwise. In the
   * transaction of what it starts, where there is one: it is used up by that, and not by being lost on its way.
   */
  consume(id: string, actor: string, tx?: Transaction): Promise<void>
  /** Forgets buttons that expired before that moment. Answers how many. */
  prune(before: Date): Promise<number>
}

/** The press was no answer to the question: it is somebody else's, or was answered before. */
export class NotAnswered extends UserError {}

export interface ReferencesParts {
  readonly store: Store
  /** HELIX_SECRET_KEY */
  readonly secretKey: string
  readonly clock: Clock
}

/** How long a button is good for, in ms. */
export const lifetimes = { buttonMs: 7 * 86_400_000, confirmationMs: 600_000 } as const

const answeredAlready = 'This was answered already, so nothing more was done.'
const expired = 'This button has expired, so nothing was done. Use the command again.'

export function createReferences({ store, secretKey, clock }: ReferencesParts): References {
  const key = deriveKey(secretKey, 'button references')
  return {
    async issue({ place, action, answer, tx }) {
      const { guild, project, environment } = place
      const { confirms } = action
      const id = confirms ? randomBytes(16).toString('base64url') : digest({ place: [guild, project, environment], action })
      const lifetime = new Date(clock.now().getTime() + (confirms ? lifetimes.confirmationMs : lifetimes.buttonMs))
      const expiresAt = confirms?.until === undefined ? lifetime : new Date(confirms.until)
      const db = tx ?? store.db
      const family = confirms ? familyOf([guild, project, environment], confirms) : null
      // A question with an end of its own is asked once: shown again after its answer, its buttons are used up already.
      const used =
        confirms?.until === undefined
          ? undefined
          : await db
              .selectFrom('buttons')
              .select(['used_at', 'used_by'])
              .where('family', '=', family)
              .where('used_at', 'is not', null)
              .limit(1)
              .executeTakeFirst()
      await db
        .insertInto('buttons')
        .values({
          id,
          guild,
          project,
          environment,
          action: JSON.stringify(action),
          family,
          confirms_by: confirms?.by ?? null,
          expires_at: expiresAt,
          ...used,
        })
        .onConflict((conflict) => conflict.column('id').doUpdateSet({ expires_at: expiresAt }))
        .execute()
      return signCustomId(key, { id, answer, expiresAt })
    },
    open(customId) {
      const read = readCustomId(key, customId)
      if (!read) throw new UserError('This button is not one that this Helix made, so nothing was done. Use the command again.')
      if (read.expiresAt <= clock.now()) throw new UserError(expired)
      return { id: read.id, answer: read.answer }
    },
    async resolve(id) {
      const row = await store.db.selectFrom('buttons').selectAll().where('id', '=', id).executeTakeFirst()
      if (!row) throw new UserError(expired)
      return { place: { guild: row.guild, project: row.project, environment: row.environment }, action: row.action }
    },
    async check(id, actor) {
      const { used_at } = await asked(store.db, id, actor)
      if (used_at) throw new NotAnswered(answeredAlready)
    },
    consume: (id, actor, tx) => (tx ? take(tx, id, actor) : store.db.transaction().execute((own) => take(own, id, actor))),
    async prune(before) {
      const { numDeletedRows } = await store.db.deleteFrom('buttons').where('expires_at', '<', before).executeTakeFirst()
      return Number(numDeletedRows)
    },
  }

  async function asked(db: Store['db'] | Transaction, id: string, actor: string) {
    const row = await db.selectFrom('buttons').select(['family', 'confirms_by', 'used_at']).where('id', '=', id).executeTakeFirst()
    if (!row?.family) throw new NotAnswered(expired)
    if (row.confirms_by !== actor) throw new NotAnswered('Only the member who was asked can answer this, so nothing was done.')
    return { family: row.family, used_at: row.used_at }
  }

  async function take(tx: Transaction, id: string, actor: string): Promise<void> {
    const { family } = await asked(tx, id, actor)
    // All answers to the question are locked in one order: of two presses at the same moment one counts.
    const answers = await tx
      .selectFrom('buttons')
      .select(['id', 'used_at'])
      .where('family', '=', family)
      .orderBy('id')
      .forUpdate()
      .execute()
    if (answers.find((each) => each.id === id)?.used_at) throw new NotAnswered(answeredAlready)
    await tx
      .updateTable('buttons')
      .set({ used_at: clock.now(), used_by: actor })
      .where('family', '=', family)
      .where('used_at', 'is', null)
      .execute()
  }

  /** All answers to the same question. */
  function familyOf(place: readonly string[], { by, digest: plan, exchange, until }: Confirms): string {
    return digest({ place, confirms: { by, digest: plan, ...(until !== undefined && { exchange, until }) } })
  }

  function digest(of: object): string {
    return createHmac('sha256', key).update(stable(of)).digest().subarray(0, 16).toString('base64url')
  }
}

/** JSON with the names in order, so that the same content is the same text. */
function stable(value: unknown): string {
  return JSON.stringify(value, (_name, each) =>
    each && typeof each === 'object' && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  )
}
