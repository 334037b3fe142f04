import { describe, expect, test } from 'vitest'
import type { Capabilities } from '#src/capabilities.ts'
import { Denied, permissionGuard } from '#src/guards/permission-guard.ts'
import { doors } from '#src/kernel/call.ts'
import { roles } from '#src/kernel/command.ts'
import type { Directory } from '#src/kernel/directory.ts'
import { createDispatch } from '#src/kernel/dispatch.ts'
import { loadCommands } from '#src/kernel/load.ts'
import { covers } from '#src/permissions/permissions.ts'

class Touched extends Error {}

/** Whatever a call reaches behind the permission says so by throwing. */
function tripwire<Thing extends object>(what: string): Thing {
  return new Proxy({} as Thing, {
    get: (_, name) => {
      throw new Touched(`${what}.${String(name)}`)
    },
  })
}

const book = await loadCommands(new URL('../../commands/', import.meta.url))
const dispatch = createDispatch({
  book,
  capabilities: tripwire<Capabilities>('capabilities'),
  directory: tripwire<Directory>('directory'),
  entry: [permissionGuard({ roleOf: async (_, standing) => roles.find((role) => standing?.roles.includes(role)) })],
  action: [],
})

const everyone = [undefined, ...roles]
const rows = [...book].flatMap(([name, command]) => doors.flatMap((door) => everyone.map((role) => ({ name, door, role, command }))))

describe('every command × door × role fails closed', () => {
  test('the sweep is whole', () => expect(rows).toHaveLength(book.size * doors.length * 5))

  test.each(rows)('$name at $door by $role', async ({ name, door, role, command }) => {
    const call = {
      key: 'k',
      command: name,
      raw: { service: 'x', environment: 'y' },
      actor: { kind: 'member', id: '1', name: 'Ada' },
      door,
      place: { guild: 'g', project: 'p', environment: 'e' },
    } as const
    const outcome = await dispatch(call, role ? { roles: [role], administrator: false } : undefined).catch((error: unknown) => error)
    if (!command.doors.includes(door)) expect(outcome).toMatchObject({ message: expect.stringContaining('at the door') })
    else if (!covers(role, command.role)) expect(outcome).toBeInstanceOf(Denied)
    else expect(outcome).not.toBeInstanceOf(Denied)
  })
})
