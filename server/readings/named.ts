import { type DocumentNode, print } from "grafast/graphql";
import { asciiLower } from "../../providers/ascii_lower.ts";
import type { Settings } from "../identity/session.ts";

const ids = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/gi;

/** By the settings of one operation, which is what its steps know of it. */
const operations = new WeakMap<Settings, () => ReadonlySet<string>>();

/** Answers with settings that are this operation's own, by which isNamed knows what it asked for. */
export function remembering(settings: Settings, document: DocumentNode, variables: unknown): Settings {
  const own = { ...settings };
  let named: ReadonlySet<string> | undefined;
  // Read when it is asked for: most requests are answered with no list of patients.
  operations.set(own, () => {
    if (!named) {
      const text = `${document.loc?.source.body ?? print(document)} ${JSON.stringify(variables ?? {})}`;
      named = new Set(text.match(ids)?.map(asciiLower));
    }
    return named;
  });
  return own;
}

/** Whether the document or the variables of the operation hold this id. A subscription's events were asked for by none. */
export function isNamed(settings: Settings, id: string): boolean {
  return operations.get(settings)?.().has(id) ?? false;
}
