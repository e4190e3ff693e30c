import express, { type RequestHandler } from "express";
import { createLog } from "../runtime/log.ts";
import { readConfig } from "../server/config.ts";
import { createPool } from "../server/database.ts";
import { authenticate, enter } from "../server/http/identify.ts";
import { asCaller } from "../server/http/transaction.ts";
import { openDevIssuer } from "../server/identity/dev_issuer.ts";
import { fixedKey } from "../server/identity/keys.ts";
import { settingsOf } from "../server/identity/session.ts";
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
    const settings = settingsOf(request);
    const clinic = settings["app.organization_id"];
    const { rows } = await asCaller(pool, settings, (client) =>
      client.query<{ json: string }>({ name, text, values: text.includes("$1") ? [clinic] : [] }),
    );
    response.type("json").send(rows[0]?.json);
  };
};
app.get("/appointments", authenticate(verify), enter(pool), answerWith("named", namedList));
app.get("/appointments/unnamed", authenticate(verify), enter(pool), answerWith("unnamed", unnamedList));

const server = app.listen(config.port, "127.0.0.1", () => {
  const address = server.address();
  process.send?.({ url: `http://127.0.0.1:${typeof address === "object" ? address?.port : config.port}` });
});
process.once("disconnect", () => process.exit(0));
