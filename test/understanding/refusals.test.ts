import { describe, expect, test } from 'vitest'
import type { Context, Understanding, Wish } from '#src/understanding/understanding.ts'
import { neverHeldOut } from './corpus/never-held-out.ts'
import { neverUnseen } from './corpus/unseen.ts'
import { book, interpreter, neverChanges, now } from './understood.ts'

const understand = (words: string, context?: Context) => interpreter.understand(words, { now, context })
const isChange = (command: string | null) => command !== null && book.get(command)!.risk !== 'read'

function conversation(...sentences: readonly string[]): Understanding {
  let heard: Understanding | undefined
  for (const words of sentences) heard = understand(words, heard?.context)
  return heard!
}

/** What a member and Helix may be talking about when the next sentence comes. */
const talks: Readonly<Record<string, Context | undefined>> = {
  'a change in staging waits': understand('helix scale the voice processor to three in staging').context,
  'a change in production waits': understand('helix scale the voice processor to three in production').context,
  'a change without a place waits': understand('helix deploy the voice processor').context,
  'a service is asked for': understand('helix scale the front end to three').context,
  'a number is asked for': understand('helix scale the voice processor in staging').context,
  'a change is over': { ...understand('helix restart the voice processor in staging').context!, asked: false },
  'a change was answered': conversation('helix restart the voice processor in staging', 'confirm').context,
  'an answer was read': understand('helix how is the voice processor in staging').context,
}

/** What they come to that is no command of before and no reading: there must be none. */
function changesOf(sentences: readonly string[], isAllowed: (wish: Wish) => boolean = () => false): readonly string[] {
  return Object.entries(talks).flatMap(([name, context]) =>
    sentences.flatMap((words) => {
      const { command, args } = understand(words, context)
      return isChange(command) && !isAllowed({ command: command!, args }) ? [`${name}: ${words} → ${command} ${JSON.stringify(args)}`] : []
    }),
  )
}

const values = [
  ...['staging', 'in staging', 'production', 'in production', 'to production', 'in prod'],
  ...['zapier', 'the voice processor', 'three', 'to three', 'to two replicas', 'it', 'that one', 'there'],
  ...[
    'zapier in production',
    'zapier to two',
    'restart zapier',
    'deploy zapier',
    'deploy to staging',
    'scale it to two',
    'touch production',
  ],
]
const leads = [
  ...['', 'no ', 'no no ', 'wait ', 'no wait ', 'sorry ', 'oops ', 'actually ', 'rather ', 'correction ', 'i meant ', 'i mean ', 'i said '],
  ...[
    'make it ',
    'make that ',
    'change it to ',
    'it should be ',
    "let's ",
    'well ',
    'please ',
    'ok ',
    'could you ',
    'i want you to ',
    'just ',
  ],
]
const refusals = [
  ...[
    'not',
    "don't",
    'do not',
    'never',
    'rather not',
    'never ever',
    'certainly not',
    "let's not",
    "don't you dare",
    'better not',
    'please not',
  ],
  ...[
    'anything but',
    'stop',
    'avoid',
    'skip',
    'forget',
    'not yet',
    'under no circumstances',
    'without',
    'except',
    "i don't want",
    'no way',
  ],
  ...["you shouldn't", "you can't", 'nor', 'neither', 'nobody wants', 'cancel'],
]

describe('a refusal', () => {
  const commonly = new Set(['not', "don't", 'rather not', 'never'])
  test.each(refusals)('“%s” with any value after any beginning, named or not, is never a change', (refusal) => {
    const some = commonly.has(refusal) ? leads : ['', 'no ', 'actually ', 'i said ']
    const sentences = some.flatMap((lead, index) =>
      values.map((value, at) => `${(index + at) % 2 === 0 ? 'helix ' : ''}${lead}${refusal} ${value}`),
    )
    expect(changesOf(sentences)).toEqual([])
  })
  test.each(['not', "no don't", 'never mind', 'rather not', 'just kidding'])('“%s” after any value is never a change', (end) => {
    const sentences = ['', 'no ', 'i meant ', 'helix actually '].flatMap((lead) => values.map((value) => `${lead}${value} ${end}`))
    expect(changesOf(sentences)).toEqual([])
  })
  test.each([
    'not in staging',
    'no not in staging',
    "wait don't scale it",
    'rather not',
    "let's not",
    "i'd rather not",
    "don't do it",
    'no please do not',
    'never',
    'not now',
    'wait not restart zapier',
    'actually not touch production',
    "i don't want that",
    'helix not that one',
    'helix no way',
    "helix let's not deploy zapier",
  ])('ends the question: “%s”', (words) => {
    const heard = understand(words, talks['a change in staging waits'])
    expect(heard).toMatchObject({ addressed: true, command: null, answer: 'cancel' })
    expect(understand('no, production', heard.context)).toMatchObject({ addressed: false, command: null })
    expect(understand('helix no production', heard.context)).toMatchObject({ command: null })
  })
  test('ends it where an argument was asked for, too', () => {
    const heard = understand("helix let's not deploy zapier", talks['a service is asked for'])
    expect(heard).toMatchObject({ command: null, answer: 'cancel' })
    expect(understand('zapier', heard.context)).toMatchObject({ addressed: false, command: null })
  })
  test.each(["don't forget the milk", 'never seen such weather', 'i do not like mondays', 'not my department', 'stop talking to Grace'])(
    'of something else, said to somebody else, is ignored: “%s”',
    (words) => expect(understand(words, talks['a change in staging waits'])).toMatchObject({ addressed: false, command: null }),
  )
  test('is no answer where nothing is open', () => {
    expect(understand("helix don't restart zapier")).toMatchObject({ command: null, why: 'negated' })
    expect(understand("helix don't restart zapier").answer).toBeUndefined()
  })
})

describe('a refusal with another value', () => {
  const staging = { service: 'voice-processor', replicas: 3, environment: 'staging' }
  const production = { ...staging, environment: 'production' }
  test.each([
    ['no, not staging, production', production],
    ['no not in staging but in production', production],
    ['production not staging', undefined],
    ['no production not staging', production],
    ['no production instead of staging', production],
    ['no in production rather than in staging', production],
    ['not three, two', { ...staging, replicas: 2 }],
    ['no not to three to two replicas', { ...staging, replicas: 2 }],
    ['no two not three', { ...staging, replicas: 2 }],
    ['sorry not the voice processor zapier', { ...staging, service: 'zapier-integration' }],
    ['helix not the voice processor but the agent orchestrator', { ...staging, service: 'agent-orchestrator' }],
  ])('corrects: “%s”', (words, args) => {
    const heard = understand(words, talks['a change in staging waits'])
    if (args) expect(heard).toMatchObject({ command: 'scale', args })
    else expect(heard.command === null || heard.args.environment === 'production').toBe(true)
  })
  test.each([
    'no not production staging',
    'no not zapier the voice processor',
    'no not staging staging',
    'no not staging two',
    'no not staging and not production',
    'no neither staging nor production',
    'no not staging or production',
    'no not staging maybe production',
    'no not staging should it be production',
    "no not staging don't production",
  ])('that does not fit what was asked corrects nothing: “%s”', (words) =>
    expect(understand(words, talks['a change in staging waits']).command).toBeNull(),
  )
  test('corrects within one sentence, and never to what it refuses', () => {
    expect(understand('helix restart zapier no not zapier the voice processor')).toMatchObject({ args: { service: 'voice-processor' } })
    expect(understand('helix restart zapier no not the voice processor').command).toBeNull()
    expect(understand('helix scale zapier to three no not three').command).toBeNull()
  })
})

describe('while Helix waits', () => {
  const answers = new Set(['helix zapier', 'helix production', 'helix three'])
  /** Complete with what was spoken of: these are orders then. */
  const sentences = [
    ...neverChanges.filter(({ why, words }) => why !== 'incomplete' && !answers.has(words)).map(({ words }) => words),
    ...neverUnseen,
    ...neverHeldOut,
  ]
  test('no sentence that is no order becomes a change', () => expect(changesOf(sentences)).toEqual([]))
  test('nor does it without the wake word', () =>
    expect(changesOf(sentences.map((words) => words.replace(/^(?:hey )?helix,? /i, '')))).toEqual([]))
  test.each(['no ', 'wait ', 'actually ', 'i meant ', 'sorry '])('nor after “%s”', (lead) => {
    // `no restart zapier` takes the last order back and gives a new one; only what was said to somebody else is that.
    const others = sentences.filter((words) => /^(?:hey )?helix/i.test(words)).map((words) => words.replace(/^(?:hey )?helix,? /i, lead))
    expect(changesOf(others)).toEqual([])
  })
  test.each([
    ...[
      'if',
      'if it is',
      'should it be',
      'would',
      'maybe',
      'perhaps',
      'what about',
      'what if it is',
      'suppose',
      'is it',
      'was it',
      'why',
      'who said',
    ],
    ...['she said', 'they say', 'he wants', 'the docs say', 'grace told me', 'yesterday', 'later', 'after', 'tomorrow', 'or', 'either'],
  ])('“%s” before or after a value corrects nothing', (word) => {
    const bare = ['staging', 'production', 'in production', 'zapier', 'three', 'two replicas', 'to two', 'zapier in production', 'it']
    const all = ['', 'no ', 'wait ', 'i meant ', 'helix ', 'helix no '].flatMap((lead) =>
      bare.flatMap((value) => [`${lead}${word} ${value}`, ...(/^(?:or|either)$/.test(word) ? [] : [`${lead}${value} ${word}`])]),
    )
    expect(changesOf(all)).toEqual([])
  })
  test.each(['no, production?', 'no zapier?', 'helix no zapier?', 'helix three?'])('a question corrects nothing: “%s”', (words) =>
    expect(changesOf([words])).toEqual([]),
  )
})
