import { afterEach, expect, test, vi } from 'vitest'
import { createStore } from '#src/adapters/store/create-store.ts'
import { createDelivery } from '#src/delivery/create-delivery.ts'
import { systemClock } from '#src/kernel/clock.ts'
import { createTails } from '#src/logs/create-tails.ts'
import { createTailWorker } from '#src/logs/tail-worker.ts'
import { createJobs } from '#src/operations/jobs.ts'
import { discordDouble } from '#test/delivery/discord-double.ts'
import { call } from '#test/operations/support/stage.ts'
import { hurriedClock } from '#test/support/hurried-clock.ts'
import { createTestDatabase } from '#test/support/postgres.ts'
import { quietLog } from '#test/support/quiet-log.ts'
import { railwayDouble, railwayFault } from '#test/support/railway-double.ts'

const endings: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end()
})

async function stage(clock = hurriedClock(20)) {
  const { url, drop } = await createTestDatabase()
  const log = quietLog()
  const store = createStore({ url, poolSize: 6, log })
  const railway = railwayDouble()
  const jobs = createJobs({ url, log })
  await jobs.start()
  endings.push(
    drop,
    () => store.close(),
    () => jobs.stop(),
  )
  const render = async ({ sentence }: { readonly sentence: string }) => ({ content: sentence, embeds: [], components: [] })
  const delivery = createDelivery({ store, messages: discordDouble(), render, clock, log })
  const environments = {
    state: async () => ({ state: await railway.environment('project', 'environment'), stale: false }),
    invalidate: () => {},
  }
  const tails = createTails({ store, delivery, jobs, environments, clock })
  const service = railway.add('api')
  const request = { service, deployment: undefined, kind: 'deploy', filter: undefined, lines: 30 } as const
  return {
    railway,
    service,
    tails,
    request,
    start: async () => (await tails.start(call({ kind: 'restart', service }), request)).operation!,
    work: () => createTailWorker({ store, delivery, jobs, railway: async () => railway, clock, log }).start(),
    say: (...messages: string[]) => {
      for (const message of messages) service.logs.push({ at: new Date(), severity: 'info', message, instanceId: undefined })
    },
    shows: (id: string, holds: (report: NonNullable<Awaited<ReturnType<typeof delivery.newest>>>) => boolean) =>
      vi.waitFor(
        async () => {
          const report = await delivery.newest(id)
          if (!report || !holds(report)) throw new Error(JSON.stringify(report))
          return report
        },
        { timeout: 15_000, interval: 20 },
      ),
  }
}

test('a tail shows the newest lines, then new ones as they come, secrets masked', async () => {
  const { tails, request, service, work, say, shows, start } = await stage()
  say('hello', 'password=hunter2')
  const id = await start()
  const first = await shows(id, () => true)
  expect(first.actions).toEqual([{ label: 'Stop', command: 'tail.stop', arguments: { tail: id } }])
  await work()
  const lines = (await shows(id, ({ table }) => table?.rows.length === 2)).table!.rows.map(([, line]) => line)
  expect(lines[0]).toBe('hello')
  expect(lines[1]).not.toContain('hunter2')
  say('later')
  await shows(id, ({ table }) => table?.rows.at(-1)?.[1] === 'later')
  await expect(tails.start(call({ kind: 'restart', service }), { ...request, kind: 'build' })).rejects.toThrow('cannot be followed')
})

test('a tail is stopped from any process, once, and keeps what it showed', async () => {
  const { tails, work, say, shows, start, railway } = await stage(systemClock() as ReturnType<typeof hurriedClock>)
  say('hello')
  const id = await start()
  await work()
  await shows(id, ({ table }) => table?.rows.length === 1)
  const stopped = await tails.stop(id, 'Ada')
  expect(stopped.sentence).toBe('Ada stopped the live logs of api in staging.')
  expect(stopped.table?.rows.map(([, line]) => line)).toEqual(['hello'])
  expect(stopped.actions?.map(({ label }) => label)).toEqual(['Follow again'])
  await expect(tails.stop(id, 'Ada')).rejects.toThrow('over already')
  await expect(tails.stop('nonsense', 'Ada')).rejects.toThrow('over already')
  const calls = railway.calls.length
  say('nobody sees this')
  await shows(id, ({ sentence }) => sentence === 'Ada stopped the live logs of api in staging.')
  expect(railway.calls.length - calls).toBeLessThan(2)
})

test('a tail ends after ten minutes and says so', async () => {
  const { work, say, shows, start } = await stage(hurriedClock(400))
  say('hello')
  const id = await start()
  await work()
  const report = await shows(id, ({ sentence }) => sentence.startsWith('Ten minutes are over.'))
  expect(report.sentence).toBe('Ten minutes are over. 1 line of api (2222222) was seen.')
  expect(report.table?.rows).toHaveLength(1)
})

test('a tail that saw nothing says so', async () => {
  const { work, shows, start } = await stage(hurriedClock(400))
  const id = await start()
  await work()
  await shows(id, ({ sentence }) => sentence === 'Ten minutes are over. No line of api (2222222) was seen.')
})

test('a tail that ended long ago is forgotten, one that runs is not', async () => {
  const { tails, start } = await stage(hurriedClock(400))
  await start()
  expect(await tails.prune(new Date())).toBe(0)
  expect(await tails.prune(new Date(Date.now() + 86_400_000))).toBe(1)
})

test('Railway away is said, and the tail goes on when it is back', async () => {
  const { work, say, shows, start, railway } = await stage()
  railway.before = async (method) => {
    if (method === 'logs') throw railwayFault('Railway did not answer within 15 s.')
  }
  const id = await start()
  await work()
  await shows(id, ({ sentence, tone }) => tone === 'warning' && sentence.includes('cannot be reached'))
  railway.before = async () => {}
  say('back')
  await shows(id, ({ tone, table }) => tone === 'neutral' && table?.rows.at(-1)?.[1] === 'back')
})
