import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { DiscordUser } from '../support/discord-user.ts'
import type { LiveMessage } from '../support/live-message.ts'
import { type RunningPlayground, startPlayground } from '../support/playground.ts'

const DEADLINE = 60_000
let playground: RunningPlayground
let deployer: DiscordUser

beforeAll(async () => {
  playground = await startPlayground({ env: { PLAYGROUND_SPLIT: '1' } })
  deployer = await playground.user('deployer')
}, 90_000)
afterAll(() => playground?.stop())

async function begun(service: string): Promise<LiveMessage> {
  const asked = await deployer.slash('deploy', { service })
  const message = await deployer.press(asked, 'Confirm')
  return message.until((each) => /deploying/i.test(each.text), DEADLINE)
}

async function productionDeployments(service: string) {
  const { services } = await playground.state()
  const found = services.find(({ name }: { name: string }) => name === service)
  return found.deployments.filter(({ environment }: { environment: string }) => environment === 'production')
}

describe('gateway and worker as separate processes', { timeout: 2 * DEADLINE }, () => {
  test('SIGKILL of the worker in the middle of a deploy loses nothing and deploys once', async () => {
    const before = await productionDeployments('voice-processor')
    const message = await begun('voice-processor')
    await playground.fault('bot.kill', { process: 'worker' })
    const killedAt = performance.now()
    const done = await message.until((each) => each.buttons.includes('Logs'), DEADLINE)
    expect(performance.now() - killedAt).toBeLessThan(45_000)
    expect(done.id).toBe(message.id)
    expect(await productionDeployments('voice-processor')).toHaveLength(before.length + 1)
  })
  test('SIGKILL of the gateway leaves the operation and its message to the worker', async () => {
    const before = await productionDeployments('agent-orchestrator')
    const message = await begun('agent-orchestrator')
    await playground.fault('bot.kill', { process: 'gateway' })
    const done = await message.until((each) => each.buttons.includes('Logs'), DEADLINE)
    expect(done.text).toContain('agent-orchestrator')
    expect(await productionDeployments('agent-orchestrator')).toHaveLength(before.length + 1)
  })
  test('SIGKILL of the playground: it comes back with both environments, and the bot finds it again', async () => {
    const { processes } = await playground.state()
    const { pid } = processes.find(({ name }: { name?: string }) => name === 'playground')
    process.kill(pid, 'SIGKILL')
    await vi.waitFor(
      async () => {
        const { processes: now } = await playground.state()
        const services = now.filter(({ service }: { service?: string }) => service !== undefined)
        expect(services.filter(({ environment }: { environment: string }) => environment === 'staging')).toHaveLength(4)
        expect(services.filter(({ environment }: { environment: string }) => environment === 'production')).toHaveLength(4)
      },
      { timeout: DEADLINE, interval: 250 },
    )
  })
})
