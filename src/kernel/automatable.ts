import type { Command } from './command.ts'

/**
 * Whether automation may call a command. What destroys and is no operation has no plan that could be confirmed beforehand: it is for
 * people, whatever its doors say.
 */
export function isAutomatable(command: Command): boolean {
  return command.doors.includes('automation') && ('change' in command || command.risk !== 'destructive')
}
