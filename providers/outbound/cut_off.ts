import { Resolver } from "node:dns/promises";

/** How a name server says that it is there, and has no answer or none for us. */
const answers = new Set(["ENODATA", "ENOTFOUND", "EFORMERR", "ENOTIMP", "EREFUSED", "EBADRESP"]);

export type CutOffSettings = {
  /** Instead of the machine's, for tests. */
  servers?: string[];
  /** How long an answer is good for. */
  keepMs?: number;
  timeoutMs?: number;
};

/**
 * Tells an outage of our own from one of somebody else's: whether the name servers of this machine answer nothing at all. They are
 * asked for the servers of the root, which are always there, and which nobody whom we call has a say in.
 */
export function createCutOff({
  servers,
  keepMs = 5_000,
  timeoutMs = 2_000,
}: CutOffSettings = {}): () => Promise<boolean> {
  const resolver = new Resolver({ timeout: timeoutMs, tries: 2 });
  if (servers) resolver.setServers(servers);
  let known: { until: number; isCutOff: Promise<boolean> } | undefined;
  return () => {
    if (known && known.until > Date.now()) return known.isCutOff;
    const isCutOff = resolver.resolveNs(".").then(
      () => false,
      ({ code }: { code?: string }) => !answers.has(code ?? ""),
    );
    known = { until: Date.now() + keepMs, isCutOff };
    return isCutOff;
  };
}
