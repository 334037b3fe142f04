import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DiscordUser } from '../support/discord-user.ts'
import type { LiveMessage } from '../support/live-message.ts'
import { type RunningPlayground, startPlayground } from '../support/playground.ts'
import { retried } from '../support/retried.ts'

const DEADLINE = 120_000
const service = 'voice-processor'
let playground: RunningPlayground
let admin: DiscordUser

beforeAll(async () => {
  playground = await startPlayground({ env: { PLAYGROUND_PORT: '0' } })
  admin = await playground.user('admin')
}, 90_000)
afterAll(() => playground?.stop())

interface Deployment {
  readonly id: string
  readonly status: string
  readonly environment: string
  readonly instances: readonly { readonly status: string }[]
}

async function deployments(): Promise<readonly Deployment[]> {
  const { services } = await playground.state()
  const { deployments: all } = services.find(({ name }: { readonly name: string }) => name === service)
  return all.filter(({ environment }: Deployment) => environment === 'production')
}

interface Told {
  readonly t: string
  readonly d: { readonly channel_id: string; readonly author: { readonly bot?: boolean }; readonly id: string }
}

/** Messages that Helix posted in channels, threads apart, after so many events. */
function posted(after: number): readonly string[] {
  const channels = admin.guild.channels.map(({ id }) => id)
  const told = admin.events.slice(after) as readonly Told[]
  return told.flatMap(({ t, d }) => (t === 'MESSAGE_CREATE' && d.author.bot && channels.includes(d.channel_id) ? [d.id] : []))
}

/** What stands in the thread on a message, the first first. */
async function thread({ id }: LiveMessage): Promise<readonly string[]> {
  const notes = await admin.messages(id)
  return notes.map(({ content, embeds }) => [content, ...embeds.map(({ description }) => description ?? '')].join(' ').trim()).toReversed()
}

test(
  'a service that is killed is told of once, healed by its policy, and over by itself, though the bot is killed in between',
  async () => {
    const policy = await retried(() => admin.slash('heal set', { service, when: 'down', steps: 'restart', for: '1s' }))
    expect(policy.text).toContain('It acts by itself from now on')
    const before = await deployments()
    const eventsBefore = admin.events.length
    await playground.fault('railway.kill-service', { service, forGood: true })
    const told = await admin.message(
      (each) => each.channel === admin.channel('alerts') && each.text.includes(`${service} is down`),
      DEADLINE,
    )
    await playground.fault('bot.kill')
    await told.until((each) => each.text.includes('Resolved by itself'), DEADLINE)
    await admin.message((each) => each.channel === told.id && each.text.includes('It resolved by itself'), DEADLINE)

    const after = await deployments()
    expect(after.map(({ id }) => id)).toEqual(before.map(({ id }) => id))
    expect(after[0]).toMatchObject({ status: 'SUCCESS', instances: [{ status: 'RUNNING' }] })
    expect(posted(eventsBefore)).toEqual([told.id])
    const story = [
      /is down.*Restart voice-processor: attempt 1 of 1/,
      /^voice-processor was restarted in production/,
      /^It resolved by itself: voice-processor is healthy/,
    ]
    const lines = await thread(told)
    const chapters = lines.map((line) => story.findIndex((chapter) => chapter.test(line))).filter((chapter) => chapter >= 0)
    expect(chapters, lines.join('\n')).toEqual([0, 1, 2])
    // Whoever dies in the middle of that may leave it out, and nobody says it twice.
    expect(lines.filter((line) => line.includes('began this: Restart voice-processor')).length, lines.join('\n')).toBeLessThanOrEqual(1)
  },
  DEADLINE,
)
