import { BlockList, isIP } from "node:net";

/** A name or an address that may not be called: it could be one of our own network. */
export class NotPublic extends Error {
  override name = "NotPublic";
}

/**
 * How far a connection may go. public: what an outsider named, on the internet alone; here: that, or this machine,
 * where the services of a developer's machine are meant; anywhere: what the operator named.
 */
export type Reach = "public" | "here" | "anywhere";

/** Everything that is not the public internet (IANA's special-purpose registries). */
const special = new BlockList();
for (const [network, bits] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
] as const) {
  special.addSubnet(network, bits, "ipv4");
}
/** Of IPv6 only 2000::/3 is given out; of that, these lead elsewhere: documentation, Teredo, 6to4. */
const global6 = new BlockList();
global6.addSubnet("2000::", 3, "ipv6");
for (const [network, bits] of [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
] as const) {
  special.addSubnet(network, bits, "ipv6");
}

export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 4) return !special.check(address, "ipv4");
  // What is no address is in no list.
  return global6.check(address, "ipv6") && !special.check(address, "ipv6");
}

export function isLoopbackAddress(address: string): boolean {
  return address === "::1" || (isIP(address) === 4 && address.startsWith("127."));
}

/** Whether a connection may go to this address. */
export function mayReach(address: string, reach: Reach): boolean {
  if (reach === "anywhere") return true;
  return isPublicAddress(address) || (reach === "here" && isLoopbackAddress(address));
}
