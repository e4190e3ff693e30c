import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startObjects } from "../../providers/storage/embedded/index.ts";
import { collectDocuments } from "../../server/documents/collect.ts";
import { startTestApi, type TestApi, wideRates } from "../../server/tests/support.ts";
import { schemaPath } from "../contract/contract.ts";
import { exampleFiles } from "../contract/written.ts";
import { type Client, type ClientSettings, createClient, type UUID, uuid } from "../index.ts";

/** A clinic with a front desk and a calendar that is open every day, its API and its object store. */
export type ClientWorld = {
  api: TestApi;
  clinic: UUID;
  calendar: UUID;
  tokenOf(name: string, options?: { minutes?: number; sessionId?: string }): string;
  /** A client for somebody, closed with the world; a visitor without a name. */
  clientOf(name?: string, settings?: Partial<ClientSettings>): Client;
  close(): Promise<void>;
};

const week = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const hours = JSON.stringify(Object.fromEntries(week.map((day) => [day, [["00:00", "24:00"]]])));

/** `hasList`: the API has the list of what the examples ask, as one in production has. */
export async function openClientWorld(
  because: string,
  { hasList = false }: { hasList?: boolean } = {},
): Promise<ClientWorld> {
  const folder = mkdtempSync(join(tmpdir(), "restartix-client-"));
  const objects = await startObjects({ port: 0, dataDir: folder });
  const trustedDocuments = hasList ? join(folder, "documents.json") : undefined;
  if (trustedDocuments) {
    const { documents } = collectDocuments(readFileSync(schemaPath, "utf8"), exampleFiles());
    writeFileSync(trustedDocuments, JSON.stringify(documents));
  }
  const api = await startTestApi({
    because,
    config: { storage: objects.settings, trustedDocuments, rates: wideRates },
    before: `
      begin;
      select tests.clinic('atlas');
      select tests.staff('flavia', 'front_desk');
      select tests.specialist('stefan', '${hours}');
      select tests.service('massage', 60, specialists => '{stefan}');
      select tests.calendar('room 1', '{stefan}', service => 'massage');
      select tests.patient('ana');
      update app_public.humans set email_verified_at = now();
      commit;`,
  });
  const idOf = async (table: string): Promise<UUID> =>
    uuid((await api.sql(`select id from app_public.${table}`))[0].id);
  const clients: Client[] = [];

  const tokenOf: ClientWorld["tokenOf"] = (name, options) =>
    api.issuer.mint({ subject: `user_${name}`, email: `${name}@people.test`, name, locale: "en" }, options);
  return {
    api,
    clinic: await idOf("organizations"),
    calendar: await idOf("calendars"),
    tokenOf,
    clientOf(name, settings = {}) {
      const token = name ? { token: () => tokenOf(name) } : {};
      const client = createClient({ url: api.url, language: "en", ...token, ...settings });
      clients.push(client);
      return client;
    },
    async close() {
      for (const client of clients) client.close();
      await api.close();
      await objects.stop();
      rmSync(folder, { recursive: true });
    },
  };
}
