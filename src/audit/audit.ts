import type { Store, Transaction } from '#src/adapters/store/store.ts'
import { type Actor, actorKey, actorName, type Call, type Cause, type Door, type Place } from '#src/kernel/call.ts'

/** What can be told of a call and of the operation that came of it. */
export type AuditEvent =
  | 'received'
  | 'denied'
  | 'refused'
  | 'unconfirmed'
  | 'released'
  | 'answered'
  | 'planned'
  | 'confirmed'
  | 'overridden'
  | 'started'
  | 'taken'
  | 'step'
  | 'finished'
  | 'settled'
  | 'failed'

export interface AuditEntry {
  readonly event: AuditEvent
  readonly actor: Actor
  readonly door: Door
  readonly place: Place
  readonly command: string
  /** Key of the call. */
  readonly call?: string
  /** As they were given; what looks like a secret by its name is masked. */
  readonly args?: Readonly<Record<string, unknown>>
  /** One sentence: what came of it. */
  readonly outcome?: string
  readonly operation?: string
  /** Why, where no person made the call. */
  readonly cause?: Cause
}

/** Who did what: rows are only ever added (the database itself refuses anything else). */
export interface Audit {
  /** In the transaction that makes it true, where there is one. */
  record(entry: AuditEntry, tx?: Transaction): Promise<void>
}

export function createAudit({ store }: { readonly store: Store }): Audit {
  return {
    async record({ event, actor, door, place, command, call, args = {}, outcome, operation, cause }, tx) {
      await (tx ?? store.db)
        .insertInto('audit')
        .values({
          event,
          actor: actorKey(actor),
          actor_name: actorName(actor),
          door,
          guild: place.guild,
          project: place.project,
          environment: place.environment,
          command,
          call: call ?? null,
          args: JSON.stringify(withoutSecrets(args)),
          outcome: outcome ?? null,
          operation: operation ?? null,
          ...(cause && { cause: JSON.stringify(cause) }),
        })
        .execute()
    },
  }
}

/** The part of an entry that every entry about the same call shares. */
export function ofCall(call: Call): Pick<AuditEntry, 'actor' | 'door' | 'place' | 'command' | 'call' | 'args' | 'cause'> {
  const { actor, door, place, command, key, raw, cause } = call
  return { actor, door, place, command, call: key, args: raw, ...(cause && { cause }) }
}

const secretName = /secret|token|password|passphrase|credential|api.?key|^value$/i

/** Arguments as they may be kept and shown: what is secret by its name is masked. */
export function withoutSecrets(args: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(args).map(([name, value]) => [name, secretName.test(name) ? '•••' : value]))
}
