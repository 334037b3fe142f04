import type { Store } from '#src/adapters/store/store.ts'
import type { Audit } from '#src/audit/audit.ts'
import type { Consciousness } from '#src/consciousness/consciousness.ts'
import type { Place } from '#src/kernel/call.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { Fact } from '#src/kernel/report.ts'
import { andList, moment } from '#src/kernel/say.ts'
import type { Change } from '#src/operations/change.ts'
import { ofOperation } from '#src/operations/ledger.ts'
import { createGateRows } from './gate-rows.ts'
import type { Gates, Judgement, Override } from './gates.ts'
import { isGated } from './is-gated.ts'
import { readingWords, verdictOf, whoseWords } from './verdict.ts'

export interface GatesParts {
  readonly store: Store
  readonly consciousness: Pick<Consciousness, 'now' | 'look'>
  readonly audit: Audit
  readonly clock: Clock
}

export function createGates({ store, consciousness, audit, clock }: GatesParts): Gates {
  const rows = createGateRows(store)

  /** Without a look at overrides. */
  async function look(change: Change, place: Place, environment: string): Promise<Judgement | undefined> {
    if (!isGated(change)) return undefined
    const settings = await rows.settings(place)
    if (!settings.enabled) return undefined
    await consciousness.look(place)
    const now = clock.now()
    const { service } = change
    const reading = consciousness.now(place, { maxAgeMs: settings.maxAgeMs, apart: service.id })
    const { isCritical, needs, lacking, unknown } = verdictOf(settings, service, reading, now)
    const facts: readonly Fact[] = [{ label: 'Consciousness', value: readingWords(reading, needs, now) }]
    const missing = isCritical ? [...lacking, ...unknown] : lacking
    if (missing.length > 0) {
      const kind = isCritical ? ', which is critical' : ''
      const refusal =
        `The gate of ${environment} is shut for ${service.name}${kind}: ${missing.join('; ')}. ${whoseWords(reading, now)}`.trim()
      return { reading, facts, refusal, override: undefined }
    }
    const note = `Let through all the same: ${andList(unknown)}.`
    return {
      reading,
      facts: unknown.length > 0 ? [...facts, { label: 'Gate', value: note }] : facts,
      refusal: undefined,
      override: undefined,
    }
  }

  return {
    async judge(change, place, environment) {
      const judged = await look(change, place, environment)
      if (!judged?.refusal) return judged
      const override = (await rows.overrides(place, clock.now())).find(({ service }) => service.id === change.service.id)
      if (!override) return judged
      return { ...judged, facts: [...judged.facts, overrideFact(override)], refusal: undefined, override }
    },
    async pass(operation) {
      const { change, place, environment } = operation
      const judged = await look(change, place, environment.name)
      const refusal = judged?.refusal
      if (refusal === undefined) return undefined
      return store.db.transaction().execute(async (tx) => {
        const used = await rows.use(operation, clock.now(), tx)
        if (!used) return refusal
        const outcome = `${refusal} Let through by ${used.byName}: ${used.reason}`
        await audit.record({ ...ofOperation(operation), event: 'overridden', outcome }, tx)
        return undefined
      })
    },
    settings: rows.settings,
    async change(call, changed) {
      await rows.change(call, changed, clock.now())
      return rows.settings(call.place)
    },
    async reset(call, service) {
      await rows.reset(call.place, service)
      return rows.settings(call.place)
    },
    override(call, { service, reason, forMs }) {
      const at = clock.now()
      return rows.give(call, { service, reason }, at, new Date(at.getTime() + forMs))
    },
    overrides: (place) => rows.overrides(place, clock.now()),
    prune: rows.prune,
  }
}

function overrideFact({ byName, reason, until }: Override): Fact {
  return { label: 'Gate', value: `shut, and let through once by ${byName} (until ${moment(until)} UTC): ${reason}` }
}
