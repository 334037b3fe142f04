import { expect, test } from 'vitest'
import { wakesNothing } from '#src/probes/wakes-nothing.ts'
import { stateOf } from '#test/environments/railway-of.ts'
import { deploymentWith, serviceWith } from '#test/health/states.ts'

const running = deploymentWith('SUCCESS', ['RUNNING'])
const awake = serviceWith(running, { name: 'Zapier Integration', domains: ['zapier.up.railway.app'] })
const drowsy = serviceWith(running, { name: 'voice-processor', domains: ['voice.up.railway.app'], sleepApplication: true })
const asleep = serviceWith(deploymentWith('SLEEPING', []), { name: 'claude', domains: ['claude.example.org'] })
const stopped = serviceWith(undefined, { name: 'old', domains: ['old.up.railway.app'] })
const mayAsk = wakesNothing([stateOf({ services: [awake, drowsy, asleep, stopped] })], 'environment-1')

test.each([
  ['https://zapier.up.railway.app', true],
  ['http://zapier-integration.railway.internal:8080', true],
  ['https://voice.up.railway.app', false],
  ['http://voice-processor.railway.internal:8080', false],
  ['https://claude.example.org', false],
  ['https://old.up.railway.app', false],
  ['https://somebody-else.up.railway.app', false],
  ['http://unseen.railway.internal', false],
  ['https://api.example.org', true],
  ['http://127.0.0.1:4101', true],
])('%s may be asked: %s', (url, may) => expect(mayAsk(new URL(url))).toBe(may))

test('a private name means the own environment alone', () => {
  const abroad = wakesNothing([stateOf({ services: [awake] })], 'another-environment')
  expect(abroad(new URL('http://zapier-integration.railway.internal'))).toBe(false)
  expect(abroad(new URL('https://zapier.up.railway.app'))).toBe(true)
})
