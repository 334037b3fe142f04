import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Inline, parseInline } from '#playground/page/text/inline.ts'
import { type Block, parseMarkdown } from '#playground/page/text/markdown.ts'

const text = (value: string): Inline => ({ kind: 'text', text: value })

describe("Discord's markdown becomes data", () => {
  test.each<[string, Inline]>([
    ['**bold**', { kind: 'strong', children: [text('bold')] }],
    ['*italics*', { kind: 'emphasis', children: [text('italics')] }],
    ['_italics_', { kind: 'emphasis', children: [text('italics')] }],
    ['__under__', { kind: 'underline', children: [text('under')] }],
    ['~~gone~~', { kind: 'strike', children: [text('gone')] }],
    ['||secret||', { kind: 'spoiler', children: [text('secret')] }],
    ['`a **b**`', { kind: 'code', text: 'a **b**' }],
    ['[docs](https://a.test/x)', { kind: 'link', url: 'https://a.test/x', children: [text('docs')] }],
    ['<https://a.test/x>', { kind: 'link', url: 'https://a.test/x', children: [text('https://a.test/x')] }],
    ['<@123>', { kind: 'user', id: '123' }],
    ['<@!123>', { kind: 'user', id: '123' }],
    ['<@&123>', { kind: 'role', id: '123' }],
    ['<#123>', { kind: 'channel', id: '123' }],
    ['</stack up:123>', { kind: 'command', name: 'stack up', id: '123' }],
    ['<t:1700000000:R>', { kind: 'timestamp', at: 1_700_000_000_000, style: 'R' }],
    ['<t:1700000000>', { kind: 'timestamp', at: 1_700_000_000_000, style: 'f' }],
    ['@everyone', { kind: 'everyone', text: '@everyone' }],
  ])('%s', (source, inline) => {
    expect(parseInline(source)).toEqual([inline])
  })

  test.each(['snake_case_name', '2 * 3 * 4', '<script>alert(1)</script>', '[a](javascript:alert(1))', 'voice_processor', '**', '`'])(
    '%s is plain text',
    (source) => {
      expect(parseInline(source)).toEqual([text(source)])
    },
  )

  test('a full stop after an address is not part of it', () => {
    expect(parseInline('see https://a.test/x.')).toEqual([
      text('see '),
      { kind: 'link', url: 'https://a.test/x', children: [text('https://a.test/x')] },
      text('.'),
    ])
  })

  test('marks are nested', () => {
    expect(parseInline('**a *b* `c`**')).toEqual([
      { kind: 'strong', children: [text('a '), { kind: 'emphasis', children: [text('b')] }, text(' '), { kind: 'code', text: 'c' }] },
    ])
  })

  test('a backslash takes the meaning from a mark', () => {
    expect(parseInline('\\*\\*not bold\\*\\*')).toEqual([text('**not bold**')])
  })

  test('blocks: code with its language, headings, quotes, lists, small print', () => {
    const source = 'before\n```diff\n- a\n+ b\n```\nafter\n## Title\n> one\n> two\n- x\n  - y\n3. z\n-# small'
    expect(parseMarkdown(source)).toEqual([
      { kind: 'paragraph', children: [text('before')] },
      { kind: 'code', language: 'diff', text: '- a\n+ b' },
      { kind: 'paragraph', children: [text('after')] },
      { kind: 'heading', level: 2, children: [text('Title')] },
      { kind: 'quote', lines: [[text('one')], [text('two')]] },
      {
        kind: 'list',
        ordered: false,
        start: 1,
        items: [
          { depth: 0, children: [text('x')] },
          { depth: 1, children: [text('y')] },
        ],
      },
      { kind: 'list', ordered: true, start: 3, items: [{ depth: 0, children: [text('z')] }] },
      { kind: 'small', children: [text('small')] },
    ] satisfies Block[])
  })

  test('an open fence is plain text', () => {
    expect(parseMarkdown('```js\nnever closed').every(({ kind }) => kind === 'paragraph')).toBe(true)
  })
})

describe('whatever is written', () => {
  const marks = fc.array(
    fc.constantFrom(
      '*',
      '**',
      '_',
      '__',
      '~~',
      '||',
      '`',
      '```',
      '\n',
      '> ',
      '- ',
      '# ',
      '<@1>',
      '<t:1:R>',
      '[',
      ']',
      '(https://a.test)',
      '\\',
      'word',
      ' ',
      '<',
    ),
    { maxLength: 40 },
  )

  test('reading never throws, and finds no link but http and https', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          marks.map((parts) => parts.join('')),
          fc.string({ unit: 'grapheme' }),
        ),
        (source) => {
          const links = JSON.stringify(parseMarkdown(source)).match(/"url":"[^"]*/g) ?? []
          expect(links.every((link) => /^"url":"https?:/.test(link))).toBe(true)
        },
      ),
    )
  })

  test('words survive in their order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[a-z]{1,8}$/), { minLength: 1 }),
        fc.constantFrom('**', '*', '__', '~~', '`'),
        (words, mark) => {
          const source = words.map((word, index) => (index % 2 ? `${mark}${word}${mark}` : word)).join(' ')
          expect(plain(parseInline(source))).toBe(words.join(' '))
        },
      ),
    )
  })

  test('4,096 marks in a row are read in well under a second', () => {
    for (const mark of ['*', '_', '**a', '||', '[', '`', '~~', '<@']) {
      const started = performance.now()
      parseMarkdown(mark.repeat(4_096 / mark.length))
      expect(performance.now() - started).toBeLessThan(1_000)
    }
  })
})

function plain(inlines: readonly Inline[]): string {
  return inlines.map((inline) => ('children' in inline ? plain(inline.children) : 'text' in inline ? inline.text : '')).join('')
}
