import { defineCommand, peopleInDiscord } from '#src/kernel/command.ts'

export default defineCommand({
  describe: 'Bring Helix into your voice channel; you agree to be heard by it',
  role: 'operator',
  risk: 'read',
  doors: peopleInDiscord,
  answer: 'public',
  arguments: {},
  says: [],
  needs: ['voice'],
  run: (_, { voice, call }) => voice.join(call),
})
