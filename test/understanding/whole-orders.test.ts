import { describe, expect, test } from 'vitest'
import { createInterpreter } from '#src/understanding/interpreter.ts'
import { wholeOrders } from '#src/understanding/whole-orders.ts'
import { grammar, vocabulary } from './understood.ts'

const few = { services: ['voice-processor', 'zapier-integration'], environments: ['production', 'staging'], agents: [] }

describe('whole sentences', () => {
  const phrases = wholeOrders(grammar, few, ['helix', 'manus']).map(({ phrase }) => phrase)

  test('are commands from the wake word to the end, with every live name, and answers', () => {
    for (const phrase of [
      'helix deploy the voice processor',
      'helix deploy the voice processor to staging',
      'helix restart the zapier integration in production',
      'helix scale the voice processor to three replicas',
      'helix scale the voice processor to three replicas in staging',
      'helix what is the status',
      'helix show me the logs of the voice processor',
      'confirm',
      'no staging',
      'no the zapier integration',
    ])
      expect(phrases).toContain(phrase)
  })
  test('are all understood as what they are', () => {
    const interpreter = createInterpreter({ grammar, vocabulary: few })
    const orders = phrases.filter((phrase) => phrase.startsWith('helix'))
    const lost = orders.filter((phrase) => interpreter.understand(phrase, { now: new Date() }).command === null)
    expect(lost).toEqual([])
  })
  test('are left out where names are too many', () => {
    const services = Array.from({ length: 200 }, (_, at) => `service-${at}`)
    expect(wholeOrders(grammar, { ...vocabulary, services }, ['helix'])).toEqual([])
  })
})
