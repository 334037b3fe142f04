import type { Entry, Guard } from '#src/kernel/dispatch.ts'
import { UserError } from '#src/kernel/errors.ts'
import { covers, type Permissions } from '#src/permissions/permissions.ts'

/** Default deny: whoever holds no role that is enough learns nothing and changes nothing. */
export function permissionGuard(permissions: Permissions): Guard<Entry> {
  return async ({ call, command, standing }, goOn) => {
    const held = await permissions.roleOf(call.place.guild, standing)
    if (covers(held, command.role)) return goOn()
    const isTyped = command.doors.includes('slash')
    const name = isTyped ? `/${call.command.replaceAll('.', ' ')}` : 'This button'
    throw new Denied(
      held === undefined
        ? `You have no Helix role on this server, so nothing was done. Ask an admin to give one of your Discord roles a Helix role.`
        : `${name} needs the Helix role ${command.role}, and you are ${held}. Nothing was done. An admin can change that.`,
    )
  }
}

/** Shown like any refusal; the audit tells it from the others. */
export class Denied extends UserError {}
