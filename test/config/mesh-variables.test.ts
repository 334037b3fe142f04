import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { meshVariables } from '#src/config/mesh-variables.ts'

describe('the variables of the mesh', () => {
  test.each(['5000', '0', 'soon', '-1', '5m'])('SERVICE_MESH_TIMEOUT is in seconds: %s is refused', (SERVICE_MESH_TIMEOUT) => {
    expect(z.object(meshVariables).safeParse({ SERVICE_MESH_TIMEOUT }).success).toBe(false)
  })
  test.each([
    ['30', 30_000],
    ['0.5', 500],
    ['800ms', 800],
    ['2s', 2_000],
  ])('SERVICE_MESH_TIMEOUT %s is %i ms', (SERVICE_MESH_TIMEOUT, ms) => {
    expect(z.object(meshVariables).parse({ SERVICE_MESH_TIMEOUT }).SERVICE_MESH_TIMEOUT).toBe(ms)
  })
  test.each(['http://user:pass@host', 'ftp://host', 'http://host/?token=1', 'host:80'])('%s is no address of a peer', (HELIX_BOT_URL) => {
    expect(z.object(meshVariables).safeParse({ HELIX_BOT_URL }).success).toBe(false)
  })
})
