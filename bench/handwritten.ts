import express, { type ErrorRequestHandler, type RequestHandler } from "express";
import { createLog } from "../runtime/log.ts";
import { readConfig } from "../server/config.ts";
import { createPool } from "../server/database.ts";
import { authenticate, enter } from "../server/http/identify.ts";
import { openDevIssuer } from "../server/identity/dev_issuer.ts";
import { fixedKey } from "../server/identity/keys.ts";
import { type Settings, settingsOf } from "../server/identity/session.ts";
import { createVerifier } from "../server/identity/verify.ts";
import { namedList, unnamedList } from "./list.ts";

/**
 * The endpoint one would write by hand for the list that the GraphQL row measures: the same token check, the same
 * session, the same row level security, one SQL statement that names its clinic, takes the page first and answers with
 * finished JSON. A process of its own,
 * so that neither side lends the other its thread.
 */
const config = readConfig();
const log = createLog(config);
const pool = createPool(config, log);
const { issuer, authorizedParties } = config.identity;
const verify = createVerifier({
  keys: fixedKey(openDevIssuer(config).publicKeyPem),
  issuer,
  authorizedParties,
});

const app = express();
app.disable("x-powered-by");
const answerWith = (name: string, text: string): RequestHandler => {
  return async (request, response) => {
    response.type("json").send(await listFor(settingsOf(request), name, text));
  };
};
app.get("/appointments", authenticate(verify), enter(pool, "embedded"), answerWith("named", namedList));
app.get(
  "/appointments/unnamed",
  authenticate(verify),
  enter(pool, "embedded"),
  answerWith("unnamed", unnamedList),
);

// On a machine that is too busy, no connection is free in time. The row counts what is refused.
const refuse: ErrorRequestHandler = (_error, _request, response, _next) => {
  response.sendStatus(503);
};
app.use(refuse);

/** A transaction as one writes it with the driver: each step is waited for. */
async function listFor(settings: Settings, name: string, text: string): Promise<string | undefined> {
  const client = await pool.connect();
  try {
    await client.query("begin");
    await client.query(
      "select set_config(name, value, true) from jsonb_each_text($1) as setting (name, value)",
      [JSON.stringify(settings)],
    );
    const { rows } = await client.query<{ json: string }>({
      name,
      text,
      values: text.includes("$1") ? [settings["app.organization_id"]] : [],
    });
    await client.query("commit");
    return rows[0]?.json;
  } finally {
    client.release();
  }
}

const server = app.listen(config.port, "127.0.0.1", () => {
  const address = server.address();
  process.send?.({ url: `http://127.0.0.1:${typeof address === "object" ? address?.port : config.port}` });
});
process.once("disconnect", () => process.exit(0));
