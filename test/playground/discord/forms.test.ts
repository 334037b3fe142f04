import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Stage, setStage } from './refusal-stage.ts'
import { values } from './running-discord.ts'

const button = (more: object = {}) => ({ type: 2, style: 1, label: 'A', custom_id: 'a', ...more })
const row = (...components: object[]) => ({ type: 1, components })
const option = (more: object = {}) => ({ type: 3, name: 'a', description: 'A', ...more })
const command = (...options: object[]) => ({ name: 'x', description: 'X', options })
const many = <Item>(count: number, item: (index: number) => Item) => Array.from({ length: count }, (_, index) => item(index))
const long = (length: number) => 'x'.repeat(length)
const pick = (more: object) => ({ type: 3, custom_id: 'a', options: [{ label: 'A', value: 'a' }], ...more })

/** Where the error stands (its path), Discord's code of it, and the body. */
const badMessages: readonly [path: string, code: string, body: object][] = [
  ['content', 'BASE_TYPE_MAX_LENGTH', { content: long(2001) }],
  ['content', 'BASE_TYPE_BAD_TYPE', { content: 5 }],
  ['embeds', 'BASE_TYPE_MAX_LENGTH', { embeds: many(11, () => ({ title: 'a' })) }],
  ['embeds', 'MAX_EMBED_SIZE_EXCEEDED', { embeds: many(2, () => ({ description: long(3001) })) }],
  ['embeds.0.title', 'BASE_TYPE_MAX_LENGTH', { embeds: [{ title: long(257) }] }],
  ['embeds.0.description', 'BASE_TYPE_MAX_LENGTH', { embeds: [{ description: long(4097) }] }],
  ['embeds.0.footer.text', 'BASE_TYPE_MAX_LENGTH', { embeds: [{ footer: { text: long(2049) } }] }],
  ['embeds.0.author.name', 'BASE_TYPE_MAX_LENGTH', { embeds: [{ author: { name: long(257) } }] }],
  ['embeds.0.fields', 'BASE_TYPE_MAX_LENGTH', { embeds: [{ fields: many(26, () => ({ name: 'a', value: 'b' })) }] }],
  ['embeds.0.fields.0.name', 'BASE_TYPE_BAD_LENGTH', { embeds: [{ fields: [{ name: '', value: 'b' }] }] }],
  ['embeds.0.fields.0.value', 'BASE_TYPE_BAD_LENGTH', { embeds: [{ fields: [{ name: 'a', value: long(1025) }] }] }],
  ['embeds.0.fields.0.value', 'BASE_TYPE_REQUIRED', { embeds: [{ fields: [{ name: 'a' }] }] }],
  ['embeds.0.image.url', 'URL_TYPE_INVALID_URL', { embeds: [{ image: { url: 'nowhere' } }] }],
  ['components', 'BASE_TYPE_MAX_LENGTH', { components: many(6, (index) => row(button({ custom_id: `${index}` }))) }],
  ['components', 'COMPONENT_CUSTOM_ID_DUPLICATED', { components: [row(button(), button())] }],
  ['components.0.components', 'BASE_TYPE_BAD_LENGTH', { components: [row()] }],
  ['components.0.components', 'BASE_TYPE_BAD_LENGTH', { components: [row(...many(6, (index) => button({ custom_id: `${index}` })))] }],
  ['components.0.components', 'COMPONENT_LAYOUT_WIDTH_EXCEEDED', { components: [row(pick({}), button({ custom_id: 'b' }))] }],
  ['components.0.components.0.label', 'BASE_TYPE_MAX_LENGTH', { components: [row(button({ label: long(81) }))] }],
  ['components.0.components.0.custom_id', 'BASE_TYPE_BAD_LENGTH', { components: [row(button({ custom_id: long(101) }))] }],
  ['components.0.components.0.custom_id', 'BASE_TYPE_REQUIRED', { components: [row({ type: 2, style: 1, label: 'A' })] }],
  ['components.0.components.0.url', 'BASE_TYPE_REQUIRED', { components: [row({ type: 2, style: 5, label: 'A' })] }],
  [
    'components.0.components.0.custom_id',
    'COMPONENT_FIELD_NOT_ALLOWED',
    { components: [row(button({ style: 5, url: 'https://a.test' }))] },
  ],
  ['components.0.components.0.emoji', 'COMPONENT_INVALID_EMOJI', { components: [row(button({ emoji: { name: 'no emoji' } }))] }],
  ['components.0.components.0.options', 'BASE_TYPE_BAD_LENGTH', { components: [row(pick({ options: [] }))] }],
  [
    'components.0.components.0.options',
    'COMPONENT_OPTION_VALUE_DUPLICATED',
    { components: [row(pick({ options: many(2, () => ({ label: 'A', value: 'a' })) }))] },
  ],
  ['components.0.components.0.placeholder', 'BASE_TYPE_MAX_LENGTH', { components: [row(pick({ placeholder: long(151) }))] }],
  ['components.0.components.0.max_values', 'NUMBER_TYPE_MAX', { components: [row(pick({ max_values: 26 }))] }],
  ['components.0.type', 'BASE_TYPE_CHOICES', { components: [button()] }],
  ['nonce', 'BASE_TYPE_MAX_LENGTH', { content: 'a', nonce: long(26) }],
  ['allowed_mentions', 'MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE', { content: 'a', allowed_mentions: { parse: ['users'], users: ['1'] } }],
  ['allowed_mentions.parse.0', 'BASE_TYPE_CHOICES', { content: 'a', allowed_mentions: { parse: ['all'] } }],
  [
    'content',
    'MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2',
    { flags: 32768, content: 'a', components: [{ type: 10, content: 'a' }] },
  ],
  ['components.0.content', 'BASE_TYPE_BAD_LENGTH', { flags: 32768, components: [{ type: 10, content: long(4001) }] }],
  ['components', 'COMPONENT_TEXT_TOO_LONG', { flags: 32768, components: many(2, () => ({ type: 10, content: long(2001) })) }],
  ['components.0.components', 'BASE_TYPE_BAD_LENGTH', { flags: 32768, components: [{ type: 17, components: [] }] }],
]

const badCommands: readonly [path: string, code: string, body: object][] = [
  ['name', 'BASE_TYPE_BAD_LENGTH', { ...command(), name: long(33) }],
  ['name', 'APPLICATION_COMMAND_INVALID_NAME', { ...command(), name: 'Deploy' }],
  ['name', 'APPLICATION_COMMAND_INVALID_NAME', { ...command(), name: 'two words' }],
  ['description', 'BASE_TYPE_BAD_LENGTH', { ...command(), description: '' }],
  ['description', 'BASE_TYPE_BAD_LENGTH', { ...command(), description: long(101) }],
  ['description', 'BASE_TYPE_REQUIRED', { name: 'x' }],
  ['options', 'BASE_TYPE_MAX_LENGTH', command(...many(26, (index) => option({ name: `a${index}` })))],
  ['options.1', 'APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID', command(option(), option({ name: 'b', required: true }))],
  ['options.1.name', 'APPLICATION_COMMAND_OPTIONS_NAME_DUPLICATE', command(option(), option())],
  ['options', 'APPLICATION_COMMAND_OPTIONS_TYPE_INVALID', command(option(), { type: 1, name: 'b', description: 'B' })],
  [
    'options.0.choices',
    'BASE_TYPE_MAX_LENGTH',
    command(option({ choices: many(26, (index) => ({ name: `${index}`, value: `${index}` })) })),
  ],
  ['options.0.choices.0.name', 'BASE_TYPE_BAD_LENGTH', command(option({ choices: [{ name: long(101), value: 'a' }] }))],
  ['options.0.choices.0.value', 'BASE_TYPE_BAD_TYPE', command(option({ choices: [{ name: 'a', value: 1 }] }))],
  [
    'options.0.autocomplete',
    'APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_CHOICES',
    command(option({ autocomplete: true, choices: [{ name: 'a', value: 'a' }] })),
  ],
  ['options.0.max_length', 'NUMBER_TYPE_MAX', command(option({ max_length: 6001 }))],
  [
    'options.0.options.0.type',
    'BASE_TYPE_CHOICES',
    command({ type: 1, name: 'a', description: 'A', options: [{ type: 1, name: 'b', description: 'B' }] }),
  ],
  [
    '',
    'APPLICATION_COMMAND_TOO_LARGE',
    command(
      ...many(25, (index) =>
        option({ name: `a${index}`, description: long(100), choices: many(3, (each) => ({ name: `${each}`, value: long(100) })) }),
      ),
    ),
  ],
]

describe('a form error is told as Discord tells it: 50035, nested by key and index', () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await setStage()
  })
  afterAll(() => stage.close())

  test.for(badMessages)('message: %s is refused with %s', async ([path, code, body]) => {
    await stage.wire.turn(5_000)
    expect(await errorAt(stage.rest('POST', `/channels/${stage.general}/messages`, body), path)).toContain(code)
  })

  test.for(badCommands)('command: %s is refused with %s', async ([path, code, body]) => {
    await stage.wire.turn(5_000)
    expect(await errorAt(stage.rest('POST', `/applications/${values.applicationId}/commands`, body), path)).toContain(code)
  })

  test('the same holds under `data` in a callback, which then still waits for an answer', async () => {
    const { callback } = await stage.interaction()
    expect(await errorAt(stage.rest('POST', callback, { type: 4, data: { content: long(2001) } }), 'data.content')).toContain(
      'BASE_TYPE_MAX_LENGTH',
    )
    expect((await stage.rest('POST', callback, { type: 4, data: { content: 'short' } })).status).toBe(204)
  })

  test('a body of no known type is refused', async () => {
    await stage.wire.turn(5_000)
    const answer = await stage.rest('POST', `/channels/${stage.general}/messages`, 'content=a', {
      'content-type': 'application/x-www-form-urlencoded',
    })
    expect([answer.status, answer.body.code]).toEqual([400, 50035])
  })

  test.for<[string, object]>([
    ['2000 characters outside the first plane', { content: '😀'.repeat(2000) }],
    ['6000 characters in embeds', { embeds: many(2, () => ({ description: long(3000) })) }],
    ['tts and enforce_nonce set to false', { content: 'a', tts: false, enforce_nonce: false }],
    ['a link button', { content: 'a', components: [row({ type: 2, style: 5, label: 'A', url: 'https://a.test' })] }],
    [
      'a layout of components',
      { flags: 32768, components: [{ type: 17, components: [{ type: 10, content: 'a' }, { type: 14 }, row(button())] }] },
    ],
  ])('taken: %s', async ([, body]) => {
    await stage.wire.turn(5_000)
    const answer = await stage.rest('POST', `/channels/${stage.general}/messages`, body)
    expect([answer.status, answer.body.code]).toEqual([200, undefined])
  })
})

async function errorAt(asked: ReturnType<Stage['rest']>, path: string): Promise<string[]> {
  const { status, body } = await asked
  expect([status, body.code]).toEqual([400, 50035])
  const at = path
    .split('.')
    .filter(Boolean)
    .reduce((errors, key) => errors?.[key], body.errors)
  if (!at?._errors) throw new Error(`no error at ${path}: ${JSON.stringify(body.errors)}`)
  return at._errors.map(({ code }: { code: string }) => code)
}
