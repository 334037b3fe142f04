import { incident } from '#src/kernel/arguments/incident.ts'
import { defineCommand, everywhere } from '#src/kernel/command.ts'

export default defineCommand({
  describe: 'An incident as it stands, with what can be done about it',
  role: 'viewer',
  risk: 'read',
  doors: everywhere,
  answer: 'public',
  arguments: { incident: incident() },
  says: ['[show|read|give] [me] incident [number] {incident}'],
  needs: ['incidents'],
  run: ({ incident }, { incidents, call }) => incidents.show(call, incident),
})
