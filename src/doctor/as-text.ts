import type { Examination } from './doctor.ts'
import { type Finding, type FindingState, findingStates } from './finding.ts'
import type { Cell, MatrixRow } from './matrix.ts'

export const signs: Readonly<Record<FindingState, string>> = { problem: '✗', warning: '!', unknown: '?', ok: '✓' }
const widestName = 30

/** An examination for a terminal of so many columns: by area, then the connection matrix, then the sum. */
export function asText({ findings, matrix }: Examination, columns: number): string {
  const areas = [...Map.groupBy(findings, ({ area }) => area)].map(([area, each]) => [area, ...section(each, columns)].join('\n'))
  const table = matrix && matrix.length > 0 ? [['Connection matrix', ...matrixLines(matrix)].join('\n')] : []
  const counts = findingStates.map((state) => `${signs[state]} ${findings.filter((each) => each.state === state).length}`)
  return `${[...areas, ...table, counts.join('   ')].join('\n\n')}\n`
}

/** 0: nothing to mend; 1: warnings alone; 2: problems. */
export function exitCodeOf({ findings }: Pick<Examination, 'findings'>): 0 | 1 | 2 {
  if (findings.some(({ state }) => state === 'problem')) return 2
  return findings.some(({ state }) => state === 'warning') ? 1 : 0
}

function section(findings: readonly Finding[], columns: number): readonly string[] {
  const width = Math.min(widestName, Math.max(...findings.map(({ name }) => name.length)))
  const room = Math.max(30, columns - width - 6)
  return findings.flatMap(({ name, state, means, todo }) => {
    const lines = [...wrapped(means, room), ...(todo === undefined ? [] : wrapped(`→ ${todo}`, room))]
    const head = name.length > width ? [`  ${signs[state]} ${name}`] : []
    const label = (at: number) => (at === 0 && head.length === 0 ? `  ${signs[state]} ${name.padEnd(width)}` : ' '.repeat(width + 4))
    return [...head, ...lines.map((line, at) => `${label(at)}  ${line}`)]
  })
}

function matrixLines(matrix: readonly MatrixRow[]): readonly string[] {
  const rows = matrix.map(({ service, known, postgres, redis, lacks }) => [
    service,
    cell(postgres),
    cell(redis),
    known ? lacks.join(', ') || '–' : 'not known',
  ])
  const all = [['service', 'PostgreSQL', 'Redis', 'lacks'], ...rows]
  const widths = [0, 1, 2].map((column) => Math.max(...all.map((row) => row[column]!.length)))
  return all.map((row) => `  ${row.map((text, column) => text.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd())
}

function cell({ needs, has }: Cell): string {
  if (needs === true) return has ? '✓' : '✗ lacks'
  return has ? 'has' : '–'
}

function wrapped(text: string, room: number): readonly string[] {
  const lines = ['']
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1)!
    if (last === '') lines[lines.length - 1] = word
    else if (last.length + 1 + word.length <= room) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}
