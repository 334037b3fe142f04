import { randomUUID } from 'node:crypto'
import { afterEach, expect, vi } from 'vitest'
import type { Member } from '#src/adapters/discord/discord.ts'
import { createStore } from '#src/adapters/store/create-store.ts'
import { assembleVoice } from '#src/assemble-voice.ts'
import { createAudit } from '#src/audit/audit.ts'
import type { Capabilities } from '#src/capabilities.ts'
import { createClaims } from '#src/claims/claims.ts'
import { createDelivery } from '#src/delivery/create-delivery.ts'
import { createAnswer } from '#src/doors/answer.ts'
import { createButton } from '#src/doors/button.ts'
import { createRenderer } from '#src/doors/renderer.ts'
import { answerGuard } from '#src/guards/answer-guard.ts'
import { auditGuard } from '#src/guards/audit-guard.ts'
import { claimGuard } from '#src/guards/claim-guard.ts'
import { confirmGuard } from '#src/guards/confirm-guard.ts'
import { consentGuard } from '#src/guards/consent.ts'
import { permissionGuard } from '#src/guards/permission-guard.ts'
import { spokenGuard, spokenRunGuard } from '#src/guards/spoken-guard.ts'
import { tolerateAbsence } from '#src/guards/without-store.ts'
import type { Call } from '#src/kernel/call.ts'
import type { Role } from '#src/kernel/command.ts'
import type { Directory } from '#src/kernel/directory.ts'
import { createDispatch } from '#src/kernel/dispatch.ts'
import type { UpstreamError } from '#src/kernel/errors.ts'
import { loadCommands } from '#src/kernel/load.ts'
import type { Report } from '#src/kernel/report.ts'
import type { Speech } from '#src/open-speech.ts'
import { createOperations } from '#src/operations/create-operations.ts'
import { createPermissions } from '#src/permissions/permissions.ts'
import { createQuestions } from '#src/references/questions.ts'
import { createReferences } from '#src/references/references.ts'
import { discordDouble } from '#test/delivery/discord-double.ts'
import { handClock } from '#test/playground/discord/hand-clock.ts'
import { createTestDatabase } from '#test/support/postgres.ts'
import { quietLog } from '#test/support/quiet-log.ts'
import { doublePlace, environmentName, railwayDouble } from '#test/support/railway-double.ts'
import { roomDouble, transcriberDouble } from '#test/voice/room-double.ts'

const endings: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end()
})

const commands = await loadCommands(new URL('../../commands/', import.meta.url))
const guild = doublePlace.guild
const channelFacts = (_: string, id: string) =>
  id === ''
    ? undefined
    : { name: id === channels.general ? 'general' : `Voice ${id.at(-1)}`, kind: id === channels.general ? 'other' : 'voice' }
export const channels = { bridge: '300000000000000001', war: '300000000000000002', general: '300000000000000009' } as const

/** The voice door with the whole path behind it, on a real database; Discord's voice and the recogniser are doubles, and time is turned by hand. */
export async function voiceStage({ secondsPerDay = 3_600, speaks = true } = {}) {
  const { url, drop } = await createTestDatabase()
  const log = quietLog()
  const clock = handClock()
  const store = createStore({ url, poolSize: 8, log })
  const room = roomDouble(clock)
  const railway = railwayDouble()
  const audit = createAudit({ store })
  const references = createReferences({ store, secretKey: 'key', clock })
  const render = createRenderer({ references, book: commands, store, log })
  const delivery = createDelivery({ store, messages: discordDouble(), render, clock, log })
  const permissions = createPermissions({ store })
  const members = new Map<string, Member>()
  const trouble: { recogniser?: UpstreamError; synthesis?: Error; production: boolean } = { production: false }
  const places = {
    of: (id: string) => (id === guild ? doublePlace : undefined),
    guilds: () => [guild],
    isProduction: () => trouble.production,
  }
  const directory: Directory = {
    environments: async () => [{ id: doublePlace.environment, name: environmentName }],
    services: async () => [...railway.services.values()].map(({ id, name }) => ({ id, name })),
    deployments: async () => [],
    commits: async () => [],
    agents: async () => [],
    incidents: async () => [],
    alertRules: async () => [],
    policies: async () => [],
    rules: async () => [],
  }
  const queued: string[] = []
  const jobs = {
    start: async () => {},
    enqueue: async (_: unknown, __: unknown, id: string) => void queued.push(id),
    work: async () => {},
    stop: async () => {},
  }
  const operations = createOperations({
    store,
    delivery,
    audit,
    clock,
    log,
    jobs,
    references,
    railway: async () => railway,
    onSettled: () => {},
  })
  const speech: Speech = {
    by: 'Google',
    transcriber: transcriberDouble(() => trouble.recogniser),
    synthesizer: {
      synthesize: async ({ text, encoding }) => {
        if (trouble.synthesis) throw trouble.synthesis
        return { bytes: new TextEncoder().encode(text), encoding, durationMs: 1 }
      },
      close: async () => {},
    },
    close: async () => {},
  }

  function start() {
    const { voice, answering } = assembleVoice({
      ...{ store, delivery, directory, permissions, references, operations, clock, log, secondsPerDay, book: commands },
      places: places as never,
      gateway: { voice: { channel: channelFacts } as never, voiceStates: room.states },
      rooms: room.rooms,
      inspection: { guild: async () => undefined },
      members: { read: async (_, user) => members.get(user) },
      speech: speaks ? speech : { missing: 'Helix does not understand speech here.' },
      dispatch: (call, standing) => dispatch(call, standing),
    })
    const tolerate = tolerateAbsence(store, log)
    const questions = createQuestions({ store, delivery, clock })
    const capabilities = { book: commands, operations, voice, clock } as unknown as Capabilities
    const dispatch = createDispatch({
      ...{ book: commands, capabilities, directory },
      entry: [
        claimGuard(createClaims({ store }), tolerate),
        auditGuard(audit, log, tolerate),
        permissionGuard(permissions),
        answerGuard(references, questions),
        spokenRunGuard(clock),
      ],
      action: [
        consentGuard({
          person: confirmGuard(places, questions),
          speaker: spokenGuard(places, clock),
          automation: async (_, goOn) => goOn(),
        }),
      ],
    })
    const answer = createAnswer({ render, delivery, log })
    const button = createButton({ places: places as never, references, dispatch: answering(dispatch), answer })
    endings.push(() => voice.stop())
    return { voice, dispatch, button }
  }
  endings.push(drop, () => store.close())
  let running = start()

  async function member(id: string, name: string, role: Role | undefined) {
    members.set(id, { id, name, standing: { roles: role ? [`role-${role}`] : [], administrator: false } })
    if (role) {
      const row = { guild, role_id: `role-${role}`, role }
      await store.db
        .insertInto('role_grants')
        .values(row)
        .onConflict((conflict) => conflict.doNothing())
        .execute()
    }
    return id
  }

  const callOf = (user: string, command: string, raw: object = {}): Call => ({
    key: `discord:${randomUUID()}`,
    command,
    raw: { ...raw },
    actor: { kind: 'member', id: user, name: members.get(user)!.name },
    door: 'slash',
    place: doublePlace,
    reply: { channel: channels.general, message: randomUUID() },
  })
  const slash = (user: string, command: string, raw: object = {}) =>
    running.dispatch(callOf(user, command, raw), members.get(user)!.standing)

  /** Reports of the text channel, oldest first. */
  async function shown(): Promise<readonly (Report & { readonly subject: string })[]> {
    const rows = await store.db
      .selectFrom('messages')
      .innerJoin('living', 'living.subject', 'messages.subject')
      .select(['living.report', 'living.subject'])
      .where('messages.channel', '=', channels.general)
      .orderBy('messages.created_at')
      .execute()
    return rows.map(({ report, subject }) => ({ ...report, subject }))
  }

  async function until(holds: (report: Report) => boolean): Promise<Report & { readonly subject: string }> {
    return vi.waitFor(
      async () => {
        const all = await shown()
        const found = all.findLast(holds)
        if (!found)
          throw new Error(
            JSON.stringify(
              all.map(({ title, sentence, facts }) => ({ title, sentence, facts })),
              null,
              1,
            ),
          )
        return found
      },
      { timeout: 5_000, interval: 10 },
    )
  }

  /** Presses a button of an exchange as Discord would tell; answers what the presser sees, and where. */
  async function press(user: string, report: Report & { readonly subject: string }, label: string) {
    const action = report.actions!.find((each) => each.label === label)!
    const customId = await references.issue({ place: doublePlace, action, answer: action.confirms ? 'update' : 'public' })
    const seen: { where: 'answer' | 'whisper'; content: string }[] = []
    await running.button({
      kind: 'button',
      id: randomUUID(),
      guild,
      channel: channels.general,
      member: members.get(user)!,
      customId,
      acknowledge: async () => ({ channel: channels.general, message: report.subject }),
      answer: async ({ content }) => {
        seen.push({ where: 'answer', content })
        return { channel: channels.general, message: report.subject }
      },
      whisper: async ({ content }) => void seen.push({ where: 'whisper', content }),
    })
    return seen[0]!
  }

  /** Whatever this member said before is dealt with: sentences of one member are, in their order. */
  async function dealtWith(user: string): Promise<void> {
    const before = await count()
    room.speak(user, 'helix help deploy')
    await vi.waitFor(async () => expect(await count()).toBeGreaterThan(before), { timeout: 5_000, interval: 10 })
    async function count(): Promise<number> {
      return (await shown()).filter(({ title }) => title === '/deploy').length
    }
  }

  return {
    ...{
      store,
      clock,
      room,
      railway,
      log,
      queued,
      trouble,
      member,
      slash,
      shown,
      until,
      press,
      operations,
      delivery,
      callOf,
      dealtWith,
      members,
    },
    get voice() {
      return running.voice
    },
    /** As another process would find it. */
    async restart() {
      room.crash()
      running = start()
      await running.voice.resume()
    },
    /** A member in the channel who may be heard, with Helix in it. */
    async joined(name = 'Ada', role: Role = 'deployer') {
      const id = await member(`10${name.length}${name.charCodeAt(0)}`, name, role)
      room.enter(id, channels.bridge)
      await slash(id, 'voice.join')
      return id
    },
    audit: () => store.db.selectFrom('audit').selectAll().orderBy('id').execute(),
  }
}

export const factOf = (report: Report, label: string) => report.facts?.find((fact) => fact.label === label)?.value

export const asks = ({ title }: Report) => title === 'Please confirm'

/** The stage with two services that run. */
export async function withServices(given: Parameters<typeof voiceStage>[0] = {}) {
  const stage = await voiceStage(given)
  const services = ['voice-processor', 'websocket-streaming'].map((name) => stage.railway.add(name))
  for (const service of services) stage.railway.deployByHand(service)
  await vi.waitFor(() => expect(services.every(({ deployments }) => deployments[0]?.status === 'SUCCESS')).toBe(true))
  return stage
}
