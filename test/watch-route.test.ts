import { afterEach, beforeEach, expect, test } from 'vitest'
import { createServiceApp, type ServiceApp } from '#src/service/service-app.ts'
import type { EnvironmentSignals } from '#src/signals/signals.ts'
import { watchRoute } from '#src/watch-route.ts'
import { signalsOf } from '#test/consciousness/signals-of.ts'
import { place } from '#test/incidents/stage.ts'
import { handClock } from '#test/playground/discord/hand-clock.ts'
import { serviceBase } from '#test/support/service.ts'

const clock = handClock()
let app: ServiceApp
let newest: EnvironmentSignals | undefined
let watched: readonly (typeof place)[]
beforeEach(() => {
  newest = signalsOf([], { place, at: clock.now() })
  watched = [place]
  app = createServiceApp({ ...serviceBase('bot', { clock }), name: 'helix', description: 'The bot', components: {} })
  const signals = { newest: () => newest, cadence: () => ({ everyMs: 60_000, slowed: false }) }
  watchRoute(app.http, { watched: () => watched, signals, clock })
})
afterEach(() => app.stop(0))

/** As somebody who has no token. */
async function ask() {
  const { statusCode, body } = await app.http.inject({ method: 'GET', url: '/health/watch' })
  return [statusCode, JSON.parse(body)]
}

test('tells anybody that the environments are watched, and when last', async () => {
  await clock.turn(42_000)
  expect(await ask()).toEqual([200, { watching: true, environments: 1, lastCycleSeconds: 42, reason: null }])
})

test.each<[string, { readonly newest?: EnvironmentSignals | undefined; readonly watched?: [] }, string]>([
  ['nobody looks any more', { newest: signalsOf([], { place, at: new Date(0) }) }, 'An environment was not looked at for too long.'],
  ['Railway cannot be read', { newest: signalsOf([], { place, at: clock.now(), stale: true }) }, 'Railway cannot be read.'],
  ['it was never read', { newest: undefined }, 'An environment was never read.'],
  ['there is nothing to watch', { watched: [] }, 'Nothing is watched: no server, or no Railway token.'],
])('is 503 where %s', async (_, given, reason) => {
  if ('newest' in given) newest = given.newest
  if (given.watched) watched = given.watched
  expect(await ask()).toMatchObject([503, { watching: false, reason }])
})
