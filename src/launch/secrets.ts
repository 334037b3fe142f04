import { randomBytes } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

const secrets = z.object({ HELIX_SECRET_KEY: z.string().min(32), JWT_SECRET: z.string().min(32) })

export type Secrets = z.output<typeof secrets>

/** The secrets that are made once and kept, outside production. Throws where the file is there but cannot be read: a new key would make what was encrypted unreadable. */
export async function keepSecrets(folder: string): Promise<Secrets> {
  const path = join(folder, 'secrets.json')
  const kept = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (kept !== undefined) return secrets.parse(JSON.parse(kept))
  const made: Secrets = { HELIX_SECRET_KEY: randomBytes(32).toString('base64url'), JWT_SECRET: randomBytes(32).toString('base64url') }
  await writeFile(`${path}.new`, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600 })
  await rename(`${path}.new`, path)
  return made
}
