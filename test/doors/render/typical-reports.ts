import type { Report } from '#src/kernel/report.ts'

const service = { service: 'voice-processor' }

/** One report of each sort that members see every day. */
export const typicalReports: Readonly<Record<string, Report>> = {
  'deploy-under-way': {
    title: 'Deploying voice-processor',
    tone: 'neutral',
    sentence: 'voice-processor is being deployed to production: Railway is building it (step 2 of 4).',
    facts: [
      { label: 'Service', value: 'voice-processor' },
      { label: 'Environment', value: 'production' },
      { label: 'Commit', value: '9f3c2e1 Fix the _silence_ detector' },
      { label: 'Started by', value: 'Sam' },
    ],
    table: {
      head: ['step', 'state', 'took'],
      rows: [
        ['ask Railway', 'done', '1 s'],
        ['build', 'under way', '24 s'],
        ['start', '', ''],
        ['verify', '', ''],
      ],
    },
    actions: [{ label: 'Cancel', command: 'cancel', arguments: service, danger: true }],
    operation: '01K4Q3M8Z6',
  },
  'deploy-done': {
    title: 'voice-processor is deployed',
    tone: 'good',
    sentence: 'voice-processor runs the new version in production: 2 of 2 instances are healthy after 48 seconds.',
    facts: [
      { label: 'Deployment', value: '7b1f0c52-2f7e-4a07-9d0b-3f7a3e8f9a11' },
      { label: 'Address', value: 'https://voice-processor-production.up.railway.app' },
    ],
    actions: [
      { label: 'Logs', command: 'logs', arguments: service },
      { label: 'Roll back', command: 'rollback', arguments: service, danger: true },
    ],
  },
  confirm: {
    title: 'Deploy voice-processor to production?',
    tone: 'warning',
    sentence: 'This changes production: voice-processor goes from 9f3c2e1 to a81d220. Only Sam can confirm it, within 5 minutes.',
    facts: [{ label: 'Instances', value: '2' }],
    actions: [
      { label: 'Deploy to production', command: 'deploy', arguments: service, confirms: { by: 'discord:1', digest: 'abc' } },
      { label: 'Not now', command: 'dismiss', arguments: {} },
    ],
  },
  'unknown-service': {
    title: 'Not done',
    tone: 'warning',
    sentence: 'There is no service “voice-procesor” in production. Did you mean voice-processor? Nothing was done.',
    actions: [{ label: 'Deploy voice-processor', command: 'deploy', arguments: service }],
  },
  'railway-refused': {
    title: 'Railway refused',
    tone: 'bad',
    sentence: 'Railway answered “Problem processing request” to serviceInstanceDeployV2. Nothing was changed.',
    facts: [{ label: 'Trace', value: '4bf92f3577b34da6a3ce929d0e0e4736' }],
  },
  services: {
    title: 'Services of production',
    tone: 'warning',
    sentence: '4 services in production: 3 healthy, 1 crashed (zapier-integration).',
    table: {
      head: ['service', 'state', 'replicas', 'commit'],
      rows: [
        ['websocket-streaming', '✅ healthy', '2', '9f3c2e1'],
        ['agent-orchestrator', '✅ healthy', '1', 'a81d220'],
        ['voice-processor', '✅ healthy', '2', '9f3c2e1'],
        ['zapier-integration', '❌ crashed', '1', '0c0ffee'],
      ],
    },
    actions: [{ label: 'Restart zapier-integration', command: 'restart', arguments: { service: 'zapier-integration' }, danger: true }],
  },
  deployments: {
    title: 'Deployments of voice-processor',
    tone: 'neutral',
    sentence: 'The last 3 deployments of voice-processor in production; the newest runs.',
    table: {
      head: ['deployment', 'state', 'when', 'commit', 'message', 'by'],
      rows: [
        ['7b1f0c52', 'SUCCESS', '2 minutes ago', 'a81d220', 'Recognise “web socket” as a name', 'Sam'],
        ['5d20e9aa', 'REMOVED', '3 hours ago', '9f3c2e1', 'Fix the silence detector', 'Alex'],
        ['11aa03bd', 'FAILED', '1 day ago', '77ab001', 'Use the new model ```large```', 'Sam'],
      ],
    },
  },
  logs: {
    title: 'Logs of agent-orchestrator',
    tone: 'neutral',
    sentence: '40 lines of agent-orchestrator in production, the newest last.',
    table: {
      head: ['time', 'line'],
      keep: 'last',
      rows: Array.from({ length: 40 }, (_, line) => [
        `12:00:${String(line).padStart(2, '0')}`,
        line % 9 === 4
          ? `\u001b[31mERROR\u001b[0m agent_${line} did not answer within 5000 ms, retrying (attempt 1 of 3)`
          : `agent_${line} is ready`,
      ]),
    },
  },
  metrics: {
    title: 'Metrics of voice-processor',
    tone: 'good',
    sentence: 'Over the last hour voice-processor used 0.12 vCPU and 210 MB on average; nothing stands out.',
    facts: [
      { label: 'CPU', value: '0.12 vCPU (most 0.60)' },
      { label: 'Memory', value: '210 MB (most 240 MB)' },
      { label: 'Network', value: '1.2 MB in, 3.4 MB out' },
    ],
    picture: {
      png: new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
      alt: 'CPU between 0.05 and 0.60 vCPU, with a peak at 12:40; memory level at 210 MB.',
    },
  },
}
