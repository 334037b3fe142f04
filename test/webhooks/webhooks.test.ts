import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createStore } from '#src/adapters/store/create-store.ts'
import { createClaims } from '#src/claims/claims.ts'
import { createIntake, intakeDefaults } from '#src/webhooks/intake.ts'
import { readNotice } from '#src/webhooks/notice.ts'
import { createTestDatabase } from '#test/support/postgres.ts'
import { quietLog } from '#test/support/quiet-log.ts'
import { ofDeployment, payload } from './payloads.ts'
import { secret, type WebhookStage, webhookStage } from './stage.ts'

/** Webhooks tell of noon, and the clock says half past. */
const noon = Date.parse('2026-11-21T12:00:00Z')
const halfPast = noon + 1_800_000
const at = (seconds: number) => ({ timestamp: new Date(noon + 1_000 * seconds).toISOString() })

let stage: WebhookStage
beforeEach(async () => {
  stage = await webhookStage()
  await stage.clock.turn(halfPast - noon)
})
afterEach(() => stage.close())

async function send(...bodies: readonly unknown[]): Promise<void> {
  for (const body of bodies) expect(await stage.post(body)).toBe(200)
  await stage.settled()
}

describe('a webhook', () => {
  test('is a hint: the environment that it names is looked at, once for a storm of a hundred', async () => {
    const bodies = Array.from({ length: 100 }, (_, index) =>
      payload('Deployment.building', { ...ofDeployment(`d-${index}`), ...at(index) }),
    )
    await Promise.all(bodies.map((body) => stage.post(body)))
    await stage.settled()
    await stage.clock.turn(1_000)
    // Each of the two processes took half of them; their looks are one where only one watches (src/signals).
    expect(stage.looked).toEqual(['e', 'e'])
    expect(stage.done).toHaveLength(100)
    expect(await stage.shown()).toEqual([])
  })

  test('that comes again, at whatever process and in whatever words, is carried out once', async () => {
    await send(payload('Deployment.crashed'), payload('Deployment.crashed'), payload('DEPLOYMENT_CRASHED'))
    expect(stage.done).toEqual(['Deployment.crashed'])
    expect(await stage.replicas[0].webhooks.heard({ guild: '1', project: 'p', environment: 'e' })).toEqual({
      ...{ taken: 3, known: 2, lastType: 'DEPLOYMENT_CRASHED', lastAt: expect.any(Date) },
    })
  })

  test('of another monitor, another volume or another moment is another one, though it is of one deployment', async () => {
    const { details, resource } = payload('')
    const of = (kind: 'volume' | 'monitor', id: string, seconds: number) => ({
      ...{
        ...at(seconds),
        details: { ...details, [`${kind}Id`]: id, percentage: 80 + seconds },
        resource: { ...resource, [kind]: { id } },
      },
    })
    await send(payload('Monitor.triggered', of('monitor', 'm-1', 0)), payload('Monitor.triggered', of('monitor', 'm-2', 0)))
    await send(payload('VolumeAlert.triggered', of('volume', 'v-1', 1)), payload('VolumeAlert.triggered', of('volume', 'v-2', 2)))
    const troubles = async () =>
      (await stage.incidents.one.incidents.list({ guild: '1', project: 'p', environment: 'e' }))[0]?.troubles ?? []
    expect(await troubles()).toHaveLength(4)
    await send(payload('Monitor.resolved', of('monitor', 'm-1', 3)))
    expect(await troubles()).toHaveLength(3)
    await send(payload('Monitor.triggered', of('monitor', 'm-1', 4)))
    expect((await troubles()).map(({ fingerprint }) => fingerprint)).toContain('railway:monitor:m-1')
  })

  test('is answered before anything is done about it, though the database hangs', async () => {
    const { store } = stage.incidents.one
    await store.db.transaction().execute(async (tx) => {
      await tx.deleteFrom('claims').execute()
      await tx
        .insertInto('claims')
        .values({ key: `webhook:body:${readNotice(payload('Deployment.crashed'))!.digest}`, guild: '', project: '', environment: '' })
        .execute()
      // Whoever claims the same waits for this transaction.
      expect(await stage.post(payload('Deployment.crashed'))).toBe(200)
      expect(stage.done).toEqual([])
    })
    await stage.settled()
  })

  test('about another project, or none that is read, moves nothing', async () => {
    const { resource } = payload('')
    await send(payload('Deployment.oom_killed', { resource: { ...resource, project: { id: 'foreign', name: 'x' } } }))
    await stage.clock.turn(60_000)
    expect([stage.looked, await stage.shown()]).toEqual([[], []])
  })
})

describe('what a person has to look after', () => {
  test('opens an incident, with the service’s, and ends with its counterpart', async () => {
    await send(payload('Deployment.oom_killed'), payload('VolumeAlert.triggered', { ...at(1), details: {}, severity: 'CRITICAL' }))
    expect(await stage.shown()).toEqual(['critical: The volume of api fills up (production)'])
    await send(payload('VolumeAlert.resolved', { ...at(2), details: {} }))
    expect(await stage.shown()).toEqual(['warning: api ran out of memory (production)'])
    await send(payload('Deployment.restarted', at(3)))
    expect(await stage.shown()).toHaveLength(1)
    await send(payload('Deployment.deployed', { ...at(4), ...ofDeployment('d-2') }))
    expect(await stage.shown()).toEqual([])
  })

  test('is one incident, however often and wherever it is told', async () => {
    const bodies = Array.from({ length: 12 }, (_, index) => payload('Deployment.oom_killed', at(index % 3)))
    await Promise.all(bodies.map((body) => stage.post(body)))
    await stage.settled()
    const [incident] = await stage.incidents.one.incidents.list({ guild: '1', project: 'p', environment: 'e' })
    expect(incident).toMatchObject({ number: 1, service: { id: 's-api' }, troubles: [{ fingerprint: 'railway:memory:s-api' }] })
    expect(await stage.shown()).toHaveLength(1)
  })

  test('stays over where its end came before its beginning', async () => {
    await send(payload('Deployment.deployed', at(10)), payload('Deployment.needs_approval', at(0)))
    await send(payload('Monitor.resolved', at(10)), payload('Monitor.triggered', at(5)))
    expect(await stage.shown()).toEqual([])
  })

  test('does not end with what came before it and is told late', async () => {
    await send(payload('Monitor.triggered', at(10)), payload('Monitor.resolved', at(5)))
    expect(await stage.shown()).toEqual(['warning: A monitor in Railway fires for api (production)'])
    await send(payload('Monitor.deleted', at(11)))
    expect(await stage.shown()).toEqual([])
  })

  test('does not end with the removal of another deployment than the one that was killed', async () => {
    await send(payload('Deployment.oom_killed', { ...at(0), ...ofDeployment('d-2') }))
    await send(payload('Deployment.removed', { ...at(5), ...ofDeployment('d-1') }))
    expect(await stage.shown()).toHaveLength(1)
    await send(payload('Deployment.removed', { ...at(6), ...ofDeployment('d-2') }))
    expect(await stage.shown()).toEqual([])
  })

  test('is not told of an hour later, and what is said to come from the future is of now', async () => {
    await send(payload('Deployment.oom_killed', at(1_800 - 3_601)))
    expect(await stage.shown()).toEqual([])
    await send(payload('VolumeAlert.triggered', at(86_400)))
    expect((await stage.incidents.one.incidents.list({ guild: '1', project: 'p', environment: 'e' }))[0]?.since).toEqual(new Date(halfPast))
    await stage.clock.turn(1_000)
    await send(payload('VolumeAlert.resolved', at(86_401)))
    expect(await stage.shown()).toEqual([])
  })

  test('waits for approval until anything becomes of the deployment, of which health knows nothing', async () => {
    await send(payload('Deployment.NeedsApproval'))
    expect(await stage.shown()).toEqual(['warning: A deployment of api waits for approval (production)'])
    await send(payload('Deployment.building', at(20)))
    expect(await stage.shown()).toEqual([])
  })

  test('wakes nobody where it is not production, names what it can, and holds no mark-up of its own', async () => {
    const { resource } = payload('')
    const staging = {
      ...resource,
      environment: { id: 'e2', name: 'staging' },
      service: { id: 's-1', name: '@everyone **x**\u0000 https://evil.example' },
    }
    await send(payload('Deployment.oom_killed', { resource: staging, severity: 'CRITICAL' }))
    expect(await stage.shown()).toEqual(['info: @everyone **x** https:\u200b//evil.example ran out of memory (staging)'])
  })
})

describe('the door', () => {
  test('does not exist for whoever has not the secret, and has enough of them after sixty in a minute', async () => {
    const wrong = (path: string) => stage.post(payload('Deployment.crashed'), { path })
    expect(await wrong('/webhooks/railway/')).toBe(404)
    expect(await wrong(`/webhooks/railway/${secret.value}x`)).toBe(404)
    expect(await wrong(`/webhooks/railway/${secret.value.toUpperCase()}`)).toBe(404)
    for (let count = 0; count < 130; count += 1) await wrong('/webhooks/railway/guess')
    expect(await wrong('/webhooks/railway/guess')).toBe(429)
    expect(await stage.post(payload('Deployment.crashed'))).toBe(200)
    await stage.clock.turn(60_000)
    expect(await wrong('/webhooks/railway/guess')).toBe(404)
    await stage.settled()
    expect(stage.done).toEqual(['Deployment.crashed'])
  })

  test('asks for the secret before it reads a body', async () => {
    const path = '/webhooks/railway/guess'
    expect(await stage.post('{', { path })).toBe(404)
    expect(await stage.post('x'.repeat(70_000), { path })).toBe(404)
    expect(await stage.post('<a/>', { path, headers: { 'content-type': 'text/xml' } })).toBe(404)
  })

  test('refuses what is no webhook, and takes nothing of it', async () => {
    const deep = (levels: number) => `{"type":"Deployment.crashed","details":${'['.repeat(levels)}${']'.repeat(levels)}}`
    expect(await stage.post('{"type":')).toBe(422)
    expect(await stage.post('[]')).toBe(422)
    expect(await stage.post({ type: '…' })).toBe(422)
    expect(await stage.post({ type: { a: 1 } })).toBe(422)
    expect(await stage.post(payload('Deployment.crashed', { more: 'x'.repeat(70_000) }))).toBe(413)
    expect(await stage.post(deep(30_000))).toBe(422)
    expect(await stage.post('{"type":"Deployment.crashed","__proto__":{"x":1}}')).toBe(422)
    expect(await stage.post('type=x', { headers: { 'content-type': 'application/x-www-form-urlencoded' } })).toBe(415)
    await stage.settled()
    expect(stage.done).toEqual([])
    expect(await stage.post(payload('Deployment.crashed'), { headers: { authorization: 'Bearer whatever' } })).toBe(200)
  })

  test('writes no secret to any log', async () => {
    await send(payload('Deployment.crashed'))
    await stage.post('{')
    for (const { base, log } of stage.replicas) {
      expect(base.lines.length).toBeGreaterThan(0)
      expect(JSON.stringify([base.lines, log.lines])).not.toContain(secret.value)
    }
  })
})

describe('what was taken', () => {
  const notice = readNotice(payload('Deployment.oom_killed'))!

  test('waits for a database that is away, and is bounded', async () => {
    const { url, drop } = await createTestDatabase()
    const log = quietLog()
    const store = createStore({ url: 'postgres://nobody@127.0.0.1:1/none', poolSize: 1, log })
    const there = createStore({ url, poolSize: 1, log })
    let claims = createClaims({ store })
    const told: unknown[] = []
    const parts = { note: async () => {}, emit: async (_: string, payload: unknown) => told.push(payload) > 0, clock: stage.clock, log }
    const intake = createIntake({ ...parts, claims: { claimFor: (key, forMs) => claims.claimFor(key, forMs) } })
    for (let count = 0; count < intakeDefaults.most + 20; count += 1) intake.take({ ...notice, digest: `${count}`, deployment: undefined })
    await stage.clock.slept(intakeDefaults.retryMs)
    expect(told).toEqual([])
    claims = createClaims({ store: there })
    await stage.clock.turn(intakeDefaults.retryMs)
    await intake.idle()
    expect(told).toHaveLength(intakeDefaults.most)
    expect(log.lines.filter(({ level }) => level === 'warn').map(({ message }) => message)).toEqual([
      'webhooks of Railway wait for the database',
      'webhooks of Railway were dropped: too many came while the database was slow or away',
    ])
    await Promise.all([store.close(), there.close()])
    await drop()
  })

  test('and fails is tried again some times, and holds up the others no longer', async () => {
    const { store } = stage.incidents.one
    let attempts = 0
    const emit = async (_: string, payload: unknown) => {
      if ((payload as { type: string }).type !== notice.type) return true
      attempts += 1
      return false
    }
    const intake = createIntake({ claims: createClaims({ store }), emit, note: async () => {}, clock: stage.clock, log: quietLog() })
    intake.take(notice)
    intake.take({ ...notice, type: 'other', digest: 'other' })
    for (let tries = 1; tries < intakeDefaults.tries; tries += 1) {
      await stage.clock.slept(intakeDefaults.retryMs)
      await stage.clock.turn(intakeDefaults.retryMs)
    }
    await intake.idle()
    expect(attempts).toBe(intakeDefaults.tries)
  })
})
