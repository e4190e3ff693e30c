import { type LookupAddress, lookup } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import { mayReach, NotPublic, type Reach } from "./address.ts";
import { requireHost } from "./host.ts";

export type ResolveAll = (name: string) => Promise<LookupAddress[]>;

/** By the machine's own way: DNS, and whatever it has beside. */
export const resolveAll: ResolveAll = (name) =>
  new Promise((resolve, reject) => {
    lookup(name, { all: true }, (error, addresses) => (error ? reject(error) : resolve(addresses)));
  });

/**
 * Whether a host that somebody wrote leads only where a connection may go, asked before there is one: as it is saved.
 * Throws NotPublic, or what the look-up said. Every connection asks again.
 */
export async function requireReachable(
  text: string,
  { reach, resolve = resolveAll }: { reach: Reach; resolve?: ResolveAll | undefined },
): Promise<void> {
  const host = requireHost(text, reach);
  if (isIP(host)) return;
  const found = await resolve(host);
  const allowed = found.length > 0 && found.every(({ address }) => mayReach(address, reach));
  if (!allowed) throw new NotPublic("not a public address");
}

/**
 * The `lookup` of a connection that goes only where it may, and to the very addresses that were looked at: a name
 * cannot answer once for the check and once more for the connection.
 */
export function checkedLookup(reach: Reach, resolve: ResolveAll = resolveAll): LookupFunction {
  return (name, options, callback) => {
    resolve(name).then(
      (found) => {
        const addresses = found.filter(({ family }) => !options.family || family === options.family);
        const [first] = addresses;
        // One that may not be reached is enough: whoever owns the name chose it.
        const allowed = found.every(({ address }) => mayReach(address, reach));
        if (!first || !allowed) return callback(new NotPublic("not a public address"), "", 0);
        if (options.all) return callback(null, addresses);
        callback(null, first.address, first.family);
      },
      (error) => callback(error, "", 0),
    );
  };
}
