import { type OwnEnv, seedTables } from './seed.ts'
import type { Deployment, Tables } from './world/model.ts'
import type { World } from './world/world.ts'

/** 3: services know each other's addresses, the secret of the mesh, and voice-processor Google. */
const version = 3

interface Snapshot {
  readonly version: typeof version
  readonly tables: Tables
}

/** The rows as they are, but for the values that are given anew at each start: they may be secrets, and other ones then. */
export function takeSnapshot({ tables }: World, baseEnv: Readonly<Record<string, string>>): Snapshot {
  const copy = structuredClone(tables)
  for (const { shared } of copy.environments) for (const name of Object.keys(baseEnv)) delete shared[name]
  return { version, tables: copy }
}

/** Throws where that is no snapshot of ours. */
export function restoreTables(snapshot: unknown, baseEnv: Readonly<Record<string, string>>, ownEnv: OwnEnv = {}): Tables {
  if (!isSnapshot(snapshot)) throw new Error('The saved state of the emulated Railway is of another version: remove it to begin anew')
  const tables = structuredClone(snapshot.tables)
  for (const { name: environment, shared } of tables.environments) {
    for (const [name, value] of Object.entries({ ...baseEnv, ...ownEnv[environment] })) shared[name] = { value, sealed: false }
  }
  addMissingVersions(tables)
  return tables
}

/** A playground that was begun with fewer versions gets the others, and staging's deployments of them: only what was deployed is offered. */
function addMissingVersions(tables: Tables): void {
  const fresh = seedTables({ now: new Date(tables.environments[0]?.createdAt ?? 0), baseEnv: {} })
  for (const service of tables.services) {
    const seeded = fresh.services.find(({ id }) => id === service.id)?.commits ?? []
    const known = new Set(service.commits.map(({ sha }) => sha))
    const missing = seeded.filter(({ sha }) => !known.has(sha))
    service.commits.splice(-1, 0, ...missing)
    const isMissing = ({ serviceId, commit }: Deployment) => serviceId === service.id && missing.some(({ sha }) => sha === commit?.sha)
    tables.deployments.push(...fresh.deployments.filter(isMissing))
  }
}

function isSnapshot(value: unknown): value is Snapshot {
  return typeof value === 'object' && value !== null && (value as { version?: unknown }).version === version
}
