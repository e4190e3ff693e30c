import { expect } from "vitest";
import { type Answer, startTestApi, type TestApi, wideRates } from "../../../tests/support.ts";

/** Owners, who read whatever staff may read. Each reads once, so that no visit hides another. */
const READERS = 480;

/** What the cases of readings.test.ts ask: two clinics with an API, and their names. */
export let api: TestApi;
export let ids: Record<string, string>;
let reader = 0;

export async function openClinics(): Promise<void> {
  api = await startTestApi({
    because: "who read what is on record for good, reader by reader",
    config: { rates: wideRates },
    furniture: "two clinics",
    before: `
      begin;
      select tests.staff('reader ' || n, 'owner', 'atlas') from generate_series(1, ${READERS}) n;
      insert into app_private.identities (issuer, subject, principal_id)
      select 'https://identity.restartix.localhost', 'dev_' || replace(p.name, ' ', '_'), p.principal_id from tests.personas p;
      commit;`,
  });
  ids = Object.fromEntries(
    (await api.sql("select name, id from tests.names")).map(({ name, id }) => [name, id]),
  );
}
export const closeClinics = () => api.close();

export const as = async (name: string, query: string, variables: object = {}): Promise<Answer> => {
  const subject = `dev_${name.replaceAll(" ", "_")}`;
  return api.graphql(query, {
    token: api.token({ subject, email: `${name.replaceAll(" ", ".")}@people.test`, name }),
    variables,
  });
};
export const nextReader = (): string => {
  reader += 1;
  if (reader > READERS) throw new Error("make more readers");
  return `reader ${reader}`;
};
export type Entry = { person: string; what: string; via: string | null; clinic: string };
export const readingsBy = async (name: string): Promise<Entry[]> =>
  api.sql(
    `select persons.name as person, entries.new ->> 'what' as what, entries.new ->> 'via' as via, clinics.slug as clinic
     from audit.entries
     join app_public.organizations clinics on clinics.id = entries.organization_id
     join tests.personas readers on readers.principal_id = entries.actor_id and readers.name = $1
     left join tests.names persons on persons.id = entries.person_id
     where entries.action = 'read' order by entries.id`,
    [name],
  ) as Promise<Entry[]>;
/** Asks as somebody who has read nothing yet; answers with the data and what is on record of them then. */
export const read = async (query: string, variables: object = {}) => {
  const name = nextReader();
  const answer = await as(name, query, variables);
  expect(answer.body.errors, `${query}\n${answer.text}`).toBeUndefined();
  return { data: answer.body.data, readings: await readingsBy(name), name };
};
export const persons = (readings: Entry[]) => readings.map(({ person }) => person);
