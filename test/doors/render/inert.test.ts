import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { inert } from '#src/doors/render/inert.ts'

describe('text is shown as it was written', () => {
  test.each([
    ['voice-processor is healthy.', 'voice-processor is healthy.'],
    ['snake_case_name and __init__', 'snake_case_name and \\_\\_init\\_\\_'],
    ['**bold** *it* ~~no~~ ~/home ||secret|| a | b', '\\*\\*bold\\*\\* \\*it\\* \\~\\~no\\~\\~ ~/home \\|\\|secret\\|\\| a | b'],
    ['`code`', '\\`code\\`'],
    ['@everyone @here @sam', '\\@everyone \\@here @sam'],
    [
      '<@123456789012345678> <#1> <:x:1> <t:1:R> </deploy:1> 3 < 4',
      '\\<@123456789012345678> \\<#1> \\<:x:1> \\<t:1:R> \\</deploy:1> 3 < 4',
    ],
    ['[click](https://evil.example)', '\\[click\\](<https://evil.example>)'],
    ['see https://railway.com/a_b_c/d.', 'see <https://railway.com/a_b_c/d>.'],
    [
      '# no heading\n- no list\n> no quote\n1. no number\n-# no small',
      '\\# no heading\n\\- no list\n\\> no quote\n1\\. no number\n\\-\\# no small',
    ],
    ['issue #12 - a > b', 'issue #12 - a > b'],
    ['C:\\temp', 'C:\\\\temp'],
    ['\u001b[31mred\u001b[0m bell\u0007 \u202eevil', 'red bell evil'],
    ['half \ud83d pair', 'half \ufffd pair'],
    ['  spaces  ', 'spaces'],
  ])('%j', (raw, shown) => expect(inert(raw, 500)).toBe(shown))
})

describe('cut text', () => {
  test('closes with … and keeps pairs, escapes and addresses whole', () => {
    expect(inert('abcdef', 4)).toBe('abc…')
    expect(inert('abcd', 4)).toBe('abcd')
    expect(inert('ab👍👍', 5)).toBe('ab👍…')
    expect(inert('***', 5)).toBe('\\*\\*…')
    expect(inert('see https://example.com/long now', 20)).toBe('see…')
  })

  test('is never longer than asked, never half an escape, always well formed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), fc.integer({ min: 1, max: 120 }), (text, max) => {
        const shown = inert(text, max)
        expect(shown.length).toBeLessThanOrEqual(max)
        expect(shown.isWellFormed()).toBe(true)
        expect(/(^|[^\\])(\\\\)*\\(…|$)/.test(shown)).toBe(false)
      }),
    )
  })

  test('no run of Markdown marks survives without its escape', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('*', '`', '[', ']', '|', '~', '_', 'a', ' ', '\\', '\n', '<', '@', '#'), maxLength: 40 }),
        (text) => {
          const marks = inert(text, 1_000).replaceAll(/\\[^a-z\s]/g, '.')
          expect(marks).not.toMatch(/[*`[\]\\]|\|\||~~|<[@#:a-z]/)
        },
      ),
    )
  })
})
