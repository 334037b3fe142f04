import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../../', import.meta.url))
const contracts = process.env.HELIX_CONTRACTS
const reason = contracts ? '' : ' (left out: HELIX_CONTRACTS does not name the folder of the vendors’ descriptions)'

/** Runs the vendor's checker over the given arguments, with the project's own `graphql`. */
function check(...what: readonly string[]) {
  const at = (file: string) => resolve(root, contracts ?? '', file)
  const run = spawnSync(process.execPath, [at('railway-check.mjs'), at('railway.introspection.json'), ...what], {
    cwd: root,
    encoding: 'utf8',
  })
  return { output: run.stdout + run.stderr, ok: run.status === 0 }
}

describe.skipIf(!contracts)(`Railway's published schema${reason}`, () => {
  test('has every operation that the adapter sends, none of them deprecated', () => {
    const files = globSync('src/adapters/railway/**/*.ts', { cwd: root }).filter((file) => !file.endsWith('.d.ts'))
    const { output, ok } = check(...files)
    expect(output).toContain(', 0 invalid')
    expect(output).not.toContain('warning')
    expect(ok).toBe(true)
  })

  test('has everything that the emulated Railway defines', () => {
    const { output, ok } = check('--subset', 'playground/railway/schema.graphql')
    expect(output).toContain(', 0 invalid')
    expect(ok).toBe(true)
  })
})
