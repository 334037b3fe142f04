import { forms } from './form.ts'

const websocket = { service: 'websocket-streaming' }
const orchestrator = { service: 'agent-orchestrator' }
const voice = { service: 'voice-processor' }
const zapier = { service: 'zapier-integration' }
const production = { environment: 'production' }
const staging = { environment: 'staging' }

export const looking = [
  ...forms('status', {}, [
    'helix status',
    'helix what is the status',
    "helix what's the status please",
    'hey helix show me the status',
    'helix status report',
    'helix give me an overview',
    'helix stat us',
  ]),
  ...forms('status', production, [
    'helix status of production',
    "helix what's the status of production",
    'helix show me the status of prod',
    'helix how is production doing',
  ]),
  ...forms('status', staging, ['helix staging status', 'helix what is the status in stage ing']),
  ...forms('services', {}, [
    'helix list the services',
    'helix show services',
    'helix which services are there',
    'helix what services do we have',
    'helix show me all the services please',
    'helix what services are running',
  ]),
  ...forms('services', staging, ['helix list the services in staging', 'helix which services run on staging']),
  ...forms('health', {}, [
    'helix how is everything',
    'helix is everything okay',
    'helix is anything down',
    'helix health check',
    'helix show the health of everything',
    'helix are all services healthy',
  ]),
  ...forms('health', voice, [
    'helix how is the voice processor',
    'helix is the voice processor healthy',
    'helix is the voice process or up',
    "helix how's the voice processor doing",
    'helix check the voice processor',
    'helix health of the voice processor',
    'helix what is the status of the voice processor',
    'helix voice processor status',
    'helix is voice processor okay',
    "helix what's wrong with the voice processor",
  ]),
  ...forms('health', { ...zapier, ...production }, [
    'helix is zapier down in production',
    'helix how is zap ear in prod',
    'helix is the zapier integration working in production',
  ]),
  ...forms('health', websocket, [
    'helix is web socket streaming running',
    'felix how is the websocket service',
    'helix is the web socket service alive',
  ]),
  ...forms('logs', orchestrator, [
    'helix show me the logs of the agent orchestrator',
    'helix logs of agent orchestrator',
    'helix show logs for the orchestrator',
    'helix show me the orchestrator logs',
    'helix read the logs of agent orchestra tor',
    'helix give me the latest logs from the orchestrator',
    'helix can I see the logs of the agent orchestrator',
    'helix can you show me the locks of the orchestrator',
    'helix what do the logs of the orchestrator say',
  ]),
  ...forms('logs', { ...websocket, ...staging }, [
    'helix show the logs of web socket streaming in staging',
    'helix get the staging logs of websocket streaming',
  ]),
  ...forms('logs', { ...zapier, follow: true }, ['helix follow the logs of zapier', 'helix tail the zapier logs']),
  ...forms('logs', { ...voice, kind: 'build' }, [
    'helix show me the build logs of the voice processor',
    'helix voice processor build logs',
  ]),
  ...forms('logs', { ...voice, lines: 50 }, [
    'helix show me the last fifty lines of the voice processor logs',
    'helix last 50 log lines of the voice processor',
  ]),
  ...forms('metrics', websocket, [
    'helix show me the metrics of the websocket service',
    'helix metrics for web socket streaming',
    'helix how busy is the web socket service',
    'helix show the matrix of websocket streaming',
    'helix how much memory does the websocket service use',
    'helix websocket streaming metrics please',
  ]),
  ...forms('metrics', {}, ['helix show me the metrics', 'helix show all metrics']),
  ...forms('metrics', { ...zapier, window: '1h' }, [
    'helix show the metrics of zapier for the last hour',
    'helix zapier metrics over the past hour',
  ]),
  ...forms('metrics', { ...voice, window: '30m' }, [
    'helix show me the metrics of the voice processor over the last thirty minutes',
    'helix metrics of voice processor for the last half hour',
  ]),
  ...forms('metrics', { window: '6h' }, ['helix show the metrics of the last six hours']),
  ...forms('deployments', zapier, [
    'helix list the deployments of zapier',
    'helix show me the deployments of zap ear',
    'helix what was deployed to zapier',
    'helix show zapier deployments',
    'helix when was zapier last deployed',
    'helix show the deployment history of the zapier integration',
  ]),
  ...forms('deployments', { ...voice, count: 5 }, [
    'helix show me the last five deployments of the voice processor',
    'helix list the last 5 deployments of voice processor',
  ]),
  ...forms('help', {}, ['helix help', 'helix what can you do', 'helix help me please', 'hey helix what can I say']),
  ...forms('help', { command: 'rollback' }, ['helix help with rollback', 'helix how does roll back work', 'helix explain rollback']),
  ...forms('agents.list', {}, [
    'helix list the agents',
    'helix which agents are there',
    'helix show me all agents',
    'helix how are the agents doing',
  ]),
  ...forms('agents.show', { agent: 'kael' }, ['helix show agent kael', 'helix how is agent kale', 'helix how is the agent kael doing']),
  ...forms('agents.tasks', {}, ['helix list the agents tasks', 'helix show the tasks of the agents']),
  ...forms('agents.tasks', { agent: 'kael' }, ['helix show the tasks of agent kael', 'helix what is agent kael working on']),
  ...forms('agents.command', { agent: 'lumina', command: 'summarise the last hour' }, [
    'helix tell agent lumina to summarise the last hour',
    'helix ask lumina to summarise the last hour',
    'helix please tell the agent lumina to summarise the last hour',
  ]),
  ...forms('zapier.status', {}, ['helix zapier status', 'helix show the zapier status']),
  ...forms('zapier.events', {}, ['helix show the zapier events', 'helix list zap ear events']),
  ...forms('zapier.failed', {}, ['helix show the zapier failures', 'helix list the zapier dead letters']),
  ...forms('zapier.rules', {}, ['helix show zapier rules', 'helix which zapier rules are there']),
  ...forms('zapier.test', {}, ['helix test zapier', 'helix test the webhook', 'helix send a test event to zapier']),
]
