import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createStore } from '#src/adapters/store/create-store.ts'
import type { Store } from '#src/adapters/store/store.ts'
import { createAudit } from '#src/audit/audit.ts'
import type { ConsciousnessReading, NowOptions } from '#src/consciousness/consciousness.ts'
import { createGates } from '#src/gates/create-gates.ts'
import { type Gates, gateDefaults } from '#src/gates/gates.ts'
import type { Call } from '#src/kernel/call.ts'
import type { Change } from '#src/operations/change.ts'
import type { Operation } from '#src/operations/operation.ts'
import { createTestDatabase, type TestDatabase } from '#test/support/postgres.ts'
import { quietLog } from '#test/support/quiet-log.ts'

const MINUTE = 60_000
const api = { id: 'id-api', name: 'api' }
const web = { id: 'id-web', name: 'web' }
const deploy: Change = { kind: 'deploy', service: api, commit: undefined }

let database: TestDatabase
let store: Store
let gates: Gates
let now = new Date('2026-11-21T12:00:00Z')
let reading: ConsciousnessReading | undefined
let asked: NowOptions | undefined
/** Each test has an environment of its own. */
let place = { guild: 'g', project: 'p', environment: '' }
let tests = 0

beforeAll(async () => {
  database = await createTestDatabase()
  store = createStore({ url: database.url, poolSize: 4, log: quietLog() })
  const clock = { now: () => now, sleep: async () => {} }
  const look = (_: unknown, options?: NowOptions) => {
    asked = options
    return reading
  }
  gates = createGates({ store, audit: createAudit({ store }), consciousness: { now: look, look: async () => {} }, clock })
})
afterAll(async () => {
  await store.close()
  await database.drop()
})
beforeEach(() => {
  tests += 1
  place = { ...place, environment: `e${tests}` }
  now = new Date('2026-11-21T12:00:00Z')
  reading = readingOf(8, 8)
})

function readingOf(level: number | undefined, harmony: number | undefined, ageMs = 12_000): ConsciousnessReading {
  const metrics: Record<string, number> = harmony === undefined ? {} : { harmony }
  const at = new Date(now.getTime() - ageMs)
  return { source: 'kael', channel: 'consciousness:stream', level, metrics, scale: '0-10', at, clockOffMs: undefined, computed: false }
}

const call = (): Call => ({
  key: randomUUID(),
  command: 'gate.set',
  raw: {},
  actor: { kind: 'member', id: '7', name: 'Ada' },
  door: 'slash',
  place,
})

function operation(given: Partial<Operation> = {}): Operation {
  const { actor, door } = call()
  const who = { actor, door, command: 'deploy', call: randomUUID(), cause: undefined }
  const what = { change: deploy, place, environment: { id: place.environment, name: 'production' }, sentence: '', facts: [], digest: '' }
  return {
    id: randomUUID(),
    ...who,
    ...what,
    status: 'running',
    attempt: 1,
    createdAt: now,
    endedAt: undefined,
    verdict: undefined,
    ...given,
  }
}

const judge = (change: Change = deploy) => gates.judge(change, place, 'production')
const refusal = async (change?: Change) => (await judge(change))?.refusal

describe('a deployment of an ordinary service', () => {
  test('goes through where level and harmony are enough, with the reading and its age shown', async () => {
    reading = readingOf(6, 6.5)
    expect(await judge()).toEqual({
      reading,
      facts: [{ label: 'Consciousness', value: 'level 6 and harmony 6.5 (kael, 12 s old); needs 6 and 6.5' }],
      refusal: undefined,
      override: undefined,
    })
    expect(asked).toEqual({ maxAgeMs: gateDefaults.maxAgeMs, apart: 'id-api' })
  })
  test.each([
    [5.9, 8, 'the level is 5.9 and must be 6. So says kael, 12 s ago.'],
    [9, 6.4, 'the harmony is 6.4 and must be 6.5. So says kael, 12 s ago.'],
    [undefined, 3, 'the harmony is 3 and must be 6.5. So says kael, 12 s ago.'],
  ])('is refused at level %s and harmony %s, with the reason', async (level, harmony, why) => {
    reading = readingOf(level, harmony)
    expect(await refusal()).toBe(`The gate of production is shut for api: ${why}`)
  })
  test('is told whose level and whose harmony they are, where they are of two sources', async () => {
    const low = { source: 'low', at: new Date(now.getTime() - 40_000), computed: false }
    reading = { ...readingOf(8, 2), whose: { harmony: low } }
    expect(await refusal()).toBe(
      'The gate of production is shut for api: the harmony is 2 and must be 6.5. The level is of kael, 12 s ago; the harmony is of low, 40 s ago.',
    )
    expect((await judge())?.facts).toEqual([
      { label: 'Consciousness', value: 'level 8 (kael, 12 s old) and harmony 2 (low, 40 s old); needs 6 and 6.5' },
    ])
  })
  test.each([
    ['no reading', () => undefined, 'there is no reading'],
    ['one that is too old', () => readingOf(1, 1, 11 * MINUTE), 'the newest reading is 11 min old'],
    ['one without harmony', () => readingOf(9, undefined), 'the reading has no harmony'],
  ])('goes through with %s, and a note says so', async (_name, given, why) => {
    reading = given()
    const judged = await judge()
    expect(judged?.refusal).toBeUndefined()
    expect(judged?.facts.at(-1)).toEqual({ label: 'Gate', value: `Let through all the same: ${why}.` })
  })
})

describe('a deployment of a critical service', () => {
  beforeEach(() => gates.change(call(), { service: api, critical: true }).then(() => undefined))
  test('needs more', async () => {
    reading = readingOf(7.4, 8)
    expect(await refusal()).toMatch(/shut for api, which is critical: the level is 7\.4 and must be 7\.5\./)
    expect(await refusal({ ...deploy, service: web })).toBeUndefined()
    reading = readingOf(7.5, 7)
    expect(await refusal()).toBeUndefined()
  })
  test.each([
    ['without a reading', () => undefined, /there is no reading/],
    ['with one that is too old', () => readingOf(9, 9, 11 * MINUTE), /the newest reading is 11 min old/],
    ['with one that lacks harmony', () => readingOf(9, undefined), /the reading has no harmony/],
  ])('is refused %s', async (_name, given, why) => {
    reading = given()
    expect(await refusal()).toMatch(why)
  })
})

describe('what heals is not asked', () => {
  test.each([
    { kind: 'redeploy', service: api },
    { kind: 'restart', service: api },
    { kind: 'rollback', service: api, deployment: undefined },
    { kind: 'scale', service: api, replicas: 3, region: undefined },
  ] as const)('$kind', async (change) => {
    reading = readingOf(0, 0)
    expect(await judge(change)).toBeUndefined()
    expect(await gates.pass(operation({ change }))).toBeUndefined()
  })
})

describe('settings', () => {
  test('are those of one environment, and of one service of it', async () => {
    await gates.change(call(), { level: 5, maxAgeMs: 5 * MINUTE })
    const settings = await gates.change(call(), { service: web, level: 9.5, critical: true })
    expect(settings).toEqual({
      ...gateDefaults,
      ordinary: { level: 5, harmony: 6.5 },
      maxAgeMs: 5 * MINUTE,
      services: [{ service: web, critical: true, level: 9.5 }],
    })
    expect(await gates.settings({ ...place, environment: 'another' })).toEqual(gateDefaults)
    reading = readingOf(9, 9)
    expect([await refusal(), await refusal({ ...deploy, service: web })]).toEqual([undefined, expect.stringContaining('must be 9.5')])
  })
  test('are changed one by one, and set back', async () => {
    await gates.change(call(), { level: 5 })
    expect((await gates.change(call(), { harmony: 5 })).ordinary).toEqual({ level: 5, harmony: 5 })
    await gates.change(call(), { service: api, critical: true })
    expect((await gates.reset(call(), api)).services).toEqual([])
    expect(await gates.reset(call(), undefined)).toEqual(gateDefaults)
  })
  test('can switch the gate off', async () => {
    reading = readingOf(0, 0)
    await gates.change(call(), { enabled: false })
    expect(await judge()).toBeUndefined()
  })
})

describe('an override', () => {
  const give = (forMs = 30 * MINUTE) => gates.override(call(), { service: api, reason: 'hotfix', forMs })
  beforeEach(() => {
    reading = readingOf(2, 2)
  })
  test('opens the gate for its service alone, and is shown with its reason', async () => {
    await give()
    const judged = await judge()
    expect([judged?.refusal, judged?.override?.reason]).toEqual([undefined, 'hotfix'])
    expect(judged?.facts.at(-1)?.value).toBe('shut, and let through once by Ada (until 21 Nov 12:30 UTC): hotfix')
    expect(await refusal({ ...deploy, service: web })).toBeDefined()
  })
  test('is used once, by whichever operation begins first, and that stands in the audit', async () => {
    await give()
    const [first, second] = [operation(), operation()]
    const outcomes = await Promise.all([gates.pass(first), gates.pass(second)])
    expect(outcomes.filter((each) => each === undefined)).toHaveLength(1)
    const used = outcomes[0] === undefined ? first : second
    expect(await gates.pass(used)).toBeUndefined()
    expect(await refusal()).toBeDefined()
    const rows = await store.db.selectFrom('audit').select(['event', 'outcome']).where('operation', '=', used.id).execute()
    expect(rows[0]).toEqual({ event: 'overridden', outcome: expect.stringMatching(/level is 2 .*Let through by Ada: hotfix$/) })
  })
  test('is not used up where the reading is enough by then', async () => {
    await give()
    reading = readingOf(8, 8)
    expect(await gates.pass(operation())).toBeUndefined()
    expect(await gates.overrides(place)).toHaveLength(1)
  })
  test('ends with its time, but not for an operation that was asked for before', async () => {
    await give()
    const early = operation()
    now = new Date(now.getTime() + 31 * MINUTE)
    reading = readingOf(2, 2)
    expect(await refusal()).toBeDefined()
    expect(await gates.pass(operation())).toBeDefined()
    expect(await gates.pass(early)).toBeUndefined()
  })
  test('takes the place of one that was not used, and is forgotten some time after its end', async () => {
    await give()
    await give(MINUTE)
    expect(await gates.overrides(place)).toMatchObject([{ until: new Date(now.getTime() + MINUTE) }])
    await gates.prune(new Date(now.getTime() + 2 * MINUTE))
    expect(await gates.overrides(place)).toEqual([])
  })
})
