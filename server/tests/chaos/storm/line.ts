import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { patient } from "../../../../db/tests/at_once.ts";
import { isUnreachable } from "../database.ts";

/** Whose request it is: a person who is signed in at the clinic, or a visitor. */
export type Caller = { principalId?: string; organizationId?: string; visitorId?: string; address?: string };

export type Row = Record<string, string>;
/** What came back, the refusal, or nothing: whether it was done, nobody knows. */
export type Answer = { rows: Row[] } | { code: string; reason: string } | "lost";

/** One client of the database, as the API is one: a transaction with role and settings for each request. */
export class Line {
  readonly #url: string;
  #client: pg.Client | undefined;

  constructor(url: string) {
    this.#url = url;
  }

  async ask(caller: Caller, text: string, values: unknown[], key = ""): Promise<Answer> {
    const client = await this.#open();
    try {
      await client.query(`begin; select ${settings(client, caller, key)}`);
      const { rows } = await client.query({ name: text.slice(0, 60), text, values });
      await client.query("commit");
      return { rows };
    } catch (error) {
      const { code = "", message, detail = "", where = "" } = error as pg.DatabaseError;
      if (!isUnreachable(error as NodeJS.ErrnoException) && error instanceof pg.DatabaseError) {
        await client.query("rollback").catch(() => this.#drop());
        return { code, reason: code.startsWith("RX") ? message : `${message}: ${detail} ${where}` };
      }
      this.#drop();
      if (!isUnreachable(error as NodeJS.ErrnoException)) throw error;
      return "lost";
    }
  }

  async end(): Promise<void> {
    await this.#client?.end().catch(() => {});
  }

  async #open(): Promise<pg.Client> {
    for (const deadline = Date.now() + 120_000; !this.#client; await sleep(50)) {
      const client = new pg.Client({
        connectionString: this.#url,
        options: patient,
        connectionTimeoutMillis: 5_000,
      });
      client.on("error", () => this.#drop());
      try {
        await client.connect();
        this.#client = client;
      } catch (error) {
        if (Date.now() > deadline) throw error;
      }
    }
    return this.#client as pg.Client;
  }

  #drop(): void {
    this.#client?.end().catch(() => {});
    this.#client = undefined;
  }
}

function settings(client: pg.Client, caller: Caller, key: string): string {
  return Object.entries({
    role: caller.principalId ? "app_member" : "app_anonymous",
    "app.principal_id": caller.principalId ?? "",
    "app.organization_id": caller.organizationId ?? "",
    "app.visitor_id": caller.visitorId ?? "",
    "app.ip": caller.address ?? "203.0.113.7",
    "app.idempotency_key": key,
  })
    .map(([name, value]) => `set_config('${name}', ${client.escapeLiteral(value)}, true)`)
    .join();
}
