import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { textOf } from "../../pdf/tests/read_pdf.ts";
import { startTestApi, type TestApi } from "./support.ts";

let api: TestApi;
let atlas: string;
let visit: string;
beforeAll(async () => {
  api = await startTestApi({ because: "previews are asked of a server" });
  await api.sql(`
    select tests.clinic('atlas');
    update app_public.organizations set name = 'Clinica Atlas' where id = tests.id('atlas');
    select tests.staff('raluca', 'admin', email => 'raluca@clinic.test');
    select tests.staff('alina', 'billing', email => 'alina@clinic.test');
    select tests.patient('ioana', email => 'ioana@people.test');
    select tests.specialist('ana');
    select tests.calendar('mondays', '{ana}');
    select tests.appointment('visit', 'ioana', 'mondays', 'ana', '2027-03-08 07:00+00');`);
  const [row] = await api.sql("select tests.id('atlas') as atlas, tests.id('visit') as visit");
  ({ atlas, visit } = row as { atlas: string; visit: string });
});
afterAll(() => api.close());

const paragraph = (...runs: object[]) => ({ type: "text", id: "words", paragraphs: [runs] });
async function preview(blocks: object[], { who = "raluca", sample = null as string | null } = {}) {
  return fetch(`${api.url}/v1/document-templates/preview`, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      ...(who
        ? { Authorization: `Bearer ${api.token({ subject: `user_${who}`, email: `${who}@clinic.test` })}` }
        : {}),
    },
    body: JSON.stringify({
      organizationId: atlas,
      kind: "report",
      editorState: { blocks },
      locale: "ro",
      sample,
    }),
  });
}
const pages = async (answer: Response) => (await textOf(Buffer.from(await answer.arrayBuffer()))).join("\n");

describe("POST /v1/document-templates/preview (DOC-01, DOC-02)", () => {
  test("a draft with sample data, and with those of an appointment, is a PDF that nobody keeps", async () => {
    const draft = [paragraph({ text: "Pacient: " }, { field: "patient.name" }, { text: ", țintă" })];
    const sampled = await preview(draft);
    expect(sampled.status, await sampled.clone().text()).toBe(200);
    expect(sampled.headers.get("content-type")).toBe("application/pdf");
    expect(sampled.headers.get("cache-control")).toBe("no-store");
    expect(await pages(sampled)).toMatch(/Pacient: .+, țintă/);
    const real = await preview(draft, { sample: visit });
    expect(await pages(real)).toContain("Pacient: Ioana Popescu, țintă");
  });

  test("what is wrong with a draft is told by its places", async () => {
    const answer = await preview([paragraph({ field: "patient.secret" })]);
    expect(answer.status).toBe(400);
    const { errors } = (await answer.json()) as { errors: { extensions: object }[] };
    expect(JSON.stringify(errors[0]?.extensions)).toContain("$.blocks[0].paragraphs[0][0].field");
    const address = await preview([{ type: "image", id: "logo", file: "https://example.test/logo.png" }]);
    expect(address.status).toBe(400);
  });

  test("is for who edits templates, and for nobody who is not signed in", async () => {
    expect((await preview([paragraph({ text: "x" })], { who: "alina" })).status).toBe(403);
    expect((await preview([paragraph({ text: "x" })], { who: "" })).status).toBe(401);
  });

  test("more than two at once are asked to come again", async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => preview([paragraph({ text: "x" })])));
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(1);
    expect(statuses.filter((status) => ![200, 503].includes(status))).toEqual([]);
    expect(statuses).toContain(503);
    await Promise.all(answers.map((answer) => answer.arrayBuffer()));
  });
});
