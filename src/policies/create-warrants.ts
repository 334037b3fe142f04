import type { Store } from '#src/adapters/store/store.ts'
import type { PolicyStops } from './policies.ts'
import type { PolicyKind } from './policy.ts'
import { placeOf, policyOf } from './policy-rows.ts'
import type { PolicyShape } from './shape.ts'
import type { Warrants } from './warrants.ts'

export interface WarrantsParts {
  readonly store: Pick<Store, 'db'>
  // biome-ignore lint/suspicious/noExplicitAny: each shape reads its own rules, and only its own
  readonly shapes: Readonly<Record<PolicyKind, Pick<PolicyShape<any, unknown>, 'rules' | 'permits'>>>
  readonly stops: Pick<PolicyStops, 'stopped'>
}

export function createWarrants({ store: { db }, shapes, stops }: WarrantsParts): Warrants {
  return {
    async covering({ actor, cause, command, raw, place, door }) {
      if (actor.kind !== 'helix' || door !== 'automation' || !cause?.rule) return undefined
      const row = await db
        .selectFrom('policies')
        .selectAll()
        .where('id', '=', cause.rule.id)
        .where('digest', '=', cause.rule.digest)
        .where('mode', '=', 'act')
        .executeTakeFirst()
      const policy = row && policyOf(row, shapes[row.kind])
      if (!policy || JSON.stringify(placeOf(policy.place)) !== JSON.stringify(placeOf(place))) return undefined
      if (await stops.stopped(place.guild)) return undefined
      return shapes[policy.kind].permits(policy, command, raw) ? policy : undefined
    },
  }
}
