/** Two clinics full of canaries behind a real server, and what each person must never read of them. */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { buildSchema, type GraphQLSchema } from "grafast/graphql";
import { readText } from "../../../runtime/line_ends.ts";
import { schemaPath } from "../../export_schema.ts";
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
  /** Jobs of both clinics that nobody but the platform knows of. */
  deadLetters: string[];
};

export type Forbidden = { value: string; table_name: string; column_name: string; home: string };

export type World = {
  api: TestApi;
  schema: GraphQLSchema;
  person(name: string): Person;
  ask(person: Person, query: string, variables?: object): Promise<Answer>;
};

type Role = {
  persona: string;
  human: string | null;
  clinic: string | null;
  /** Works there: what the own clinic hides from them, deleted rows or a colleague's, is no other clinic's. */
  isStaff?: boolean;
};

const cast: Record<string, Role> = {
  "boreal's admin": { persona: "boreal's admin beata", human: "beata", clinic: "boreal" },
  "the second patient": { persona: "patient bogdan", human: "bogdan", clinic: "atlas" },
  "a visitor": { persona: "visitor", human: null, clinic: null },
  "atlas' admin": { persona: "admin adrian", human: "adrian", clinic: "atlas" },
};

/** Everybody else who tries their ways at scale. */
export const crowd: Record<string, Role> = {
  "boreal's admin": { persona: "boreal's admin beata", human: "beata", clinic: "boreal", isStaff: true },
  "atlas' admin": { persona: "admin adrian", human: "adrian", clinic: "atlas", isStaff: true },
  "atlas' front desk": { persona: "front desk flavia", human: "flavia", clinic: "atlas", isStaff: true },
  "atlas' specialist": { persona: "specialist stefan", human: "stefan", clinic: "atlas", isStaff: true },
  "a patient": { persona: "patient bogdan", human: "bogdan", clinic: "atlas" },
  "a caregiver": { persona: "caregiver corina", human: "corina", clinic: null },
  "a draft's owner": { persona: "owner of a draft celia", human: "celia", clinic: "cetus" },
  "a guest": { persona: "visitor", human: null, clinic: null },
};

/** A job of each clinic that failed for good. */
const deadLetters = `
  select graphile_worker.add_job('deliver_message', json_build_object('messageId', m.id), max_attempts := 1)
  from app_public.messages m join tests.fixture_rows f on f.table_name = 'app_public.messages' and f.key ->> 'id' = m.id::text;
  update graphile_worker._private_jobs set attempts = max_attempts, last_error = 'refused' where max_attempts = 1;
  select id::text from graphile_worker._private_jobs where max_attempts = 1`;

export async function openWorld(because: string, who: Record<string, Role> = cast): Promise<World> {
  const api = await startTestApi({
    because,
    config: { rates: wideRates },
    furniture: "canaries",
    before: `
      insert into app_private.identities (issuer, subject, principal_id)
      select 'https://identity.restartix.localhost', 'dev_' || p.name, p.principal_id from tests.personas p`,
  });
  // What the contract says, which its own test holds to what is served.
  const schema = buildSchema(readText(schemaPath));
  const letters = (await api.sql(deadLetters)).map(({ id }) => id);
  const people = new Map<string, Person>();
  for (const [name, { persona, human, clinic, isStaff }] of Object.entries(who)) {
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
      foreign: await idsOf(api, persona, false, who !== cast, isStaff ? clinic : null),
      deadLetters: letters,
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
      // A busy machine answers 503 or 408 at times; that says nothing about rights, so it is asked again.
      for (let again = 20; ; again -= 1) {
        const answer = await api.graphql(query, {
          ...(token ? { token } : {}),
          ...(variables ? { variables } : {}),
          headers,
        });
        // A document that the door finds too large was not asked at all.
        if (/DOCUMENT_TOO_LARGE/.test(answer.text)) throw new Error(`ask for less at once: ${query}`);
        if ((answer.status < 500 && answer.status !== 408) || again === 0) return answer;
        await sleep(100);
      }
    },
  };
}

/** Ids by table, of rows this persona sees or does not see. */
async function idsOf(
  api: TestApi,
  persona: string,
  visible: boolean,
  isHiddenOnly = false,
  otherThan: string | null = null,
): Promise<Map<string, string[]>> {
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
       -- What a clinic shows to everybody answers everybody.
       and ($2 or shown.id is null or not $3)
       and ($4::text is null or r.home not like $4 || '%')
     group by t.name`,
    [persona, visible, isHiddenOnly, otherThan],
  );
  return new Map(rows.map((row) => [row.name, row.ids]));
}

/** What of the forbidden an answer contains; ids inside cursors are looked at too. */
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
  // Where in the document a refusal arose says nothing of rows, and a column may be the number that was asked about.
  const told = JSON.stringify({ status: answer.status, body: answer.body });
  let text = told.replace(/"locations":\[[^\]]*\],?/g, "");
  for (const value of asked) {
    // A job's number is no more than two digits, and stands in other numbers, too.
    text = /^\d+$/.test(value)
      ? text.replace(new RegExp(`\\b${value}\\b`, "g"), "‹asked›")
      : text.replaceAll(value, "‹asked›");
    const encoded = Buffer.from(value).toString("base64").slice(0, -4);
    // What is only a few letters long stands anywhere.
    if (encoded.length > 8) text = text.replaceAll(encoded, "‹asked›");
  }
  return text.replace(/"requestId":"[^"]*"/g, '"requestId":"…"');
}

/** What both clinics hold, in a word each: whoever changed nothing finds the same again. */
export async function digests(
  world: World,
): Promise<{ atlas: string; boreal: string; ids: { atlas: string; boreal: string } }> {
  const [row] = await world.api.sql(
    "select tests.digest_of('atlas') as atlas, tests.digest_of('boreal') as boreal, tests.id('atlas') as a, tests.id('boreal') as b",
  );
  return { atlas: row.atlas, boreal: row.boreal, ids: { atlas: row.a, boreal: row.b } };
}

export { randomUUID };
