import { readFile, rename, writeFile } from 'node:fs/promises'
import { parseEnv } from 'node:util'

export type Values = Readonly<Record<string, string>>

/** What the file sets so far; nothing where there is none. */
export async function readDotenv(path: string): Promise<{ readonly text: string; readonly values: Readonly<NodeJS.Dict<string>> }> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw error
  })
  return { text, values: parseEnv(text) }
}

/** The file with those variables set anew, an empty one removed; every other line stays as it is. */
export function withValues(text: string, values: Values): string {
  const kept = text.split('\n').filter((line) => !(nameOf(line) in values))
  while (kept.at(-1) === '') kept.pop()
  const set = Object.entries(values).flatMap(([name, value]) => (value === '' ? [] : [`${name}=${quoted(value)}`]))
  return `${[...kept, ...set].join('\n')}\n`
}

/** Whole or not at all, and for its owner alone: it holds tokens. */
export async function writeDotenv(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text, { mode: 0o600 })
  await rename(`${path}.new`, path)
}

function nameOf(line: string): string {
  return /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=/.exec(line)?.[1] ?? ''
}

function quoted(value: string): string {
  return /^[\w.:,/@%+=-]*$/.test(value) ? value : `'${value}'`
}
