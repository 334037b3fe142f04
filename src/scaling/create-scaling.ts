import { findNamed } from '#src/kernel/arguments/find-named.ts'
import type { Place } from '#src/kernel/call.ts'
import { createPolicies, type PoliciesParts } from '#src/policies/create-policies.ts'
import { createRounds, type RoundsParts } from '#src/policies/create-rounds.ts'
import type { Signals } from '#src/signals/signals.ts'
import { decideScaling } from './decide-scaling.ts'
import { describeScaling, ruleFacts } from './describe-scaling.ts'
import { createLoadRows } from './load-rows.ts'
import type { LoadSample } from './load-sample.ts'
import { createReadMoments, type MomentsParts } from './moments.ts'
import { onePerService } from './one-per-service.ts'
import { createReadPastLoad } from './past-load.ts'
import { loadPanels } from './pictures.ts'
import { learnLimit, type SeenLimit } from './replica-limit.ts'
import { scaleShape } from './scale-shape.ts'
import type { ScaleAsked, ScalePolicy, Scaling } from './scaling.ts'
import { createSimulate } from './simulate.ts'
import { createStandings } from './standings.ts'
import { readWritten, writtenWith } from './written.ts'

export interface ScalingParts
  extends MomentsParts,
    Pick<RoundsParts<unknown, unknown>, 'stops' | 'ask' | 'answerTo'>,
    Omit<PoliciesParts<unknown>, 'shape'> {
  readonly signals: Pick<Signals, 'cadence' | 'newest'>
}

/** Older load tells nobody what a policy would do today. */
const KEPT_MS = 14 * 86_400_000

export function createScaling(parts: ScalingParts): Scaling {
  const { store, clock } = parts
  const policies = createPolicies({ ...parts, shape: scaleShape })
  const rounds = createRounds({ ...parts, shape: scaleShape })
  const rows = createLoadRows(store)
  const readMoments = createReadMoments(parts)
  const written = async ({ id }: ScalePolicy) =>
    (await store.db.selectFrom('policies').select('rules').where('id', '=', id).executeTakeFirst())?.rules

  /** By its name, or by its service's, however that is written: each service has one. */
  async function named(place: Place, typed: string): Promise<ScalePolicy> {
    const all = await policies.list(place)
    const found = findNamed(
      typed,
      all
        .flatMap(({ id, name, service }) => [
          { id, name },
          { id, name: service.name },
        ])
        .filter(({ name }, index, names) => names.findIndex((each) => each.name === name) === index),
    )
    return all.find(({ id }) => id === found?.id) ?? policies.named(place, typed)
  }

  /** The one that the service has. Throws UserError where it is not of that name. */
  async function meant(place: Place, { service, name }: ScaleAsked): Promise<ScalePolicy | undefined> {
    const all = await policies.list(place)
    if (name !== undefined) onePerService({ name, service }, all)
    return all.find((each) => each.service.id === service.id)
  }

  return {
    list: policies.list,
    named,
    switch: async (call, name, mode) => policies.switch(call, (await named(call.place, name)).name, mode),
    remove: async (call, name) => policies.remove(call, (await named(call.place, name)).name),
    ...createStandings({ ...parts, policies: { list: policies.list, named }, rounds }),
    simulate: createSimulate({ ...parts, policies: { named }, rows, written, readPastLoad: createReadPastLoad(parts) }),
    async set(call, asked) {
      const before = await meant(call.place, asked)
      const rules = writtenWith(before && (await written(before)), asked.options)
      readWritten(rules, 'Nothing was set')
      const name = before?.name ?? asked.name ?? nameOf(asked.service.name)
      const policy = await policies.set(call, { name, service: asked.service, mode: asked.mode ?? before?.mode ?? 'act', rules })
      return { policy, says: describeScaling(policy.rules), rules: ruleFacts(policy.rules), isNew: before === undefined }
    },
    async take(signals) {
      if (signals.stale) return
      const { place, at } = signals
      const all = await policies.list(place)
      const moments = all.length === 0 ? undefined : await readMoments(signals, all)
      await rounds.make(place, at, (round) => moments && decideScaling(round, moments.moment(round.policy)))
      await rows.add(
        place,
        loadsOf(all, (policy) => moments?.load(policy)),
      )
    },
    async draw(place, { rules, service }, windowMs) {
      const to = clock.now()
      const from = new Date(to.getTime() - windowMs)
      const samples = await rows.since(place, service.id, from)
      return samples.length === 0 ? undefined : { panels: loadPanels(rules, samples, limitsOf(samples)), from, to }
    },
    prune: (before) => rows.prune(new Date(Math.max(before.getTime(), clock.now().getTime() - KEPT_MS))),
  }
}

function loadsOf(all: readonly ScalePolicy[], load: (policy: ScalePolicy) => LoadSample | undefined): ReadonlyMap<string, LoadSample> {
  return new Map(
    all.flatMap((policy) => {
      const sample = load(policy)
      return sample ? [[policy.service.id, sample] as const] : []
    }),
  )
}

/** Of one replica, as it was known at each sample. */
function limitsOf(samples: readonly LoadSample[]) {
  let [cpu, memory]: (SeenLimit | undefined)[] = []
  return samples.map((sample) => {
    cpu = learnLimit(cpu, { ...sample, used: sample.cpu, limit: sample.cpuLimit })
    memory = learnLimit(memory, { ...sample, used: sample.memory, limit: sample.memoryLimit })
    return { cpu: cpu.each, memory: memory.each }
  })
}

/** A service's name, as a policy can have it. */
function nameOf(service: string): string {
  const name = service
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
  return name.slice(0, 50) || 'policy'
}
