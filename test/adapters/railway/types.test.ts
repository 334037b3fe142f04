import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'

const root = new URL('../../../', import.meta.url)

test('the committed Railway types are those of the emulated Railway’s schema', () => {
  const answer = execFileSync(process.execPath, ['tools/railway-types.ts', '--check'], { cwd: root, encoding: 'utf8' })
  expect(answer).toContain('up to date')
})
