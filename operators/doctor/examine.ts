import pg from "pg";
import { mendConnection } from "../../runtime/connection_error.ts";
import { describeError } from "../../runtime/log.ts";
import { backups } from "./backups.ts";
import { billing } from "./billing.ts";
import { database } from "./database.ts";
import { broken, type Deployment, type Examination, type Finding } from "./finding.ts";
import { identity } from "./identity.ts";
import { keys } from "./keys.ts";
import { mail } from "./mail.ts";
import { replica } from "./replica.ts";
import { rights } from "./rights.ts";
import { storage } from "./storage.ts";
import { telemetry } from "./telemetry.ts";
import { work } from "./work.ts";

const examinations: Examination[] = [
  database,
  replica,
  rights,
  work,
  backups,
  identity,
  keys,
  storage,
  mail,
  billing,
  telemetry,
];

export type Diagnosis = { name: string; findings: Finding[] }[];

/**
 * Examines a deployment with the rights of its own processes (FND-28): nothing is written but a probe object that
 * is removed again. An examination that cannot be made is a finding too, and does not keep the others from being made.
 */
export async function diagnose(
  env: NodeJS.ProcessEnv,
  urls: { authenticator: string; worker: string },
): Promise<Diagnosis> {
  const connections: pg.Client[] = [];
  const connect = async (variable: string, url: string): Promise<pg.Client | Finding> => {
    const client = new pg.Client({
      connectionString: url,
      connectionTimeoutMillis: 5_000,
      query_timeout: 10_000,
    });
    client.on("error", () => {}); // whoever asks next is told
    try {
      await client.connect();
      connections.push(client);
      return client;
    } catch (error) {
      const { name, sqlstate } = describeError(error);
      const code = sqlstate ?? (error as { code?: string }).code ?? name;
      return broken(`${variable} does not lead to a database (${code})`, mendConnection(error));
    }
  };
  try {
    const authenticator = await connect("AUTHENTICATOR_DATABASE_URL", urls.authenticator);
    const worker = await connect("WORKER_DATABASE_URL", urls.worker);
    const unreachable = [authenticator, worker].filter((found) => !(found instanceof pg.Client));
    if (!(authenticator instanceof pg.Client) || !(worker instanceof pg.Client)) {
      return [{ name: "database", findings: unreachable as Finding[] }];
    }
    const deployment: Deployment = { env, production: env.APP_MODE === "production", authenticator, worker };
    const diagnosis: Diagnosis = [];
    for (const { name, examine } of examinations) {
      const findings = await examine(deployment).catch((error: unknown) => {
        const { name, sqlstate, message } = describeError(error);
        const why = [name, sqlstate, message].filter(Boolean).join(" ");
        return [broken(`could not be examined (${why})`, "Mend what stands above first, then ask again.")];
      });
      diagnosis.push({ name, findings });
    }
    return diagnosis;
  } finally {
    await Promise.all(connections.map((client) => client.end().catch(() => {})));
  }
}
