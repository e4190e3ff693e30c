import { type DocumentNode, getOperationAST, print } from "grafast/graphql";
import { asciiLower } from "../providers/ascii_lower.ts";
import type { Settings } from "./identity/session.ts";

const ids = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/gi;

type Operation = { isQuery: boolean; named(): ReadonlySet<string> };

/** By the settings of one operation, which is what its steps know of it. */
const operations = new WeakMap<Settings, Operation>();

type Asked = { document: DocumentNode; operationName?: string | null; variableValues?: unknown };

/** Answers with settings that are this operation's own, by which its steps know what it is and what it asked for. */
export function ofOperation(
  settings: Settings,
  { document, operationName, variableValues }: Asked,
): Settings {
  const own = { ...settings };
  let named: ReadonlySet<string> | undefined;
  operations.set(own, {
    isQuery: getOperationAST(document, operationName)?.operation === "query",
    // Read when it is asked for: most requests are answered with no list of patients.
    named() {
      if (!named) {
        const text = `${document.loc?.source.body ?? print(document)} ${JSON.stringify(variableValues ?? {})}`;
        named = new Set(text.match(ids)?.map(asciiLower));
      }
      return named;
    },
  });
  return own;
}

/** Whether the document or the variables of the operation hold this id. A subscription's events were asked for by none. */
export function isNamed(settings: Settings, id: string): boolean {
  return operations.get(settings)?.named().has(id) ?? false;
}

/** Whether these are the settings of a query, which reads and writes nothing. Settings made from them are somebody else's. */
export function isOfQuery(settings: Settings): boolean {
  return operations.get(settings)?.isQuery ?? false;
}
