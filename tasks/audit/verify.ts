import type { ClientBase } from "pg";
import type { ObjectStore } from "../../providers/storage/port.ts";
import { anchorPrefix, storedAnchors } from "./anchors.ts";

/** Something that is not as it was written; `chain` is a clinic's id, "platform", or "anchors". */
export type Finding = { chain: string; finding: string; at: string };

export type Verdict = { chains: number; entries: number; anchors: number; findings: Finding[] };

/**
 * Verifies every chain in the database, then the database against the anchors in the object store (FND-09):
 * a tail that was cut together with its anchor rows is whole by itself, and the store remembers it.
 */
export async function verifyAudit(client: ClientBase, store: ObjectStore): Promise<Verdict> {
  const chains = await verifyChains(client);
  const anchors = await verifyAnchors(client, store);
  return {
    chains: chains.chains,
    entries: chains.entries,
    anchors: anchors.anchors,
    findings: [...chains.findings, ...anchors.findings],
  };
}

type ChainVerdict = {
  entries: string;
  finding: string | null;
  sequence: string | null;
  position: number | null;
};

async function verifyChains(client: ClientBase) {
  const { rows } = await client.query<{ chain: string | null }>("select audit.chains() as chain");
  const findings: Finding[] = [];
  let entries = 0;
  // One statement each: a chain that takes long holds no snapshot over the others.
  for (const { chain } of rows) {
    const verdicts = await client.query<ChainVerdict>("select * from audit.verify($1)", [chain]);
    const verdict = verdicts.rows[0] as ChainVerdict;
    entries += Number(verdict.entries);
    if (verdict.finding !== null) {
      findings.push({
        chain: chain ?? "platform",
        finding: verdict.finding,
        at: [verdict.sequence, verdict.position].filter((part) => part !== null).join("."),
      });
    }
  }
  return { chains: rows.length, entries, findings };
}

async function verifyAnchors(client: ClientBase, store: ObjectStore) {
  const { rows } = await client.query<{ number: number; hash: Buffer }>(
    "select * from audit.stored_anchors()",
  );
  const known = new Map(rows.map(({ number, hash }) => [number, hash.toString("hex")]));
  const findings: Finding[] = [];
  const found = (finding: string, at: string, chain = "anchors") => findings.push({ chain, finding, at });

  let anchors = 0;
  let previous: string | null = null;
  for await (const { key, hash, document } of storedAnchors(store)) {
    const number = ++anchors;
    if (!document || key !== keyOf(document.number)) {
      found("not an anchor", key);
    } else {
      if (document.number !== number) found("missing in the store", keyOf(number));
      else if (document.previous !== previous) found("does not follow the one before", key);
      if (!known.has(document.number)) found("missing in the database", key);
      else if (known.get(document.number) !== hash) found("differs from the database", key);
      known.delete(document.number);
      anchors = document.number;

      const unlike = await client.query<{ organization: string | null; sequence: string; finding: string }>(
        "select * from audit.unlike_anchor($1)",
        [JSON.stringify(document.heads)],
      );
      for (const { organization, sequence, finding } of unlike.rows) {
        found(finding, `${sequence} (${key})`, organization ?? "platform");
      }
    }
    previous = hash;
  }
  for (const number of known.keys()) found("missing in the store", keyOf(number));
  return { anchors, findings };
}

function keyOf(number: number): string {
  return `${anchorPrefix}${String(number).padStart(12, "0")}.json`;
}
