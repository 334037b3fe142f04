/** Why a connection is closed. Below 4000: RFC 6455, §7.4.1; from 4000 on our own, as HTTP statuses with 4 in front. */
export const closeCodes = {
  notText: 1003,
  tooMany: 1008,
  unauthenticated: 4401,
  forbidden: 4403,
  tooSlow: 4408,
  tooManyConnections: 4429,
} as const
