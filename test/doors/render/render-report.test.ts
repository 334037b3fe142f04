import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { columnsOf } from '#src/doors/render/columns.ts'
import { renderReport } from '#src/doors/render/render-report.ts'
import type { Action, Report } from '#src/kernel/report.ts'
import { discordMessage } from './discord-shape.ts'

const numbered = () => {
  let next = 0
  return { customId: async () => `id-${next++}` }
}

/** Text as it comes: ordinary words, every kind of character, Markdown, mentions, terminal colours, half surrogate pairs, very long. */
const nasty = fc.oneof(
  fc.lorem({ maxCount: 12 }),
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)), maxLength: 60 }),
  fc.constantFrom(
    '',
    ' ',
    '\n',
    '@everyone',
    '<@123456789012345678>',
    '```',
    '****',
    '\u001b[31mred\u001b[0m',
    'https://a.b/c_d?e=f',
    '# x',
    '\ud83d',
  ),
  fc
    .tuple(fc.constantFrom('a', '*', '`', '👩‍🚀', '漢', 'https://example.com/', '_ ', 'x\n'), fc.integer({ min: 100, max: 3000 }))
    .map(([unit, times]) => unit.repeat(times)),
)
const action = fc.record({
  label: nasty,
  command: fc.constantFrom('deploy', 'env.set'),
  arguments: fc.constant({}),
  danger: fc.boolean(),
  confirms: fc.option(fc.constant({ by: 'discord:1', digest: 'd' }), { nil: undefined }),
})
const report: fc.Arbitrary<Report> = fc.record(
  {
    title: nasty,
    tone: fc.constantFrom('neutral', 'good', 'warning', 'bad'),
    sentence: nasty,
    facts: fc.array(fc.record({ label: nasty, value: nasty }), { maxLength: 40 }),
    table: fc.record({
      keep: fc.constantFrom('last', undefined),
      head: fc.array(nasty, { maxLength: 9 }),
      rows: fc.array(fc.array(nasty, { maxLength: 9 }), { maxLength: 30 }),
    }),
    picture: fc.record({ png: fc.uint8Array({ minLength: 8, maxLength: 64 }), alt: nasty.map((text) => `A chart ${text}`) }),
    document: fc.record({ name: nasty, markdown: nasty }),
    actions: fc.array(action, { maxLength: 40 }),
    operation: fc.string({ maxLength: 3000 }),
  },
  { requiredKeys: ['title', 'tone', 'sentence'] },
) as fc.Arbitrary<Report>

describe('any report', () => {
  test('keeps all limits of Discord', async () => {
    await fc.assert(
      fc.asyncProperty(report, async (given) => {
        const result = discordMessage.safeParse(await renderReport(given, numbered()))
        expect(result.error?.issues ?? []).toEqual([])
      }),
      { numRuns: 150 },
    )
  })

  test('renders the same twice', async () => {
    await fc.assert(
      fc.asyncProperty(report, async (given) => {
        expect(await renderReport(given, numbered())).toEqual(await renderReport(given, numbered()))
      }),
      { numRuns: 30 },
    )
  })

  test('shows every table line in 40 columns, 15 lines and one unbroken code block', async () => {
    await fc.assert(
      fc.asyncProperty(report, async (given) => {
        const { document: _, ...others } = given
        const description = (await embedOf(others)).description
        if (description === undefined) return
        expect(description.split('```')).toHaveLength(3)
        const lines = description.split('```')[1]!.split('\n').slice(1, -1)
        expect(lines.length).toBeLessThanOrEqual(15)
        for (const line of lines) expect(columnsOf(line)).toBeLessThanOrEqual(40)
      }),
      { numRuns: 100 },
    )
  })
})

describe('a document', () => {
  const document = (markdown: string) =>
    renderReport({ title: 'Timeline', tone: 'neutral', sentence: 'All of it.', document: { name: 'Incident 12', markdown } }, numbered())

  test('is shown as it is where it is short', async () => {
    const { embeds, files } = await document('# Incident 12\n\n- 12:00 opened')
    expect(embeds).toMatchObject([{ description: '# Incident 12\n\n- 12:00 opened' }])
    expect(files).toBeUndefined()
  })

  test('is a Markdown file where it is long', async () => {
    const { embeds, files } = await document('- a line\n'.repeat(400))
    expect(embeds[0]).not.toHaveProperty('description')
    expect(files).toMatchObject([{ name: 'incident-12.md' }])
    expect(new TextDecoder().decode(files![0]!.data)).toBe('- a line\n'.repeat(400))
  })
})

describe('what does not fit', () => {
  test('a long table shows its first rows and comes as a whole in a text file', async () => {
    const rows = Array.from({ length: 60 }, (_, row) => [`service-${row}`, `${row} ms`])
    const message = await renderReport(
      { title: 'Services', tone: 'neutral', sentence: 'There are 60.', table: { head: ['name', 'p50'], rows } },
      numbered(),
    )
    const { description } = message.embeds[0] as { description: string }
    expect(description).toContain('service-12')
    expect(description).not.toContain('service-13')
    expect(description).toContain('…and 47 more rows in the file.')
    expect(message.files).toHaveLength(1)
    expect(message.files![0]!.name).toBe('services.txt')
    expect(new TextDecoder().decode(message.files![0]!.data)).toContain('service-59')
  })

  test('of log lines the last are shown', async () => {
    const rows = Array.from({ length: 60 }, (_, row) => [`line ${row}`])
    const report: Report = { title: 'Logs', tone: 'neutral', sentence: 'The newest 60.', table: { head: [], rows, keep: 'last' } }
    const { description } = (await renderReport(report, numbered())).embeds[0] as { description: string }
    expect(description.split('\n').slice(0, 3)).toEqual(['45 earlier rows in the file, then:', '```', 'line 45'])
    expect(description).toContain('line 59')
  })

  test('facts beyond what Discord takes are counted and stand in the file', async () => {
    const facts = Array.from({ length: 30 }, (_, at) => ({ label: `fact ${at}`, value: `value ${at}` }))
    const message = await renderReport({ title: 'Facts', tone: 'neutral', sentence: 'Many.', facts }, numbered())
    const { fields } = message.embeds[0] as { fields: readonly { name: string; value: string }[] }
    expect(fields).toHaveLength(25)
    expect(fields.at(-1)).toMatchObject({ name: 'More', value: '6 facts in the file' })
    expect(new TextDecoder().decode(message.files![0]!.data)).toContain('fact 29: value 29')
  })

  test('a short report has no file, so that an edit takes an old one away', async () => {
    expect(await renderReport({ title: 'Short', tone: 'good', sentence: 'Done.' }, numbered())).not.toHaveProperty('files')
  })

  test('a picture that is too large for Discord is left out, not the answer', async () => {
    const picture = { png: new Uint8Array(10 * 1024 * 1024 + 1), alt: 'CPU' }
    const message = await renderReport({ title: 'Metrics', tone: 'good', sentence: 'Fine.', picture }, numbered())
    expect(message.content).toContain('Fine.')
    expect(message.embeds[0]).not.toHaveProperty('image')
  })
})

describe('buttons', () => {
  const at = (label: string, more: Partial<Action> = {}): Action => ({ label, command: 'deploy', arguments: {}, ...more })
  const styles = async (actions: readonly Action[]) =>
    (await renderReport({ title: 'T', tone: 'good', sentence: 'S.', actions }, numbered())).components
      .flatMap((row) => (row as { components: readonly { label: string; style: number }[] }).components)
      .map(({ label, style }) => `${label}:${style}`)

  test('the first safe step is the primary one, dangers are red', async () => {
    expect(await styles([at('Stop', { danger: true }), at('Logs'), at('Health')])).toEqual(['Stop:4', 'Logs:1', 'Health:2'])
  })

  test('the step that confirms is the primary one', async () => {
    expect(await styles([at('Look'), at('Confirm', { confirms: { by: 'discord:1', digest: 'd' } })])).toEqual(['Look:2', 'Confirm:1'])
  })

  test('a step that appears twice has one button', async () => {
    const actions = [at('Logs'), at('Logs again')]
    const { components } = await renderReport({ title: 'T', tone: 'good', sentence: 'S.', actions }, { customId: async () => 'same' })
    expect(components).toEqual([{ type: 1, components: [{ type: 2, style: 1, label: 'Logs', custom_id: 'same' }] }])
  })

  test('an id that Discord would refuse is a bug that is named', async () => {
    const actions = [at('Logs')]
    await expect(
      renderReport({ title: 'T', tone: 'good', sentence: 'S.', actions }, { customId: async () => 'x'.repeat(101) }),
    ).rejects.toThrow('101')
  })
})

async function embedOf(given: Report): Promise<{ readonly description?: string }> {
  return (await renderReport(given, numbered())).embeds[0] as { description?: string }
}
