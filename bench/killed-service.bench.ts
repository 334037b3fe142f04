import { setTimeout as sleep } from 'node:timers/promises'
import type { DiscordUser } from '../test/support/discord-user.ts'
import { type RunningPlayground, startPlayground } from '../test/support/playground.ts'
import { type HealthEar, hearHealth } from './health-ear.ts'
import { median } from './median.ts'
import { environmentOf } from './processes.ts'
import type { Figure } from './run.ts'

/** Each service of production is killed once: what comes back within ten minutes is told in the message that stands. */
const SERVICES = ['voice-processor', 'websocket-streaming', 'zapier-integration', 'agent-orchestrator'] as const
const PLAYGROUNDS = Number(process.env.KILLED_PLAYGROUNDS ?? 2)
const ALLOWED_S = 2
const DEADLINE_MS = 180_000
/** What is looked at out of turn is among them. */
const LOOKS_AFTER_BLINK = 6

interface Killed {
  /** From one regular look to the next, as the bot made them just before. */
  readonly intervalS: number
  /** From the kill. */
  readonly alertS: number
  readonly resolvedS: number
  /** In the channel, about that service. */
  readonly messages: number
}

/** `npm start` as it is: a service is killed for good, told of in the channel, healed, and its incident is over, with nobody's help. */
export default async function killedService(): Promise<readonly Figure[]> {
  const rounds: Round[] = []
  for (let round = 0; round < PLAYGROUNDS; round += 1) rounds.push(await inPlayground(round))
  const runs = rounds.flatMap(({ killed }) => killed)
  const over = runs.map(({ alertS, intervalS }) => alertS - intervalS)
  const unit = `s from the kill to the message, beyond the health interval of ${median(runs.map(({ intervalS }) => intervalS)).toFixed(1)} s; limit`
  return [
    { name: 'killed_alert_median', value: median(over), baseline: ALLOWED_S, unit: `${unit}, ${runs.length} kills` },
    { name: 'killed_alert_worst', value: Math.max(...over), baseline: ALLOWED_S, unit },
    {
      name: 'killed_messages',
      value: Math.max(...runs.map(({ messages }) => messages)),
      baseline: 1,
      unit: 'messages of one kill, the most',
    },
    {
      name: 'killed_resolved',
      value: median(runs.map(({ resolvedS }) => resolvedS)),
      baseline: median(runs.map(({ alertS }) => alertS)),
      unit: 's from the kill until its incident was over by itself, beside those until it was told; medians',
    },
    {
      name: 'blink_messages',
      value: Math.max(...rounds.map(({ ofBlink }) => ofBlink)),
      baseline: 1,
      unit: 'messages of a replica that was back at once; none',
    },
  ]
}

interface Round {
  readonly killed: readonly Killed[]
  /** Messages about a service that was killed once, and was back by itself. */
  readonly ofBlink: number
}

async function inPlayground(round: number): Promise<Round> {
  const playground = await startPlayground({ env: { PLAYGROUND_PORT: '0' } })
  const [user, ear] = await Promise.all([playground.user('admin'), hearHealth(await redisOf(playground), 'production')])
  const runs: Killed[] = []
  try {
    for (const service of SERVICES) await user.slash('heal set', { service, when: 'down', steps: 'restart', for: '1s' })
    const ofBlink = await blink({ playground, user, ear, service: SERVICES[round % SERVICES.length]!, phase: 0.95 })
    for (const [index, service] of SERVICES.entries()) {
      // From right after a look to right before the next.
      const phase = (index * PLAYGROUNDS + round) / (SERVICES.length * PLAYGROUNDS)
      runs.push(await killed({ playground, user, ear, service, phase }))
    }
    return { killed: runs, ofBlink }
  } finally {
    ear.close()
    await playground.stop()
  }
}

interface Scene {
  readonly playground: RunningPlayground
  readonly user: DiscordUser
  readonly ear: HealthEar
  readonly service: string
  /** When it is killed, 0–1 of the interval. */
  readonly phase: number
}

/** Resolves in that part of the interval; with how long it is, in s. */
async function inPhase({ ear, phase }: Pick<Scene, 'ear' | 'phase'>): Promise<number> {
  await ear.calmLook()
  const intervalS = (await ear.calmLook()) / 1_000
  await sleep(phase * intervalS * 1_000)
  return intervalS
}

async function blink(scene: Scene): Promise<number> {
  const { playground, user, ear, service } = scene
  await inPhase(scene)
  await playground.fault('railway.kill-service', { service })
  for (let look = 0; look < LOOKS_AFTER_BLINK; look += 1) await ear.look()
  return messagesAbout(user, service)
}

async function messagesAbout(user: DiscordUser, service: string): Promise<number> {
  return (await user.messages('alerts')).filter(({ embeds }) => JSON.stringify(embeds).includes(service)).length
}

async function killed(scene: Scene): Promise<Killed> {
  const { playground, user, service, phase } = scene
  const intervalS = await inPhase(scene)
  const since = performance.now()
  const passed = () => (performance.now() - since) / 1_000
  await playground.fault('railway.kill-service', { service, forGood: true })
  const channel = user.channel('alerts')
  const told = await user.message((each) => each.channel === channel && each.text.includes(`${service} is down`), DEADLINE_MS)
  const alertS = passed()
  await told.until((each) => each.text.includes('Resolved by itself'), DEADLINE_MS)
  const resolvedS = passed()
  const messages = await messagesAbout(user, service)
  console.error(
    `${service} killed ${(phase * 100).toFixed(0)} % into the interval of ${intervalS.toFixed(2)} s: told after ${alertS.toFixed(2)} s, resolved after ${resolvedS.toFixed(1)} s, ${messages} message(s)`,
  )
  return { intervalS, alertS, resolvedS, messages }
}

async function redisOf(playground: RunningPlayground): Promise<string> {
  const { processes } = await playground.state()
  const { pid } = processes.find(({ name }: { readonly name?: string }) => name === 'bot')
  return environmentOf(pid).REDIS_URL!
}
