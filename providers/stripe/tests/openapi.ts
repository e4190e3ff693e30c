import { readFileSync } from "node:fs";
import path from "node:path";
import { Ajv, type ValidateFunction } from "ajv";

type Operation = {
  parameters?: { name: string; in: string }[];
  requestBody?: { content: Record<string, { schema: { properties: Record<string, object> } }> };
};
type Spec = { paths: Record<string, Record<string, Operation>> };

/** What Stripe's own description of its API (October 2025) says of requests; written by cut_openapi.ts. */
const spec = JSON.parse(readFileSync(path.join(import.meta.dirname, "stripe_requests.json"), "utf8")) as Spec;

/** What the version of the API that our SDK speaks (2026-10-28) has and that description has not, as the SDK's types say it. */
const newer: Record<string, Record<string, object>> = {
  "POST /v1/checkout/sessions": {
    allowed_payment_method_types: { type: "array", items: { type: "string", maxLength: 5000 } },
  },
};

const ajv = new Ajv({ strict: false, validateFormats: false, coerceTypes: true, allErrors: true });
const validators = new Map<string, ValidateFunction>();

/** The path as the description has it: /v1/customers/{customer}. */
function templateOf(pathname: string): string | undefined {
  const parts = pathname.split("/");
  const fits = (template: string) => {
    const wanted = template.split("/");
    return (
      wanted.length === parts.length &&
      wanted.every((part, index) => part.startsWith("{") || part === parts[index])
    );
  };
  const found = Object.keys(spec.paths).filter(fits);
  return found.sort((one, other) => one.split("{").length - other.split("{").length)[0];
}

/** The form that was sent, its values as the description has them; or what is wrong of it, in a sentence. */
export function readForm(
  method: string,
  pathname: string,
  text: string,
): { form: Record<string, unknown> } | { wrong: string } {
  const template = templateOf(pathname);
  const operation = template && spec.paths[template]?.[method.toLowerCase()];
  if (!template || !operation)
    return { wrong: `${method} ${pathname} is not in what we know of Stripe's API` };
  const form = nested(text);
  if (method === "GET") {
    const known = new Set(operation.parameters?.map(({ name }) => name));
    const unknown = Object.keys(form).filter((name) => !known.has(name));
    return unknown.length > 0 ? { wrong: `${template} has no ${unknown.join(", ")}` } : { form };
  }
  const what = `${method} ${template}`;
  const validate = validators.get(what) ?? compile(what, operation);
  validators.set(what, validate);
  return validate(form) ? { form } : { wrong: `${what}: ${ajv.errorsText(validate.errors)}` };
}

function compile(what: string, { requestBody }: Operation): ValidateFunction {
  const schema = requestBody?.content["application/x-www-form-urlencoded"]?.schema;
  if (!schema) return ajv.compile({ type: "object", maxProperties: 0 });
  return ajv.compile({ ...schema, properties: { ...schema.properties, ...newer[what] } });
}

/** `a[b][0]=c` as { a: { b: ["c"] } }. */
function nested(text: string): Record<string, unknown> {
  const root: Record<string, unknown> = {};
  for (const [name, value] of new URLSearchParams(text)) {
    const keys = name.split(/[[\]]+/).filter((key) => key !== "");
    let at = root;
    for (const key of keys.slice(0, -1)) {
      at[key] ??= {};
      at = at[key] as Record<string, unknown>;
    }
    at[keys.at(-1) as string] = value;
  }
  return arrays(root) as Record<string, unknown>;
}

function arrays(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, arrays(inner)] as const);
  const isList = entries.length > 0 && entries.every(([key], index) => key === String(index));
  return isList ? entries.map(([, inner]) => inner) : Object.fromEntries(entries);
}
