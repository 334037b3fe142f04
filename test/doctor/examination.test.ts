import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import doctorCommand from '#commands/doctor.ts'
import { createDiscordCommands } from '#src/adapters/discord/commands.ts'
import { createDiscordInspection } from '#src/adapters/discord/inspection.ts'
import { createRailway } from '#src/adapters/railway/create-railway.ts'
import type { Railway } from '#src/adapters/railway/railway.ts'
import { createRedis, type RedisConnection } from '#src/adapters/redis/redis.ts'
import { createStore } from '#src/adapters/store/create-store.ts'
import type { Store } from '#src/adapters/store/store.ts'
import { assembleDoctor, type DoctorGiven } from '#src/assemble-doctor.ts'
import type { Finding } from '#src/doctor/finding.ts'
import { createRegistration } from '#src/doors/registration.ts'
import { renderReport } from '#src/doors/render/render-report.ts'
import { createEnvironments } from '#src/environments/create-environments.ts'
import { type Clock, systemClock } from '#src/kernel/clock.ts'
import { loadCommands } from '#src/kernel/load.ts'
import { type RunningDiscord, startDiscord, values } from '#test/playground/discord/running-discord.ts'
import { type Mounted, mount } from '#test/playground/railway/mounted.ts'
import { createTestDatabase, type TestDatabase } from '#test/support/postgres.ts'
import { quietLog } from '#test/support/quiet-log.ts'
import { redisServer } from '#test/support/redis.ts'

/** The whole examination over an emulated Discord and Railway, a real PostgreSQL and a real Redis. */
const log = quietLog()
let discord: RunningDiscord
let railwayEnd: Mounted
let database: TestDatabase
let store: Store
let redis: RedisConnection
let redisEnd: Awaited<ReturnType<typeof redisServer>>
const clients: Railway[] = []

beforeAll(async () => {
  ;[discord, railwayEnd, database, redisEnd] = await Promise.all([startDiscord(), mount(), createTestDatabase(), redisServer()])
  store = createStore({ url: database.url, poolSize: 3, log })
  redis = createRedis({ url: redisEnd.url, log })
})
afterEach(() => discord.fault('clear').catch(() => undefined))
afterAll(async () => {
  await Promise.all(clients.map((each) => each.close()))
  await Promise.all([store?.close(), redis?.close()])
  await Promise.all([discord?.close(), railwayEnd?.close(), database?.drop(), redisEnd?.stop()])
})

async function examined(changes: Partial<DoctorGiven> = {}, token?: string, member?: string) {
  const clock = systemClock()
  const { projectId, environments: all, accountToken } = railwayEnd.railway.credentials()
  const place = { guild: values.guildId, project: projectId, environment: all.staging!.id }
  const given = token === undefined ? ({ kind: 'account', value: accountToken } as const) : ({ kind: 'project', value: token } as const)
  const railway = createRailway({ url: railwayEnd.url, token: given, version: '1', clock, log })
  clients.push(railway)
  const access = async () => railway
  const at = { token: values.botToken, apiUrl: `${discord.url}/api`, log }
  const commands = createDiscordCommands({ ...at, applicationId: values.applicationId })
  const registration = createRegistration(await loadCommands(new URL('../../commands/', import.meta.url)), commands, values.guildId)
  const doctor = assembleDoctor({
    environment: { DISCORD_CLIENT_ID: values.applicationId },
    version: '1.2.3',
    ...{ store, redis, clock, log },
    railway: { access, environments: createEnvironments({ access, clock, log }) },
    discord: { inspection: createDiscordInspection(at), commandDiff: registration.differences, ping: () => 41 },
    mesh: { states: () => [] },
    probed: async () => [],
    ...changes,
  })
  const examination = await doctor.examine(place, member)
  return { registration, examination, of: (area: string, name: string) => find(examination.findings, area, name) }
}

function find(findings: readonly Finding[], area: string, name: string) {
  return findings.find((each) => each.area === area && each.name.startsWith(name))
}

test('what is in order is said to be, of every part', async () => {
  const { of, examination } = await examined()
  expect(of('Discord', 'REST')).toMatchObject({ state: 'ok' })
  expect(of('Discord', 'Gateway')).toMatchObject({ state: 'ok', means: expect.stringContaining('41 ms') })
  expect(of('Discord', 'Session starts')?.means).toMatch(/of 1,000 session starts are left/)
  expect(of('Discord', 'Permissions in Helix Playground')).toMatchObject({ state: 'ok' })
  expect(of('Discord', 'Channels')).toMatchObject({ state: 'ok', means: expect.stringContaining('3 text channels') })
  expect(of('Railway', 'Token')).toMatchObject({ state: 'ok', means: expect.stringContaining('Playground') })
  expect(of('Railway', 'Reach')?.means).toContain('environment staging')
  expect(of('Railway', 'Plan')?.means).toContain('hobby')
  expect(of('Railway', 'Rate budget')).toMatchObject({ state: 'ok' })
  expect(of('Stores', 'PostgreSQL')?.means).toMatch(/^It answers in .*; version 1\d/)
  expect(of('Stores', 'Redis')).toMatchObject({ state: 'ok' })
  expect(of('Stores', 'Migrations')).toMatchObject({ state: 'ok' })
  expect(of('Stores', 'Table users')?.means).toContain('does without it')
  for (const area of ['Discord', 'Stores']) expect(of(area, 'Clock')).toMatchObject({ state: 'ok' })
  expect(examination.matrix).toMatchObject([{ service: 'api', known: false, has: expect.arrayContaining(['DATABASE_URL', 'JWT_SECRET']) }])
  // The variables of this test are nobody's: those alone are problems, and stand first.
  const states = examination.findings.map(({ state }) => state)
  expect(states).toEqual(
    states.toSorted(
      (one, other) => ['problem', 'warning', 'unknown', 'ok'].indexOf(one) - ['problem', 'warning', 'unknown', 'ok'].indexOf(other),
    ),
  )
  expect(examination.findings.filter(({ state, area }) => state === 'problem' && area !== 'Variables')).toEqual([])
})

test('commands that differ are counted and nothing is written; registered ones are in order', async () => {
  const { of, registration } = await examined()
  expect(of('Discord', 'Commands')).toMatchObject({ state: 'warning', todo: expect.stringContaining('deploy-commands') })
  expect((await discord.rest('GET', `/applications/${values.applicationId}/guilds/${values.guildId}/commands`)).body).toEqual([])
  await registration.register()
  expect((await examined()).of('Discord', 'Commands')).toMatchObject({ state: 'ok' })
})

test('a permission that is taken in a channel is a warning, and a problem where Helix has messages', async () => {
  await discord.fault('revoke-permission', { channel: 'ops', permission: 'EMBED_LINKS' })
  expect((await examined()).of('Discord', 'Other channels')).toMatchObject({
    state: 'warning',
    means: expect.stringContaining('#ops (Embed Links)'),
  })
  const { projectId, environments } = railwayEnd.railway.credentials()
  const channels = (await discord.rest('GET', `/guilds/${values.guildId}/channels`)).body as { id: string; name: string }[]
  await store.db
    .insertInto('messages')
    .values({
      id: '00000000-0000-4000-8000-000000000001',
      subject: '00000000-0000-4000-8000-000000000002',
      channel: channels.find(({ name }) => name === 'ops')!.id,
      message: '1',
      due_at: new Date(),
      leased_until: null,
      gone: null,
      created_at: new Date(),
      ...{ guild: values.guildId, project: projectId, environment: environments.staging!.id },
    })
    .execute()
  expect((await examined()).of('Discord', '#ops')).toMatchObject({ state: 'problem', means: expect.stringContaining('lacks Embed Links') })
  await store.db.deleteFrom('messages').execute()
})

test('a bot token that Discord refuses is a problem with the way out', async () => {
  const at = { token: 'wrong', apiUrl: `${discord.url}/api` }
  const { of } = await examined({ discord: { inspection: createDiscordInspection(at), commandDiff: async () => [] } })
  expect(of('Discord', 'REST')).toMatchObject({ state: 'problem', todo: expect.stringContaining('DISCORD_BOT_TOKEN') })
  expect(of('Discord', 'Gateway')).toMatchObject({ state: 'unknown' })
})

test('a project token: what it may do, and another environment than the one that is meant', async () => {
  const { staging, production } = railwayEnd.railway.credentials().environments
  const right = await examined({}, staging!.projectToken)
  expect(right.of('Railway', 'Token')).toMatchObject({ state: 'ok', means: expect.stringContaining('environment staging') })
  expect(right.of('Railway', 'Plan')).toMatchObject({ state: 'unknown' })
  const wrong = await examined({}, production!.projectToken)
  expect(wrong.of('Railway', 'Reach')).toMatchObject({ state: 'problem' })
  expect(wrong.examination.matrix).toBeUndefined()
})

test('a Railway token that is refused is a problem, and the matrix is unknown', async () => {
  const { of, examination } = await examined({}, 'no-such-token')
  expect(of('Railway', 'Token')).toMatchObject({ state: 'problem', todo: expect.stringContaining('RAILWAY_TOKEN') })
  expect(examination.matrix).toBeUndefined()
  expect(examination.findings).toContainEqual(expect.objectContaining({ area: 'Services', state: 'unknown' }))
})

test('stores that are away, and a clock that is wrong', async () => {
  const away = createStore({ url: 'postgresql://127.0.0.1:1/none', poolSize: 1, log })
  const { now, ...rest } = systemClock()
  const late: Clock = { ...rest, now: () => new Date(now().getTime() - 90_000) }
  const { of } = await examined({ store: away, redis: undefined, clock: late })
  expect(of('Stores', 'PostgreSQL')).toMatchObject({ state: 'problem', means: expect.not.stringContaining('127.0.0.1') })
  expect(of('Stores', 'Redis')).toMatchObject({ state: 'unknown' })
  expect(of('Discord', 'Clock')).toMatchObject({ state: 'problem', means: expect.stringContaining('behind Discord') })
  await away.close()
})

test('the table users of a backend: read where it is linked to Discord, and never more than name and plan', async () => {
  await sql`CREATE TABLE users (id serial PRIMARY KEY, email text, name text, subscription_tier text, discord_id text)`.execute(store.db)
  await sql`INSERT INTO users (email, name, subscription_tier, discord_id) VALUES ('ada@example.org', 'Ada', 'pro', '42')`.execute(store.db)
  const { of, examination } = await examined({}, undefined, '42')
  expect(of('Stores', 'Table users')).toMatchObject({ state: 'ok', means: 'It is read: members are found by discord_id.' })
  expect(examination.you).toEqual({ name: 'Ada', plan: 'pro' })
  expect((await examined({}, undefined, '43')).examination.you).toBeUndefined()
  await sql`ALTER TABLE users DROP COLUMN discord_id`.execute(store.db)
  expect((await examined({}, undefined, '42')).of('Stores', 'Table users')).toMatchObject({ state: 'unknown' })
  await sql`DROP TABLE users`.execute(store.db)
})

test('/doctor keeps Discord’s limits with very many services, problems first', async () => {
  const { examination } = await examined()
  const services = Array.from({ length: 300 }, (_, n) => ({
    ...examination.matrix![0]!,
    service: `service-${n}`,
    lacks: n === 299 ? ['REDIS_URL'] : [],
  }))
  const many = services.map(
    ({ service }): Finding => ({ area: 'Services', name: service, state: 'ok', means: 'It has all.', todo: undefined }),
  )
  const doctor = { examine: async () => ({ ...examination, matrix: services, findings: [...examination.findings, ...many] }) }
  const report = await doctorCommand.run({}, { doctor, call: { actor: { kind: 'token', id: 'ci', name: 'ci' } } } as never)
  expect(report.facts![0]!.label).toMatch(/^✗/)
  expect(report.table!.rows[0]).toEqual(['service-299', 'has', '–', '?'])
  const message = await renderReport(report, { customId: async () => 'x' })
  const [embed] = message.embeds as { fields: object[]; description: string }[]
  expect(embed!.fields.length).toBeLessThanOrEqual(25)
  expect(message.files).toHaveLength(1)
  expect(new TextDecoder().decode(message.files![0]!.data)).toContain('service-150')
})
