import { actorName, type Call } from '#src/kernel/call.ts'
import type { Command, Role } from '#src/kernel/command.ts'
import type { Entry, Guard } from '#src/kernel/dispatch.ts'
import { UserError } from '#src/kernel/errors.ts'
import { covers, type Permissions } from '#src/permissions/permissions.ts'
import type { Warrants } from '#src/policies/warrants.ts'

/**
 * Default deny: whoever holds no role that is enough learns nothing and changes nothing. Helix itself holds none: it may do what a live policy
 * says, and without `warrants` nothing.
 */
export function permissionGuard(permissions: Pick<Permissions, 'roleOf'>, warrants?: Warrants): Guard<Entry> {
  return async ({ call, command, standing }, goOn) => {
    if (call.actor.kind === 'helix') {
      if (await warrants?.covering(call)) return goOn()
      throw new Denied(`${actorName(call.actor)} may not do this (any more): no policy that acts says so now. Nothing was done.`)
    }
    const held = await permissions.roleOf(call.place.guild, standing)
    if (covers(held, command.role)) return goOn()
    if (call.actor.kind !== 'member') throw new Denied(unnamed(call, command, held))
    const isTyped = command.doors.includes('slash')
    const name = isTyped ? `/${call.command.replaceAll('.', ' ')}` : 'This button'
    throw new Denied(
      held === undefined
        ? `You have no Helix role on this server, so nothing was done. Ask an admin to give one of your Discord roles a Helix role.`
        : `${name} needs the Helix role ${command.role}, and yours is ${held}. Nothing was done. An admin can change that.`,
    )
  }
}

/** Services hold their roles by a variable of the bot. */
function unnamed({ actor, command: name }: Call, { role }: Command, held: Role | undefined): string {
  const has = held === undefined ? 'has no Helix role here' : `is ${held}`
  return `/${name.replaceAll('.', ' ')} needs the Helix role ${role}, and ${actorName(actor)} ${has}. Nothing was done. Whoever runs Helix can name it in HELIX_SERVICE_ROLES.`
}

/** Shown like any refusal; the audit tells it from the others. */
export class Denied extends UserError {}
