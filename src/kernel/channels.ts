/** Names of channels, each written once. DESIGN's canonical ones first, then those that running Helix services use. */
export const channels = {
  consciousness: 'consciousness:stream',
  serviceHealth: 'service:health',
  agentCoordination: 'agent:coordination',
  consciousnessStream: 'consciousness_stream',
  coordinatorStream: 'consciousness-stream',
  ucfMetrics: 'ucf-metrics',
  healthStatus: 'health-status',
  collectiveIntelligence: 'collective-intelligence',
  wisdomSynthesis: 'wisdom-synthesis',
  agentEvents: 'agent_events',
  agentTaskQueue: 'agent_task_queue',
  agentTaskEvents: 'agent_task_events',
  voiceEvents: 'voice_events',
  zapierEvents: 'zapier_events',
  zapierTriggers: 'zapier_triggers',
  zapierActions: 'zapier_actions',
  /** Between the replicas of websocket-streaming: who came and went, and whom an admin disconnects. */
  streamingClients: 'helix:streaming-clients',
} as const
export type ChannelName = (typeof channels)[keyof typeof channels]
