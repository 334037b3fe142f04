import type { Examination } from '#src/doctor/doctor.ts'
import type { Finding, FindingState } from '#src/doctor/finding.ts'
import type { Cell, MatrixRow } from '#src/doctor/matrix.ts'
import { defineCommand } from '#src/kernel/command.ts'
import type { Fact, Report } from '#src/kernel/report.ts'
import { andList, count } from '#src/kernel/say.ts'

const signs: Readonly<Record<FindingState, string>> = { problem: '✗', warning: '!', unknown: '?', ok: '✓' }

export default defineCommand({
  describe: 'What Helix stands on: connections, variables, permissions, rate budget, and what to do about each',
  role: 'operator',
  risk: 'read',
  withoutStore: true,
  doors: ['slash', 'button', 'rest', 'mcp'],
  answer: 'ephemeral',
  arguments: {},
  says: [],
  needs: ['doctor'],
  async run(_, { doctor, call }) {
    const { actor, place } = call
    return reportOf(await doctor.examine(place, actor.kind === 'member' ? actor.id : undefined))
  },
})

function reportOf({ findings, matrix, you }: Examination): Report {
  const many = (state: FindingState) => findings.filter((each) => each.state === state).length
  const ill = findings.filter(({ state }) => state === 'problem')
  const warnings = many('warning')
  const toMend = [...(ill.length > 0 ? [count(ill.length, 'problem')] : []), ...(warnings > 0 ? [count(warnings, 'warning')] : [])]
  const unknown = many('unknown') === 0 ? '' : `, ${many('unknown')} unknown`
  const first = ill.slice(0, 3).map(({ area, name }) => `${area}: ${name}`)
  const which = ill.length === 0 ? '' : ` To mend first: ${andList(first)}${ill.length > 3 ? ' and others' : ''}.`
  return {
    title: 'Doctor',
    tone: ill.length > 0 ? 'bad' : warnings > 0 ? 'warning' : 'good',
    sentence: `${andList(toMend) || 'Nothing to mend'}: ${many('ok')} in order${unknown}.${which}`,
    facts: [
      ...findings.filter(({ state }) => state !== 'ok').map(fact),
      ...inOrder(findings.filter(({ state }) => state === 'ok')),
      ...(you ? [{ label: 'You', value: [you.name, you.plan && `plan ${you.plan}`].filter(Boolean).join(', ') || 'known' }] : []),
    ],
    ...(matrix && { table: { head: ['Service', 'PostgreSQL', 'Redis', 'Lacks'], rows: [...matrix].sort(worstFirst).map(row) } }),
  }
}

function fact({ state, area, name, means, todo }: Finding): Fact {
  return { label: `${signs[state]} ${area}: ${name}`, value: todo === undefined ? means : `${means}\n→ ${todo}` }
}

/** What is in order is read at a glance: one fact for each area. */
function inOrder(findings: readonly Finding[]): readonly Fact[] {
  return [...Map.groupBy(findings, ({ area }) => area)].map(([area, each]) => ({
    label: `${signs.ok} ${area}`,
    value: each.map(({ name, means }) => `${name}: ${means}`).join('\n'),
  }))
}

function row({ service, known, postgres, redis, lacks }: MatrixRow): readonly string[] {
  return [service, cell(postgres), cell(redis), known ? lacks.join(', ') || '–' : '?']
}

function cell({ needs, has }: Cell): string {
  if (needs === true) return has ? '✓' : '✗'
  return has ? 'has' : '–'
}

function worstFirst(one: MatrixRow, other: MatrixRow): number {
  return other.lacks.length + other.foreign.length - (one.lacks.length + one.foreign.length)
}
