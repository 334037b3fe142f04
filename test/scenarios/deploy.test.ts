import { execFile } from 'node:child_process'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DiscordUser } from '../support/discord-user.ts'
import type { LiveMessage } from '../support/live-message.ts'
import { type RunningPlayground, startPlayground } from '../support/playground.ts'

const contracts = process.env.HELIX_CONTRACTS
const DEADLINE = 60_000
let folder: string
let playground: RunningPlayground
let deployer: DiscordUser
let operator: DiscordUser

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'helix-deploy-'))
  await chmod(folder, 0o755)
  playground = await startPlayground({ data: join(folder, 'data'), env: { PLAYGROUND_RECORD: join(folder, 'discord.jsonl') } })
  ;[deployer, operator] = await Promise.all([playground.user('deployer'), playground.user('operator')])
}, 90_000)
afterAll(async () => {
  await playground?.stop()
  if (contracts) {
    const check = await promisify(execFile)(process.execPath, [join(contracts, 'discord-check.mjs'), join(folder, 'discord.jsonl')]).catch(
      (error) => error,
    )
    expect(check.stdout).toMatch(/\d+ valid, 0 invalid\s*$/)
  }
  await rm(folder, { recursive: true, force: true })
})

async function confirmed(user: DiscordUser, name: string, options: Record<string, string | number | boolean>): Promise<LiveMessage> {
  const asked = await user.slash(name, options)
  expect(asked.buttons).toContain('Confirm')
  return user.press(asked, 'Confirm')
}

interface Deployment {
  readonly id: string
  readonly status: string
  readonly environment: string
  readonly instances: readonly { readonly pid: number | null; readonly status: string }[]
}

async function deploymentsOf(name: string, environment = 'production'): Promise<readonly Deployment[]> {
  return (await service(name)).deployments.filter((each: Deployment) => each.environment === environment)
}

async function service(name: string) {
  return (await playground.state()).services.find((each: { name: string }) => each.name === name)
}

const serving = (deployments: readonly Deployment[]) => deployments.find(({ status }) => status === 'SUCCESS')!

describe('a deploy from a channel', { timeout: DEADLINE }, () => {
  test('is followed to healthy: a new process serves, the old one is gone', async () => {
    const before = serving(await deploymentsOf('voice-processor'))
    const message = await confirmed(deployer, 'deploy', { service: 'voice-processor' })
    const done = await message.until((each) => each.buttons.includes('Roll back'), DEADLINE)
    expect(done.text).toContain('voice-processor')
    const after = serving(await deploymentsOf('voice-processor'))
    expect(after.id).not.toBe(before.id)
    expect(after.instances.map(({ status }) => status)).toEqual(['RUNNING'])
    expect(process.kill(after.instances[0]!.pid!, 0)).toBe(true)
  })
  test('whose health check fails says so, and the old version goes on serving', async () => {
    const { commits } = await service('agent-orchestrator')
    const bad = commits.find(({ behaviour }: { behaviour: string }) => behaviour === 'fails-health-check')
    const offered = await deployer.autocomplete('deploy', { service: 'agent-orchestrator', commit: '' }, 'commit')
    expect(offered.map(({ value }) => value)).toContain(bad.sha)
    const before = serving(await deploymentsOf('agent-orchestrator'))
    const message = await confirmed(deployer, 'deploy', { service: 'agent-orchestrator', commit: bad.sha })
    const done = await message.until((each) => each.buttons.includes('Health'), DEADLINE)
    expect(done.text).toMatch(/health/i)
    expect(serving(await deploymentsOf('agent-orchestrator')).id).toBe(before.id)
  })
  test('can be rolled back', async () => {
    const message = await confirmed(deployer, 'rollback', { service: 'zapier-integration' })
    await message.until((each) => each.buttons.includes('Logs'), DEADLINE)
  })
  test('with dry-run changes nothing', async () => {
    const before = await deploymentsOf('voice-processor')
    const message = await deployer.slash('deploy', { service: 'voice-processor', 'dry-run': true })
    expect(message.text).toMatch(/nothing was changed/i)
    expect((await deploymentsOf('voice-processor')).map(({ id }) => id)).toEqual(before.map(({ id }) => id))
  })
})

describe('a reading that is old', { timeout: DEADLINE }, () => {
  test('says so first, and Railway is not called well', async () => {
    await deployer.slash('status')
    await playground.fault('railway.freeze')
    const answer = await oldReading()
    expect(answer.data.content).toMatch(/^Railway cannot be read; this is how it was/)
    expect(answer.text).toMatch(/✗ Railway/)
    await playground.fault('railway.clear')
  })

  /** The last reading serves for some seconds. */
  async function oldReading(): Promise<LiveMessage> {
    const answer = await deployer.slash('status', {}, { deadlineMs: DEADLINE })
    return /cannot be read/.test(answer.text) ? answer : oldReading()
  }
})

describe('roles', { timeout: DEADLINE }, () => {
  test('an operator may restart and scale, not deploy', async () => {
    const refused = await operator.slash('deploy', { service: 'voice-processor' })
    expect(refused.text).toMatch(/needs the Helix role deployer/)
    const restarted = await confirmed(operator, 'restart', { service: 'websocket-streaming' })
    await restarted.until((each) => each.buttons.includes('Logs'), DEADLINE)
    const scaled = await operator.slash('scale', { service: 'voice-processor', replicas: 2, environment: 'staging' })
    await scaled.until((each) => each.buttons.includes('Logs'), DEADLINE)
    expect(serving(await deploymentsOf('voice-processor', 'staging')).instances).toHaveLength(2)
  })
  test('only the member who was asked can confirm', async () => {
    const admin = await playground.user('admin')
    const asked = await deployer.slash('redeploy', { service: 'voice-processor' })
    const seen = await admin.message((each) => each.id === asked.id && each.buttons.includes('Confirm'))
    const answer = await admin.press(seen, 'Confirm')
    expect(answer.text).toMatch(/only the member who was asked/i)
    const cancelled = await deployer.press(asked, 'Cancel')
    expect(cancelled.text).toMatch(/nothing was changed/i)
  })
  test('a confirmation that is refused makes room for the reason', async () => {
    const admin = await playground.user('admin')
    const asked = await deployer.slash('restart', { service: 'zapier-integration' })
    const other = await confirmed(admin, 'restart', { service: 'zapier-integration' })
    const answer = await deployer.press(asked, 'Confirm')
    expect(answer.id).toBe(asked.id)
    expect(answer.text).toMatch(/locked by .*Nothing was done/s)
    expect(asked.buttons).toEqual(['Try again'])
    await other.until((each) => each.buttons.includes('Logs'), DEADLINE)
  })
  test('a stranger learns nothing', async () => {
    const stranger = await playground.user('stranger')
    expect((await stranger.slash('status')).text).toMatch(/no Helix role/)
    expect(await stranger.autocomplete('deploy', { service: '' }, 'service')).toEqual([])
  })
})

describe('looking', { timeout: DEADLINE }, () => {
  test.each([
    ['status', {}, /production/],
    ['services', {}, /4 services/],
    ['health', {}, /service/],
    ['health', { service: 'voice-processor' }, /voice-processor is healthy/],
    ['deployments', { service: 'voice-processor' }, /newest deployment of voice-processor in production/],
    ['metrics', { service: 'voice-processor' }, /CPU|no metrics/],
    ['help', {}, /commands/],
    ['help', { command: 'deploy' }, /dry-run/],
  ] as const)('/%s %o', async (name, options, says) => {
    const viewer = await playground.user('viewer')
    expect((await viewer.slash(name, { ...options })).text).toMatch(says)
  })
  test('/logs reads lines, and follows them until stopped', async () => {
    expect((await operator.slash('logs', { service: 'voice-processor' })).text).toMatch(/newest|no log lines/)
    const tail = await operator.slash('logs', { service: 'voice-processor', follow: true })
    const stopped = await operator.press(tail, 'Stop')
    await stopped.until((each) => /stopped/i.test(each.text))
  })
  test('an unknown service names the nearest', async () => {
    const answer = await deployer.slash('deploy', { service: 'voice-procesor' })
    expect(answer.text).toMatch(/did you mean voice-processor/i)
  })
})
