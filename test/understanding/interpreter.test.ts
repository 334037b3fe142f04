import { describe, expect, test } from 'vitest'
import { remembered } from '#src/understanding/context.ts'
import { createInterpreter } from '#src/understanding/interpreter.ts'
import type { Context, Understanding } from '#src/understanding/understanding.ts'
import { grammar, interpreter, now, vocabulary } from './understood.ts'

const understand = (words: string, context?: Context) => interpreter.understand(words, { now, context })
const later = (ms: number) => new Date(now.getTime() + ms)

/** What one speaker says, sentence by sentence; the meaning of the last one. */
function conversation(...sentences: readonly string[]): Understanding {
  let heard: Understanding | undefined
  for (const words of sentences) heard = understand(words, heard?.context)
  return heard!
}

describe('the wake word', () => {
  test.each([
    'helix status',
    'Hey Helix, status.',
    'ok so helix status',
    'heliks status',
    'helicks status',
    'helex status',
    'he lix status',
  ])('“%s” is said to Helix', (words) => expect(understand(words)).toMatchObject({ addressed: true, command: 'status' }))
  test.each(['felix restart zapier', 'he licks restart zapier'])('only nearly heard, it counts if a command follows: “%s”', (words) => {
    const heard = understand(words)
    expect(heard).toMatchObject({ addressed: true, command: 'restart' })
    expect(heard.confidence).toBeLessThan(understand('helix restart zapier').confidence)
  })
  test.each([
    'felix is on holiday',
    'he licks ice cream',
    'felix',
    'felix yes',
    'status',
    'so I told helix to restart zapier',
    'hey alex restart zapier',
  ])('“%s” is said to somebody else', (words) => expect(understand(words)).toMatchObject({ addressed: false, command: null }))
  test('is the guild’s own', () => {
    const other = createInterpreter({ grammar, vocabulary, wakeWords: ['manus', 'collective'] })
    const heard = (words: string) => other.understand(words, { now })
    expect(heard('man us restart zapier')).toMatchObject({ addressed: true, command: 'restart' })
    expect(heard('hey collective, status')).toMatchObject({ addressed: true, command: 'status' })
    expect(heard('helix status')).toMatchObject({ addressed: false })
  })
  test('alone is a call without a wish', () =>
    expect(understand('hey helix')).toMatchObject({ addressed: true, command: null, why: 'nothing said' }))
})

describe('names', () => {
  const services = ['voice-processor', 'voice-gateway', 'api', 'api-gateway', 'worker-2', 'notifier']
  const two = createInterpreter({ grammar, vocabulary: { services, environments: ['production', 'qa'], agents: [] } })
  const heard = (words: string) => two.understand(words, { now })

  test('that several services share give alternatives rather than a guess', () => {
    expect(heard('helix restart the voice service')).toMatchObject({
      command: null,
      why: 'ambiguous',
      missing: { command: 'restart', argument: 'service' },
      alternatives: [
        { command: 'restart', args: { service: 'voice-gateway' } },
        { command: 'restart', args: { service: 'voice-processor' } },
      ],
    })
    expect(heard('helix restart the gateway').confidence).toBeLessThan(0.5)
  })
  test('said in full are not ambiguous', () =>
    expect(heard('helix restart api')).toMatchObject({ command: 'restart', args: { service: 'api' } }))
  test('have digits that are said as words', () => {
    expect(heard('helix restart worker two')).toMatchObject({ args: { service: 'worker-2' } })
    expect(heard('helix scale worker two to three')).toMatchObject({ args: { service: 'worker-2', replicas: 3 } })
  })
  test('do not sound like a no', () => expect(heard('helix restart not if I ear').command).toBeNull())
  test('that are not there are named, with the nearest ones', () => {
    expect(understand('helix restart the payment gateway')).toMatchObject({
      command: null,
      why: 'unknown',
      missing: { command: 'restart', argument: 'service', heard: 'payment gateway' },
      alternatives: [],
    })
    expect(understand('helix restart zapps')).toMatchObject({
      command: null,
      alternatives: [{ command: 'restart', args: { service: 'zapier-integration' } }],
    })
  })
})

describe('what is missing', () => {
  test.each([
    ['helix restart', 'service'],
    ['helix scale the voice processor', 'replicas'],
    ['helix scale the voice processor to', 'replicas'],
    ['helix scale to three', 'service'],
    ['helix restart it', 'service'],
  ])('“%s” asks for the %s', (words, argument) =>
    expect(understand(words)).toMatchObject({ command: null, why: 'missing', missing: { argument } }),
  )
  test('is offered where the choice is small', () => expect(understand('helix restart').alternatives).toHaveLength(4))
  test('can be said next, without the wake word', () => {
    expect(conversation('helix restart', 'the voice processor')).toMatchObject({ command: 'restart', args: { service: 'voice-processor' } })
    expect(conversation('helix scale zapier', 'to three')).toMatchObject({ args: { service: 'zapier-integration', replicas: 3 } })
    expect(conversation('helix scale', 'zapier', 'three replicas')).toMatchObject({ args: { service: 'zapier-integration', replicas: 3 } })
  })
  test.each(['to zero', 'to fifty one', 'to three hundred'])('a number that cannot be is asked for again: %s', (number) => {
    const heard = understand(`helix scale zapier ${number}`)
    expect(heard).toMatchObject({ command: null, why: 'out of range', missing: { argument: 'replicas' } })
  })
})

describe('what was last spoken of', () => {
  test.each([
    ['helix restart it', { command: 'restart', args: { service: 'voice-processor' } }],
    ['helix scale that one to four', { command: 'scale', args: { service: 'voice-processor', replicas: 4 } }],
    ['helix roll it back', { command: 'rollback', args: { service: 'voice-processor' } }],
    ['helix deploy the same one there', { command: 'deploy', args: { service: 'voice-processor', environment: 'staging' } }],
    ['helix show me its logs', { command: 'logs', args: { service: 'voice-processor' } }],
  ])('“%s”', (words, meant) => expect(conversation('helix how is the voice processor in staging', words)).toMatchObject(meant))
  test.each([
    ['helix scale it to two replicas', { service: 'voice-processor', replicas: 2, environment: 'staging' }],
    ['helix scale that one to two in production', { service: 'voice-processor', replicas: 2, environment: 'production' }],
    ['helix scale the voice processor to two', { service: 'voice-processor', replicas: 2 }],
    ['helix scale zapier to two', { service: 'zapier-integration', replicas: 2 }],
  ])('is meant where it was spoken of, as long as nothing else is said: “%s”', (words, args) => {
    const heard = conversation('helix restart the voice processor in staging', words)
    expect(heard).toMatchObject({ command: 'scale' })
    expect(heard.args).toEqual(args)
  })
  test.each([
    [['helix restart the voice processor in staging', 'helix how is zapier', 'helix restart it'], { service: 'zapier-integration' }],
    [
      ['helix restart zapier', 'no, staging', 'cancel', 'helix how is it', 'helix restart it'],
      { service: 'zapier-integration', environment: 'staging' },
    ],
    [
      ['helix restart zapier in staging', 'confirm', 'helix scale it', 'to two'],
      { service: 'zapier-integration', environment: 'staging', replicas: 2 },
    ],
    [
      ['helix restart zapier in staging', 'confirm', 'helix what is the status of production', 'helix restart it'],
      { service: 'zapier-integration', environment: 'staging' },
    ],
  ])('keeps its place through a conversation: %j', (sentences, args) => expect(conversation(...sentences).args).toEqual(args))
  test('is forgotten after two minutes', () => {
    const { context } = understand('helix how is the voice processor')
    const restart = (ms: number) => interpreter.understand('helix restart it', { now: later(ms), context }).command
    expect(restart(remembered.mentionMs)).toBe('restart')
    expect(restart(remembered.mentionMs + 1)).toBeNull()
    expect(restart(-1)).toBeNull()
  })
  test('stays when something else is said', () =>
    expect(conversation('helix how is zapier', 'pass me the salt', 'helix thank you', 'helix restart it')).toMatchObject({
      args: { service: 'zapier-integration' },
    }))
})

describe('corrections', () => {
  const first = 'helix scale the voice processor to three in production'
  const was = { service: 'voice-processor', replicas: 3, environment: 'production' }
  test.each([
    ['no, staging', { ...was, environment: 'staging' }],
    ['no in staging', { ...was, environment: 'staging' }],
    ['staging instead', { ...was, environment: 'staging' }],
    ['not production, staging', { ...was, environment: 'staging' }],
    ['no not production but staging', { ...was, environment: 'staging' }],
    ['I meant the orchestrator', { ...was, service: 'agent-orchestrator' }],
    ['make it four', { ...was, replicas: 4 }],
    ['sorry, zapier in staging', { ...was, service: 'zapier-integration', environment: 'staging' }],
    ['no wait restart zapier', undefined],
    ['helix no staging', { ...was, environment: 'staging' }],
    ['no staging is down again', undefined],
    ['staging', undefined],
    ['no the payment gateway', undefined],
  ])('“%s”', (words, args) => {
    const { command, args: meant } = conversation(first, words)
    if (args) expect({ command, args: meant }).toEqual({ command: 'scale', args })
    else expect(meant).not.toMatchObject({ service: 'voice-processor' })
  })
  test('may be a new order', () => expect(conversation(first, 'no, restart zapier')).toMatchObject({ command: 'restart' }))
  test('are waited for only 20 seconds, if Helix is not named', () => {
    const { context } = understand(first)
    const corrected = (words: string, ms: number) => interpreter.understand(words, { now: later(ms), context }).command
    expect(corrected('no, staging', remembered.questionMs)).toBe('scale')
    expect(corrected('no, staging', remembered.questionMs + 1)).toBeNull()
    expect(corrected('helix no staging', remembered.questionMs + 1)).toBe('scale')
  })
  test('correct nothing where nothing was said', () =>
    expect(understand('helix no staging')).toMatchObject({ addressed: true, command: null }))
  test.each([
    ['helix restart zapier no the voice processor', { command: 'restart', args: { service: 'voice-processor' } }],
    ['helix scale zapier to three I mean four', { command: 'scale', args: { service: 'zapier-integration', replicas: 4 } }],
    ['helix deploy zapier actually no restart the voice processor', { command: 'restart', args: { service: 'voice-processor' } }],
  ])('stand in one sentence: “%s”', (words, meant) => {
    const heard = understand(words)
    expect(heard).toMatchObject(meant)
    expect(heard.confidence).toBeLessThan(0.9)
  })
})

describe('answers', () => {
  const asked = understand('helix restart zapier').context
  test.each(['confirm', 'Confirm.', 'yes, do it', 'yes please', 'helix yes', 'helix, confirm'])('“%s” is a yes', (words) =>
    expect(understand(words, asked)).toMatchObject({ addressed: true, command: null, answer: 'confirm' }),
  )
  test.each(['cancel', 'never mind', 'no', "no, don't", 'stop', 'helix cancel that', 'nevermind'])('“%s” is a no', (words) =>
    expect(understand(words, asked)).toMatchObject({ addressed: true, command: null, answer: 'cancel' }),
  )
  test.each([
    'my microphone is broken again',
    'can you send me the link',
    'I can confirm that it works',
    'yes',
    'yes I saw that film',
    'could you confirm the meeting',
    'do it yourself',
    'cancel culture',
    'helix did you confirm',
  ])('“%s” is none', (words) => expect(understand(words, asked).answer).toBeUndefined())
  test('are for a question: without one, and not said to Helix, they are nothing', () =>
    expect(understand('confirm')).toMatchObject({ addressed: false }))
  test('end it', () => {
    expect(conversation('helix restart zapier', 'cancel', 'no, staging')).toMatchObject({ addressed: false, command: null })
    expect(conversation('helix restart zapier', 'cancel', 'helix restart it')).toMatchObject({ command: 'restart' })
  })
})

describe('a question mark', () => {
  test('asks about a change', () => expect(understand('Helix, restart zapier?')).toMatchObject({ command: null, why: 'a question' }))
  test('is polite after “can you”', () => expect(understand('Helix, can you restart zapier?')).toMatchObject({ command: 'restart' }))
})

describe('why a sentence is no order', () => {
  test.each([
    ["helix don't restart zapier", 'negated'],
    ['helix if it fails roll back zapier', 'hypothetical'],
    ['helix can we deploy zapier', 'a question'],
    ['helix she said deploy zapier', 'reported'],
    ['helix deploy zapier tomorrow', 'later'],
    ['helix restart zapier and deploy the voice processor', 'two at once'],
    [`helix ${'restart zapier '.repeat(40)}`, 'too long'],
  ])('%s', (words, why) =>
    expect(understand(words)).toMatchObject({ addressed: true, command: null, confidence: 0, alternatives: [], why }),
  )
})

describe('two environments in one sentence', () => {
  test.each([
    ['helix what is the status of everything in production and in staging please tell me', 'status'],
    ['helix how is zapier in production and staging', 'health'],
    ['helix how is zapier in staging as well as in production', 'health'],
  ])('a reading is asked which: “%s”', (words, command) => {
    const heard = understand(words)
    expect(heard).toMatchObject({ command: null, missing: { command, argument: 'environment' } })
    expect(heard.alternatives.map(({ args }) => args.environment).sort()).toEqual(['production', 'staging'])
    expect(understand('staging', heard.context)).toMatchObject({ command, args: { environment: 'staging' } })
  })
  test('a change is none', () =>
    expect(understand('helix deploy zapier to staging and production')).toMatchObject({ command: null, why: 'two at once' }))
})
