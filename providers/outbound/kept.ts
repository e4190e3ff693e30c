import type { LookupAddress } from "node:dns";
import http from "node:http";
import https from "node:https";
import { isIP, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { mayReach, NotPublic, type Reach } from "./address.ts";
import { guard, type OutboundSettings, refused } from "./connect.ts";
import { requireHost } from "./host.ts";
import { checkedLookup, resolveAll } from "./lookup.ts";

/** Where one request goes: a host as it was read, and its addresses, all of which were looked at for this request. */
export type Aim = { host: string; addresses: LookupAddress[]; reach: Reach };

/** What a request says to its agent beside what Node does: over which connections it may go. */
export type Aimed = { aim: Aim; url: string };

/** Connections at once that nobody uses; what becomes free beyond them is closed. */
const mostIdle = 256;
const agentSettings: http.AgentOptions = { keepAlive: true, timeout: 4_000, maxFreeSockets: 4 };

/**
 * Connections that are used again (FND-35): by requests to the same URL whose host was looked up anew and led to the same
 * addresses. They are closed after four seconds without a request, or sooner where the other side says so. No two URLs
 * share one: what a receiver makes of its connection is no other's.
 */
export type KeptConnections = { httpAgent: http.Agent; httpsAgent: https.Agent };

export function keptConnections(): KeptConnections {
  const idle = new Set<Duplex>();
  return { httpAgent: keeping(http.Agent, idle), httpsAgent: keeping(https.Agent, idle) as https.Agent };
}

function keeping(Agent: new (options: http.AgentOptions) => http.Agent, idle: Set<Duplex>): http.Agent {
  class Keeping extends Agent {
    override getName(options?: http.ClientRequestArgs): string {
      const { aim, url } = options as Partial<Aimed>;
      const addresses = aim?.addresses.map(({ address }) => address).sort();
      return JSON.stringify([super.getName(options), url, aim?.reach, addresses]);
    }

    override createConnection(options: http.ClientRequestArgs): Duplex {
      const { aim } = options as Partial<Aimed>;
      if (!aim) return refused(new NotPublic("nobody looked where this goes"));
      const lookup = checkedLookup(aim.reach, async () => aim.addresses);
      const made = super.createConnection({ ...options, host: aim.host, lookup });
      return guard(made as Socket, aim.reach).once("close", () => idle.delete(made as Socket));
    }

    override keepSocketAlive(socket: Duplex): boolean {
      // The types say that it answers nothing, and the documentation that what is false closes the connection.
      const isKept = idle.size < mostIdle && (super.keepSocketAlive(socket) as unknown as boolean);
      if (isKept) idle.add(socket);
      return isKept;
    }

    override reuseSocket(socket: Duplex, request: http.ClientRequest): void {
      idle.delete(socket);
      super.reuseSocket(socket, request);
    }
  }
  return new Keeping(agentSettings);
}

/** Looks up where a request is to go. Rejects with NotPublic, with what the look-up said, or as the signal says. */
export async function aimAt(
  text: string,
  { reach, resolve = resolveAll }: OutboundSettings,
  signal: AbortSignal,
): Promise<Aim> {
  const host = requireHost(text, reach);
  const family = isIP(host);
  if (family) return { host, addresses: [{ address: host, family }], reach };
  const { promise: over, reject } = Promise.withResolvers<never>();
  const end = () => reject(signal.reason);
  signal.addEventListener("abort", end);
  try {
    const addresses = await Promise.race([resolve(host), over]);
    // One that may not be reached is enough: whoever owns the name chose it.
    const isAllowed = addresses.length > 0 && addresses.every(({ address }) => mayReach(address, reach));
    if (!isAllowed) throw new NotPublic("not a public address");
    return { host, addresses, reach };
  } finally {
    signal.removeEventListener("abort", end);
  }
}
