import { BlockList, isIP } from 'node:net'

/** This machine, private networks, what routers and clouds keep to themselves. RFC 6890, RFC 6598. */
const ownV4 = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24', '192.0.2.0/24'],
  ...['192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4'],
]
/** What of the global unicast addresses tunnels and documents use. RFC 4291, RFC 3849, RFC 3056. */
const globalV6 = ['2000::/3']
const ownV6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20']

const [reserved, global, reservedOfGlobal] = [listOf(ownV4, 'ipv4'), listOf(globalV6, 'ipv6'), listOf(ownV6, 'ipv6')]

/** Whether an address is one that anybody on the internet reaches: nothing else is ever connected to because a name leads there. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address)
  if (family === 4) return !reserved.check(address, 'ipv4')
  return family === 6 && global.check(address, 'ipv6') && !reservedOfGlobal.check(address, 'ipv6')
}

function listOf(nets: readonly string[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList()
  for (const [net, bits] of nets.map((each) => each.split('/'))) list.addSubnet(net!, Number(bits), family)
  return list
}
