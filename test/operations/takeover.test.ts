import { sql } from 'kysely'
import { expect, test, vi } from 'vitest'
import type { DoubleService } from '#test/support/railway-double.ts'
import { workshop } from './support/workshop.ts'

const commit = 'a'.repeat(40)
const instances = ['x', 'y'].map((id) => ({ id, status: 'RUNNING' }))
const soon = { timeout: 15_000, interval: 20 }

/** Holds each call of this kind until it is let go; says how many wait. */
function gate() {
  const waiting: (() => void)[] = []
  let isOpen = false
  return {
    waiting,
    hold: () => (isOpen ? Promise.resolve() : new Promise<void>((resolve) => waiting.push(resolve))),
    open() {
      isOpen = true
      for (const go of waiting) go()
    },
  }
}

test('SIGKILL at each step: another process takes over within 15 s, and nothing is done twice or lost', { timeout: 90_000 }, async () => {
  const { railway, discord, worker, start, ends, rowOf, store } = await workshop()
  const names = ['check', 'before', 'after', 'follow', 'verify'] as const
  const services = Object.fromEntries(names.map((name) => [name, railway.add(name)])) as Record<(typeof names)[number], DoubleService>
  const gates = Object.fromEntries(names.map((name) => [name, gate()])) as Record<(typeof names)[number], ReturnType<typeof gate>>
  railway.script = []
  const first = await worker()
  const ids: Record<string, string> = {}
  let isHeld = true
  railway.before = async (method, service) => {
    if (method === 'deploy' && service === 'id-before' && isHeld) {
      await gates.before.hold()
      throw new Error('the request was lost on its way')
    }
    if (method === 'deployment' && service === 'id-verify' && isHeld && services.verify.deployments[0]?.status === 'SUCCESS')
      await gates.verify.hold()
  }
  railway.after = async (method, service) => {
    if (method === 'deploy' && service === 'id-after' && isHeld) await gates.after.hold()
  }
  for (const name of names.slice(1)) ids[name] = await start({ kind: 'deploy', service: services[name], commit }, `m-${name}`)
  await vi.waitFor(() => expect(services.verify.deployments[0]?.commit).toBe(commit), soon)
  railway.change(services.verify, services.verify.deployments[0]!.id, { status: 'SUCCESS', instances })
  await vi.waitFor(() => expect([gates.before, gates.after, gates.verify].map(({ waiting }) => waiting.length)).toEqual([1, 1, 1]), soon)
  await vi.waitFor(() => expect(discord.history.get('m-follow')?.at(-1)).toContain('getting ready'), soon)
  const planned = start({ kind: 'deploy', service: services.check, commit }, 'm-check')
  ids.check = await planned
  // From here the worker's next look at the environment is held: it is checking.
  const before = railway.before
  railway.before = async (method, service) => {
    if (method === 'environment' && isHeld) await gates.check.hold()
    await before(method, service)
  }
  await vi.waitFor(async () => expect((await rowOf(ids.check!)).attempt).toBe(1), soon)

  first.kill('SIGKILL')
  const killed = Date.now()
  isHeld = false
  for (const each of Object.values(gates)) each.open()
  await worker()
  await vi.waitFor(
    async () => {
      const attempts = await store.db.selectFrom('operations').select(['service_name', 'attempt']).execute()
      expect(attempts.filter(({ attempt }) => attempt < 2)).toEqual([])
    },
    { timeout: 15_000, interval: 50 },
  )
  expect(Date.now() - killed).toBeLessThan(15_000)

  for (const name of ['check', 'after', 'follow'] as const) {
    await vi.waitFor(() => expect(services[name].deployments[0]?.commit).toBe(commit), soon)
    railway.change(services[name], services[name].deployments[0]!.id, { status: 'SUCCESS', instances })
  }
  for (const name of ['check', 'after', 'follow', 'verify']) await ends(ids[name]!, 'succeeded')
  await ends(ids.before!, 'unknown')
  for (const name of names) {
    expect([name, services[name].deployments.filter((each) => each.commit === commit).length]).toEqual([name, name === 'before' ? 0 : 1])
  }
  expect(railway.calls.filter((each) => each === 'deploy')).toHaveLength(5)
  for (const name of ['check', 'after', 'follow', 'verify']) {
    await vi.waitFor(() => expect(discord.history.get(`m-${name}`)?.at(-1)).toContain(`${name} was deployed to staging`), soon)
  }
  await vi.waitFor(() => expect(discord.history.get('m-before')?.at(-1)).toContain('does not know'), soon)
})

test('a worker that was stopped, replaced and woken again changes nothing any more', { timeout: 90_000 }, async () => {
  const { railway, worker, start, ends, rowOf, store } = await workshop()
  const asking = railway.add('asking')
  const following = railway.add('following')
  railway.script = []
  const held = gate()
  railway.before = async (method, service) => {
    if (method === 'deployments' && service === asking.id && held.waiting.length === 0) await held.hold()
  }
  const zombie = await worker()
  const askingId = await start({ kind: 'deploy', service: asking, commit }, 'm1')
  const followingId = await start({ kind: 'deploy', service: following, commit }, 'm2')
  await vi.waitFor(() => expect([held.waiting.length, following.deployments[0]?.commit]).toEqual([1, commit]), soon)

  zombie.kill('SIGSTOP')
  held.open() // It will read the answer when it wakes: one commit away from the mutation.
  const other = await worker()
  await vi.waitFor(() => expect(asking.deployments[0]?.commit).toBe(commit), soon)
  for (const service of [asking, following]) railway.change(service, service.deployments[0]!.id, { status: 'SUCCESS', instances })
  await ends(askingId, 'succeeded')
  await ends(followingId, 'succeeded')
  const revisions = () => store.db.selectFrom('living').select(['subject', 'revision']).orderBy('subject').execute()
  const before = await revisions()

  zombie.kill('SIGCONT')
  await zombie.until('another worker has this operation')
  expect(railway.calls.filter((each) => each === 'deploy')).toHaveLength(2)
  expect(await revisions()).toEqual(before)
  expect((await rowOf(askingId)).attempt).toBe(2)
  expect(other.lines.filter((line) => line.includes('"error"'))).toEqual([])
})

test('a worker that is told to stop gives its work back at once', { timeout: 60_000 }, async () => {
  const { railway, worker, start, ends, rowOf } = await workshop()
  const service = railway.add('api')
  railway.script = []
  const first = await worker()
  const id = await start({ kind: 'deploy', service, commit }, 'm1')
  await vi.waitFor(() => expect(service.deployments[0]?.commit).toBe(commit), soon)
  await worker()
  first.kill('SIGTERM')
  const told = Date.now()
  await vi.waitFor(async () => expect((await rowOf(id)).attempt).toBe(2), soon)
  expect(Date.now() - told).toBeLessThan(5_000)
  railway.change(service, service.deployments[0]!.id, { status: 'SUCCESS', instances })
  await ends(id, 'succeeded')
  expect(railway.calls.filter((each) => each === 'deploy')).toHaveLength(1)
  await vi.waitFor(() => expect(first.process.exitCode).toBe(0), soon)
})

test('two workers, many operations: each is done once', { timeout: 60_000 }, async () => {
  const { railway, worker, start, ends, rowOf } = await workshop()
  await Promise.all([worker(), worker()])
  const services = Array.from({ length: 6 }, (_, at) => railway.add(`service-${at}`))
  const ids = await Promise.all(services.map((service, at) => start({ kind: 'deploy', service, commit }, `m${at}`)))
  for (const id of ids) await ends(id, 'succeeded')
  for (const id of ids) expect((await rowOf(id)).attempt).toBe(1)
  expect(railway.calls.filter((each) => each === 'deploy')).toHaveLength(6)
})

test('a database that drops every connection in the middle of a deploy loses nothing', { timeout: 60_000 }, async () => {
  const { railway, worker, start, ends, store, discord } = await workshop()
  const service = railway.add('api')
  railway.script = []
  const only = await worker()
  const id = await start({ kind: 'deploy', service, commit }, 'm1')
  await vi.waitFor(() => expect(discord.history.get('m1')?.at(-1)).toContain('getting ready'), soon)
  await sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`.execute(
    store.db,
  )
  await vi.waitFor(() => expect(only.lines.join()).toContain('lost'), soon)
  railway.change(service, service.deployments[0]!.id, { status: 'SUCCESS', instances })
  await ends(id, 'succeeded')
  await vi.waitFor(() => expect(discord.history.get('m1')?.at(-1)).toContain('api was deployed to staging'), soon)
  expect(railway.calls.filter((each) => each === 'deploy')).toHaveLength(1)
})
