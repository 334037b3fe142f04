import { randomBytes } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ConfigError } from '#src/kernel/errors.ts'

const names = ['HELIX_SECRET_KEY', 'JWT_SECRET', 'SERVICE_MESH_SECRET', 'ZAPIER_SECRET'] as const
export type Secrets = Readonly<Record<(typeof names)[number], string>>

const LEAST_LENGTH = 32

/**
 * The secrets that are made once and kept, outside production; one that an earlier version did not know is made and added. Throws where
 * the file is there but cannot be read: a new key would make what was encrypted unreadable.
 */
export async function keepSecrets(folder: string): Promise<Secrets> {
  const path = join(folder, 'secrets.json')
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  const kept = text === undefined ? {} : read(text, path)
  const secrets = Object.fromEntries(names.map((name) => [name, kept[name] ?? randomBytes(32).toString('base64url')])) as Secrets
  if (names.every((name) => name in kept)) return secrets
  await writeFile(`${path}.new`, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 })
  await rename(`${path}.new`, path)
  return secrets
}

function read(text: string, path: string): Partial<Secrets> {
  try {
    const kept = JSON.parse(text) as Partial<Secrets>
    const given = names.flatMap((name) => (name in kept ? [kept[name]] : []))
    if (kept.HELIX_SECRET_KEY && given.every((value) => typeof value === 'string' && value.length >= LEAST_LENGTH)) return kept
  } catch {
    // Said below, without its content.
  }
  throw new ConfigError([`${path} cannot be read: restore it, or remove it together with what was kept under its keys (its whole folder)`])
}
