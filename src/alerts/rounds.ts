import type { Store, Transaction } from '#src/adapters/store/store.ts'
import type { Incidents } from '#src/incidents/incidents.ts'
import type { Place } from '#src/kernel/call.ts'
import type { Log } from '#src/kernel/log.ts'
import { testSubject } from './evaluate.ts'
import { type Heard, heard as heardSchema } from './heard.ts'
import { type Standing, standings as standingsSchema } from './standing.ts'

/** What is kept of an environment. */
export interface KeptRound {
  /** Of the newest reading of health that was decided from. */
  readonly readAt: Date | undefined
  readonly standings: readonly Standing[]
  readonly heard: Heard | undefined
}

export interface Rounds {
  read(place: Place): Promise<KeptRound>
  /**
   * One round of an environment at a time, whichever process makes it: decides from what is kept, tells incidents what turned, and keeps it. What
   * incidents could not take is told by the next round; being told twice does no harm. `decide` answers undefined where nothing shall change.
   */
  make(place: Place, decide: (kept: KeptRound) => Partial<KeptRound> | undefined): Promise<void>
}

export interface RoundsParts {
  readonly store: Pick<Store, 'db'>
  readonly incidents: Pick<Incidents, 'report' | 'over'>
  readonly log: Log
}

/** So many turns are told in a round: the next comes within seconds. */
const mostTold = 50

export function createRounds({ store: { db }, incidents, log }: RoundsParts): Rounds {
  const rowOf = (tx: Transaction | Store['db'], { guild, project, environment }: Place) =>
    tx
      .selectFrom('alert_rounds')
      .selectAll()
      .where('guild', '=', guild)
      .where('project', '=', project)
      .where('environment', '=', environment)

  async function told(place: Place, standing: Standing): Promise<Standing | undefined> {
    const { trouble, phase, since, end, untold: _, ...rest } = standing
    const fingerprint = fingerprintOf(standing)
    if (phase === 'over') {
      await incidents.over(place, fingerprint, end ?? 'It is over.')
      return undefined
    }
    if (trouble) await incidents.report({ ...aboutService(trouble), place, fingerprint, since: new Date(since) })
    return { ...rest, phase, since, ...(trouble && { trouble }) }
  }

  async function tell(place: Place, all: readonly Standing[]): Promise<readonly Standing[]> {
    const kept: Standing[] = []
    let left = mostTold
    for (const each of all) {
      if (!each.untold || left === 0) {
        kept.push(each)
        continue
      }
      left -= 1
      try {
        const now = await told(place, each)
        if (now) kept.push(now)
      } catch (err) {
        log.warn({ err, rule: each.rule, phase: each.phase }, 'an incident does not follow a rule yet: it is told again')
        kept.push(each)
      }
    }
    return kept
  }

  return {
    async read(place) {
      const row = await rowOf(db, place).executeTakeFirst()
      return row ? keptOf(row) : { readAt: undefined, standings: [], heard: undefined }
    },
    make: (place, decide) =>
      db.transaction().execute(async (tx) => {
        const { guild, project, environment } = place
        await tx
          .insertInto('alert_rounds')
          .values({ guild, project, environment, read_at: null, standings: '[]' })
          .onConflict((conflict) => conflict.doNothing())
          .execute()
        const kept = keptOf(await rowOf(tx, place).forUpdate().executeTakeFirstOrThrow())
        const decided = decide(kept)
        if (!decided) return
        const { readAt, standings, heard } = { ...kept, ...decided }
        await tx
          .updateTable('alert_rounds')
          .set({
            read_at: readAt ?? null,
            standings: JSON.stringify(await tell(place, standings)),
            heard: heard ? JSON.stringify(heard) : null,
          })
          .where('guild', '=', guild)
          .where('project', '=', project)
          .where('environment', '=', environment)
          .execute()
      }),
  }
}

/** Of a rule and what it is about: the same again and again. */
export function fingerprintOf({ rule, subject }: Pick<Standing, 'rule' | 'subject'>): string {
  return subject === testSubject ? `test:${rule}` : `rule:${rule}:${subject}`
}

/** What another version of Helix wrote and this one cannot read begins anew. */
function keptOf(row: { readonly read_at: Date | null; readonly standings: unknown; readonly heard: unknown }): KeptRound {
  const [all, heard] = [standingsSchema.safeParse(row.standings), heardSchema.safeParse(row.heard)]
  return { readAt: row.read_at ?? undefined, standings: all.success ? all.data : [], heard: heard.success ? heard.data : undefined }
}

function aboutService({ service, lines, ...trouble }: NonNullable<Standing['trouble']>) {
  return { ...trouble, ...(service && { service }), ...(lines && { lines }) }
}
