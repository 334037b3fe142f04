import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Every check there is, one after the other; the last line counts them. `npm test -- test/kernel` runs a part of the suite alone. */
const only = process.argv.slice(2)
const report = join(mkdtempSync(join(tmpdir(), 'helix-test-')), 'vitest.json')
const checks: readonly (readonly [name: string, program: string, ...args: string[]])[] = [
  ['lint', 'biome', 'check', '--error-on-warnings', '.'],
  ['types', 'tsc', '--noEmit'],
  ['types of the page', 'tsc', '--noEmit', '-p', 'playground/page'],
  ['types of .railway', 'tsc', '--noEmit', '-p', '.railway'],
]

let passed = 0
let failed = 0
if (only.length === 0) {
  for (const [name, program, ...args] of checks) {
    const code = await run(program, args)
    if (code === 0) passed += 1
    else failed += 1
    console.log(`${code === 0 ? '✓' : '✗'} ${name}`)
  }
}
sayLeftOut()
const code = await run('vitest', [
  'run',
  '--reporter=default',
  '--reporter=json',
  '--reporter=./test/support/second-tries.ts',
  `--outputFile=${report}`,
  ...only,
])
const suite = existsSync(report) ? (JSON.parse(readFileSync(report, 'utf8')) as Record<string, number>) : undefined
const skipped = suite?.numPendingTests ?? 0
passed += suite?.numPassedTests ?? 0
failed += suite?.numFailedTests ?? 0
// A suite that broke before its tests ran counts no failed test, and a runner that died wrote nothing.
if (code !== 0 && (suite?.numFailedTests ?? 0) === 0) failed += 1
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
process.exitCode = failed > 0 || passed === 0 ? 1 : 0

function run(program: string, args: readonly string[]): Promise<number> {
  const child = spawn(join('node_modules', '.bin', program), args, { stdio: 'inherit' })
  return new Promise((resolve, reject) => child.on('error', reject).on('exit', (exit) => resolve(exit ?? 1)))
}

function sayLeftOut(): void {
  const onPath = (program: string) => (process.env.PATH ?? '').split(':').some((folder) => existsSync(join(folder, program)))
  const left = [
    ['the checks against the vendors’ API descriptions', process.env.HELIX_CONTRACTS, 'HELIX_CONTRACTS does not name their folder'],
    ['what needs a real redis-server', onPath('redis-server'), 'redis-server is not installed'],
    ['the page in a real browser', onPath('chromium') || process.env.CHROMIUM_PATH, 'chromium is not installed'],
  ] as const
  for (const [what, there, why] of left) if (!there) console.log(`left out: ${what} (${why})`)
}
