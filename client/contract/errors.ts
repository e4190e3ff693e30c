import { readFileSync } from "node:fs";
import path from "node:path";
import { texts } from "../../server/errors/texts/index.ts";
import { bare } from "../../server/errors/written.ts";

/** By code and reason, the details of each refusal: what a program reads of it. `?` marks what only some have. */
export type ErrorContract = Record<string, Record<string, string>>;

const readAs: Record<string, string> = {
  instant: "text",
  timezone: "text",
  seconds: "number",
  bytes: "number",
};

/** The refusals as programs know them; their words may change. */
export function errorContract(): ErrorContract {
  return Object.fromEntries(
    [...texts]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([refusal, { details = {} }]) => [
        refusal,
        Object.fromEntries(
          Object.entries(details).map(([name, kind]) => {
            const read = readAs[bare(kind)] ?? bare(kind);
            return [name, kind.endsWith("?") ? `${read}?` : read];
          }),
        ),
      ]),
  );
}

/** `client/generated/errors.ts`: the types that `npm run errors` wrote, so that the client stands alone. */
export function renderErrorTypes(): string {
  const written = readFileSync(
    path.join(import.meta.dirname, "..", "..", "server", "errors", "generated.ts"),
    "utf8",
  );
  return written.replaceAll("\r\n", "\n");
}
