import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Environment } from './stores.ts'

const fileName = 'bot-variables.json'
const kept = z.record(z.string(), z.string())

/** What the launcher gave the bot beside its own environment (stores, secrets, the playground's vendors), while it runs: `npm run doctor` looks with the bot's eyes. */
export function keepBotVariables(folder: string): { write(variables: Environment): void; remove(): void } {
  const path = join(folder, fileName)
  return {
    // As private as the secrets beside it.
    write: (variables) => writeFileSync(path, `${JSON.stringify(variables)}\n`, { mode: 0o600 }),
    remove: () => rmSync(path, { force: true }),
  }
}

/** Those of the start of that kind that was begun last, in `.helix` or wherever HELIX_DATA points; undefined where none runs. */
export function readBotVariables(base: string, kind: 'playground' | 'bot'): Readonly<Record<string, string>> | undefined {
  const files = folders(base)
    .filter((name) => name.replace(/-\d+$/, '') === kind)
    .flatMap((name) => {
      const path = join(base, name, fileName)
      const at = statSync(path, { throwIfNoEntry: false })?.mtimeMs
      return at === undefined ? [] : [{ path, at }]
    })
  const newest = files.toSorted((one, other) => other.at - one.at)[0]
  return newest && kept.parse(JSON.parse(readFileSync(newest.path, 'utf8')))
}

function folders(base: string): readonly string[] {
  try {
    return readdirSync(base)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
