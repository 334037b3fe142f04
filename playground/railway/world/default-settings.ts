import type { Settings } from './model.ts'

/** What a service has that nobody has configured. */
export const defaultSettings: Settings = {
  regions: { 'europe-west4-drams3a': 1 },
  healthcheckPath: null,
  healthcheckTimeout: null,
  restartPolicyType: 'ON_FAILURE',
  restartPolicyMaxRetries: 10,
  overlapSeconds: null,
  drainingSeconds: null,
  buildCommand: null,
  startCommand: null,
  preDeployCommand: null,
  rootDirectory: null,
  dockerfilePath: null,
  railwayConfigFile: null,
  cronSchedule: null,
  sleepApplication: null,
  builder: 'RAILPACK',
  watchPatterns: [],
}
