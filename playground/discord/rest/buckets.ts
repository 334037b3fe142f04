import { createHash } from 'node:crypto'
import type { Bucket } from './route.ts'

const bucket = (name: string, limit: number, seconds: number): Bucket => ({
  name,
  hash: createHash('md5').update(name).digest('hex'),
  limit,
  windowMs: seconds * 1000,
})

/**
 * Discord publishes no numbers ("do not hard-code"); these are what users measure, so that a client meets limits of the real order.
 * In brackets the issue of discord-api-docs that tells.
 */
export const buckets = {
  /** (#2761) */
  send: bucket('send', 5, 5),
  edit: bucket('edit', 5, 5),
  pin: bucket('pin', 5, 5),
  typing: bucket('typing', 5, 5),
  /** (#8330) */
  remove: bucket('remove', 5, 1),
  /** (#2701) */
  webhook: bucket('webhook', 5, 2),
  webhookWide: bucket('webhook-wide', 30, 60),
  /** (#2208) */
  channel: bucket('channel', 10, 15),
  channelName: bucket('channel-name', 2, 600),
  /** discord-userdoccers#551 */
  oldEdit: bucket('old-edit', 3, 6),
  commands: bucket('commands', 20, 5),
  reaction: bucket('reaction', 1, 0.25),
  /** Our own choice: wide enough not to be met by a bot that reads at its start. */
  read: bucket('read', 50, 1),
} as const
