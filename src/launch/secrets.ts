import { randomBytes } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ConfigError } from '#src/kernel/errors.ts'

export interface Secrets {
  readonly HELIX_SECRET_KEY: string
  readonly JWT_SECRET: string
}

/** The secrets that are made once and kept, outside production. Throws where the file is there but cannot be read: a new key would make what was encrypted unreadable. */
export async function keepSecrets(folder: string): Promise<Secrets> {
  const path = join(folder, 'secrets.json')
  const kept = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (kept !== undefined) return read(kept, path)
  const made: Secrets = { HELIX_SECRET_KEY: randomBytes(32).toString('base64url'), JWT_SECRET: randomBytes(32).toString('base64url') }
  await writeFile(`${path}.new`, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600 })
  await rename(`${path}.new`, path)
  return made
}

function read(kept: string, path: string): Secrets {
  try {
    const { HELIX_SECRET_KEY, JWT_SECRET } = JSON.parse(kept) as Secrets
    if (HELIX_SECRET_KEY.length >= 32 && JWT_SECRET.length >= 32) return { HELIX_SECRET_KEY, JWT_SECRET }
  } catch {
    // Said below, without its content.
  }
  throw new ConfigError([`${path} cannot be read: restore it, or remove it together with what was kept under its keys (its whole folder)`])
}
