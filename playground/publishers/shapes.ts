import { hostileMessage, malformedMessage, strangeTime } from './bad-messages.ts'
import { agents, inTurn, type Moment, round, services, ucf, ucfOfTen, virtues } from './ucf.ts'

/** A kind of message that is seen on Redis in the wild. */
export interface Shape {
  readonly describe: string
  /** Where it is seen; the first unless another is asked for. */
  readonly channels: readonly [string, ...string[]]
  /** The text or bytes that are published. */
  message(moment: Moment): string | Buffer
}

const readings = ['consciousness:stream', 'consciousness_stream', 'consciousness-stream', 'ucf-metrics'] as const

/** A new shape is a row here. */
export const shapes = {
  reading: json('An agent’s reading: level and metrics.', readings, (moment) => ({
    agent_id: inTurn(agents, moment.number),
    consciousness_level: round(moment.level),
    ucf_metrics: ucf(moment),
  })),
  coordinator: json('The coordinator’s update, with metrics of its own.', ['consciousness-stream', ...readings], (moment) => ({
    type: 'consciousness_update',
    ucf_metrics: virtues(moment),
    consciousness_level: round(moment.level),
  })),
  manager: plain('The manager’s level, metrics on 0–10.', ['consciousness:stream', ...readings], (moment) => ({
    level: round(moment.level),
    ucf: ucfOfTen(moment),
  })),
  metrics: plain('Bare metrics on 0–1, without a level.', ['ucf-metrics', ...readings], ucf),
  health: json(
    'The coordinator’s look at the services; they fail one by one below level 6.',
    ['health-status', 'service:health'],
    (moment) => ({
      type: 'health_update',
      services: Object.fromEntries(
        services.map((name, index) => [name, { status: moment.level < 6 - index * 1.5 ? 'unhealthy' : 'healthy' }]),
      ),
    }),
  ),
  unhealed: json('A service that could not be healed.', ['collective-intelligence'], ({ level, number }) => ({
    service: inTurn(services, number),
    error: 'connect ECONNREFUSED 10.0.0.7:8080',
    consciousness_level: round(level),
  })),
  wisdom: json('What the coordinator made of it all.', ['wisdom-synthesis'], ({ level, number }) => ({
    type: 'wisdom_synthesis',
    insight: inTurn(['The services breathe together.', 'One of them asks for rest.'], number),
    consciousness_level: round(level),
  })),
  agent: json('An agent came, changed or went.', ['agent_events', 'agent:coordination'], ({ number }) => ({
    event: inTurn(['agent_created', 'agent_updated', 'agent_deleted'], number),
    agent_id: inTurn(agents, Math.floor(number / 3)),
  })),
  task: json('A task for an agent.', ['agent_task_queue'], ({ number }) => ({
    event: 'task_created',
    task_id: number + 1,
    agent_id: inTurn(agents, number),
    task_type: 'summarize',
    task_data: { text: 'What happened in the last hour?' },
  })),
  'task-update': json('What became of a task.', ['agent_task_events'], ({ number }) => ({
    event: 'task_updated',
    task_id: Math.floor(number / 2) + 1,
    status: inTurn(['in_progress', 'completed'], number),
  })),
  coordination: json('Agents and their work: a task that died, an agent gone silent.', ['agent:coordination'], ({ number, at }) =>
    inTurn<object>(
      [
        { event: 'task_claimed', ...task(number), status: 'active', attempt: 1, max_attempts: 3 },
        { event: 'task_dead', ...task(number), status: 'dead', attempt: 3, max_attempts: 3, error: 'The model did not answer.' },
        { event: 'agent_silent', agent_id: inTurn(agents, number), last_seen_at: new Date(at.getTime() - 90_000).toISOString() },
        { event: 'agent_heard', agent_id: inTurn(agents, number), last_seen_at: at.toISOString() },
      ],
      number,
    ),
  ),
  voice: json('Something was heard or said.', ['voice_events'], ({ number }) =>
    inTurn<object>(
      [
        { event: 'transcription_completed', text: 'helix status of production', confidence: 0.93, language: 'en-US' },
        { event: 'synthesis_completed', text_length: 42, duration: 2.8 },
        { event: 'audio_processed', filename: 'standup.wav', text_length: 318, confidence: 0.88 },
      ],
      number,
    ),
  ),
  zapier: json('Zapier sent an event.', ['zapier_events'], ({ number }) => ({
    event_id: `evt_${number + 1}`,
    event_type: inTurn(['payment.received', 'form.submitted', 'incident.opened'], number),
    payload: { amount: 4_200, currency: 'EUR' },
    source: 'zapier',
  })),
  'zapier-trigger': json('A trigger for Zapier.', ['zapier_triggers'], ({ number }) => ({
    event_id: `trg_${number + 1}`,
    trigger: 'deployment_finished',
    data: { service: inTurn(services, number), status: 'SUCCESS' },
  })),
  'zapier-action': json('An action that Zapier asks for.', ['zapier_actions'], ({ number }) => ({
    event_id: `act_${number + 1}`,
    action: 'post_message',
    parameters: { text: 'Hello from Zapier' },
  })),
  malformed: {
    describe: 'Messages that cannot be read, each of another kind: cut off, of wrong types, huge, deep.',
    channels: readings,
    message: malformedMessage,
  },
  'strange-time': { describe: 'Readings whose clocks cannot be right.', channels: readings, message: strangeTime },
  hostile: {
    describe: 'Readings full of mentions, markdown, links and control characters.',
    channels: [...readings, 'collective-intelligence', 'agent_events'],
    message: hostileMessage,
  },
} as const satisfies Record<string, Shape>

export type ShapeName = keyof typeof shapes
export const shapeNames = Object.keys(shapes) as [ShapeName, ...ShapeName[]]

/** With the time at its end, as the services say it. */
function json(describe: string, channels: Shape['channels'], fields: (moment: Moment) => object): Shape {
  return plain(describe, channels, (moment) => ({ ...fields(moment), timestamp: moment.at.toISOString() }))
}

function plain(describe: string, channels: Shape['channels'], fields: (moment: Moment) => object): Shape {
  return { describe, channels, message: (moment) => JSON.stringify(fields(moment)) }
}

function task(number: number) {
  return { task_id: number + 1, agent_id: inTurn(agents, number), task_type: 'command' }
}
