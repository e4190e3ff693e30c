/** Two clinics full of canaries behind a real server, and what each person must never read of them. */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { buildSchema, type GraphQLSchema } from "grafast/graphql";
import { renderSchema } from "../../export_schema.ts";
import { type Answer, startTestApi, type TestApi, wideRates } from "../support.ts";

export type Person = {
  name: string;
  /** Who they are in tests.company, which the matrix decides on. */
  persona: string;
  token?: string;
  organization?: string;
  forbidden: Forbidden[];
  /** Ids of rows they may see, by table. */
  own: Map<string, string[]>;
  /** Ids of rows they may not see, by table; what the public may see comes last. */
  foreign: Map<string, string[]>;
};

export type Forbidden = { value: string; table_name: string; column_name: string; home: string };

export type World = {
  api: TestApi;
  schema: GraphQLSchema;
  person(name: string): Person;
  ask(person: Person, query: string, variables?: object): Promise<Answer>;
};

const cast = {
  "boreal's admin": { persona: "boreal's admin beata", human: "beata", clinic: "boreal" },
  "the second patient": { persona: "patient bogdan", human: "bogdan", clinic: "atlas" },
  "a visitor": { persona: "visitor", human: null, clinic: null },
  "atlas' admin": { persona: "admin adrian", human: "adrian", clinic: "atlas" },
};

export async function openWorld(): Promise<World> {
  const api = await startTestApi({
    config: { rates: wideRates },
    before: `
      begin;
      select tests.two_clinics();
      select tests.plant_canaries();
      insert into app_private.identities (issuer, subject, principal_id)
      select 'https://identity.restartix.localhost', 'dev_' || p.name, p.principal_id from tests.personas p;
      commit;`,
  });
  const schema = buildSchema(await renderSchema(api.authenticatorUrl));
  const people = new Map<string, Person>();
  for (const [name, { persona, human, clinic }] of Object.entries(cast)) {
    const [organization] = clinic ? await api.sql("select tests.id($1) as id", [clinic]) : [];
    people.set(name, {
      name,
      persona,
      ...(human
        ? { token: api.token({ subject: `dev_${human}`, email: `${human}@people.test`, name: human }) }
        : {}),
      ...(organization ? { organization: organization.id } : {}),
      forbidden: await api.sql("select * from tests.forbidden_values($1)", [persona]),
      own: await idsOf(api, persona, true),
      foreign: await idsOf(api, persona, false),
    });
  }
  return {
    api,
    schema,
    person: (name) => {
      const person = people.get(name);
      if (!person) throw new Error(`nobody is ${name}`);
      return person;
    },
    ask: async ({ token, organization }, query, variables) => {
      const headers = {
        "x-visitor-id": "crossing",
        ...(organization ? { "x-organization": organization } : {}),
      };
      // A busy machine answers 503 at times; that says nothing about rights, so it is asked again.
      for (let again = 20; ; again -= 1) {
        const answer = await api.graphql(query, {
          ...(token ? { token } : {}),
          ...(variables ? { variables } : {}),
          headers,
        });
        // A document that the door finds too large was not asked at all.
        if (/DOCUMENT_TOO_LARGE/.test(answer.text)) throw new Error(`ask for less at once: ${query}`);
        if (answer.status < 500 || again === 0) return answer;
        await sleep(100);
      }
    },
  };
}

/** Ids by table, of rows this persona sees or does not see. */
async function idsOf(api: TestApi, persona: string, visible: boolean): Promise<Map<string, string[]>> {
  const rows = await api.sql(
    `select t.name, array_agg(r.key ->> k.columns[1]
              order by r.home like '%deleted', r.home like 'cetus%', shown.id is not null, r.home, r.key) as ids
     from tests.app_tables t
     cross join lateral (select tests.primary_key_of(t.oid) as columns) k
     cross join lateral (select coalesce(tests.visible_keys($1, t.name, k.columns), '[]') as keys) seen
     join tests.fixture_rows r on r.table_name = t.name and r.home <> 'platform'
     left join tests.publicly_shown shown on shown.table_name = t.name and shown.id::text = r.key ->> 'id'
     where cardinality(k.columns) = 1 and (seen.keys @> jsonb_build_array(r.key)) = $2
       and t.name not in (select p.name from tests.platform_tables p)
     group by t.name`,
    [persona, visible],
  );
  return new Map(rows.map((row) => [row.name, row.ids]));
}

/** What of the forbidden an answer contains; ids inside global ids and cursors are looked at too. */
export function leaksIn(text: string, forbidden: Forbidden[], sent: string[] = []): string[] {
  const decoded = [...text.matchAll(/"([A-Za-z0-9+/_-]{20,}={0,2})"/g)].map(([, encoded = ""]) =>
    Buffer.from(encoded, "base64").toString("utf8"),
  );
  const everything = [text, ...decoded].join("\n");
  const words = new Set(
    everything.match(
      /canary\d+x|\+40790\d+|770000\d{5}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g,
    ),
  );
  return forbidden
    .filter(({ value }) => !sent.includes(value) && words.has(/canary\d+x/.exec(value)?.[0] ?? value))
    .map(({ table_name, column_name, home }) => `${table_name}.${column_name} of ${home}`);
}

/** What an answer says, with whatever was asked about taken out, so that two questions can be compared. */
export function gist(answer: Answer, asked: string[]): string {
  let text = JSON.stringify({ status: answer.status, body: answer.body });
  for (const value of asked) {
    text = text.replaceAll(value, "‹asked›");
    text = text.replaceAll(Buffer.from(value).toString("base64").slice(0, -4), "‹asked›");
  }
  return text.replace(/"requestId":"[^"]*"/g, '"requestId":"…"');
}

export { randomUUID };
