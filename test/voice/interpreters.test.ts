import { expect, test } from 'vitest'
import { UserError } from '#src/kernel/errors.ts'
import { createInterpreters } from '#src/voice/interpreters.ts'
import { handClock } from '#test/playground/discord/hand-clock.ts'
import { quietLog } from '#test/support/quiet-log.ts'
import { grammar } from '#test/understanding/understood.ts'

const place = { guild: '1', project: 'p', environment: 'e' }
const wake = ['helix']

function directory(services: Record<string, readonly string[]>) {
  const asked: string[] = []
  const named = (names: readonly string[]) => names.map((name) => ({ id: name, name }))
  const given = { away: false, slow: undefined as Promise<void> | undefined }
  return {
    ...{ asked, given },
    environments: async () => [
      { id: 'e', name: 'production' },
      { id: 's', name: 'staging' },
    ],
    services: async ({ environment }: { readonly environment: string }) => {
      asked.push(environment)
      await given.slow
      if (given.away) throw new Error('Railway is away')
      return named(services[environment] ?? [])
    },
    agents: async (): Promise<never> => {
      throw new UserError('There is no orchestrator.')
    },
  }
}

test('names of all environments are understood, asked for once in two minutes', async () => {
  const clock = handClock()
  const names = directory({ e: ['api'], s: ['api', 'newcomer'] })
  const log = quietLog()
  const interpreters = createInterpreters({ grammar, directory: names, clock, log })
  const { interpreter, phrases } = await interpreters.fresh(place, wake)
  expect(interpreter.understand('helix restart the newcomer in staging', { now: clock.now() }).args).toEqual({
    service: 'newcomer',
    environment: 'staging',
  })
  expect(phrases.map(({ phrase }) => phrase)).toEqual(
    expect.arrayContaining(['helix', 'newcomer', 'staging', 'helix restart the newcomer in staging']),
  )
  await interpreters.fresh(place, wake)
  expect(names.asked).toEqual(['e', 's'])
  await clock.turn(120_000)
  await interpreters.fresh(place, wake)
  expect(names.asked).toHaveLength(4)
  expect(log.lines).toEqual([])
})

test('names that cannot be read now are those of before, and whoever speaks is not kept waiting', async () => {
  const clock = handClock()
  const names = directory({ e: ['api'] })
  const interpreters = createInterpreters({ grammar, directory: names, clock, log: quietLog() })
  await interpreters.fresh(place, wake)
  names.given.away = true
  await clock.turn(120_000)
  const understood = async () => (await interpreters.fresh(place, wake)).interpreter.understand('helix restart api', { now: clock.now() })
  expect((await understood()).command).toBe('restart')
  names.given.slow = new Promise(() => {})
  await clock.turn(120_000)
  const waiting = understood()
  await clock.slept(1_500)
  await clock.turn(1_500)
  expect((await waiting).command).toBe('restart')
})

test('wake words that change are those of the next sentence', () => {
  const clock = handClock()
  const interpreters = createInterpreters({ grammar, directory: directory({}), clock, log: quietLog() })
  const isFor = (words: readonly string[], said: string) =>
    interpreters.now(place, words).interpreter.understand(said, { now: clock.now() }).addressed
  expect(isFor(wake, 'helix help')).toBe(true)
  expect(isFor(['manus'], 'helix help')).toBe(false)
  expect(isFor(['manus'], 'manus help')).toBe(true)
})
