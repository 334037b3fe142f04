import { describe, expect, test } from 'vitest'
import { createNames } from '#src/understanding/names.ts'
import { likeness, sounding, soundOf } from '#src/understanding/sound.ts'
import { wordsOf } from '#src/understanding/words.ts'

const services = ['websocket-streaming', 'agent-orchestrator', 'voice-processor', 'zapier-integration']
const names = createNames(services)
const best = (said: string) => names.match(wordsOf(said), 'alike')[0]

describe('sounds', () => {
  test.each([
    ['zapier', 'zap ear'],
    ['zapier', 'zapia'],
    ['processor', 'processer'],
    ['websocket', 'wepsockit'],
    ['night', 'nite'],
    ['phone', 'fone'],
    ['orchestrator', 'orchestrater'],
  ])('%s and %s are one', (one, other) => expect(soundOf(one)).toBe(soundOf(other.replaceAll(' ', ''))))
  test.each([
    ['zapier', 'voice'],
    ['deploy', 'display'],
    ['video', 'voice'],
  ])('%s and %s are not', (one, other) => expect(soundOf(one)).not.toBe(soundOf(other)))
  test('likeness is 1 for the same and 0 for nothing, and the same in both directions', () => {
    expect(likeness(sounding('zapier'), sounding('zapier'))).toBe(1)
    expect(likeness(sounding(''), sounding(''))).toBe(0)
    expect(likeness(sounding('voice'), sounding('boys'))).toBe(likeness(sounding('boys'), sounding('voice')))
  })
})

describe('a name is found', () => {
  test.each([
    ['web socket streaming', 'websocket-streaming'],
    ['websocket', 'websocket-streaming'],
    ['socket streaming', 'websocket-streaming'],
    ['web soccer streaming', 'websocket-streaming'],
    ['zap ear', 'zapier-integration'],
    ['zappy er integration', 'zapier-integration'],
    ['happier integration', 'zapier-integration'],
    ['voice process or', 'voice-processor'],
    ['voice process her', 'voice-processor'],
    ['voice professor', 'voice-processor'],
    ['voiceprocessor', 'voice-processor'],
    ['agent orchestra tor', 'agent-orchestrator'],
    ['agent or castrator', 'agent-orchestrator'],
    ['orchestra', 'agent-orchestrator'],
  ])('by “%s”', (said, name) => {
    const found = best(said)
    expect(found?.name).toBe(name)
    expect(found?.likeness).toBeGreaterThanOrEqual(0.74)
  })
  test.each(['video processor', 'invoice processor', 'payment gateway', 'database', 'billing', 'processor farm', 'zebra'])(
    'not by “%s”',
    (said) => expect(best(said)?.likeness ?? 0).toBeLessThan(0.74),
  )
  test.each([
    ['zapier by', 'zapier'],
    ['voice processor please', 'voice processor'],
    ['the zapier', 'zapier'],
  ])('“%s” is no better than “%s”', (more, less) => expect(best(more)?.likeness ?? 0).toBeLessThan(best(less)!.likeness))
  test('only as it is, where that is asked', () => {
    expect(names.match(wordsOf('zap ear'), 'said')).toEqual([])
    expect(names.match(wordsOf('zapier'), 'said')).toMatchObject([{ name: 'zapier-integration' }])
  })
})

describe('names of any kind', () => {
  test('that sound the same are all found', () =>
    expect(createNames(['web-socket', 'websocket']).match(wordsOf('web socket'), 'alike')).toEqual([
      { name: 'web-socket', likeness: 1 },
      { name: 'websocket', likeness: 1 },
    ]))
  test('of other scripts, of digits, empty and enormous', () => {
    const odd = createNames([
      '',
      '---',
      '日本語',
      '42',
      'x'.repeat(300),
      'café-api',
      ...Array.from({ length: 50 }, (_, n) => `part-${'a-'.repeat(n)}z`),
    ])
    expect(odd.match(wordsOf('日本語'), 'alike')[0]?.name).toBe('日本語')
    expect(odd.match(wordsOf('four two'), 'alike')[0]?.name).toBe('42')
    expect(odd.match(wordsOf('cafe api'), 'alike')[0]?.name).toBe('café-api')
  })
  test('none', () => expect(createNames([]).match(wordsOf('zapier'), 'alike')).toEqual([]))
})

describe('one part that was heard badly', () => {
  test.each([
    ['the boys processor', 'voice-processor'],
    ['boise processor', 'voice-processor'],
    ['ages orchestrator', 'agent-orchestrator'],
    ['zap here', 'zapier-integration'],
  ])('%s is a name where the rest of it was heard well', (said, name) =>
    expect(best(said.replace(/^the /, ''))).toMatchObject({ name, likeness: expect.closeTo(0.85, 0) }),
  )
  test.each([
    'video processor',
    'payment processor',
    'invoice processor',
    'choice processor',
    'noise processor',
    'food processor',
    'boys',
    'ages',
  ])('%s is none', (said) => expect(best(said)?.likeness ?? 0).toBeLessThan(0.74))
  test('is no name where two are as near', () => {
    const two = createNames(['voice-processor', 'choice-processor', 'boys-processor'])
    expect(two.match(wordsOf('boys processor'), 'alike')[0]).toEqual({ name: 'boys-processor', likeness: 1 })
    const [first, second] = two.match(wordsOf('vice processor'), 'alike')
    expect(first).toMatchObject({ name: 'voice-processor' })
    expect(first!.likeness - (second?.likeness ?? 0)).toBeGreaterThan(0.05)
  })
})
