import { createHmac, randomBytes, randomUUID } from 'node:crypto'
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ConfigError } from '#src/kernel/errors.ts'

const names = ['HELIX_SECRET_KEY', 'JWT_SECRET', 'SERVICE_MESH_SECRET', 'ZAPIER_SECRET'] as const
export type Secrets = Readonly<Record<(typeof names)[number], string>>

const LEAST_LENGTH = 32

/**
 * The secrets that are made once and kept, outside production. Of processes that begin at the same moment the first makes them, and the others
 * read those; one that an earlier version did not know follows from the oldest, so that whoever adds it adds the same. Throws where the
 * file is there but cannot be read: a new key would make what was encrypted unreadable.
 */
export async function keepSecrets(folder: string): Promise<Secrets> {
  const path = join(folder, 'secrets.json')
  const kept = (await keptAt(path)) ?? (await make(path))
  if (names.every((name) => name in kept)) return kept as Secrets
  const secrets = Object.fromEntries(names.map((name) => [name, kept[name] ?? derived(kept.HELIX_SECRET_KEY, name)])) as Secrets
  await written(path, secrets, rename)
  return secrets
}

type Kept = Partial<Secrets> & Pick<Secrets, 'HELIX_SECRET_KEY'>

/** A link, other than a renaming, never replaces what another has put there meanwhile. */
async function make(path: string): Promise<Kept> {
  const secrets = Object.fromEntries(names.map((name) => [name, randomBytes(32).toString('base64url')])) as Secrets
  try {
    await written(path, secrets, link)
    return secrets
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return (await keptAt(path))!
  }
}

/** Whole before it has its name. */
async function written(path: string, secrets: Secrets, name: (from: string, to: string) => Promise<void>): Promise<void> {
  const own = `${path}.${randomUUID()}`
  try {
    await writeFile(own, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 })
    await name(own, path)
  } finally {
    await rm(own, { force: true })
  }
}

function derived(key: string, name: string): string {
  return createHmac('sha256', key).update(name).digest('base64url')
}

async function keptAt(path: string): Promise<Kept | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  return text === undefined ? undefined : read(text, path)
}

function read(text: string, path: string): Kept {
  try {
    const kept = JSON.parse(text) as Kept
    const given = names.flatMap((name) => (name in kept ? [kept[name]] : []))
    if (kept.HELIX_SECRET_KEY && given.every((value) => typeof value === 'string' && value.length >= LEAST_LENGTH)) return kept
  } catch {
    // Said below, without its content.
  }
  throw new ConfigError([`${path} cannot be read: restore it, or remove it together with what was kept under its keys (its whole folder)`])
}
