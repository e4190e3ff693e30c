import http from "node:http";
import https from "node:https";
import net from "node:net";
import type { Duplex } from "node:stream";
import { mayReach, NotPublic, type Reach } from "./address.ts";
import { requireHost } from "./host.ts";
import { checkedLookup, type ResolveAll } from "./lookup.ts";

export type OutboundSettings = {
  reach: Reach;
  /** Instead of DNS, for tests. */
  resolve?: ResolveAll | undefined;
};

type Aimed = { host: string; lookup: net.LookupFunction };

/** Where a connection goes: the host as it was read and checked, which no address written as such escapes. */
function aim(host: string, { reach, resolve }: OutboundSettings): Aimed {
  return { host: requireHost(host, reach), lookup: checkedLookup(reach, resolve) };
}

/**
 * Ends a connection that went where it must not, whatever was parsed and looked up before. Nothing was sent by then.
 */
export function guard<Connection extends net.Socket>(socket: Connection, reach: Reach): Connection {
  return socket.once("connect", () => {
    const address = socket.remoteAddress ?? "";
    if (!mayReach(address, reach)) socket.destroy(new NotPublic("not a public address"));
  });
}

/** A connection that fails at once, for those who expect one. */
export function refused(error: unknown): net.Socket {
  const socket = new net.Socket();
  process.nextTick(() => socket.destroy(error as Error));
  return socket;
}

/** Connects over TCP. Rejects with NotPublic, or with what kept the connection from coming about. */
export function connectTo(
  { host, port, timeoutMs }: { host: string; port: number; timeoutMs: number },
  settings: OutboundSettings,
): Promise<net.Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<net.Socket>();
  const socket = guard(net.connect({ ...aim(host, settings), port, timeout: timeoutMs }), settings.reach);
  const slow = () => socket.destroy(Object.assign(new Error("no connection"), { code: "ETIMEDOUT" }));
  socket.once("error", reject).once("timeout", slow);
  socket.once("connect", () => {
    if (socket.destroyed) return;
    socket.off("error", reject).off("timeout", slow).setTimeout(0);
    resolve(socket);
  });
  return promise;
}

class GuardedHttpAgent extends http.Agent {
  readonly #settings: OutboundSettings;
  constructor(settings: OutboundSettings, options?: http.AgentOptions) {
    super(options);
    this.#settings = settings;
  }

  override createConnection(options: http.ClientRequestArgs): Duplex {
    try {
      const made = super.createConnection({ ...options, ...aim(options.host ?? "", this.#settings) });
      return guard(made as net.Socket, this.#settings.reach);
    } catch (error) {
      return refused(error);
    }
  }
}

class GuardedHttpsAgent extends https.Agent {
  readonly #settings: OutboundSettings;
  constructor(settings: OutboundSettings, options?: https.AgentOptions) {
    super(options);
    this.#settings = settings;
  }

  // The certificate is checked against the name: `servername` stays as Node sets it.
  override createConnection(options: https.RequestOptions): Duplex {
    try {
      const made = super.createConnection({ ...options, ...aim(options.host ?? "", this.#settings) });
      return guard(made as net.Socket, this.#settings.reach);
    } catch (error) {
      return refused(error);
    }
  }
}

/** Agents for http and https whose connections go only where they may; for clients that bring their own protocol. */
export function outboundAgents(
  settings: OutboundSettings,
  options: http.AgentOptions = {},
): { httpAgent: http.Agent; httpsAgent: https.Agent } {
  return {
    httpAgent: new GuardedHttpAgent(settings, options),
    httpsAgent: new GuardedHttpsAgent(settings, options),
  };
}
