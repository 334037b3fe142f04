import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { DiscordUser } from '../support/discord-user.ts'
import type { LiveMessage } from '../support/live-message.ts'
import { type RunningPlayground, startPlayground } from '../support/playground.ts'
import { retried } from '../support/retried.ts'

const DEADLINE = 60_000
let playground: RunningPlayground
let deployer: DiscordUser
let admin: DiscordUser

beforeAll(async () => {
  playground = await startPlayground()
  ;[deployer, admin] = await Promise.all([playground.user('deployer'), playground.user('admin')])
}, 90_000)
afterAll(() => playground?.stop())

/** Staging needs no confirmation. */
async function deploy(service: string): Promise<LiveMessage> {
  return deployer.slash('deploy', { service, environment: 'staging' }, { deadlineMs: DEADLINE })
}

/** A fault is for whoever asks next: those who have one set, or may not have one, ask in turn. */
let turn: Promise<unknown> = Promise.resolve()
function inTurn<Value>(run: () => Promise<Value>): Promise<Value> {
  const mine = turn.then(run)
  turn = mine.catch(() => {}) // Told to whose turn it was.
  return mine
}

/** Resolves when the deploy has met the fault. */
function deployInto(kind: string, service: string): Promise<LiveMessage> {
  return inTurn(async () => {
    await playground.fault('railway.clear')
    await playground.fault('railway.fail-next', { operation: 'serviceInstanceDeploy', kind, times: 1 })
    return (await deploy(service)).until((each) => /no clear answer/.test(each.text), DEADLINE)
  })
}

async function stagingDeployments(service: string): Promise<readonly { id: string }[]> {
  const { services } = await playground.state()
  const found = services.find(({ name }: { name: string }) => name === service)
  return found.deployments.filter(({ environment }: { environment: string }) => environment === 'staging')
}

describe('Railway goes wrong when it is asked to deploy', { timeout: 2 * DEADLINE }, () => {
  afterEach(() => playground.fault('railway.clear'))
  test('it refuses: the operation failed, nothing was changed, and the reason is said', async () => {
    const before = await stagingDeployments('voice-processor')
    await playground.fault('railway.fail-next', { operation: 'serviceInstanceDeploy', kind: 'refuse', times: 1 })
    const done = await (await deploy('voice-processor')).until((each) => each.buttons.includes('Health'), DEADLINE)
    expect(done.text).toMatch(/refused/i)
    expect(await stagingDeployments('voice-processor')).toHaveLength(before.length)
  })
  test('429 is waited out, since it did not run', async () => {
    await playground.fault('railway.fail-next', { operation: 'serviceInstanceDeploy', kind: 'rate-limit', times: 1, retryAfterSeconds: 1 })
    await (await deploy('voice-processor')).until((each) => each.buttons.includes('Roll back'), DEADLINE)
  })
})

// Together, each with a service of its own: Railway gets its ten seconds to settle after an unclear answer.
describe.concurrent('Railway goes wrong when it is asked to deploy, and nobody knows what it did', { timeout: 2 * DEADLINE }, () => {
  test.each([
    ['cuts the connection', 'commit-then-cut', 'agent-orchestrator'],
    ['answers its generic error', 'commit-then-graphql-error', 'voice-processor'],
  ])('it does it and %s: what it did is found and followed, and nothing is deployed twice', async (_, kind, service) => {
    const before = await stagingDeployments(service)
    await (await deployInto(kind, service)).until((each) => each.buttons.includes('Roll back'), DEADLINE)
    expect(await stagingDeployments(service)).toHaveLength(before.length + 1)
  })
  test.each([
    ['HTML', 'html', 'zapier-integration'],
    ['its generic error', 'graphql-error', 'websocket-streaming'],
  ])('it answers %s and did nothing: the outcome is unknown, the service stays locked, an admin settles it', async (_, kind, service) => {
    const before = await stagingDeployments(service)
    const unknown = await (await deployInto(kind, service)).until((each) => each.buttons.includes('It did not happen'), DEADLINE)
    expect((await deploy(service)).text).toMatch(/locked by/i)
    const refused = await deployer.press(unknown, 'It did not happen')
    expect(refused.text).toMatch(/needs the Helix role admin/)
    const seen = await admin.message((each) => each.id === unknown.id && each.buttons.includes('It did not happen'), DEADLINE)
    await admin.press(seen, 'It did not happen')
    await seen.until((each) => /did not happen/i.test(each.text) && !each.buttons.includes('It did not happen'), DEADLINE)
    expect(await stagingDeployments(service)).toHaveLength(before.length)
    await inTurn(async () => (await deploy(service)).until((each) => each.buttons.includes('Roll back'), DEADLINE))
  })
})

describe('Railway cannot be read', { timeout: 2 * DEADLINE }, () => {
  afterEach(() => playground.fault('railway.clear'))
  test.each(['graphql-error', 'html', 'cut'] as const)('%s: a plain sentence, and nothing was changed', async (kind) => {
    await playground.fault('railway.fail-next', { operation: '*', kind, times: 50 })
    const answer = await deployer.slash('deploy', { service: 'voice-processor' }, { deadlineMs: DEADLINE })
    expect(answer.text).toMatch(/Railway/)
    expect(answer.text).toMatch(/nothing was (changed|done)/i)
    expect(answer.text).not.toMatch(/<html|undefined|\[object/i)
  })
})

describe('Discord goes wrong', { timeout: 2 * DEADLINE }, () => {
  test('the gateway drops: the bot resumes and answers', async () => {
    await playground.fault('discord.drop-gateway')
    const answer = await retried(() => deployer.slash('status'))
    expect(answer.text).toMatch(/production/)
  })
})

describe('refused before any mutation', { timeout: DEADLINE }, () => {
  test.each([
    ['scale', { service: 'voice-processor', replicas: 2, region: 'atlantis' }, /region/i],
    ['scale', { service: 'voice-processor', replicas: 40 }, /replicas/i],
    ['deploy', { service: 'nonsense' }, /no service/i],
    ['deploy', { service: 'voice-processor', commit: 'not a commit' }, /not a commit/i],
    ['deploy', { service: 'voice-processor', environment: 'moon' }, /no environment/i],
    ['metrics', { window: 'forever' }, /length of time/i],
  ] as const)('/%s %o', async (name, options, says) => {
    const answer = await deployer.slash(name, { ...options })
    expect(answer.text).toMatch(says)
    expect(answer.buttons).not.toContain('Confirm')
  })
  test('a deployment that cannot be rolled back, with the reason', async () => {
    const { services } = await playground.state()
    const [{ deployments }] = services
    const old = deployments.find(
      (each: { canRollback: boolean; environment: string; status: string }) =>
        !each.canRollback && each.environment === 'production' && each.status === 'REMOVED',
    )
    const answer = await deployer.slash('rollback', { service: services[0].name, deployment: old.id })
    expect(answer.text).toMatch(/its image is gone.*Nothing was done/s)
    expect(answer.buttons).not.toContain('Confirm')
  })
})
