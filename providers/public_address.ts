import { type LookupAddress, lookup } from "node:dns";
import { BlockList, isIP, type LookupFunction } from "node:net";
import { asciiLower } from "./ascii_lower.ts";

/** A name or an address that is not on the public internet: calling it could reach what is behind our door. */
export class NotPublic extends Error {
  override name = "NotPublic";
}

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
  const family = isIP(address);
  if (family === 4) return !special.check(address, "ipv4");
  return family === 6 && global6.check(address, "ipv6") && !special.check(address, "ipv6");
}

export function isLoopbackAddress(address: string): boolean {
  return address === "::1" || (isIP(address) === 4 && address.startsWith("127."));
}

type ResolveAll = (name: string) => Promise<LookupAddress[]>;

const resolveAll: ResolveAll = (name) =>
  new Promise((resolve, reject) => {
    lookup(name, { all: true }, (error, addresses) => (error ? reject(error) : resolve(addresses)));
  });

/**
 * The `lookup` of a connection that goes to public addresses only, and to the very addresses that were
 * looked at: a name cannot answer once for the check and once more for the connection. Loopback is allowed
 * where the services of this machine are meant. Addresses written as such do not pass here: see `isAllowedHost`.
 */
export function publicLookup({
  loopback = false,
  resolve = resolveAll,
}: {
  loopback?: boolean;
  resolve?: ResolveAll;
} = {}): LookupFunction {
  return (name, options, callback) => {
    resolve(name).then(
      (found) => {
        const addresses = found.filter(({ family }) => !options.family || family === options.family);
        const [first] = addresses;
        // One that is not public is enough: whoever owns the name chose it.
        const allowed = addresses.every(
          ({ address }) => isPublicAddress(address) || (loopback && isLoopbackAddress(address)),
        );
        if (!first || !allowed) return callback(new NotPublic("not a public address"), "", 0);
        if (options.all) return callback(null, addresses);
        callback(null, first.address, first.family);
      },
      (error) => callback(error, "", 0),
    );
  };
}

/** Whether the host of a URL may be called at all, as far as it can be told without asking. */
export function isAllowedHost(hostname: string, { loopback = false } = {}): boolean {
  const host = asciiLower(hostname.replace(/^\[|\]$/g, ""));
  if (isIP(host)) return isPublicAddress(host) || (loopback && isLoopbackAddress(host));
  const local = /(^|\.)(localhost|local|internal|lan|home|corp|arpa)\.?$/.test(host) || !host.includes(".");
  return !local || (loopback && /(^|\.)localhost$/.test(host));
}
