import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createCharts } from '#src/adapters/charts/create-charts.ts'
import { createAudit } from '#src/audit/audit.ts'
import type { Capabilities } from '#src/capabilities.ts'
import { createHistory } from '#src/consciousness/history.ts'
import { tallyOf } from '#src/consciousness/tally.ts'
import { createGates } from '#src/gates/create-gates.ts'
import { permissionGuard } from '#src/guards/permission-guard.ts'
import type { Call } from '#src/kernel/call.ts'
import { channels } from '#src/kernel/channels.ts'
import { systemClock } from '#src/kernel/clock.ts'
import { type Command, type Role, roles } from '#src/kernel/command.ts'
import type { CommandBook } from '#src/kernel/command-book.ts'
import type { Directory } from '#src/kernel/directory.ts'
import { createDispatch, type Dispatch } from '#src/kernel/dispatch.ts'
import type { Report } from '#src/kernel/report.ts'
import { place, processes } from '#test/consciousness/processes.ts'
import { service, signalsOf } from '#test/consciousness/signals-of.ts'
import consciousnessCommand from '../../commands/consciousness.ts'
import override from '../../commands/gate/override.ts'
import set from '../../commands/gate/set.ts'
import show from '../../commands/gate/show.ts'

const PATIENCE = { timeout: 30_000, interval: 20 }
const clock = systemClock()
const book: CommandBook = new Map<string, Command>([
  ['consciousness', consciousnessCommand],
  ['gate.override', override],
  ['gate.set', set],
  ['gate.show', show],
] as [string, Command][])
const services = ['api', 'web'].map((name) => ({ id: `id-${name}`, name }))
const directory = {
  environments: async () => [{ id: place.environment, name: 'production' }],
  services: async () => services,
} as unknown as Directory

let stage: Awaited<ReturnType<typeof processes>>
let bot: Awaited<ReturnType<Awaited<ReturnType<typeof processes>>['join']>>
let dispatch: Dispatch
beforeAll(async () => {
  stage = await processes()
  bot = await stage.join()
  const { consciousness, store } = bot
  const gates = createGates({ store, consciousness, audit: createAudit({ store }), clock })
  dispatch = createDispatch({
    book,
    capabilities: { consciousness, gates, charts: createCharts(), directory, clock } as unknown as Capabilities,
    directory,
    entry: [permissionGuard({ roleOf: async (_, standing) => roles.find((role) => standing?.roles.includes(role)) })],
    action: [],
  })
}, 60_000)
afterAll(() => stage?.end(), 60_000)

function run(command: string, raw: Call['raw'] = {}, role: Role = 'admin'): Promise<Report> {
  const actor = { kind: 'member', id: '7', name: 'Ada' } as const
  return dispatch({ key: randomUUID(), command, raw, actor, door: 'slash', place }, { roles: [role], administrator: false })
}
const fact = ({ facts }: Report, label: string) => facts?.find((each) => each.label === label)?.value

describe('/consciousness', { timeout: 60_000 }, () => {
  test('says that there is none yet', async () => {
    expect((await run('consciousness', {}, 'viewer')).sentence).toMatch(/^There is no reading of production yet/)
  })
  test('of a team that publishes none shows what Helix worked out, and from what', async () => {
    await bot.consciousness.reckon(signalsOf([service('api', { condition: 'degraded' }), service('web')], { place, at: clock.now() }))
    await expect.poll(() => bot.consciousness.now(place)?.level, PATIENCE).toBe(7.5)
    const report = await run('consciousness')
    expect([report.tone, report.sentence]).toEqual([
      'good',
      expect.stringMatching(/^production is at 7\.5 of 10, its harmony at 7\.5: Helix worked that out from its services, \d+ s ago\. /),
    ])
    expect(fact(report, 'Worked out from')).toMatch(/availability, errors, latency/)
  })
  test('shows level, metrics, trend, sources, the scale that was taken, and what could not be read', async () => {
    const old = Array.from({ length: 200 }, (_, n) => ({
      ...{ channel: 'consciousness_stream', source: 'kael', at: new Date(Date.now() - n * 60_000), count: 1 },
      ...tallyOf({
        level: 6.5 + Math.sin(n / 20),
        metrics: { harmony: 7 + Math.cos(n / 15), prana: 6, klesha: 1, zoom: 1.02, resilience: 1.1 },
      }),
    }))
    await createHistory(bot.store).write(place, old)
    const metrics = { harmony: 0.3, prana: 0.6, klesha: 0.1, zoom: 1.02, resilience: 1.1, wonder: 42 }
    const ahead = new Date(Date.now() + 3_600_000).toISOString()
    await bot.streams.publish(channels.consciousnessStream, {
      agent_id: '@everyone **kael**',
      consciousness_level: 5.5,
      ucf_metrics: metrics,
      timestamp: ahead,
    })
    await bot.streams.publish(channels.consciousness, { agent_id: 'lumina', consciousness_level: 'high' })
    await expect.poll(() => bot.consciousness.sources(place).unreadable.length, PATIENCE).toBe(1)
    await expect.poll(() => bot.consciousness.now(place)?.level, PATIENCE).toBe(5.5)
    const report = await run('consciousness', { window: '3h' })
    expect([report.tone, report.sentence]).toEqual([
      'warning',
      expect.stringMatching(
        /^production is at 5\.5 of 10, its harmony at 3: so says @everyone \*\*kael\*\*, \d+ s ago\. Over 3 h it went from .* between 5\.5 and 7\.5\.$/,
      ),
    ])
    expect(fact(report, 'Sources')).toMatch(
      /on consciousness_stream: level 5\.5, \d+ s old, taken to use 0–1; its clock is 1 h ahead, so its arrival counts/,
    )
    expect(fact(report, 'Could not be read')).toMatch(
      /^lumina on consciousness:stream: 1 message, the last \d+ s ago \(consciousness_level is no number\)$/,
    )
    expect(report.table?.rows.map(([name, now]) => `${name} ${now}`)).toEqual([
      'level 5.5',
      ...['harmony 3', 'prana 6', 'drishti 10', 'klesha 1', 'resilience 1.1', 'zoom 1.02', 'wonder 42'],
    ])
    // What nobody publishes is of Helix.
    expect(report.table?.rows.find(([name]) => name === 'drishti')?.at(-1)).toBe('helix')
    expect(report.picture?.png.length).toBeGreaterThan(10_000)
    expect(report.picture?.alt).toMatch(/^Chart of level and metrics over 3 h\. production is at 5\.5/)
  })
})

describe('/consciousness of many sources', { timeout: 60_000 }, () => {
  test('lists the newest, and says how many there are more', async () => {
    for (let n = 0; n < 12; n += 1)
      await bot.streams.publish(channels.ucfMetrics, { agent_id: `agent-${n}`, level: 5.5, ucf: { harmony: 3 } })
    await expect.poll(() => bot.consciousness.sources(place).readings.length, PATIENCE).toBe(14)
    const lines = fact(await run('consciousness'), 'Sources')?.split('\n') ?? []
    expect([lines.length, lines.at(-1)]).toEqual([11, 'and 4 more'])
  })
})

describe('/gate', { timeout: 60_000 }, () => {
  test('show tells anybody what is needed, and whether it is open', async () => {
    const report = await run('gate.show', {}, 'viewer')
    expect([report.tone, report.sentence]).toEqual([
      'warning',
      expect.stringMatching(
        /^The gate is shut for ordinary services, shut for critical ones\. The reading of .* gives a level of 5\.5 and a harmony of 3; it is \d+ s old\.$/,
      ),
    ])
    expect(report.table?.rows).toEqual([
      ['every other', 'ordinary', '6', '6.5'],
      ['every other', 'critical', '7.5', '7'],
    ])
  })
  test('set is for admins, and says what it cannot take', async () => {
    await expect(run('gate.set', { level: '5' }, 'deployer')).rejects.toThrow('needs the Helix role admin')
    await expect(run('gate.set', { level: '11' })).rejects.toThrow('“11” is not a number from 0 to 10')
    await expect(run('gate.set', { level: 'five' })).rejects.toThrow('is not a number')
    await expect(run('gate.set', {})).rejects.toThrow('Say what shall be set')
    await expect(run('gate.set', { critical: 'yes' })).rejects.toThrow('is for one service')
    await expect(run('gate.set', { service: 'api', age: '5m' })).rejects.toThrow('for a whole environment')
  })
  test('set changes what an environment and a service need, and takes it back', async () => {
    await run('gate.set', { level: '5', harmony: '2.5', age: '1h' })
    await run('gate.set', { service: 'api', critical: 'yes', level: '9' })
    const report = await run('gate.show')
    expect(report.table?.rows).toEqual([
      ['every other', 'ordinary', '5', '2.5'],
      ['every other', 'critical', '7.5', '7'],
      ['api', 'critical', '9', '7'],
    ])
    expect([report.tone, fact(report, 'A reading counts for')]).toEqual(['good', '1 h'])
    expect((await run('gate.set', { reset: true })).sentence).toBe('The gate of production is set back.')
    expect((await run('gate.show')).table?.rows).toHaveLength(2)
    expect((await run('gate.set', { gate: 'off' })).tone).toBe('warning')
    expect((await run('gate.show')).sentence).toMatch(/^production has no gate/)
    await run('gate.set', { gate: 'on' })
  })
  test('override is for admins, names its reason, and is shown until it is used or over', async () => {
    await expect(run('gate.override', { service: 'api', reason: 'hotfix' }, 'deployer')).rejects.toThrow('needs the Helix role admin')
    await expect(run('gate.override', { service: 'api' })).rejects.toThrow('“reason” is missing')
    const report = await run('gate.override', { service: 'api', reason: 'hotfix', for: '15m' })
    expect(report.sentence).toMatch(/^Ada lets one deployment of api in production through the gate, until .* UTC: hotfix$/)
    expect(fact(await run('gate.show'), 'Let through: api')).toMatch(/^once, by Ada, until .*: hotfix$/)
  })
})
