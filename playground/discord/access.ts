import type { Channel, Member } from './model.ts'
import type { PermissionName } from './permissions.ts'
import { isThread, permission, permissionsOf } from './permissions.ts'
import { Refused } from './refusals.ts'
import type { World } from './world.ts'

export interface Access {
  /** Refuses 50001. */
  member(account: string): Member
  /** The channel, if the account sees it and has those permissions there. Refuses 10003, 50001, 50013. */
  channel(account: string, channel: string, ...needed: readonly PermissionName[]): Channel
  /** The same for one who writes; in threads that is a permission of its own. Refuses 50083 and 160005 besides. */
  writable(account: string, channel: string, ...needed: readonly PermissionName[]): Channel
  /** Refuses 10004. */
  guild(id: string): void
}

export function createAccess(world: World): Access {
  const member = (account: string) => {
    const found = world.members.get(account)
    if (!found) throw new Refused('missingAccess')
    return found
  }
  const channel = (account: string, id: string, ...needed: readonly PermissionName[]) => {
    const found = world.channels.get(id)
    if (!found) throw new Refused('unknownChannel')
    const mine = permissionsOf(member(account), world, found)
    if (!(mine & permission.VIEW_CHANNEL)) throw new Refused('missingAccess')
    if (needed.some((name) => !(mine & permission[name]))) throw new Refused('missingPermissions')
    return found
  }
  return {
    member,
    channel,
    writable: (account, id, ...needed) => {
      const standing = world.channels.get(id)
      const found = channel(account, id, standing && isThread(standing) ? 'SEND_MESSAGES_IN_THREADS' : 'SEND_MESSAGES', ...needed)
      if (found.thread_metadata?.locked) throw new Refused('threadLocked')
      if (found.thread_metadata?.archived) throw new Refused('archivedThread')
      return found
    },
    guild: (id) => {
      if (id !== world.guild.id) throw new Refused('unknownGuild')
    },
  }
}
