import { evaluateServices } from '../src/alerts/evaluate.ts'
import { alertRule, isOfServices, type WrittenRule } from '../src/alerts/rule.ts'
import { judgeOf } from '../src/alerts/service-rules.ts'
import { type Standing, standings as stored } from '../src/alerts/standing.ts'
import type { EnvironmentSignals, ServiceSignals } from '../src/signals/signals.ts'
import { median } from './median.ts'
import type { Figure } from './run.ts'

const SERVICES = 500
const ROUNDS = 200
const LIMIT_MS = 50
const CYCLE_MS = 60_000

const written: readonly WrittenRule[] = [
  { name: 'down', kind: 'health', for: '0s' },
  { name: 'cpu', kind: 'cpu', above: '80%', recover: '70%' },
  { name: 'cpu-of-workers', kind: 'cpu', above: 1.5, services: ['worker-*', 'service-1*'] },
  { name: 'memory', kind: 'memory', above: '90%', recover: '80%', for: '10m' },
  { name: 'much-memory', kind: 'memory', above: 6 },
  { name: 'disk', kind: 'disk', above: '90%' },
  { name: 'traffic', kind: 'request-rate', below: 1 },
  { name: 'errors', kind: 'error-rate', above: '5%', recover: '2%', for: '1m' },
  { name: 'slow', kind: 'latency', above: '800ms', for: '1m' },
  { name: 'very-slow', kind: 'latency', above: '3s', severity: 'critical', for: '0s' },
]

/**
 * Ten rules over five hundred services, cycle after cycle, of which one in ten is in trouble at any time, with what a cycle does to remember it;
 * beside a bare loop over the same figures, which remembers nothing.
 */
export default async function alerts(): Promise<readonly Figure[]> {
  const rules = written.map((rule) => alertRule.parse(rule))
  const readings = Array.from({ length: ROUNDS }, (_, round) => reading(round))
  let kept = '[]'
  let standings: readonly Standing[] = []
  const cycles = timed(readings, (read) => {
    const judges = rules.filter(isOfServices).map(judgeOf)
    const names = new Set(rules.map(({ name }) => name))
    const before = stored.parse(JSON.parse(kept))
    standings = evaluateServices(judges, read, { before, rules: names, gapped: false }).filter(({ phase }) => phase !== 'over')
    kept = JSON.stringify(standings)
  })
  if (standings.length < SERVICES / 10) throw new Error(`only ${standings.length} standings: nothing was decided`)
  let beyond = 0
  const bare = timed(readings, ({ services }) => {
    for (const { cpu, memory, disk, http } of services) {
      if (cpu!.used / cpu!.limit! > 0.8) beyond += 1
      if (cpu!.used > 1.5) beyond += 1
      if (memory!.used / memory!.limit! > 0.9) beyond += 1
      if (memory!.used > 6) beyond += 1
      if (disk!.used / disk!.limit! > 0.9) beyond += 1
      if (http!.requestsPerSecond < 1) beyond += 1
      if (http!.errorRate > 0.05) beyond += 1
      if (http!.p95Ms! > 800) beyond += 1
      if (http!.p95Ms! > 3_000) beyond += 1
    }
  })
  if (beyond === 0) throw new Error('the bare loop saw nothing')
  const unit = `ms a cycle, ${SERVICES} services and ${rules.length} rules, ${ROUNDS} cycles`
  return [
    { name: 'alerts_cycle_median', value: median(cycles), baseline: LIMIT_MS, unit: `${unit}; limit` },
    {
      name: 'alerts_cycle_p95',
      value: cycles.toSorted((one, other) => one - other)[Math.floor(ROUNDS * 0.95)]!,
      baseline: LIMIT_MS,
      unit: `${unit}; limit`,
    },
    { name: 'alerts_cycle_slowest', value: Math.max(...cycles), baseline: LIMIT_MS, unit: `${unit}; limit` },
    { name: 'alerts_cycle_bare', value: median(cycles), baseline: median(bare), unit: `${unit}; a bare loop that only compares` },
  ]
}

function timed(readings: readonly EnvironmentSignals[], run: (read: EnvironmentSignals) => void): readonly number[] {
  return readings.map((read) => {
    const begun = performance.now()
    run(read)
    return performance.now() - begun
  })
}

function reading(round: number): EnvironmentSignals {
  const at = new Date(Date.UTC(2026, 10, 21) + round * CYCLE_MS)
  const place = { guild: '1', project: 'p', environment: 'e' }
  const services = Array.from({ length: SERVICES }, (_, index) => service(index, (index * 7 + Math.floor(round / 15)) % 10 === 0, at))
  return { place, environment: 'production', at, stale: false, services }
}

function service(index: number, isIll: boolean, at: Date): ServiceSignals {
  const share = isIll ? 0.97 : 0.3
  return {
    service: { id: `id-${index}`, name: `${index % 5 === 0 ? 'worker' : 'service'}-${index}` },
    ...{ condition: isIll ? 'degraded' : 'healthy', reason: 'Because.', since: at, replicas: { running: 1, wanted: 1 } },
    ...{ serving: undefined, latest: undefined },
    cpu: { used: share * 2, limit: 2 },
    memory: { used: share * 8, limit: 8 },
    disk: { used: share * 10, limit: 10 },
    http: { requestsPerSecond: isIll ? 0.5 : 12, errorRate: isIll ? 0.2 : 0.001, p50Ms: 20, p95Ms: isIll ? 4_000 : 90 },
  }
}
