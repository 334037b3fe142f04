import type { DiscordMembers } from '#src/adapters/discord/discord.ts'
import { Denied } from '#src/guards/permission-guard.ts'
import type { Call } from '#src/kernel/call.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { Dispatch } from '#src/kernel/dispatch.ts'
import { SeenBefore, UserError } from '#src/kernel/errors.ts'
import { failureReport } from '#src/kernel/failure-report.ts'
import type { Log } from '#src/kernel/log.ts'
import type { Report } from '#src/kernel/report.ts'
import { NotAnswered } from '#src/references/references.ts'
import type { Understanding, Wish } from '#src/understanding/understanding.ts'
import { doubtReport } from '#src/voice/doubt.ts'
import type { Exchange } from '#src/voice/exchange.ts'
import type { Hearing, Said } from '#src/voice/hear.ts'
import type { OpenQuestions } from '#src/voice/open-questions.ts'
import type { Listener, Session } from '#src/voice/session.ts'
import { speakable, spoken } from '#src/voice/spoken.ts'
import type { Talk } from '#src/voice/talk.ts'

export interface VoiceDoor extends Listener {
  /** The same dispatch for buttons: a press that answers a question of a voice channel is told there as well. */
  answering(dispatch: Dispatch): Dispatch
  /** An operation came to its end: who asked for it by voice hears of it. */
  settled(operation: string): Promise<void>
}

export interface VoiceDoorParts {
  readonly hearing: Hearing
  readonly questions: OpenQuestions
  readonly members: DiscordMembers
  readonly dispatch: Dispatch
  /** How an operation stands. */
  readonly shown: (operation: string) => Promise<Report | undefined>
  readonly clock: Clock
  readonly log: Log
}

/** Utterances of one member that are dealt with at once: whoever says more than that in a breath is not waited for. */
const MOST_UNDER_WAY = 8
/** Operations whose end is still to be told. */
const MOST_FOLLOWED = 200
/** How long what Helix asked is waited for, in ms; after its name alone, less. */
const waits = { askingMs: 20_000, attentiveMs: 10_000 } as const

/** What is said in a voice channel: understood, read back, and called on the one path, with the speaker as the actor. */
export function createVoiceDoor({ hearing, questions, members, dispatch, shown, clock, log }: VoiceDoorParts): VoiceDoor {
  const followed = new Map<string, { readonly session: Session; readonly exchange: Exchange }>()
  const later = (ms: number) => new Date(clock.now().getTime() + ms)

  async function act(session: Session, talk: Talk, fresh: Exchange, said: Said | undefined): Promise<void> {
    if (!said || talk.gone.signal.aborted) return fresh.drop()
    const understanding = await hearing.understand(session, talk, said)
    if (!understanding.addressed) {
      await aside(session, talk, said)
      return fresh.drop()
    }
    const isUnusable = said.isCut || said.hasSecret
    talk.context = understanding.context
    if (understanding.answer && !isUnusable) return answer(session, talk, fresh, said, understanding.answer)
    const wish = wishOf(understanding)
    const exchange = exchangeFor(talk, fresh, said, wish)
    const isBetter = talk.pending?.exchange === exchange
    await questions.drop(talk, isBetter ? undefined : `${talk.name} said something else, so nothing was done.`)
    talk.asking = undefined
    exchange.heard(said.words)
    exchange.understood(isUnusable ? undefined : wish)
    if (said.isCut) return reply(session, exchange, doubtReport({ alternatives: [], why: 'too long' }))
    if (said.hasSecret) return reply(session, exchange, secretReport)
    if (wish) return run(session, talk, exchange, wish)
    await ask(session, talk, exchange, said, understanding)
  }

  /** What answers or corrects belongs to the exchange in which Helix asked. */
  function exchangeFor({ pending, asking }: Talk, fresh: Exchange, { startedAt }: Said, wish: Wish | undefined): Exchange {
    if (pending && wish?.command === pending.call.command) return pending.exchange
    return asking && startedAt <= asking.until ? asking.exchange : fresh
  }

  async function ask(session: Session, talk: Talk, exchange: Exchange, said: Said, understanding: Understanding): Promise<void> {
    const { missing, why } = understanding
    if (missing || why === 'nothing said') talk.asking = { exchange, until: later(waits.askingMs) }
    if (why === 'nothing said') talk.attentive = { from: said.startedAt, until: later(waits.attentiveMs) }
    await reply(session, exchange, doubtReport(understanding))
    if (talk.context && missing) talk.context = { ...talk.context, asked: true, at: clock.now() }
  }

  async function run(session: Session, talk: Talk, exchange: Exchange, { command, args }: Wish): Promise<void> {
    const { user, name } = talk
    const { place, row } = session
    await make(session, talk, exchange, {
      ...{ key: exchange.nextKey(), command, raw: args, door: 'voice', place },
      actor: { kind: 'member', id: user, name },
      ...{ exchange: exchange.id, channel: row.textChannel },
    })
  }

  /** The speaker's roles are those of this moment. */
  async function make(session: Session, talk: Talk, exchange: Exchange, call: Call): Promise<void> {
    let report: Report
    try {
      const member = await members.read(session.place.guild, talk.user)
      if (!member) throw new UserError('Discord knows no such member any more, so nothing was done.')
      if (talk.gone.signal.aborted) throw new UserError(`${talk.name} is not heard any more, so nothing was done.`)
      report = await dispatch({ ...call, actor: { kind: 'member', id: member.id, name: member.name } }, member.standing)
    } catch (error) {
      if (error instanceof SeenBefore) return
      report = failureReport(error, log)
    }
    await became(session, talk, exchange, call, report)
  }

  /** Shows and says what came of a call. Answers how the exchange's message stands. */
  async function became(session: Session, talk: Talk, exchange: Exchange, call: Call, report: Report): Promise<Report> {
    const action = questions.asked(report, call)
    if (action && talk.gone.signal.aborted) return exchange.show(notHeard(talk))
    if (action) {
      await questions.wait(session, talk, { exchange, call, action })
      const shownThen = await exchange.show(report, 'open')
      talk.context = { ...talk.context, asked: true, at: clock.now() }
      session.say(spoken(report))
      return shownThen
    }
    const outcome = report.operation === undefined ? report : begun(report)
    if (report.operation !== undefined) follow(report.operation, session, exchange)
    session.say(spoken(outcome))
    return exchange.show(outcome)
  }

  async function answer(session: Session, talk: Talk, fresh: Exchange, said: Said, yesOrNo: 'confirm' | 'cancel'): Promise<void> {
    const { pending, asking } = talk
    if (!pending) {
      if (yesOrNo === 'confirm' && (await aside(session, talk, said))) return fresh.drop()
      talk.asking = undefined
      const exchange = asking && said.startedAt <= asking.until ? asking.exchange : fresh
      exchange.heard(said.words)
      const sentence = exchange === fresh ? 'Nothing of yours waits for an answer, so nothing was done.' : 'Nothing was done.'
      return reply(session, exchange, { title: 'Nothing was done', tone: 'neutral', sentence })
    }
    const { exchange, action, call, askedAt, reference } = pending
    // Whoever says yes before the question was read back says it to something else.
    if (yesOrNo === 'confirm' && said.startedAt < askedAt) return exchange.remark('A “confirm” from before the question does not count.')
    exchange.heard(said.words)
    if (yesOrNo === 'cancel') {
      await questions.drop(talk, `${talk.name} cancelled. Nothing was changed.`)
      return session.say('Cancelled. Nothing was done.')
    }
    if (!action.confirms.aloud) {
      session.say('That needs the button. Please press it to confirm.')
      talk.context = { ...talk.context, asked: true, at: clock.now() }
      return exchange.remark('A spoken “confirm” is not enough here: press the button.')
    }
    questions.answered(talk, pending)
    await make(session, talk, exchange, { ...call, key: exchange.nextKey(), confirmed: action.confirms, answers: reference })
  }

  /** Somebody else's yes does nothing, and says so, once for each who tries. */
  async function aside(session: Session, { user, name }: Talk, said: Said): Promise<boolean> {
    const waiting = [...session.talks.values()].flatMap((each) =>
      each.user !== user && each.pending ? [{ each, pending: each.pending }] : [],
    )
    const [first] = waiting
    if (!first || !hearing.isYes(session, said)) return false
    if (first.pending.others.has(user)) return true
    first.pending.others.add(user)
    session.say(speakable(`Only ${first.each.name} can confirm that.`))
    await first.pending.exchange.remark(`${name} said “confirm”, but only ${first.each.name} can: it did nothing.`)
    return true
  }

  async function reply(session: Session, exchange: Exchange, report: Report): Promise<void> {
    session.say(spoken(report))
    await exchange.show(report)
  }

  function follow(operation: string, session: Session, exchange: Exchange): void {
    followed.set(operation, { session, exchange })
    for (const oldest of followed.keys()) {
      if (followed.size <= MOST_FOLLOWED) return
      followed.delete(oldest)
    }
  }

  /** A press is a press, whatever became of the conversation: what it starts has a message of its own, and the exchange says what came of it. */
  async function pressed(run: Dispatch, call: Call, standing: Parameters<Dispatch>[1]): Promise<Report> {
    const found = call.exchange === undefined ? undefined : questions.of(call.exchange)
    if (!found) return run(call, standing)
    const { session, talk, pending } = found
    const { reply: _, ...rest } = call
    let report: Report
    const running = run({ ...rest, channel: session.row.textChannel }, standing)
    // A press in time counts, however long it takes to work out what it starts: the question's end waits for it.
    talk.tail = Promise.allSettled([talk.tail, running]).then(() => {})
    try {
      report = await running
    } catch (error) {
      // No answer to the question: it waits on.
      if (error instanceof NotAnswered || error instanceof Denied || error instanceof SeenBefore) throw error
      report = failureReport(error, log)
    }
    questions.answered(talk, pending)
    return became(session, talk, pending.exchange, call, report)
  }

  return {
    heard(session, utterance, talk) {
      if (talk.underWay >= MOST_UNDER_WAY) return
      talk.underWay += 1
      const fresh = session.exchange(talk)
      const words = hearing.words(session, talk, utterance, fresh)
      // Its turn may be far away; it is dealt with then.
      words.catch(() => {})
      talk.tail = talk.tail
        .then(async () => act(session, talk, fresh, await words))
        .catch((err: unknown) => log.error({ err, guild: session.place.guild }, 'what was said could not be dealt with'))
        .finally(() => {
          talk.underWay -= 1
        })
    },
    left: (_, talk, why) => questions.drop(talk, `${talk.name} ${why}, so nothing was done.`),
    answering: (run) => (call, standing) => pressed(run, call, standing),
    async settled(operation) {
      const waiting = followed.get(operation)
      if (!waiting) return
      followed.delete(operation)
      const report = await shown(operation)
      if (!report) return
      const { title, tone, sentence } = report
      waiting.session.say(spoken({ title, tone, sentence }))
      await waiting.exchange.show({ title, tone, sentence })
    },
  }
}

function wishOf({ command, args }: Understanding): Wish | undefined {
  return command === null ? undefined : { command, args }
}

/** What goes on has a message of its own. */
function begun({ title, tone }: Report): Report {
  return { title, tone, sentence: `Begun: ${title}.` }
}

function notHeard({ name }: Talk): Report {
  return { title: 'Not confirmed', tone: 'neutral', sentence: `${name} is not heard any more, so nothing was done.` }
}

const secretReport: Report = {
  title: 'Nothing was done',
  tone: 'warning',
  sentence: 'That sounded as if it held a secret, so it was masked and nothing was done. Secrets are typed, never said.',
}
