import { fileURLToPath } from 'node:url'
import { Resvg } from '@resvg/resvg-js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createCharts } from '#src/adapters/charts/create-charts.ts'
import { drawable } from '#src/adapters/charts/glyphs.ts'
import { layoutOf } from '#src/adapters/charts/layout.ts'
import { readable } from '#src/adapters/charts/readable-panel.ts'
import { textWidth } from '#src/adapters/charts/text-width.ts'

const to = new Date('2026-11-20T13:00:00Z')
const from = new Date(to.getTime() - 3_600_000)
const line = (name: string, ...values: number[]) => ({
  name,
  points: values.map((value, n) => ({ at: new Date(from.getTime() + n * 60_000), value })),
})

test('draws a PNG, twice as dense as its 760 logical pixels', async () => {
  const panels = [
    { title: 'CPU', unit: 'vCPU', lines: [line('api', 0.1, 0.5)], threshold: { label: 'limit', value: 1 } },
    { title: 'Memory', unit: 'GB', lines: [line('a', 0.2), line('b', 0.3), line('c 🎉', 0.4)] },
    { title: 'Network', unit: 'GB', lines: [] },
  ]
  const png = Buffer.from(await createCharts().draw('Metrics 指标', panels, { from, to }))
  expect(png.subarray(1, 4).toString()).toBe('PNG')
  expect(png.readUInt32BE(16)).toBe(1520)
  expect(png.length).toBeGreaterThan(10_000)
})

test('draws even where there is nothing to draw', async () => {
  const png = await createCharts().draw('', [], { from, to })
  expect(png.length).toBeGreaterThan(100)
})

test('characters that the font lacks are left out', () => {
  expect(drawable('voice 🎉 processor – größe 指标')).toBe('voice processor – größe')
  expect(drawable('🎉')).toBe('–')
})

test('a text is never wider than it was taken for, nor much narrower', async () => {
  const fontFiles = [fileURLToPath(import.meta.resolve('@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf'))]
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme-ascii', minLength: 8, maxLength: 30 }).filter((text) => /^[!-;?-~]+$/.test(text)),
      (text) => {
        const escaped = text.replaceAll('&', '&amp;')
        const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="999" height="50"><text x="0" y="30" font-family="Inter" font-size="14">${escaped}</text></svg>`
        const drawn = new Resvg(svg, { font: { loadSystemFonts: false, fontFiles, defaultFontFamily: 'Inter' } }).getBBox()!.width
        const taken = textWidth(text, '14px Inter')
        expect(drawn).toBeLessThanOrEqual(taken + 2)
        expect(drawn).toBeGreaterThan(taken * 0.8)
      },
    ),
    { numRuns: 50 },
  )
})

test('names that are too long to stand beside the title get a row of their own', () => {
  const [short, long] = ['in', 'a-service-with-a-long-name'].map((name) =>
    layoutOf([readable({ title: 'Network', unit: 'MB', lines: [line(`${name} a`, 1), line(`${name} b`, 2)] })]),
  )
  expect(short!.panels[0]!.legendTop).toBeUndefined()
  expect(long!.panels[0]!.legendTop).toBeDefined()
})

describe('a readable panel', () => {
  test('draws a limit that is near, and tells one that is far in words', () => {
    const lines = [line('api', 0.4)]
    expect(readable({ title: 'CPU', unit: 'vCPU', lines, threshold: { label: 'limit 1 vCPU', value: 1 } })).toMatchObject({
      threshold: { value: 1 },
      note: 'vCPU',
    })
    expect(readable({ title: 'CPU', unit: 'vCPU', lines, threshold: { label: 'limit 8 vCPU', value: 8 } })).toMatchObject({
      threshold: undefined,
      note: 'vCPU  ·  limit 8 vCPU',
    })
  })

  test('shows the largest six of many lines, in their order, and says so', () => {
    const lines = [5, 1, 9, 2, 8, 3, 7, 4].map((peak) => line(`s${peak}`, peak))
    const panel = readable({ title: 'CPU', unit: 'vCPU', lines })
    expect(panel.lines.map(({ name }) => name)).toEqual(['s5', 's9', 's8', 's3', 's7', 's4'])
    expect(panel.note).toContain('the largest 6 of 8')
  })

  test('has room for every value, whatever they are', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1 }), (values) => {
        const panel = readable({ title: 'Memory', unit: 'GB', lines: [line('api', ...values)] })
        for (const { value } of panel.lines[0]!.points) expect(value).toBeLessThanOrEqual(panel.top)
        expect(panel.label(panel.top / 2).length).toBeLessThanOrEqual(10)
      }),
    )
  })
})
