import { BlockList, isIPv6 } from 'node:net'

// RFC 6890 and its registries: addresses outside of the public internet, or that lead to such addresses.
const V4 = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const

const refusedV4 = new BlockList()
for (const [address, prefix] of V4) refusedV4.addSubnet(address, prefix, 'ipv4')

// Only global unicast is public, without the ranges that stand for IPv4 addresses or for documentation.
const globalV6 = new BlockList()
globalV6.addSubnet('2000::', 3, 'ipv6')
const refusedV6 = new BlockList()
for (const [address, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  refusedV6.addSubnet(address, prefix, 'ipv6')

/** Whether an address is one of the public internet: requests of ours go nowhere else. */
export function isPublicAddress(address: string): boolean {
  if (isIPv6(address)) return globalV6.check(address, 'ipv6') && !refusedV6.check(address, 'ipv6')
  return !refusedV4.check(address, 'ipv4')
}
